//! Listings that want to be written outside of the folder that was meant.

use aad_core::Transport;
use aad_core::transport::{ResponseBody, TransportError};
use adls_fs::ErrorKind;
use adls_fs::transfer::Outcome;
use async_trait::async_trait;
use bytes::Bytes;
use futures::executor::block_on;
use http::{Request, Response};
use testkit::context::{World, json, response};

use super::down::downloader;
use super::machine::Machine;
use super::up::small;
use crate::fake::{file_system, fresh, path};

/// A store that lists whatever it is told to, everywhere.
#[derive(Debug)]
struct Hostile(&'static [(&'static str, &'static str)]);

#[async_trait]
impl Transport for Hostile {
    async fn send(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<ResponseBody>, TransportError> {
        let query = request.uri().query().unwrap_or_default();
        let top = request.uri().path().ends_with("/d");
        let answer = if query.contains("op=LISTSTATUS") && top {
            let entries = self.0.iter().map(|(kind, name)| {
                let name = serde_json::to_string(name).expect("a text");
                format!(r#"{{"type":"{kind}","pathSuffix":{name},"length":4}}"#)
            });
            let entries = entries.collect::<Vec<_>>().join(",");
            json(
                200,
                &format!(r#"{{"FileStatuses":{{"FileStatus":[{entries}]}}}}"#),
            )
        } else if query.contains("op=LISTSTATUS") {
            json(200, r#"{"FileStatuses":{"FileStatus":[]}}"#)
        } else {
            response(200, &[], "evil")
        };
        Ok(answer.map(ResponseBody::full))
    }
}

#[test]
fn names_that_lead_out_of_the_folder_are_written_nowhere() {
    for name in [
        "..",
        ".",
        "../x",
        "/etc/cron.d/x",
        "a/../../x",
        "a/b",
        "x\0y",
    ] {
        for kind in ["FILE", "DIRECTORY"] {
            let listed: &'static [_] = vec![(kind, name)].leak();
            let files = file_system(&World::new(), std::sync::Arc::new(Hostile(listed)));
            let machine = Machine::default();
            let transfer = downloader(&files, &machine, small());
            let error = block_on(transfer.folder(&path("/d"), "to")).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Protocol, "{kind} {name:?}");
            assert!(machine.files().is_empty(), "{kind} {name:?}");
        }
    }
}

#[test]
fn a_name_that_is_too_long_fails_by_itself() {
    let (files, store) = fresh();
    let long = "x".repeat(256);
    store.put(&format!("/d/{long}"), b"1");
    store.put("/d/fits", b"2");
    let machine = Machine::default();
    let report = block_on(downloader(&files, &machine, small()).folder(&path("/d"), "to")).unwrap();
    assert_eq!((report.transferred, report.failed), (1, 1));
    let Outcome::Failed(error) = &report.failures[0].outcome else {
        panic!("{report:?}");
    };
    assert!(error.to_string().contains("too long"), "{error}");
}

#[test]
fn nothing_is_written_through_a_link_below_the_folder() {
    let (files, store) = fresh();
    store.put("/d/link/passwd", b"evil");
    store.put("/d/other", b"good");
    let machine = Machine::default();
    machine.make_folder("to");
    machine.link("to/link");
    let report = block_on(downloader(&files, &machine, small()).folder(&path("/d"), "to")).unwrap();
    // The directory itself is refused, and so is what is in it.
    assert_eq!((report.transferred, report.failed), (1, 2), "{report:#?}");
    assert_eq!(
        machine.files().into_keys().collect::<Vec<_>>(),
        ["to/other"]
    );
}
