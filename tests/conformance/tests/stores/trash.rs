//! What was deleted and comes back.

use adls_fs::{Capability, ErrorKind, FileType};
use conformance::at;
use futures::TryStreamExt;

use crate::{Store, on_every_store};

on_every_store![what_was_deleted_is_found_and_restored];

async fn what_was_deleted_is_found_and_restored(store: &Store) {
    let files = &store.admin;
    files.create(&at("/d/lost"), "bytes").await.unwrap();
    files.delete(&at("/d/lost")).await.unwrap();
    let found = files.deleted("lost").try_collect::<Vec<_>>().await;
    if !store.can(Capability::Trash) {
        assert_eq!(found.unwrap_err().kind(), ErrorKind::Unsupported);
        return;
    }
    let found = found.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].original_path, at("/d/lost"));
    assert_eq!(found[0].file_type, FileType::File);
    let others = files.deleted("nothing").try_collect::<Vec<_>>().await;
    assert!(others.unwrap().is_empty());

    files.restore(&found[0]).await.unwrap();
    assert_eq!(files.read(&at("/d/lost")).await.unwrap(), "bytes");
    let left = files.deleted("lost").try_collect::<Vec<_>>().await;
    assert!(left.unwrap().is_empty());
}
