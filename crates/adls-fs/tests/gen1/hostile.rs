//! A store that answers anything is an error, and never more than that.

use std::sync::Arc;

use aad_core::Transport;
use adls_fs::{ErrorKind, FileSystem};
use futures::TryStreamExt;
use futures::executor::block_on;
use testkit::context::{World, response};

use crate::fake::{file_system, path};

fn answering(body: impl Into<Vec<u8>>) -> FileSystem {
    let world = World::new();
    let body = body.into();
    let headers = [("content-type", "application/json; charset=utf-8")];
    world
        .transport
        .always(move |_| response(200, &headers, body.clone()).into());
    file_system(&world, Arc::clone(&world.transport) as Arc<dyn Transport>)
}

#[track_caller]
fn refused(body: impl Into<Vec<u8>>) {
    let files = answering(body);
    let path = path("/a");
    let kinds = block_on(async {
        let listed = files.list(&path).try_collect::<Vec<_>>().await;
        let walked = files.walk(&path).try_collect::<Vec<_>>().await;
        let acl = files.acl(&path).await.map(drop);
        [
            listed.map(drop),
            walked.map(drop),
            files.stat(&path).await.map(drop),
            acl,
            files.content_summary(&path).await.map(drop),
            files.rename(&path, &path).await,
        ]
    });
    for outcome in kinds {
        let kind = outcome.map_err(|error| error.kind());
        assert_eq!(kind, Err(ErrorKind::Protocol));
    }
}

#[test]
fn an_answer_that_is_none_is_a_broken_protocol() {
    for body in [
        "",
        "null",
        "[]",
        "{}",
        "\"FileStatuses\"",
        "<html></html>",
        "{\"FileStatuses\":",
        "{\"FileStatuses\":{\"FileStatus\":[{\"pathSuffix\":7}]}}",
        "{\"FileStatuses\":{\"FileStatus\":{\"pathSuffix\":\"a\"}}}",
        "{\"FileStatuses\":[[[]]],\"FileStatus\":[],\"AclStatus\":1,\"ContentSummary\":\"\"}",
        "{\"FileStatus\":{\"length\":-1,\"type\":\"FILE\"},\"boolean\":\"true\"}",
        "{\"FileStatus\":{\"length\":1e400,\"type\":\"FILE\"},\"boolean\":1}",
        "{\"FileStatus\":{\"length\":1,\"type\":\"SYMLINK?\"},\"boolean\":null}",
    ] {
        refused(body);
    }
    refused([0xff, 0xfe, 0]);
}

#[test]
fn an_answer_however_deep_does_not_exhaust_the_stack() {
    for unit in ["[", "{\"FileStatuses\":", "{\"FileStatus\":[", "{\"a\":["] {
        refused(unit.repeat(200_000));
    }
    let deep = "[".repeat(200_000);
    for key in [
        "FileStatuses",
        "FileStatus",
        "AclStatus",
        "ContentSummary",
        "unknown",
    ] {
        refused(format!("{{\"{key}\":{{\"x\":{deep}"));
    }
}

#[test]
fn a_name_however_long_is_only_a_name() {
    let name = "n".repeat(1 << 20);
    let body = format!(
        "{{\"FileStatuses\":{{\"FileStatus\":[{{\"pathSuffix\":\"{name}\",\"type\":\"FILE\",\
         \"length\":18446744073709551615}}],\"continuationToken\":\"\"}}}}"
    );
    let files = answering(body);
    let entries: Vec<_> = block_on(files.list(&path("/a")).try_collect()).unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].name.len(), name.len());
    assert_eq!(entries[0].length, u64::MAX);
}
