//! Permissions, ACLs and other attributes.

use http::StatusCode;
use serde_json::json;

use super::World;

#[tokio::test]
async fn acls_are_listed_in_both_ways_and_bring_a_mask() {
    let world = World::new().await;
    world.put("/f?op=CREATE&write=true", "").await;
    let set = world
        .put("/f?op=MODIFYACLENTRIES&aclSpec=user%3Aann%3A-w-", "")
        .await;
    assert_eq!(
        (set.status, set.header("contentlength")),
        (StatusCode::OK, "0")
    );
    let entries = async |op: &str| {
        world.get(&format!("/f?op={op}")).await.json()["AclStatus"]["entries"].clone()
    };
    assert_eq!(
        entries("MSGETACLSTATUS").await,
        json!([
            "user::rwx",
            "user:ann:-w-",
            "group::rwx",
            "mask::rwx",
            "other::---"
        ])
    );
    assert_eq!(
        entries("GETACLSTATUS").await,
        json!(["user:ann:-w-", "group::rwx"])
    );
    world
        .put("/f?op=REMOVEACLENTRIES&aclspec=user:ann", "")
        .await;
    let left = json!(["user::rwx", "group::rwx", "mask::rwx", "other::---"]);
    assert_eq!(entries("MSGETACLSTATUS").await, left);
    world.put("/f?op=REMOVEACL", "").await;
    assert_eq!(
        entries("MSGETACLSTATUS").await,
        json!(["user::rwx", "group::rwx", "other::---"])
    );
    let bad = world.put("/f?op=SETACL&aclspec=nobody:x", "").await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn attributes_are_set_and_guarded() {
    let world = World::new().await;
    world.put("/d/f?op=CREATE", "123").await;
    world
        .put("/d/f?op=SETTIMES&modificationtime=1000&accesstime=-1", "")
        .await;
    let status = world.get("/d/f?op=GETFILESTATUS").await.json();
    assert_eq!(status["FileStatus"]["modificationTime"], 1000);
    assert_eq!(
        world
            .put("/d/f?op=SETPERMISSION&permission=0555", "")
            .await
            .status,
        StatusCode::OK
    );
    let status = world.get("/d/f?op=GETFILESTATUS").await.json();
    assert_eq!(status["FileStatus"]["permission"], "555");
    let denied = world.append("/d/f?op=APPEND", "4").await;
    assert_eq!(
        (denied.status, denied.header("status")),
        (StatusCode::FORBIDDEN, "0x83090AA2")
    );
    let owner = world.put("/d/f?op=SETOWNER&owner=ann", "").await;
    assert_eq!(owner.status, StatusCode::FORBIDDEN);
    let message = owner.json()["RemoteException"]["message"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        message.starts_with("Set Owner failed with  failed with error 0x83090aa2 (Forbidden. ACL")
    );
    assert_eq!(
        world.get("/d/f?op=CHECKACCESS&fsaction=r-x").await.status,
        StatusCode::OK
    );
    assert_eq!(
        world.get("/d/f?op=CHECKACCESS&fsaction=w").await.status,
        StatusCode::FORBIDDEN
    );
    let summary = world.get("/d?op=GETCONTENTSUMMARY").await;
    let expected = r#"{"ContentSummary":{"directoryCount":1,"fileCount":1,"length":3,"quota":-1,"spaceConsumed":3,"spaceQuota":-1}}"#;
    assert_eq!(summary.text(), expected);
}
