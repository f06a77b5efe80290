//! Who calls decides what is done.

use http::{Method, StatusCode};
use lake_store::Principal;

use super::World;
use crate::gen1::operation::OPERATIONS;
use crate::testing::Reply;

pub(super) const GROUP: &str = "6b190b7a-0acf-43c8-ab14-965f5aea6243";
const NOBODYS: &str = "3883e0e8-9ad3-440d-b6f6-6ed492ae1ae7";

impl World {
    pub(super) async fn asks(&self, who: &Principal, request: &str) -> Reply {
        let (method, path) = request.split_once(' ').unwrap();
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let prefix = match path.contains("op=SETEXPIRY") || path.contains("op=CONCURRENTAPPEND") {
            true => "/WebHdfsExt",
            false => "/webhdfs/v1",
        };
        let url = format!("{prefix}{path}");
        self.lake.gen1(who.clone(), method, &url, "1").await
    }

    /// What the superuser asks, which succeeds.
    pub(super) async fn given(&self, request: &str) {
        let reply = self.asks(&self.lake.admin(), request).await;
        assert!(reply.status.is_success(), "{request}: {}", reply.text());
    }

    pub(super) async fn check(&self, who: &Principal, path: &str, rights: &str) -> bool {
        let request = format!("GET {path}?op=CHECKACCESS&fsaction={rights}");
        match self.asks(who, &request).await.status {
            StatusCode::OK => true,
            StatusCode::FORBIDDEN => false,
            other => panic!("{other}"),
        }
    }

    pub(super) async fn may(&self, who: &Principal, request: &str) -> bool {
        let reply = self.asks(who, request).await;
        assert!(
            reply.status.is_success() || reply.status == StatusCode::FORBIDDEN,
            "{}",
            reply.text()
        );
        reply.status.is_success()
    }
}

/// Three who may pass the root; the second and the third are in a group.
fn three() -> [Principal; 3] {
    let group = || [GROUP.to_owned()];
    [
        Principal::new("a0b3cb87-9ca9-4769-af48-e687823d8937"),
        Principal::new("470c0ccf-c91a-4597-98cd-48507d2f1486").with_groups(group()),
        Principal::new("027c28d5-c91d-49f0-98c5-d10134b169b3").with_groups(group()),
    ]
}

pub(super) async fn world() -> (World, [Principal; 3]) {
    let world = World::new().await;
    let all = three();
    for Principal { object_id, .. } in &all {
        world
            .given(&format!(
                "PUT /?op=MODIFYACLENTRIES&aclspec=user:{object_id}:--x"
            ))
            .await;
    }
    world.given("PUT /?op=REMOVEDEFAULTACL").await;
    (world, all)
}

/// Every operation on something that exists and on something that does not, for somebody who may not even look there.
const OPERATIONS_OF_A_STRANGER: [(&str, &str); 24] = [
    ("LISTSTATUS_BATCH", "GET {}?op=LISTSTATUS_BATCH"),
    ("GETFILEBLOCKLOCATIONS", "GET {}?op=GETFILEBLOCKLOCATIONS"),
    ("OPEN", "GET {}?op=OPEN"),
    ("GETFILESTATUS", "GET {}?op=GETFILESTATUS"),
    ("LISTSTATUS", "GET {}?op=LISTSTATUS"),
    ("GETCONTENTSUMMARY", "GET {}?op=GETCONTENTSUMMARY"),
    ("CHECKACCESS", "GET {}?op=CHECKACCESS&fsaction=r--"),
    ("CREATE", "PUT {}?op=CREATE&overwrite=true"),
    ("APPEND", "POST {}?op=APPEND"),
    (
        "CONCURRENTAPPEND",
        "POST {}?op=CONCURRENTAPPEND&appendMode=autocreate",
    ),
    ("CONCAT", "POST /mine?op=CONCAT&sources={}"),
    ("MKDIRS", "PUT {}?op=MKDIRS"),
    ("RENAME", "PUT {}?op=RENAME&destination=/mine"),
    ("RENAME", "PUT /mine?op=RENAME&destination={}"),
    ("DELETE", "DELETE {}?op=DELETE&recursive=true"),
    ("SETPERMISSION", "PUT {}?op=SETPERMISSION&permission=777"),
    ("Set Owner failed with ", "PUT {}?op=SETOWNER&owner=me"),
    ("SETTIMES", "PUT {}?op=SETTIMES&modificationtime=1"),
    ("SETEXPIRY", "PUT {}?op=SETEXPIRY&expiryOption=NeverExpire"),
    ("GETACLSTATUS", "GET {}?op=GETACLSTATUS"),
    ("MSGETACLSTATUS", "GET {}?op=MSGETACLSTATUS"),
    (
        "SETACL",
        "PUT {}?op=SETACL&aclspec=user::rwx,group::rwx,other::rwx",
    ),
    (
        "MODIFYACLENTRIES",
        "PUT {}?op=MODIFYACLENTRIES&aclspec=other::rwx",
    ),
    (
        "REMOVEACLENTRIES",
        "PUT {}?op=REMOVEACLENTRIES&aclspec=user:x",
    ),
];

