//! Lists arrive page by page, in order, whole.

use std::sync::Arc;

use aad_core::Transport;
use adls_fs::{ErrorKind, ListOptions};
use futures::TryStreamExt;
use futures::executor::block_on;
use testkit::context::{World, json};

use crate::fake::{file_system, fresh, path};

fn names(files: &adls_fs::FileSystem, directory: &str, options: ListOptions) -> Vec<String> {
    let list = files.list_opts(&path(directory), options);
    block_on(list.map_ok(|entry| entry.name).try_collect()).expect("a list")
}

#[test]
fn a_list_is_whole_whatever_the_size_of_a_page() {
    let (files, store) = fresh();
    let expected: Vec<String> = (0..10).map(|n| format!("f{n}")).collect();
    for name in &expected {
        store.put(&format!("/d/{name}"), b"x");
    }
    store.put("/deep", b"");
    for page_size in [1, 2, 3, 5, 10, 11, 4000] {
        let options = ListOptions::default().with_page_size(page_size);
        assert_eq!(names(&files, "/d", options)[..10], expected, "{page_size}");
    }
}

#[test]
fn a_full_last_page_is_followed_by_an_empty_one() {
    let (files, store) = fresh();
    for name in ["a", "b", "c", "d"] {
        store.put(&format!("/d/{name}"), b"");
    }
    let options = ListOptions::default().with_page_size(2);
    assert_eq!(names(&files, "/d", options).len(), 4);
    assert_eq!(
        store.log(),
        [
            "LISTSTATUS /d listSize=2",
            "LISTSTATUS /d listSize=2 listAfter=b",
            "LISTSTATUS /d listSize=2 listAfter=d",
        ]
    );
}

#[test]
fn servers_without_tokens_are_listed_by_name() {
    let (files, store) = fresh();
    store.forget_tokens();
    for name in ["a", "b & c", "d"] {
        store.put(&format!("/d/{name}"), b"");
    }
    let options = ListOptions::default().with_page_size(2);
    assert_eq!(names(&files, "/d", options), ["a", "b & c", "d"]);
    assert_eq!(store.log()[1], "LISTSTATUS /d listSize=2 listAfter=b & c");
    assert_eq!(store.count(), 2);
}

#[test]
fn a_part_of_a_directory_can_be_listed() {
    let (files, store) = fresh();
    for name in ["a", "b", "c", "d", "e"] {
        store.put(&format!("/{name}"), b"");
    }
    let options = ListOptions::default().with_after("a").with_before("e");
    assert_eq!(
        names(&files, "/", options.with_page_size(2)),
        ["b", "c", "d"]
    );
}

#[test]
fn nothing_is_asked_before_the_list_is_read() {
    let (files, store) = fresh();
    drop(files.list(&path("/")));
    assert_eq!(store.count(), 0);
}

#[test]
fn a_server_that_names_the_same_page_again_is_not_read_for_ever() {
    let world = World::new();
    let same = r#"{"FileStatuses":{"continuationToken":"a","FileStatus":[]}}"#;
    world.transport.always(move |_| json(200, same).into());
    let transport = Arc::clone(&world.transport) as Arc<dyn Transport>;
    let list = file_system(&world, transport).list(&path("/"));
    let error = block_on(list.try_collect::<Vec<_>>()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert_eq!(world.transport.requests().len(), 2);
}
