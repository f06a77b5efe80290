//! Files that are joined.

use std::collections::BTreeMap;
use std::sync::Arc;

use aad_core::Transport;
use aad_core::transport::{ResponseBody, Sent, TransportError};
use adls_fs::{ErrorKind, LakePath};
use async_trait::async_trait;
use bytes::Bytes;
use futures::executor::block_on;
use testkit::context::World;

use crate::fake::{FakeGen1, file_system, fresh, path};

fn paths<const N: usize>(names: [&str; N]) -> [LakePath; N] {
    names.map(path)
}

fn files(store: &FakeGen1) -> BTreeMap<String, String> {
    store.files()
}

fn abc(store: &FakeGen1) {
    for (name, bytes) in [("/a", "1"), ("/b", "22"), ("/c", "333")] {
        store.put(name, bytes.as_bytes());
    }
}

#[test]
fn files_are_joined_in_the_order_given_to_a_new_file_or_to_one_that_is_there() {
    let (lake, store) = fresh();
    abc(&store);
    block_on(lake.concat(&path("/d/t"), &paths(["/c", "/a"]))).unwrap();
    assert_eq!(
        files(&store),
        [("/b", "22"), ("/d/t", "3331")].map(own).into()
    );
    block_on(lake.concat(&path("/d/t"), &paths(["/b"]))).unwrap();
    assert_eq!(files(&store), [own(("/d/t", "333122"))].into());
}

fn own((name, text): (&str, &str)) -> (String, String) {
    (name.to_owned(), text.to_owned())
}

#[test]
fn what_cannot_be_joined_is_refused_before_anything_is_sent() {
    let (lake, store) = fresh();
    abc(&store);
    for sources in [&[][..], &["/a", "/t"], &["/a", "/b", "/a"]] {
        let sources: Vec<_> = sources.iter().map(|name| path(name)).collect();
        let refused = block_on(lake.concat(&path("/t"), &sources)).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Request, "{refused}");
    }
    assert_eq!(store.count(), 0);
}

#[test]
fn a_source_that_is_not_there_leaves_everything_as_it_was() {
    let (lake, store) = fresh();
    abc(&store);
    store.mkdir("/dir");
    let join = |target, sources: [&str; 2]| block_on(lake.concat(&path(target), &paths(sources)));
    for (target, sources, kind) in [
        ("/t", ["/a", "/gone"], ErrorKind::NotFound),
        ("/t", ["/a", "/dir"], ErrorKind::Conflict),
        ("/dir", ["/a", "/b"], ErrorKind::Conflict),
    ] {
        let refused = join(target, sources).unwrap_err();
        assert_eq!(refused.kind(), kind, "{refused}");
    }
    let log = store.log();
    assert!(
        log.iter().all(|request| !request.starts_with("MSCONCAT")),
        "{log:?}"
    );
    assert_eq!(files(&store).len(), 3);
}

/// Loses the reply of a concatenation, and somebody meddles with the files meanwhile.
#[derive(Debug)]
struct Meddling(Arc<FakeGen1>, fn(&FakeGen1));

#[async_trait]
impl Transport for Meddling {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<ResponseBody>, TransportError> {
        let is_concat = request
            .uri()
            .query()
            .unwrap_or_default()
            .contains("MSCONCAT");
        let reply = self.0.send(request).await?;
        if !is_concat {
            return Ok(reply);
        }
        (self.1)(&self.0);
        Err(TransportError::new(Sent::Maybe, "the connection broke"))
    }
}

#[track_caller]
fn unclear(meddle: fn(&FakeGen1), said: &str) {
    let store = Arc::new(FakeGen1::default());
    abc(&store);
    let network = Arc::new(Meddling(Arc::clone(&store), meddle));
    let lake = file_system(&World::new(), network);
    let outcome = block_on(lake.concat(&path("/a"), &paths(["/b", "/c"])));
    let error = outcome.expect_err("nobody can know");
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(error.to_string(), said);
    let log = store.log();
    let sent = log.iter().filter(|request| request.starts_with("MSCONCAT"));
    assert_eq!(sent.count(), 1, "whether to repeat it was not known");
}

#[test]
fn what_the_lengths_do_not_tell_is_said_and_not_repeated() {
    unclear(
        |store| store.put("/a", b"somebody else's"),
        "whether files were joined to /a cannot be told: it was of 1 bytes, would be of 6 bytes \
         and is of 15 bytes; of the 2 files from /b on, 2 are not what they were",
    );
    unclear(
        |store| store.put("/b", b"!!"),
        "whether files were joined to /a cannot be told: it was of 1 bytes, would be of 6 bytes \
         and is of 6 bytes; of the 2 files from /b on, 1 are not what they were",
    );
}
