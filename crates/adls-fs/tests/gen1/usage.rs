//! The ends of files, touching them, and how much is in a tree.

use adls_fs::ErrorKind;
use futures::executor::block_on;
use testkit::context::{json, response};

use crate::fake::{fresh, path};
use crate::wire::{line, scripted};

const UNSUPPORTED: &str =
    r#"{"RemoteException":{"exception":"UnsupportedOperationException","message":"no"}}"#;
const MISSING: &str = r#"{"RemoteException":{"exception":"FileNotFoundException","message":"no"}}"#;
const TAKEN: &str =
    r#"{"RemoteException":{"exception":"FileAlreadyExistsException","message":"taken"}}"#;

#[test]
fn both_ends_of_a_file_can_be_read_however_short_it_is() {
    let (files, store) = fresh();
    store.put("/f", b"0123456789");
    store.put("/empty", b"");
    store.mkdir("/d");
    let head = |file, length| block_on(files.head(&path(file), length));
    let tail = |file, length| block_on(files.tail(&path(file), length));
    assert_eq!(head("/f", 3).unwrap(), "012");
    assert_eq!(tail("/f", 3).unwrap(), "789");
    for length in [10, 11, u64::MAX] {
        assert_eq!(tail("/f", length).unwrap(), "0123456789");
        assert_eq!(head("/f", length).unwrap(), "0123456789");
        assert_eq!(tail("/empty", length).unwrap(), "");
        assert_eq!(head("/empty", length).unwrap(), "");
    }
    assert_eq!(tail("/f", 0).unwrap(), "");
    assert_eq!(tail("/none", 1).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(tail("/d", 1).unwrap_err().kind(), ErrorKind::Conflict);
}

#[test]
fn touching_makes_what_is_missing_and_dates_what_is_there() {
    let operations = |replies: &[(u16, &str)]| {
        let (world, files) = scripted();
        for (status, body) in replies {
            world.transport.push(json(*status, body));
        }
        block_on(files.touch(&path("/f"))).unwrap();
        let requests = world.transport.requests();
        let operation = |line: String| {
            let (_, query) = line.split_once("op=").expect("an operation");
            query.split('&').next().unwrap_or_default().to_owned()
        };
        let lines = requests.iter().map(|request| operation(line(request)));
        lines.collect::<Vec<_>>()
    };
    assert_eq!(operations(&[(200, "")]), ["SETTIMES"]);
    assert_eq!(
        operations(&[(404, MISSING), (201, "")]),
        ["SETTIMES", "CREATE"]
    );
    let somebody = r#"{"FileStatus":{"type":"FILE","length":3}}"#;
    assert_eq!(
        operations(&[(404, MISSING), (403, TAKEN), (200, somebody)]),
        ["SETTIMES", "CREATE", "GETFILESTATUS"]
    );
}

#[test]
fn a_store_without_sums_is_walked() {
    let (world, files) = scripted();
    world.transport.push(json(400, UNSUPPORTED));
    world.transport.push(json(
        200,
        r#"{"FileStatus":{"type":"DIRECTORY","length":0}}"#,
    ));
    for listing in [
        r#"{"pathSuffix":"d","type":"DIRECTORY","length":0},{"pathSuffix":"f","type":"FILE","length":5}"#,
        r#"{"pathSuffix":"g","type":"FILE","length":7}"#,
    ] {
        let body =
            format!(r#"{{"FileStatuses":{{"continuationToken":"","FileStatus":[{listing}]}}}}"#);
        world
            .transport
            .push(response(200, &[("content-type", "application/json")], body));
    }
    let usage = block_on(files.disk_usage(&path("/a"))).unwrap();
    assert_eq!((usage.bytes, usage.files, usage.directories), (12, 2, 2));
}

#[test]
fn a_tree_that_may_not_be_summed_is_an_error() {
    let (world, files) = scripted();
    world.transport.push(json(404, MISSING));
    let error = block_on(files.disk_usage(&path("/a"))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}
