use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use aad_core::Transport;
use futures::executor::block_on;

use super::*;
use crate::context::lock;

/// Counts what reaches it.
#[derive(Debug, Default)]
struct Counter {
    whole: Mutex<Vec<Bytes>>,
    broken: Mutex<Vec<Bytes>>,
}

#[async_trait]
impl Service for Counter {
    async fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        lock(&self.whole).push(request.into_body());
        Response::new("ok".into())
    }

    async fn take_broken(&self, request: Request<Bytes>, bytes: usize) {
        lock(&self.broken).push(request.body().slice(..bytes));
    }
}

async fn one(network: &dyn Transport, body: &'static str) -> Option<Bytes> {
    let reply = network.send(Request::new(body.into())).await.ok()?;
    reply.into_body().collect(100).await.ok()
}

/// What the service saw and what the client heard, for each cut of a run of two requests.
fn seen() -> BTreeSet<String> {
    let seen = Mutex::new(BTreeSet::new());
    let script = async |line: Line| {
        let service = Arc::new(Counter::default());
        let network = line.to(Arc::clone(&service) as _);
        let heard = [one(&*network, "ab").await, one(&*network, "").await];
        let heard = heard.map(|reply| reply.is_some());
        let (whole, broken) = (lock(&service.whole), lock(&service.broken));
        let cut = line.cuts().first();
        let cut = cut.map(|cut| (cut.request, cut.place));
        lock(&seen).insert(format!("{cut:?}: {whole:?} {broken:?} {heard:?}"));
    };
    let report = block_on(everywhere(script));
    assert_eq!((report.requests, report.cuts), (2, 15));
    seen.into_inner().unwrap()
}

#[test]
fn each_place_is_cut_once_and_the_service_sees_what_came_before() {
    let seen = seen();
    let expected = [
        r#"None: [b"ab", b""] [] [true, true]"#,
        r#"Some((0, NotSent)): [b""] [] [false, true]"#,
        r#"Some((0, ReplyCut(0))): [b"ab", b""] [] [false, true]"#,
        r#"Some((0, ReplyCut(1))): [b"ab", b""] [] [false, true]"#,
        r#"Some((0, ReplyCut(2))): [b"ab", b""] [] [false, true]"#,
        r#"Some((0, ReplyLost)): [b"ab", b""] [] [false, true]"#,
        r#"Some((0, RequestCut(0))): [b""] [b""] [false, true]"#,
        r#"Some((0, RequestCut(1))): [b""] [b"a"] [false, true]"#,
        r#"Some((0, RequestCut(2))): [b""] [b"ab"] [false, true]"#,
        r#"Some((0, RequestLost)): [b""] [] [false, true]"#,
        r#"Some((1, NotSent)): [b"ab"] [] [true, false]"#,
        r#"Some((1, ReplyCut(0))): [b"ab", b""] [] [true, false]"#,
        r#"Some((1, ReplyCut(1))): [b"ab", b""] [] [true, false]"#,
        r#"Some((1, ReplyCut(2))): [b"ab", b""] [] [true, false]"#,
        r#"Some((1, ReplyLost)): [b"ab", b""] [] [true, false]"#,
        r#"Some((1, RequestLost)): [b"ab"] [] [true, false]"#,
    ];
    assert_eq!(seen.iter().collect::<Vec<_>>(), expected);
}

#[test]
fn a_failure_names_its_cut() {
    let script = async |line: Line| {
        let service = Arc::new(Counter::default());
        one(&*line.to(Arc::clone(&service) as _), "ab").await;
        assert!(lock(&service.broken).is_empty(), "a beginning arrived");
    };
    let failed = block_on(AssertUnwindSafe(everywhere(script)).catch_unwind());
    let text = message(failed.unwrap_err().as_ref());
    assert!(text.starts_with("3 of 9 cuts failed:\n"), "{text}");
    assert!(
        text.contains("RequestCut(1) }] of GET / (2 B, 2 B): a beginning arrived"),
        "{text}"
    );
}

#[test]
fn a_cut_that_meets_nothing_is_a_failure() {
    let script = async |line: Line| {
        let network = line.to(Arc::new(Counter::default()));
        if line.cuts().iter().all(|cut| cut.request == 0) {
            one(&*network, "").await;
        }
        if line.cuts().is_empty() {
            one(&*network, "").await;
        }
    };
    let failed = block_on(AssertUnwindSafe(everywhere(script)).catch_unwind());
    let text = message(failed.unwrap_err().as_ref());
    assert!(text.starts_with("6 of 12 cuts failed:\n"), "{text}");
    assert!(text.contains("met nothing"), "{text}");
}

#[test]
fn two_cuts_are_tried_in_all_ways() {
    let both = Mutex::new(0);
    let script = async |line: Line| {
        let network = line.to(Arc::new(Counter::default()));
        for _ in 0..3 {
            one(&*network, "").await;
        }
        *lock(&both) += usize::from(line.cuts().len() == 2);
    };
    let report = block_on(twice(2, script));
    assert_eq!((report.requests, report.cuts), (3, 3 * 2 * 2 * 2));
    assert_eq!(both.into_inner().unwrap(), report.cuts);
}

#[test]
fn a_long_body_is_cut_at_its_ends_and_at_likely_edges() {
    let short: Vec<_> = boundaries(3).collect();
    assert_eq!(short, [0, 1, 2, 3]);
    let long: Vec<_> = boundaries(5000).collect();
    let expected = [
        0, 1, 63, 64, 65, 1023, 1024, 1025, 2500, 4095, 4096, 4097, 4999, 5000,
    ];
    assert_eq!(long, expected);
}
