//! What a store keeps beside names and bytes.

use std::time::Duration;

use adls_fs::{Acl, AclKey, Caller, Capability, ErrorKind, Expiry, Permission, Rights, Times};
use conformance::at;
use time::OffsetDateTime;

use crate::{Store, on_every_store};

on_every_store![
    permission_bits_are_kept,
    times_are_kept_to_the_millisecond,
    an_acl_is_set_changed_and_taken_away_entry_by_entry,
    children_inherit_what_their_directory_says,
    who_may_not_read_does_not,
    only_who_may_gives_files_away,
    a_file_expires_and_a_directory_does_not,
    a_tree_is_summed_up,
    who_may_do_what_can_be_asked,
    a_file_has_a_checksum_that_depends_on_its_bytes,
];

fn acl(text: &str) -> Acl {
    text.parse().expect("an ACL")
}

fn permission(bits: u16) -> Permission {
    Permission::new(bits).expect("a permission")
}

async fn permission_bits_are_kept(store: &Store) {
    let files = &store.files;
    let f = at("/f");
    store.write("/f", "x").await;
    for bits in [0o700, 0o755, 0o640, 0o777] {
        files.set_permission(&f, permission(bits)).await.unwrap();
        let found = files.stat(&f).await.unwrap().permission;
        assert_eq!(found, Some(permission(bits)));
    }
    files.mkdirs(&at("/d")).await.unwrap();
    let sticky = permission(0o1770);
    files.set_permission(&at("/d"), sticky).await.unwrap();
    assert_eq!(files.acl(&at("/d")).await.unwrap().permission, sticky);
    let nowhere = files.set_permission(&at("/none"), sticky).await;
    assert_eq!(nowhere.unwrap_err().kind(), ErrorKind::NotFound);
}

async fn times_are_kept_to_the_millisecond(store: &Store) {
    let files = &store.files;
    let f = at("/f");
    store.write("/f", "x").await;
    let moment = |millis: i64| {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000).unwrap()
    };
    let modified = moment(1_500_000_000_123);
    let accessed = moment(1_600_000_000_456);
    let only = Times::default().with_modified(modified);
    files.set_times(&f, only).await.unwrap();
    assert_eq!(files.stat(&f).await.unwrap().modified, Some(modified));
    let both = only.with_accessed(accessed);
    files.set_times(&f, both).await.unwrap();
    let found = files.stat(&f).await.unwrap();
    assert_eq!(
        (found.modified, found.accessed),
        (Some(modified), Some(accessed))
    );
    files.read(&f).await.unwrap();
    assert_eq!(files.stat(&f).await.unwrap().modified, Some(modified));
    files.append(&f, 1, "y").await.unwrap();
    assert!(files.stat(&f).await.unwrap().modified > Some(modified));
}

async fn an_acl_is_set_changed_and_taken_away_entry_by_entry(store: &Store) {
    let files = &store.files;
    let d = at("/d");
    files.mkdirs(&d).await.unwrap();
    let listed = async || files.acl(&d).await.unwrap().acl.to_string();

    let incomplete = files.set_acl(&d, &acl("user:eve:-w-")).await;
    assert_eq!(incomplete.unwrap_err().kind(), ErrorKind::Request);
    let new = acl("user::rwx,group::r-x,other::---,user:eve:-w-");
    files.set_acl(&d, &new).await.unwrap();
    assert_eq!(
        listed().await,
        "user::rwx,user:eve:-w-,group::r-x,mask::rwx,other::---"
    );
    let status = files.stat(&d).await.unwrap();
    assert!(status.has_acl);
    assert_eq!(status.permission, Some(permission(0o770)));

    let changes = acl("user:eve:rwx,default:user:adam:r--");
    files.modify_acl(&d, &changes).await.unwrap();
    let access = "user::rwx,user:eve:rwx,group::r-x,mask::rwx,other::---";
    let defaults = "default:user::rwx,default:user:adam:r--,default:group::r-x,\
                    default:mask::r-x,default:other::---";
    assert_eq!(listed().await, format!("{access},{defaults}"));

    // With a mask, the bits of the group are the mask's.
    files.set_permission(&d, permission(0o740)).await.unwrap();
    let narrow = "user::rwx,user:eve:rwx,group::r-x,mask::r--,other::---";
    assert_eq!(listed().await, format!("{narrow},{defaults}"));

    files.remove_default_acl(&d).await.unwrap();
    assert_eq!(listed().await, narrow);
    let eve: AclKey = "user:eve".parse().unwrap();
    files.remove_acl_entries(&d, &[eve]).await.unwrap();
    assert!(!listed().await.contains("eve"));
    files.modify_acl(&d, &acl("user:adam:r--")).await.unwrap();
    files.remove_acl(&d).await.unwrap();
    let base = "user::rwx,group::r-x,other::---";
    assert_eq!(listed().await, base);
    let incomplete = files.set_acl(&d, &acl("user::rwx,user:eve:rwx")).await;
    assert_eq!(incomplete.unwrap_err().kind(), ErrorKind::Request);
    assert_eq!(listed().await, base);
    assert!(!files.stat(&d).await.unwrap().has_acl);

    store.write("/f", "x").await;
    let defaults = files
        .modify_acl(&at("/f"), &acl("default:user:eve:r--"))
        .await;
    assert!(defaults.is_err(), "a file has no children");
}

