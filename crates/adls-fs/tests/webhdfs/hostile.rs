//! Answers that no server should give, old servers, and the limits of a listing.

use adls_fs::{ErrorKind, FileStatus, FileSystem, ListOptions, Result};
use futures::TryStreamExt;
use futures::executor::block_on;
use testkit::context::{World, json};

use crate::cluster::{ENDPOINT, refusal};

fn scripted(bodies: &[&str]) -> (World, FileSystem) {
    let world = World::new();
    for body in bodies {
        world.transport.push(json(200, body));
    }
    let endpoint = ENDPOINT.parse().unwrap();
    let files = FileSystem::web_hdfs(world.context(), &endpoint, "alice").unwrap();
    (world, files)
}

fn list(files: &FileSystem, options: ListOptions) -> Result<Vec<FileStatus>> {
    block_on(
        files
            .list_opts(&"/d".parse().unwrap(), options)
            .try_collect(),
    )
}

fn names(found: &[FileStatus]) -> Vec<&str> {
    found.iter().map(|entry| entry.name.as_str()).collect()
}

fn batch(names: &[&str], remaining: u64) -> String {
    let entry = |name: &&str| format!(r#"{{"type":"FILE","pathSuffix":"{name}","length":1}}"#);
    let entries: Vec<_> = names.iter().map(entry).collect();
    let entries = entries.join(",");
    format!(
        r#"{{"DirectoryListing":{{"partialListing":{{"FileStatuses":{{"FileStatus":[{entries}]}}}},"remainingEntries":{remaining}}}}}"#
    )
}

#[test]
fn a_listing_goes_on_behind_the_last_name_of_a_page() {
    let pages = [batch(&["a", "b"], 2), batch(&["c", "d"], 0)];
    let (world, files) = scripted(&[&pages[0], &pages[1]]);
    let found = list(&files, ListOptions::default()).unwrap();
    assert_eq!(names(&found), ["a", "b", "c", "d"]);
    let requests = world.transport.requests();
    let query = |n: usize| requests[n].uri().query().unwrap_or_default().to_owned();
    assert_eq!(query(0), "op=LISTSTATUS_BATCH&user.name=alice");
    assert_eq!(query(1), "op=LISTSTATUS_BATCH&user.name=alice&startAfter=b");
}

#[test]
fn a_server_without_pages_is_asked_for_all_at_once() {
    let whole = r#"{"FileStatuses":{"FileStatus":[
        {"type":"FILE","pathSuffix":"c"},{"type":"FILE","pathSuffix":"a"},
        {"type":"DIRECTORY","pathSuffix":"b"}]}}"#;
    let (world, files) = scripted(&[]);
    let unknown = refusal("IllegalArgumentException");
    world.transport.push(unknown).push(json(200, whole));
    let found = list(&files, ListOptions::default()).unwrap();
    assert_eq!(names(&found), ["a", "b", "c"]);
    // It is asked for pages no more.
    world.transport.push(json(200, whole));
    let some = list(&files, ListOptions::default().with_after("a")).unwrap();
    assert_eq!(names(&some), ["b", "c"]);
    assert_eq!(world.transport.unused(), 0);
}

#[test]
fn a_listing_that_leads_nowhere_ends() {
    for bodies in [
        // There is more, but nothing here.
        vec![batch(&[], 7)],
        // The same page for ever.
        vec![batch(&["a"], 7), batch(&["a"], 7)],
    ] {
        let bodies: Vec<&str> = bodies.iter().map(String::as_str).collect();
        let (_world, files) = scripted(&bodies);
        let error = list(&files, ListOptions::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
    }
}

#[test]
fn what_is_no_answer_is_a_broken_protocol() {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let huge = r#"{"FileStatus":{"type":"FILE","length":99999999999999999999999}}"#;
    for body in [
        "",
        "null",
        "[]",
        "<html>",
        huge,
        &deep,
        r#"{"FileStatus":{"type":"FILE","length":-1}}"#,
        r#"{"FileStatus":{"type":"FILE","length":"1"}}"#,
        r#"{"FileStatus":{"type":"SYMLINK","length":1}}"#,
        r#"{"FileStatus":{"type":7}}"#,
        r#"{"FileStatus":[]}"#,
    ] {
        let (_world, files) = scripted(&[body]);
        let error = block_on(files.stat(&"/f".parse().unwrap())).unwrap_err();
        let shown: String = body.chars().take(60).collect();
        assert_eq!(error.kind(), ErrorKind::Protocol, "{shown}");
    }
    for body in ["{}", r#"{"DirectoryListing":{}}"#, &batch(&["a"], 0)[1..]] {
        let (_world, files) = scripted(&[body]);
        let error = list(&files, ListOptions::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol, "{body}");
    }
    let (_world, files) = scripted(&[r#"{"boolean":"yes"}"#]);
    let error = block_on(files.mkdirs(&"/d".parse().unwrap())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
}

#[test]
fn a_data_nodes_stack_trace_is_no_message() {
    let (world, files) = scripted(&[]);
    let body = r#"{"RemoteException":{"exception":"AccessControlException",
        "message":"Permission denied: user=alice\n\tat org.apache.hadoop.Foo.bar(Foo.java:1)"}}"#;
    world.transport.push(json(403, body));
    let error = block_on(files.stat(&"/f".parse().unwrap())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    assert_eq!(error.to_string(), "Permission denied: user=alice");
}
