//! Names: listed, made, moved, removed.

use adls_fs::{DeleteOptions, Deleted, ErrorKind, Existing, ListOptions, RenameOptions};
use conformance::at;
use futures::TryStreamExt;

use crate::{Store, on_every_store};

on_every_store![
    every_name_that_a_store_can_have_comes_back_as_it_was,
    a_listing_is_in_order_and_goes_on_where_a_page_ends,
    a_file_lists_as_itself,
    a_directory_is_made_with_those_above_it,
    a_file_moves_and_never_onto_another_unless_it_may,
    a_directory_moves_with_all_that_is_in_it,
    nothing_moves_from_nowhere_or_into_itself,
    what_is_deleted_is_gone_and_what_is_not_empty_stays,
];

async fn list(store: &Store, path: &str, options: ListOptions) -> Vec<String> {
    let entries = store.files.list_opts(&at(path), options);
    let names = entries.map_ok(|entry| entry.name);
    names.try_collect().await.expect("a directory")
}

async fn every_name_that_a_store_can_have_comes_back_as_it_was(store: &Store) {
    let names = [
        "%2F",
        "%",
        "#",
        "?",
        "+",
        "a b",
        "a+b",
        "&=;,'\"",
        "Größe",
        "データ",
        "\u{1f4be}",
        "~",
        "$x",
        "@",
        "!",
        "(1)",
        "[a]",
        "{b}",
        "*",
        "..a",
        "a..",
        "-",
        "12,+3#456?.txt",
        "a\u{301}",
    ];
    // Stored composed by one part of Hadoop, it is not found by another.
    let kept = |name: &&str| !store.is_hadoop || !name.contains('\u{301}');
    let names: Vec<_> = names.into_iter().filter(kept).collect();
    for name in &names {
        let path = at("/names").join(name).unwrap();
        let made = store.files.create(&path, *name).await;
        made.unwrap_or_else(|error| panic!("{name:?}: {error}"));
    }
    let mut expected = names.clone();
    expected.sort();
    // In which order, the store decides beyond ASCII.
    let mut listed = list(store, "/names", ListOptions::default()).await;
    listed.sort();
    assert_eq!(listed, expected);
    for name in &names {
        let path = at("/names").join(name).unwrap();
        assert_eq!(store.files.read(&path).await.unwrap(), *name);
        let moved = at("/moved").join(name).unwrap();
        store.files.mkdirs(&at("/moved")).await.unwrap();
        store.files.rename(&path, &moved).await.unwrap();
        assert_eq!(store.files.read(&moved).await.unwrap(), *name);
        assert_eq!(store.files.delete(&moved).await.unwrap(), Deleted::Removed);
    }
    assert!(
        list(store, "/names", ListOptions::default())
            .await
            .is_empty()
    );
}

async fn a_listing_is_in_order_and_goes_on_where_a_page_ends(store: &Store) {
    for name in ["a", "b", "c", "d", "e", "f"] {
        store.write(&format!("/d/{name}"), "x").await;
    }
    let default = ListOptions::default;
    let all = ["a", "b", "c", "d", "e", "f"];
    for size in 1..=7 {
        let options = default().with_page_size(size);
        assert_eq!(list(store, "/d", options).await, all, "pages of {size}");
    }
    assert_eq!(list(store, "/d", default().with_after("c")).await, all[3..]);
    assert_eq!(
        list(store, "/d", default().with_after("bb")).await,
        all[2..]
    );
    assert_eq!(
        list(store, "/d", default().with_before("c")).await,
        all[..2]
    );
    let middle = default().with_after("a").with_before("e").with_page_size(2);
    assert_eq!(list(store, "/d", middle).await, all[1..4]);
    let none = default().with_after("f");
    assert!(list(store, "/d", none).await.is_empty());
    store.files.mkdirs(&at("/empty")).await.unwrap();
    assert!(list(store, "/empty", default()).await.is_empty());
    let nowhere = store.files.list(&at("/nowhere"));
    let nowhere = nowhere.try_collect::<Vec<_>>().await.unwrap_err();
    assert_eq!(nowhere.kind(), ErrorKind::NotFound);
}

async fn a_file_lists_as_itself(store: &Store) {
    store.write("/f", "12345").await;
    let entries: Vec<_> = store.files.list(&at("/f")).try_collect().await.unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!((entries[0].name.as_str(), entries[0].length), ("", 5));
}