async fn children_inherit_what_their_directory_says(store: &Store) {
    let files = &store.files;
    files.mkdirs(&at("/d")).await.unwrap();
    let new = acl("user::rwx,group::r-x,other::---,default:user:adam:r-x,default:other::r-x");
    files.set_acl(&at("/d"), &new).await.unwrap();
    files.mkdirs(&at("/d/e")).await.unwrap();
    store.write("/d/e/f", "x").await;
    let adam = Caller::new("adam".parse().unwrap());
    for path in ["/d/e", "/d/e/f"] {
        let status = files.acl(&at(path)).await.unwrap();
        let rights = status.effective_rights(&adam);
        assert!(rights.contains(Rights::READ), "{path}: {}", status.acl);
        let others = status.acl.get(&"other".parse().unwrap());
        let others_read = others.is_some_and(|rights| rights.contains(Rights::READ));
        assert_eq!(others_read, store.is_hadoop, "the service's umask is 007");
        assert!(!rights.contains(Rights::WRITE), "{path}: {}", status.acl);
    }
    assert_eq!(
        files.acl(&at("/d")).await.unwrap().effective_rights(&adam),
        Rights::NONE
    );
}

async fn who_may_not_read_does_not(store: &Store) {
    let (files, admin) = (&store.files, &store.admin);
    admin.create(&at("/theirs/f"), "secret").await.unwrap();
    let none = permission(0o700);
    admin.set_permission(&at("/theirs"), none).await.unwrap();
    for refused in [
        files.read(&at("/theirs/f")).await.map(drop),
        files.create(&at("/theirs/g"), "x").await,
        files.delete(&at("/theirs/f")).await.map(drop),
        files.set_permission(&at("/theirs"), none).await,
    ] {
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Forbidden);
    }
    assert_eq!(admin.read(&at("/theirs/f")).await.unwrap(), "secret");
    let caller = &store.caller;
    let let_in = acl(&format!("user:{caller}:rwx"));
    admin.modify_acl(&at("/theirs"), &let_in).await.unwrap();
    let let_read = acl(&format!("user:{caller}:r--"));
    admin.modify_acl(&at("/theirs/f"), &let_read).await.unwrap();
    assert_eq!(store.read("/theirs/f").await, "secret");
    let refused = files.append(&at("/theirs/f"), 6, "x").await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Forbidden);
}

async fn only_who_may_gives_files_away(store: &Store) {
    let (files, admin) = (&store.files, &store.admin);
    let f = at("/f");
    store.write("/f", "x").await;
    assert_eq!(files.acl(&f).await.unwrap().owner, store.caller);
    let eve = "eve".parse().unwrap();
    let refused = files.set_owner(&f, &eve).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Forbidden);
    admin.set_owner(&f, &eve).await.unwrap();
    admin
        .set_group(&f, &"staff".parse().unwrap())
        .await
        .unwrap();
    let found = admin.acl(&f).await.unwrap();
    assert_eq!(
        (found.owner.as_str(), found.group.as_str()),
        ("eve", "staff")
    );
}

async fn a_file_expires_and_a_directory_does_not(store: &Store) {
    let files = &store.files;
    let f = at("/f");
    store.write("/f", "x").await;
    let hour = Duration::from_secs(3600);
    let set = files.set_expiry(&f, Expiry::AfterNow(hour)).await;
    if !store.can(Capability::Expiry) {
        assert_eq!(set.unwrap_err().kind(), ErrorKind::Unsupported);
        return;
    }
    set.unwrap();
    let status = files.stat(&f).await.unwrap();
    assert!(status.expires > status.modified);
    files.set_expiry(&f, Expiry::Never).await.unwrap();
    assert_eq!(files.stat(&f).await.unwrap().expires, None);
    files.mkdirs(&at("/d")).await.unwrap();
    let directory = files.set_expiry(&at("/d"), Expiry::AfterNow(hour)).await;
    assert!(directory.is_err());
}

async fn a_tree_is_summed_up(store: &Store) {
    store.write("/d/a", "12345").await;
    store.write("/d/e/b", "678").await;
    store.files.mkdirs(&at("/d/e/empty")).await.unwrap();
    let sum = store.files.content_summary(&at("/d")).await.unwrap();
    assert_eq!((sum.directories, sum.files, sum.length), (3, 2, 8));
    let sum = store.files.content_summary(&at("/d/a")).await.unwrap();
    assert_eq!((sum.files, sum.length), (1, 5));
    let none = store.files.content_summary(&at("/none")).await;
    assert_eq!(none.unwrap_err().kind(), ErrorKind::NotFound);
    let usage = store.files.disk_usage(&at("/d")).await.unwrap();
    assert_eq!((usage.directories, usage.files, usage.bytes), (3, 2, 8));
}

async fn who_may_do_what_can_be_asked(store: &Store) {
    let (files, admin) = (&store.files, &store.admin);
    store.write("/f", "x").await;
    files
        .set_permission(&at("/f"), permission(0o500))
        .await
        .unwrap();
    let may = async |rights: &str| {
        let rights: Rights = rights.parse().unwrap();
        files.check_access(&at("/f"), rights).await.unwrap()
    };
    assert!(may("r--").await);
    assert!(may("r-x").await);
    assert!(!may("-w-").await);
    assert!(!may("rw-").await);
    assert!(admin.check_access(&at("/f"), Rights::ALL).await.unwrap());
    let none = files.check_access(&at("/none"), Rights::READ).await;
    assert_eq!(none.unwrap_err().kind(), ErrorKind::NotFound);
}

async fn a_file_has_a_checksum_that_depends_on_its_bytes(store: &Store) {
    store.write("/a", "one").await;
    store.write("/b", "one").await;
    store.write("/c", "two").await;
    let sum = async |path| store.files.checksum(&at(path)).await;
    assert_eq!(sum("/a").await.unwrap(), sum("/b").await.unwrap());
    assert_ne!(sum("/a").await.unwrap(), sum("/c").await.unwrap());
    assert_eq!(sum("/none").await.unwrap_err().kind(), ErrorKind::NotFound);
}
