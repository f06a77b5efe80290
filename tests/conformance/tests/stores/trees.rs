//! Whole trees.

use adls_fs::Glob;
use conformance::at;
use futures::TryStreamExt;

use crate::{Store, on_every_store};

on_every_store![a_tree_is_walked_and_searched];

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
