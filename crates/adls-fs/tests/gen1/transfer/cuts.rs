//! The connection is cut at every request and at every boundary of its bodies.

use std::sync::Arc;

use aad_core::Transport;
use adls_fs::FileSystem;
use adls_fs::transfer::{Overwrite, TransferOptions};
use async_trait::async_trait;
use bytes::Bytes;
use futures::executor::block_on;
use http::{Request, Response};
use testkit::context::World;
use testkit::cuts::{self, Line, Service};

use super::down::downloader;
use super::machine::Machine;
use super::up::{small, uploader};
use crate::fake::{FakeGen1, file_system, path};

const LONG: &str = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A store that takes what arrives whole and nothing else.
#[derive(Debug)]
struct Whole(Arc<FakeGen1>);

#[async_trait]
impl Service for Whole {
    async fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        let answer = self.0.send(request).await.expect("the store answers");
        let (parts, body) = answer.into_parts();
        let body = body.collect(usize::MAX).await.expect("a whole body");
        Response::from_parts(parts, body)
    }

    async fn take_broken(&self, _: Request<Bytes>, _: usize) {}
}

fn reach(line: &Line, store: &Arc<FakeGen1>) -> FileSystem {
    let network = line.to(Arc::new(Whole(Arc::clone(store))));
    file_system(&World::new(), network)
}

fn uploads(options: &TransferOptions) {
    let script = async |line: Line| {
        let store = Arc::new(FakeGen1::default());
        if options.overwrite == Overwrite::Always {
            store.put("/to/long", b"before");
        }
        let machine = Machine::default();
        machine.put("in/long", LONG);
        machine.put("in/x/short", "short");
        machine.put("in/x/empty", "");
        let transfer = uploader(&reach(&line, &store), &machine, options.clone());
        let report = transfer.folder("in", &path("/to")).await;
        let report = report.expect("an upload");
        assert_eq!(report.failed, 0, "{:#?}", report.failures);
        let files = store.files();
        let files: Vec<_> = files
            .iter()
            .map(|(name, text)| (&**name, &**text))
            .collect();
        let expected = [
            ("/to/long", LONG),
            ("/to/x/empty", ""),
            ("/to/x/short", "short"),
        ];
        assert_eq!(files, expected);
    };
    let report = block_on(cuts::everywhere(script));
    assert!(report.requests > 8 && report.cuts > 100, "{report:?}");
    block_on(cuts::twice(2, script));
}

#[test]
fn what_must_not_be_there_is_uploaded_exactly_once() {
    uploads(&small());
}

#[test]
fn what_is_there_is_replaced_exactly_once() {
    uploads(&small().with_overwrite(Overwrite::Always));
}

#[test]
fn parts_are_joined_exactly_once() {
    uploads(&small().with_segment(20));
}

#[test]
fn a_download_is_whole() {
    let script = async |line: Line| {
        let store = Arc::new(FakeGen1::default());
        store.put("/from/long", LONG.as_bytes());
        store.put("/from/x/short", b"short");
        store.put("/from/x/empty", b"");
        let machine = Machine::default();
        let transfer = downloader(&reach(&line, &store), &machine, small());
        let report = transfer.folder(&path("/from"), "in").await;
        let report = report.expect("a download");
        assert_eq!(report.failed, 0, "{:#?}", report.failures);
        let files = machine.files();
        let files: Vec<_> = files
            .iter()
            .map(|(name, text)| (&**name, &**text))
            .collect();
        let expected = [
            ("in/long", LONG),
            ("in/x/empty", ""),
            ("in/x/short", "short"),
        ];
        assert_eq!(files, expected);
    };
    let report = block_on(cuts::everywhere(script));
    assert!(report.requests > 5 && report.cuts > 50, "{report:?}");
    block_on(cuts::twice(2, script));
}
