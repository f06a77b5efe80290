//! Whole trees.

use adls_fs::{Glob, Permission, TreeChange};
use conformance::at;
use futures::TryStreamExt;

use crate::{Store, on_every_store};

on_every_store![
    a_tree_is_walked_and_searched,
    a_tree_is_changed_whole,
    a_file_is_copied,
];

async fn a_tree_is_walked_and_searched(store: &Store) {
    for path in ["/t/a/x.csv", "/t/a/b/y.csv", "/t/c/z.txt", "/t/w.csv"] {
        store.write(path, "x").await;
    }
    let paths = store.files.walk(&at("/t"));
    let paths = paths.map_ok(|entry| entry.path.to_string());
    let paths: Vec<_> = paths.try_collect().await.unwrap();
    let expected = [
        "/t/a",
        "/t/a/b",
        "/t/a/b/y.csv",
        "/t/a/x.csv",
        "/t/c",
        "/t/c/z.txt",
        "/t/w.csv",
    ];
    assert_eq!(paths, expected);
    let glob: Glob = "/t/**/*.csv".parse().unwrap();
    let found = store.files.glob(&glob);
    let found = found.map_ok(|entry| entry.path.to_string());
    let mut found: Vec<_> = found.try_collect().await.unwrap();
    found.sort();
    assert_eq!(found, ["/t/a/b/y.csv", "/t/a/x.csv", "/t/w.csv"]);
}

async fn a_tree_is_changed_whole(store: &Store) {
    for path in ["/t/a/x", "/t/a/b/y", "/t/z"] {
        store.write(path, "x").await;
    }
    let only_mine = Permission::new(0o700).unwrap();
    let change = TreeChange::SetPermission {
        directories: only_mine,
        files: only_mine,
    };
    let mut run = store.files.change_tree(&at("/t"), change).unwrap();
    let report = run.finish().await.unwrap();
    assert_eq!(report.progress.files, 3);
    let entries = store.files.walk(&at("/t"));
    let permissions = entries.map_ok(|entry| entry.status.permission);
    let permissions: Vec<_> = permissions.try_collect().await.unwrap();
    assert_eq!(permissions, [Some(only_mine); 5]);
}

async fn a_file_is_copied(store: &Store) {
    let bytes: Vec<u8> = (0..=255).cycle().take(70_000).collect();
    store
        .files
        .create(&at("/one"), bytes.clone())
        .await
        .unwrap();
    let copied = store.files.copy(&at("/one"), &at("/d/two")).await;
    assert_eq!(copied.unwrap(), 70_000);
    assert_eq!(store.files.read(&at("/d/two")).await.unwrap(), bytes);
    assert_eq!(store.files.read(&at("/one")).await.unwrap(), bytes);
}
