//! What the lake keeps beside a file's bytes, through the client that sets it and asks for it.

use std::sync::Arc;
use std::time::Duration;

use aad_core::{Cloud, Secret};
use aad_identity::ClientSecretCredential;
use adls_fs::{
    Acl, AclKey, Caller, ErrorKind, Expiry, FileSystem, Permission, Principal, Rights, Times,
};
use conformance::{World, at};

fn acl(text: &str) -> Acl {
    text.parse().expect("an ACL")
}

fn name(text: &str) -> Principal {
    text.parse().expect("a name")
}

/// The same files as the principal that passes every permission check.
fn as_superuser(world: &World) -> FileSystem {
    let endpoints = world.lake.endpoints();
    let secret = Secret::new(endpoints.admin_client_secret.expose());
    let credential = ClientSecretCredential::new(
        world.context.clone(),
        &endpoints.tenant,
        &endpoints.admin_client_id,
        secret,
    );
    let credential = Arc::new(credential.expect("the lake names its own tenant and client"));
    let store = adls_fs::account_url(&endpoints.store_account, &Cloud::PUBLIC);
    FileSystem::gen1(world.context.clone(), &store.expect("a name"), credential).expect("a client")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_acl_is_set_changed_and_taken_away_entry_by_entry() {
    let world = World::start().await;
    let files = &world.files;
    let (d, f) = (at("/d"), at("/d/f"));
    files.mkdirs(&d).await.unwrap();
    let listed = async || files.acl(&d).await.unwrap().acl.to_string();

    files
        .set_acl(&d, &acl("user::rwx,group::r-x,other::---,user:eve:-w-"))
        .await
        .unwrap();
    assert_eq!(
        listed().await,
        "user::rwx,user:eve:-w-,group::r-x,mask::rwx,other::---"
    );
    assert!(files.stat(&d).await.unwrap().has_acl);

    files
        .modify_acl(&d, &acl("user:eve:rwx,default:user:adam:r--"))
        .await
        .unwrap();
    let defaults = "default:user::rwx,default:user:adam:r--,default:group::r-x,default:mask::r-x,\
                    default:other::---";
    let access = "user::rwx,user:eve:rwx,group::r-x,mask::rwx,other::---";
    assert_eq!(listed().await, format!("{access},{defaults}"));

    files.create(&f, "x").await.unwrap();
    let inherited = files.acl(&f).await.unwrap();
    assert_eq!(
        inherited.acl.to_string(),
        "user::rwx,user:adam:r--,group::r-x,mask::r-x,other::---"
    );
    assert_eq!(
        inherited.effective_rights(&Caller::new(name("adam"))),
        Rights::READ
    );
    assert_eq!(
        inherited.effective_rights(&Caller::new(name("eve"))),
        Rights::NONE
    );

    let eve: AclKey = "user:eve".parse().unwrap();
    for _ in 0..2 {
        files
            .remove_acl_entries(&d, std::slice::from_ref(&eve))
            .await
            .unwrap();
        assert_eq!(
            listed().await,
            format!("user::rwx,group::r-x,mask::rwx,other::---,{defaults}")
        );
    }
    let error = files
        .remove_acl_entries(&d, &["other".parse().unwrap()])
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);

    files.remove_default_acl(&d).await.unwrap();
    assert_eq!(listed().await, "user::rwx,group::r-x,mask::rwx,other::---");
    files.remove_acl(&d).await.unwrap();
    assert_eq!(listed().await, "user::rwx,group::r-x,other::---");
    assert!(!files.stat(&d).await.unwrap().has_acl);

    let missing = files
        .set_acl(&at("/none"), &acl("user::rwx"))
        .await
        .unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn permission_bits_move_the_mask_and_keep_the_sticky_bit() {
    let world = World::start().await;
    let files = &world.files;
    let d = at("/d");
    files.mkdirs(&d).await.unwrap();
    files.modify_acl(&d, &acl("group:g:rw-")).await.unwrap();
    files
        .set_permission(&d, Permission::new(0o1740).unwrap())
        .await
        .unwrap();
    let status = files.acl(&d).await.unwrap();
    assert_eq!(status.permission.to_string(), "1740");
    assert_eq!(
        files.stat(&d).await.unwrap().permission,
        Permission::new(0o1740).ok()
    );
    let mask = status.acl.get(&"mask".parse().unwrap());
    assert_eq!(mask, Some(Rights::READ));
    let member = Caller::new(name("eve")).with_groups([name("g")]);
    assert_eq!(status.effective_rights(&member), Rights::READ);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_superuser_gives_files_away_and_their_new_owner_is_asked_then() {
    let world = World::start().await;
    let (files, admin) = (&world.files, as_superuser(&world));
    let f = at("/f");
    files.create(&f, "x").await.unwrap();
    let mine = files.acl(&f).await.unwrap().owner;
    let error = files.set_owner(&f, &name("eve")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);

    admin
        .set_owner_and_group(&f, &name("eve"), &name("staff"))
        .await
        .unwrap();
    let status = admin.acl(&f).await.unwrap();
    assert_eq!(
        (status.owner.as_str(), status.group.as_str()),
        ("eve", "staff")
    );
    admin
        .set_permission(&f, Permission::new(0o705).unwrap())
        .await
        .unwrap();
    let me = Caller::new(mine.clone());
    for rights in [
        Rights::NONE,
        Rights::READ,
        Rights::WRITE,
        Rights::ALL,
        Rights::READ | Rights::EXECUTE,
    ] {
        let told = files.check_access(&f, rights).await.unwrap();
        assert_eq!(
            told,
            admin.acl(&f).await.unwrap().allows(&me, rights),
            "{rights}"
        );
        assert!(admin.check_access(&f, rights).await.unwrap());
    }
    let error = files.modify_acl(&f, &acl("other::rwx")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);

    admin.set_owner(&f, &mine).await.unwrap();
    admin.set_group(&f, &name("crew")).await.unwrap();
    let status = files.acl(&f).await.unwrap();
    assert_eq!((status.owner, status.group.as_str()), (mine, "crew"));
    assert!(files.check_access(&f, Rights::ALL).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn times_and_expiry_are_kept_to_the_millisecond() {
    let world = World::start().await;
    let files = &world.files;
    let f = at("/d/f");
    files.create(&f, "x").await.unwrap();
    let made = files.stat(&f).await.unwrap();
    let minute = Duration::from_secs(60);
    let (written, far) = (
        made.modified.unwrap() - 60 * minute,
        made.modified.unwrap() + 60 * minute,
    );

    files
        .set_times(&f, Times::default().with_modified(written))
        .await
        .unwrap();
    let status = files.stat(&f).await.unwrap();
    assert_eq!(
        (status.modified, status.accessed),
        (Some(written), made.accessed)
    );

    files.set_expiry(&f, Expiry::At(far)).await.unwrap();
    assert_eq!(files.stat(&f).await.unwrap().expires, Some(far));
    files
        .set_expiry(&f, Expiry::AfterCreation(120 * minute))
        .await
        .unwrap();
    let expires = files.stat(&f).await.unwrap().expires.unwrap();
    assert!(
        (expires - far - 60 * minute).abs() < Duration::from_secs(1),
        "{expires}"
    );
    files
        .set_expiry(&f, Expiry::AfterNow(minute))
        .await
        .unwrap();
    let expires = files.stat(&f).await.unwrap().expires.unwrap();
    assert!(
        expires > made.modified.unwrap() + minute / 2 && expires < far,
        "{expires}"
    );
    files.set_expiry(&f, Expiry::Never).await.unwrap();
    assert_eq!(files.stat(&f).await.unwrap().expires, None);

    assert!(
        files
            .set_expiry(&at("/d"), Expiry::AfterNow(minute))
            .await
            .is_err()
    );
    assert!(files.exists(&at("/d")).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_content_summary_counts_the_directory_itself_and_all_below() {
    let world = World::start().await;
    world.write("/d/a", "12345").await;
    world.write("/d/e/b", "678").await;
    let summary = world.files.content_summary(&at("/d")).await.unwrap();
    assert_eq!(
        (summary.directories, summary.files, summary.length),
        (2, 2, 8)
    );
    assert_eq!((summary.quota, summary.space_quota), (None, None));
    let missing = world.files.content_summary(&at("/none")).await.unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
}