async fn a_directory_is_made_with_those_above_it(store: &Store) {
    let files = &store.files;
    files.mkdirs(&at("/a/b/c")).await.unwrap();
    files.mkdirs(&at("/a/b/c")).await.unwrap();
    files.mkdirs(&at("/")).await.unwrap();
    for path in ["/", "/a", "/a/b", "/a/b/c"] {
        assert!(files.stat(&at(path)).await.unwrap().is_directory());
    }
    store.write("/f", "x").await;
    for path in ["/f", "/f/g"] {
        let error = files.mkdirs(&at(path)).await.unwrap_err();
        let kind = error.kind();
        assert!(
            matches!(kind, ErrorKind::Conflict | ErrorKind::Forbidden),
            "{path}: {error:?}"
        );
    }
}

async fn a_file_moves_and_never_onto_another_unless_it_may(store: &Store) {
    let files = &store.files;
    store.write("/one", "1").await;
    store.write("/two", "2").await;
    let taken = files.rename(&at("/one"), &at("/two")).await.unwrap_err();
    assert_eq!(taken.kind(), ErrorKind::Conflict);
    assert_eq!(store.read("/one").await, "1");
    let overwrite = || RenameOptions::default().with_existing(Existing::Overwrite);
    let (one, two) = (at("/one"), at("/two"));
    let renamed = files.rename_opts(&one, &two, overwrite()).await;
    renamed.unwrap();
    assert_eq!(store.read("/two").await, "1");
    assert!(!files.exists(&at("/one")).await.unwrap());

    files.mkdirs(&at("/d")).await.unwrap();
    files.rename(&at("/two"), &at("/d")).await.unwrap();
    assert_eq!(store.read("/d/two").await, "1");
    files.rename(&at("/d/two"), &at("/d/two")).await.unwrap();
    let nowhere = files.rename(&at("/d/two"), &at("/none/two")).await;
    assert!(nowhere.is_err());
    assert_eq!(store.read("/d/two").await, "1");
}

async fn a_directory_moves_with_all_that_is_in_it(store: &Store) {
    let files = &store.files;
    store.write("/from/deep/er/f", "x").await;
    files.rename(&at("/from"), &at("/to")).await.unwrap();
    assert_eq!(store.read("/to/deep/er/f").await, "x");
    assert!(!files.exists(&at("/from")).await.unwrap());
    // Onto a directory it moves into it.
    files.mkdirs(&at("/other")).await.unwrap();
    files.rename(&at("/to"), &at("/other")).await.unwrap();
    assert_eq!(store.read("/other/to/deep/er/f").await, "x");
    // And stays where one of this name is there already.
    store.write("/to/g", "y").await;
    assert!(files.rename(&at("/to"), &at("/other")).await.is_err());
    assert_eq!(store.read("/to/g").await, "y");
}

async fn nothing_moves_from_nowhere_or_into_itself(store: &Store) {
    let files = &store.files;
    let nowhere = files.rename(&at("/none"), &at("/x")).await.unwrap_err();
    assert_eq!(nowhere.kind(), ErrorKind::NotFound);
    store.write("/d/f", "x").await;
    for to in ["/d", "/d/e", "/d/d/d"] {
        assert!(files.rename(&at("/d"), &at(to)).await.is_err(), "{to}");
    }
    assert!(files.rename(&at("/d"), &at("/d/f")).await.is_err());
    assert!(files.rename(&at("/"), &at("/x")).await.is_err());
    assert_eq!(store.read("/d/f").await, "x");
    // A name that only begins alike is another one.
    files.rename(&at("/d"), &at("/dd")).await.unwrap();
    assert_eq!(store.read("/dd/f").await, "x");
}

async fn what_is_deleted_is_gone_and_what_is_not_empty_stays(store: &Store) {
    let files = &store.files;
    store.write("/d/e/f", "x").await;
    let full = files.delete(&at("/d")).await.unwrap_err();
    assert!(
        matches!(full.kind(), ErrorKind::Conflict | ErrorKind::Forbidden),
        "{full:?}"
    );
    assert_eq!(store.read("/d/e/f").await, "x");
    let all = || DeleteOptions::default().recursive();
    let gone = files.delete_opts(&at("/d"), all()).await.unwrap();
    assert_eq!(gone, Deleted::Removed);
    assert!(!files.exists(&at("/d/e/f")).await.unwrap());
    for path in ["/d", "/d/e/f", "/never"] {
        assert_eq!(files.delete(&at(path)).await.unwrap(), Deleted::NotThere);
    }
    files.mkdirs(&at("/empty")).await.unwrap();
    let empty = files.delete(&at("/empty")).await.unwrap();
    assert_eq!(empty, Deleted::Removed);
}