const ALSO: [(&str, &str); 2] = [
    ("REMOVEACL", "PUT {}?op=REMOVEACL"),
    ("REMOVEDEFAULTACL", "PUT {}?op=REMOVEDEFAULTACL"),
];

#[tokio::test]
async fn every_operation_refuses_a_stranger_in_the_recorded_words_whether_anything_is_there_or_not()
{
    let (world, [stranger, ..]) = world().await;
    world.given("PUT /secret/f?op=CREATE").await;
    world
        .given("PUT /secret?op=SETPERMISSION&permission=700")
        .await;
    world.given("PUT /mine?op=CREATE&permission=777").await;
    world.given("PUT /?op=SETPERMISSION&permission=777").await;
    let asked: Vec<_> = OPERATIONS_OF_A_STRANGER.into_iter().chain(ALSO).collect();
    for (label, request) in &asked {
        for path in ["/secret/f", "/secret/nothing", "/secret/no/such/thing"] {
            let request = request.replace("{}", path);
            let reply = world.asks(&stranger, &request).await;
            assert_eq!(
                reply.status,
                StatusCode::FORBIDDEN,
                "{request}: {}",
                reply.text()
            );
            assert_eq!(reply.header("status"), "0x83090AA2", "{request}");
            let error = &reply.json()["RemoteException"];
            assert_eq!(error["exception"], "AccessControlException");
            assert_eq!(
                error["javaClassName"],
                "org.apache.hadoop.security.AccessControlException"
            );
            let words = format!(
                "{label} failed with error 0x83090aa2 (Forbidden. ACL verification failed. Either the resource does not \
                 exist or the user is not authorized to perform the requested operation.). \
                 [00000000-0000-0000-0000-000000005eed]["
            );
            let message = error["message"].as_str().unwrap();
            assert!(message.starts_with(&words), "{request}: {message}");
        }
    }
    // None is forgotten. MSCONCAT is asked below; deleted items have tests of their own; two tell callers of themselves.
    for operation in OPERATIONS {
        let elsewhere = [
            "MSCONCAT",
            "ENUMERATEDELETEDITEMS",
            "RESTOREDELETEDITEMS",
            "GETHOMEDIRECTORY",
            "GETTRASHROOT",
        ];
        let here = asked.iter().any(|(label, _)| *label == operation.label);
        assert!(
            here || elsewhere.contains(&operation.label),
            "{}",
            operation.label
        );
    }
    let body = r#"{"sources":["/secret/f"]}"#;
    let url = "/webhdfs/v1/mine?op=MSCONCAT";
    let joined = world.lake.gen1(stranger, Method::POST, url, body).await;
    assert_eq!(joined.header("status"), "0x83090AA2");
    world.given("GET /secret/f?op=OPEN").await;
}

#[tokio::test]
async fn groups_come_with_the_caller_and_an_owner_gives_files_to_its_own_only() {
    let (world, [one, two, three]) = world().await;
    world.given("PUT /d?op=MKDIRS&permission=777").await;
    assert!(world.may(&two, "PUT /d/f?op=CREATE&permission=750").await);
    assert!(!world.may(&three, "GET /d/f?op=OPEN").await);
    assert!(
        !world
            .may(&two, &format!("PUT /d/f?op=SETOWNER&group={NOBODYS}"))
            .await
    );
    assert!(
        !world
            .may(
                &two,
                &format!("PUT /d/f?op=SETOWNER&owner={}", one.object_id)
            )
            .await
    );
    assert!(
        world
            .may(
                &two,
                &format!("PUT /d/f?op=SETOWNER&group={}", GROUP.to_uppercase())
            )
            .await
    );
    assert!(world.may(&three, "GET /d/f?op=OPEN").await);
    assert!(
        !world
            .may(&three, &format!("PUT /d/f?op=SETOWNER&group={GROUP}"))
            .await
    );
    assert!(
        !world
            .may(&three, "PUT /d/f?op=SETPERMISSION&permission=777")
            .await
    );
    assert!(!world.may(&one, "GET /d/f?op=OPEN").await);
    let neither = world.asks(&two, "PUT /d/f?op=SETOWNER&owner=&group=").await;
    assert_eq!(neither.status, StatusCode::BAD_REQUEST);
}
