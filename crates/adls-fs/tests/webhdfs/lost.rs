//! Requests and replies that are lost.

use std::sync::Arc;

use adls_fs::{CreateOptions, ErrorKind, Existing, FileSystem};
use futures::executor::block_on;
use testkit::context::World;
use testkit::cuts::{self, Line};

use crate::cluster::{Cluster, ENDPOINT};

/// A cluster, and a client of it over a network that breaks.
pub(crate) fn reached(line: &Line) -> (Arc<Cluster>, FileSystem) {
    let cluster = Arc::new(Cluster::new());
    let context = World::new().context_over(line.to(Arc::clone(&cluster) as _));
    let endpoint = ENDPOINT.parse().unwrap();
    let files = FileSystem::web_hdfs(context, &endpoint, "alice").unwrap();
    (cluster, files)
}

#[test]
fn what_is_appended_is_there_once_wherever_the_connection_breaks() {
    let script = async |line: Line| {
        let (cluster, files) = reached(&line);
        let f = "/f".parse().unwrap();
        files.create(&f, "made, ").await.unwrap();
        files.append(&f, 6, "added to, ").await.unwrap();
        files.append(&f, 16, "and ended").await.unwrap();
        let whole = cluster.files.read(&f).await.unwrap();
        assert_eq!(whole, "made, added to, and ended");
        assert_eq!(files.read(&f).await.unwrap(), whole);
    };
    block_on(async {
        let report = cuts::everywhere(script).await;
        assert_eq!(report.requests, 10);
        cuts::twice(3, script).await;
    });
}

#[test]
fn a_new_file_is_made_whole_or_the_call_says_that_it_was_not() {
    block_on(cuts::everywhere(async |line: Line| {
        let (cluster, files) = reached(&line);
        let f = "/f".parse().unwrap();
        let new = CreateOptions::default().with_existing(Existing::Fail);
        let made = files.create_opts(&f, "whole", new).await;
        let found = cluster.files.read(&f).await.unwrap();
        match made {
            Ok(()) => assert_eq!(found, "whole"),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Conflict);
                assert!(b"whole".starts_with(&found) && found.len() < 5);
            }
        }
    }));
}

#[test]
fn an_append_of_somebody_else_is_not_taken_for_ours() {
    let world = World::new();
    let (status, at) = (r#"{"FileStatus":{"type":"FILE","length":3}}"#, "http://d/x");
    let more = r#"{"FileStatus":{"type":"FILE","length":6}}"#;
    let redirect = || testkit::context::response(307, &[("location", at)], "");
    let network = &world.transport;
    network.push(testkit::context::json(200, status));
    network
        .push(redirect())
        .push(testkit::context::Reply::ReplyLost);
    network.push(testkit::context::json(200, more));
    network.push(redirect());
    network.push(testkit::context::response(200, &[], "abc"));
    let endpoint = ENDPOINT.parse().unwrap();
    let files = FileSystem::web_hdfs(world.context(), &endpoint, "alice").unwrap();
    let error = block_on(files.append(&"/f".parse().unwrap(), 3, "xyz")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.to_string().contains("other bytes"), "{error}");
    assert_eq!(network.unused(), 0);
}
