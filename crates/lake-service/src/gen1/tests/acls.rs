//! What the tests of the .NET SDK, which ran against the live service, promise of permissions and ACLs
//! (`SdkUnitTest.cs`, region `PermissionAndAcls`), restated.

use http::StatusCode;

use super::callers::{GROUP, world};

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
