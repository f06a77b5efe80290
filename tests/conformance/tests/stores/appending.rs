//! Bytes that are added.

use adls_fs::{
    AppendOptions, Capability, ConcatOptions, ConcurrentAppendOptions, CreateOptions, ErrorKind,
    Existing, Parents, SyncFlag,
};
use conformance::at;
use uuid::Uuid;

use crate::{Store, on_every_store};

on_every_store![
    a_file_is_made_whole_or_not_at_all,
    bytes_are_added_at_the_end_and_nowhere_else,
    bytes_that_are_not_published_are_not_seen,
    a_writers_lease_keeps_others_from_writing,
    many_writers_add_to_one_file_without_an_offset,
    files_are_joined_in_order_and_vanish,
    the_directory_of_joined_files_goes_with_them,
];

async fn a_file_is_made_whole_or_not_at_all(store: &Store) {
    let files = &store.files;
    let new = || CreateOptions::default().with_existing(Existing::Fail);
    files
        .create_opts(&at("/a/b/f"), "one", new())
        .await
        .unwrap();
    assert!(files.stat(&at("/a/b")).await.unwrap().is_directory());
    let again = files.create_opts(&at("/a/b/f"), "two", new()).await;
    assert_eq!(again.unwrap_err().kind(), ErrorKind::Conflict);
    assert_eq!(store.read("/a/b/f").await, "one");
    store.write("/a/b/f", "three").await;
    assert_eq!(store.read("/a/b/f").await, "three");

    let onto_directory = files.create(&at("/a/b"), "x").await.unwrap_err();
    assert_eq!(onto_directory.kind(), ErrorKind::Conflict);
    let below_file = files.create(&at("/a/b/f/g"), "x").await.unwrap_err();
    assert!(matches!(
        below_file.kind(),
        ErrorKind::Conflict | ErrorKind::Forbidden
    ));
    let no_parents = CreateOptions::default().with_parents(Parents::Require);
    let orphan = files.create_opts(&at("/none/f"), "x", no_parents).await;
    assert_eq!(orphan.unwrap_err().kind(), ErrorKind::NotFound);
    assert!(!files.exists(&at("/none")).await.unwrap());
}

async fn bytes_are_added_at_the_end_and_nowhere_else(store: &Store) {
    let files = &store.files;
    let f = at("/f");
    store.write("/f", "one").await;
    files.append(&f, 3, "two").await.unwrap();
    for wrong in [0, 3, 5, 7, 1 << 40] {
        let error = files.append(&f, wrong, "x").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict, "{wrong}");
        let error = files.append(&f, wrong, "").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict, "nothing at {wrong}");
    }
    files.append(&f, 6, "").await.unwrap();
    assert_eq!(store.read("/f").await, "onetwo");
    let nowhere = files.append(&at("/none"), 0, "x").await.unwrap_err();
    assert_eq!(nowhere.kind(), ErrorKind::NotFound);
    files.mkdirs(&at("/d")).await.unwrap();
    let directory = files.append(&at("/d"), 0, "x").await.unwrap_err();
    assert!(matches!(
        directory.kind(),
        ErrorKind::Conflict | ErrorKind::NotFound
    ));
}

async fn bytes_that_are_not_published_are_not_seen(store: &Store) {
    let files = &store.files;
    let f = at("/f");
    store.write("/f", "12345").await;
    let data = || AppendOptions::default().with_sync(SyncFlag::Data);
    files.append_opts(&f, 5, "67890", data()).await.unwrap();
    let seen = match store.can(Capability::UnpublishedAppends) {
        true => 5,
        false => 10,
    };
    assert_eq!(files.stat(&f).await.unwrap().length, seen);
    assert_eq!(files.read(&f).await.unwrap().len() as u64, seen);
    // The offset counts what is not seen yet.
    files.append(&f, 10, "abc").await.unwrap();
    assert_eq!(store.read("/f").await, "1234567890abc");
}

