//! What was deleted and is restored.

use adls_fs::{DeletedItem, ErrorKind, OnConflict, RestoreOptions, Result};
use conformance::shore::{Corner, Shore};
use futures::TryStreamExt;
use testkit::cuts::{self, Line};

/// Deletes `name` and finds it again.
async fn deleted(corner: &Corner, name: &str) -> DeletedItem {
    let path = corner.at(name);
    corner.calm.delete(&path).await.unwrap();
    let mut found: Vec<_> = corner
        .calm
        .deleted(path.as_str())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(found.len(), 1);
    found.remove(0)
}

/// Restores `a` over a network that breaks, once it was deleted, and gives what is there then.
async fn restores(
    on_conflict: OnConflict,
    in_the_way: bool,
    check: impl Fn(Result<()>, Vec<(String, Option<String>)>, usize),
) {
    let shore = Shore::start().await;
    let script = async |line: Line| {
        let corner = shore.corner(&line).await;
        corner.put("a", "deleted").await;
        let item = deleted(&corner, "a").await;
        if in_the_way {
            corner.put("a", "new").await;
        }
        let options = RestoreOptions::default().with_on_conflict(on_conflict);
        let said = corner.files.restore_opts(&item, options).await;
        let path = corner.at("a");
        let left = corner.calm.deleted(path.as_str());
        let left: Vec<_> = left.try_collect().await.unwrap();
        check(said, corner.tree().await.into_iter().collect(), left.len());
    };
    cuts::everywhere(script).await;
    cuts::twice(3, script).await;
}

fn file(name: &str, text: &str) -> (String, Option<String>) {
    (name.to_owned(), Some(text.to_owned()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_restored_exactly_once() {
    restores(OnConflict::Fail, false, |said, tree, left| {
        assert!(said.is_ok(), "{said:?}");
        assert_eq!(tree, [file("a", "deleted")]);
        assert_eq!(left, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_in_the_way_stays() {
    restores(OnConflict::Fail, true, |said, tree, left| {
        assert_eq!(said.unwrap_err().kind(), ErrorKind::Conflict);
        assert_eq!(tree, [file("a", "new")]);
        assert_eq!(left, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_restored_beside_another_exactly_once() {
    restores(OnConflict::Copy, true, |said, tree, left| {
        assert!(said.is_ok(), "{said:?}");
        assert_eq!(tree.len(), 2, "{tree:?}");
        assert_eq!(tree[0], file("a", "new"));
        assert_eq!(tree[1].1.as_deref(), Some("deleted"));
        assert_eq!(left, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_restored_over_another() {
    restores(OnConflict::Overwrite, true, |said, tree, _| {
        assert!(said.is_ok(), "{said:?}");
        assert_eq!(tree, [file("a", "deleted")]);
    })
    .await;
}
