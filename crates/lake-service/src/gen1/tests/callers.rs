//! Who calls decides what is done.
//!
//! The second half restates what the tests of the .NET SDK, which ran against the live service, promise of ACLs
//! (`SdkUnitTest.cs`, region `PermissionAndAcls`).

use http::{Method, StatusCode};
use lake_store::Principal;

use super::World;
use crate::gen1::operation::OPERATIONS;
use crate::testing::Reply;

const GROUP: &str = "6b190b7a-0acf-43c8-ab14-965f5aea6243";
const NOBODYS: &str = "3883e0e8-9ad3-440d-b6f6-6ed492ae1ae7";

impl World {
    async fn asks(&self, who: &Principal, request: &str) -> Reply {
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
    async fn given(&self, request: &str) {
        let reply = self.asks(&self.lake.admin(), request).await;
        assert!(reply.status.is_success(), "{request}: {}", reply.text());
    }

    async fn check(&self, who: &Principal, path: &str, rights: &str) -> bool {
        let request = format!("GET {path}?op=CHECKACCESS&fsaction={rights}");
        match self.asks(who, &request).await.status {
            StatusCode::OK => true,
            StatusCode::FORBIDDEN => false,
            other => panic!("{other}"),
        }
    }

    async fn may(&self, who: &Principal, request: &str) -> bool {
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

async fn world() -> (World, [Principal; 3]) {
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
const OPERATIONS_OF_A_STRANGER: [(&str, &str); 22] = [
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
    // None is forgotten. MSCONCAT is asked below; deleted items have tests of their own.
    for operation in OPERATIONS {
        let elsewhere = ["MSCONCAT", "ENUMERATEDELETEDITEMS", "RESTOREDELETEDITEMS"];
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

#[tokio::test]
async fn permissions_given_at_creation_are_kept_as_they_are() {
    let (world, _) = world().await;
    for (request, path, permission) in [
        ("PUT /d?op=MKDIRS&permission=733", "/d", "733"),
        (
            "PUT /f?op=CREATE&overwrite=true&permission=732",
            "/f",
            "732",
        ),
        (
            "PUT /f?op=CREATE&overwrite=true&permission=732",
            "/f",
            "732",
        ),
        ("PUT /s?op=MKDIRS&permission=1777", "/s", "1777"),
        ("PUT /e?op=MKDIRS", "/e", "770"),
    ] {
        world.given(request).await;
        let request = format!("GET {path}?op=GETFILESTATUS");
        let status = world.asks(&world.lake.admin(), &request).await;
        let status = status.json()["FileStatus"].clone();
        assert_eq!(
            (&status["permission"], &status["aclBit"]),
            (&permission.into(), &false.into())
        );
    }
    for permission in ["77777", "3-12", "-1", "8", "rwx", "2000", "+7", " 7"] {
        for request in [
            "PUT /x?op=CREATE",
            "PUT /x?op=MKDIRS",
            "PUT /f?op=SETPERMISSION",
        ] {
            let request = format!(
                "{request}&permission={}",
                permission.replace('+', "%2B").replace(' ', "%20")
            );
            let reply = world.asks(&world.lake.admin(), &request).await;
            assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{request}");
        }
    }
}

/// `TestSetPermissionFolder`, `TestSetPermissionFile`, `TestCheckNoAccess`, `TestCheckAccess`, `TestModifyAclOther`
#[tokio::test]
async fn rights_of_others_are_checked_as_they_are_now() {
    let (world, [one, two, _]) = world().await;
    world.given("PUT /d?op=MKDIRS&permission=771").await;
    world.given("PUT /d/f?op=CREATE&permission=776").await;
    assert!(world.may(&one, "GET /d/f?op=OPEN").await);
    world.given("PUT /d?op=SETPERMISSION&permission=772").await;
    assert!(!world.may(&one, "GET /d/f?op=OPEN").await);
    assert!(!world.may(&one, "POST /d/f?op=APPEND").await);
    world.given("PUT /d?op=SETPERMISSION&permission=775").await;
    assert!(!world.check(&one, "/d", "-w-").await);
    assert!(!world.may(&one, "PUT /d/g?op=CREATE&overwrite=true").await);
    assert!(world.check(&one, "/d", "r-x").await);
    // To append, write is enough.
    world
        .given("PUT /d/f?op=SETPERMISSION&permission=770")
        .await;
    assert!(!world.may(&one, "POST /d/f?op=APPEND").await);
    world
        .given("PUT /d/f?op=SETPERMISSION&permission=772")
        .await;
    assert!(world.may(&one, "POST /d/f?op=APPEND").await);
    assert!(!world.may(&one, "GET /d/f?op=OPEN").await);
    world
        .given("PUT /d/f?op=SETPERMISSION&permission=700")
        .await;
    assert!(!world.may(&two, "POST /d/f?op=APPEND").await);
    world
        .given("PUT /d/f?op=MODIFYACLENTRIES&aclspec=other::rw-")
        .await;
    assert!(world.may(&two, "POST /d/f?op=APPEND").await);
    assert!(world.may(&two, "GET /d/f?op=OPEN").await);
}

/// `TestSetAclException`, `TestSetAcl`, `TestModifyAcl`, `TestRemoveAcl`, `TestRemoveAllAcl`
#[tokio::test]
async fn acls_are_replaced_changed_and_removed() {
    let (world, [one, two, _]) = world().await;
    world.given("PUT /d/f?op=CREATE&permission=775").await;
    let set = |spec: String| format!("PUT /d?op=SETACL&aclspec={spec}");
    let alone = set(format!("user:{}:rw-", one.object_id));
    assert_eq!(
        world.asks(&world.lake.admin(), &alone).await.status,
        StatusCode::BAD_REQUEST
    );
    let base = "user::rwx,group::rwx,other::---";
    world
        .given(&set(format!("user:{}:rw-,{base}", one.object_id)))
        .await;
    assert!(world.check(&one, "/d", "rw-").await);
    assert!(!world.check(&one, "/d", "--x").await);
    assert!(!world.may(&one, "GET /d/f?op=OPEN").await);
    assert!(!world.check(&two, "/d", "--x").await);
    world
        .given(&set(format!("user:{}:--x,{base}", two.object_id)))
        .await;
    assert!(!world.check(&one, "/d", "rw-").await);
    assert!(world.check(&two, "/d", "--x").await);
    assert!(world.may(&two, "GET /d/f?op=OPEN").await);

    world.given("PUT /g?op=CREATE&permission=770").await;
    let spec = format!("user:{}:rw-,user:{}:r-x", one.object_id, two.object_id);
    world
        .given(&format!("PUT /g?op=MODIFYACLENTRIES&aclspec={spec}"))
        .await;
    assert!(world.check(&one, "/g", "rw-").await && world.check(&two, "/g", "--x").await);
    assert!(!world.check(&one, "/g", "--x").await && !world.check(&two, "/g", "rw-").await);
    world
        .given(&format!(
            "PUT /g?op=REMOVEACLENTRIES&aclspec=user:{}",
            one.object_id
        ))
        .await;
    assert!(!world.check(&one, "/g", "r--").await && world.check(&two, "/g", "--x").await);
    world.given("PUT /g?op=REMOVEACL").await;
    assert!(!world.check(&two, "/g", "--x").await);
}

/// `TestModifyAclMask`, `TestAclMaskGroup`, `TestSetOwnerGroupMask`, `TestSetGroup`, `TestAclExtended`, `TestSetOwner`
#[tokio::test]
async fn the_mask_limits_users_and_groups_and_is_what_the_permission_of_the_group_sets() {
    let (world, [one, two, three]) = world().await;
    world.given("PUT /f?op=CREATE&permission=700").await;
    let spec = format!("mask::r--,user:{}:rw-", one.object_id);
    world
        .given(&format!("PUT /f?op=MODIFYACLENTRIES&aclspec={spec}"))
        .await;
    assert!(!world.may(&one, "POST /f?op=APPEND").await);
    assert!(world.may(&one, "GET /f?op=OPEN").await);

    world.given("PUT /d?op=MKDIRS&permission=750").await;
    let spec = format!(
        "user:{}:rwx,user:{}:--x,user:{}:--x",
        two.object_id, three.object_id, one.object_id
    );
    world
        .given(&format!("PUT /d?op=MODIFYACLENTRIES&aclspec={spec}"))
        .await;
    assert!(world.may(&two, "PUT /d/sub?op=MKDIRS&permission=770").await);
    let modify = |spec: &str| format!("PUT /d/sub?op=MODIFYACLENTRIES&aclspec={spec}");
    assert!(
        world
            .may(&two, &modify(&format!("group:{GROUP}:-wx")))
            .await
    );
    assert!(world.check(&three, "/d/sub", "-wx").await);
    assert!(world.may(&two, &modify("mask::r-x")).await);
    assert!(!world.check(&three, "/d/sub", "-w-").await);
    world.given("PUT /d/sub?op=REMOVEACL").await;
    world
        .given(&format!("PUT /d/sub?op=SETOWNER&owner=&group={GROUP}"))
        .await;
    assert!(world.check(&three, "/d/sub", "rwx").await);
    world
        .given(&modify(&format!("mask::r-x,user:{}:-wx", one.object_id)))
        .await;
    assert!(
        world.check(&three, "/d/sub", "r-x").await && !world.check(&three, "/d/sub", "-w-").await
    );
    assert!(world.check(&one, "/d/sub", "--x").await && !world.check(&one, "/d/sub", "-w-").await);
    assert!(
        world.check(&two, "/d/sub", "rwx").await,
        "no mask limits the owner"
    );

    world.given("PUT /d?op=SETPERMISSION&permission=750").await;
    assert!(
        !world.may(&two, "PUT /d/g?op=CREATE").await,
        "the mask is r-x"
    );
    let again = format!(
        "PUT /d?op=MODIFYACLENTRIES&aclspec=user:{}:-wx",
        one.object_id
    );
    world.given(&again).await;
    assert!(
        world.may(&two, "PUT /d/g?op=CREATE").await,
        "the mask was computed again"
    );

    world
        .given(&format!(
            "PUT /d/sub?op=SETOWNER&owner={}&group=",
            three.object_id
        ))
        .await;
    assert!(world.check(&three, "/d/sub", "rwx").await);
    assert!(world.may(&three, "PUT /d/sub/f?op=CREATE").await);
}

/// `TestAclDefault`, `TestAclDefaultMode`, `TestAclDefaultGroup`, `TestRemoveDefaultAcl`
#[tokio::test]
async fn what_is_made_below_defaults_has_them_cut_to_the_permission_that_is_asked_for() {
    let (world, [one, two, _]) = world().await;
    world.given("PUT /d?op=MKDIRS&permission=730").await;
    let spec = format!(
        "user:{0}:-wx,default:user:{0}:-wx,group:{GROUP}:-wx,default:group:{GROUP}:rwx",
        one.object_id
    );
    world
        .given(&format!("PUT /d?op=MODIFYACLENTRIES&aclspec={spec}"))
        .await;
    world.given("PUT /d/sub?op=MKDIRS").await;
    world.given("PUT /d/f?op=CREATE").await;
    assert!(world.check(&one, "/d/sub", "-wx").await && world.check(&one, "/d/f", "-wx").await);
    assert!(
        world
            .may(&one, "PUT /d/sub/f?op=CREATE&permission=700")
            .await
    );
    world.given("PUT /d/r-x?op=CREATE&permission=750").await;
    world.given("PUT /d/-wx?op=CREATE&permission=730").await;
    assert!(!world.may(&one, "POST /d/r-x?op=APPEND").await);
    assert!(world.may(&one, "POST /d/-wx?op=APPEND").await);
    world.given("PUT /d/r--?op=CREATE&permission=740").await;
    assert!(!world.may(&two, "POST /d/r--?op=APPEND").await);
    assert!(world.check(&two, "/d/r--", "r--").await);
    world.given("PUT /d/group?op=MKDIRS&permission=730").await;
    assert!(world.check(&two, "/d/group", "-wx").await);
    assert!(
        world
            .may(&two, "PUT /d/group/f?op=CREATE&overwrite=true")
            .await
    );
    world.given("PUT /d?op=REMOVEDEFAULTACL").await;
    world.given("PUT /d/after?op=MKDIRS").await;
    assert!(!world.check(&one, "/d/after", "-wx").await);
}