async fn a_writers_lease_keeps_others_from_writing(store: &Store) {
    let files = &store.files;
    let f = at("/f");
    let (mine, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let under = |lease| AppendOptions::default().with_lease(lease);
    let open = |lease| under(lease).with_sync(SyncFlag::Metadata);
    if !store.can(Capability::Leases) {
        store.write("/f", "").await;
        let error = files.append_opts(&f, 0, "x", open(mine)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        return;
    }
    store.write("/f", "").await;
    files.append_opts(&f, 0, "a", open(mine)).await.unwrap();
    files.append_opts(&f, 1, "b", open(mine)).await.unwrap();
    for options in [open(other), under(other), AppendOptions::default()] {
        let refused = files.append_opts(&f, 2, "x", options).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Conflict);
    }
    files.append_opts(&f, 2, "c", under(mine)).await.unwrap();
    files.append_opts(&f, 3, "d", under(other)).await.unwrap();
    assert_eq!(store.read("/f").await, "abcd");
}

async fn many_writers_add_to_one_file_without_an_offset(store: &Store) {
    let files = &store.files;
    let log = at("/logs/today");
    let make = ConcurrentAppendOptions::default().create();
    let first = files.concurrent_append_opts(&log, "one\n", make).await;
    if !store.can(Capability::ConcurrentAppend) {
        assert_eq!(first.unwrap_err().kind(), ErrorKind::Unsupported);
        return;
    }
    first.unwrap();
    files.concurrent_append(&log, "two\n").await.unwrap();
    assert_eq!(store.read("/logs/today").await, "one\ntwo\n");
    let none = files.concurrent_append(&at("/logs/none"), "x").await;
    assert_eq!(none.unwrap_err().kind(), ErrorKind::NotFound);
    // The two ways to append do not mix.
    assert!(files.append(&log, 8, "three\n").await.is_err());
    store.write("/plain", "x").await;
    assert!(files.concurrent_append(&at("/plain"), "y").await.is_err());
    assert_eq!(store.read("/plain").await, "x");
}

async fn files_are_joined_in_order_and_vanish(store: &Store) {
    let files = &store.files;
    let parts = ["/p/1", "/p/2", "/p/3"];
    for part in parts {
        store.write(part, &part[3..]).await;
    }
    let sources = parts.map(at);
    let joined = files.concat(&at("/p/whole"), &sources).await;
    if !store.can(Capability::Concat) {
        assert_eq!(joined.unwrap_err().kind(), ErrorKind::Unsupported);
        return;
    }
    joined.unwrap();
    assert_eq!(store.read("/p/whole").await, "123");
    for part in &sources {
        assert!(!files.exists(part).await.unwrap());
    }
    store.write("/p/4", "4").await;
    files.concat(&at("/p/whole"), &[at("/p/4")]).await.unwrap();
    assert_eq!(store.read("/p/whole").await, "1234");
    files.append(&at("/p/whole"), 4, "5").await.unwrap();
    assert_eq!(store.read("/p/whole").await, "12345");

    let none = files.concat(&at("/p/whole"), &[at("/p/none")]).await;
    assert_eq!(none.unwrap_err().kind(), ErrorKind::NotFound);
    assert!(files.concat(&at("/p/whole"), &[]).await.is_err());
    assert_eq!(store.read("/p/whole").await, "12345");
}

async fn the_directory_of_joined_files_goes_with_them(store: &Store) {
    let files = &store.files;
    store.write("/p/1", "1").await;
    store.write("/p/2", "2").await;
    let options = ConcatOptions::default().delete_source_directory();
    let sources = ["/p/1", "/p/2"].map(at);
    let joined = files.concat_opts(&at("/whole"), &sources, options).await;
    if !store.can(Capability::DeleteSourceDirectory) {
        assert_eq!(joined.unwrap_err().kind(), ErrorKind::Unsupported);
        assert_eq!(store.read("/p/1").await, "1");
        return;
    }
    joined.unwrap();
    assert_eq!(store.read("/whole").await, "12");
    assert!(!files.exists(&at("/p")).await.unwrap());
}
