//! Trees in the lake: walked, searched by pattern and summed up by the client.

use std::time::{Duration, UNIX_EPOCH};

use adls_fs::{DirectoryOrder, Glob, WalkOptions};
use conformance::{World, at};
use futures::TryStreamExt;

/// Names that mean something in a pattern, in a URL or in a query.
const NAMES: [&str; 6] = ["a[1]", "%2F", "b+c d", "Größe", "x?y", "{z}"];

#[tokio::test(flavor = "multi_thread")]
async fn a_tree_is_walked_searched_and_summed_whole() {
    let world = World::start().await;
    let files = &world.files;
    let mut expected = Vec::new();
    for outer in NAMES {
        expected.push(format!("/tree/{outer}"));
        for inner in NAMES {
            world
                .write(&format!("/tree/{outer}/{inner}"), "12345")
                .await;
            expected.push(format!("/tree/{outer}/{inner}"));
        }
    }
    world.write("/tree.txt", "beside it").await;
    expected.sort();

    let tree = at("/tree");
    let walk = async |options| {
        let entries = files.walk_opts(&tree, options);
        let paths = entries.map_ok(|entry| entry.path.to_string());
        paths.try_collect::<Vec<_>>().await.expect("a tree")
    };
    let mut found = walk(WalkOptions::default()).await;
    let is_before = |found: &[String], one: &str, other: &str| {
        let place = |path: &str| found.iter().position(|found| found == path);
        place(one) < place(other)
    };
    assert!(is_before(&found, "/tree/%2F", "/tree/%2F/x?y"));
    found.sort();
    assert_eq!(found, expected);
    let last = WalkOptions::default().with_order(DirectoryOrder::Last);
    let mut found = walk(last).await;
    assert!(is_before(&found, "/tree/%2F/x?y", "/tree/%2F"));
    found.sort();
    assert_eq!(found, expected);

    for pattern in [
        "/tree/**",
        "/tree/*/%2F",
        r"/**/a\[1\]",
        "/tree/{Gr*,b+c d}/?*",
        "/none/*",
    ] {
        let glob: Glob = pattern.parse().expect("a pattern");
        let matching = expected.iter().filter(|path| glob.matches(&at(path)));
        let paths = files.glob(&glob).map_ok(|entry| entry.path.to_string());
        let mut found: Vec<_> = paths.try_collect().await.expect("entries");
        found.sort();
        assert_eq!(found, matching.cloned().collect::<Vec<_>>(), "{pattern}");
        assert_eq!(found.is_empty(), pattern == "/none/*", "{pattern}");
    }

    let usage = files.disk_usage(&tree).await.expect("a sum");
    assert_eq!((usage.bytes, usage.files, usage.directories), (180, 36, 7));
}

#[tokio::test(flavor = "multi_thread")]
async fn touching_makes_a_file_and_never_empties_one() {
    let world = World::start().await;
    let files = &world.files;
    let (new, full) = (at("/d/new"), at("/d/full"));
    files.touch(&new).await.expect("a file");
    assert_eq!(files.stat(&new).await.expect("a file").length, 0);
    world.write("/d/full", "0123456789").await;
    let long_ago = adls_fs::Times::default().with_modified(UNIX_EPOCH.into());
    files.set_times(&full, long_ago).await.expect("a time");
    files.touch(&full).await.expect("a file");
    let modified = files.stat(&full).await.expect("a file").modified;
    assert!(modified > Some((UNIX_EPOCH + Duration::from_secs(86_400)).into()));
    assert_eq!(files.head(&full, 3).await.expect("bytes"), "012");
    assert_eq!(files.tail(&full, 3).await.expect("bytes"), "789");
}
