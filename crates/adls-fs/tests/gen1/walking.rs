//! Trees are walked in order, whole, with as many requests at once as was said and no more.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use aad_core::Transport;
use aad_core::transport::{ResponseBody, TransportError};
use adls_fs::{DirectoryOrder, ErrorKind, FileSystem, WalkOptions};
use async_trait::async_trait;
use bytes::Bytes;
use futures::executor::block_on;
use futures::{FutureExt, StreamExt, TryStreamExt};
use http::{Request, Response};
use testkit::context::{World, json};

use crate::fake::{FakeGen1, file_system, fresh, path};

fn walk(files: &FileSystem, directory: &str, options: WalkOptions) -> Vec<String> {
    let tree = files.walk_opts(&path(directory), options);
    block_on(tree.map_ok(|entry| entry.path.to_string()).try_collect()).expect("a tree")
}

/// Lets other requests begin before it answers, and counts them.
#[derive(Debug, Default)]
pub(crate) struct Crowd {
    pub(crate) store: FakeGen1,
    now: AtomicUsize,
    pub(crate) most: AtomicUsize,
    begun: Mutex<Vec<String>>,
}

#[async_trait]
impl Transport for Crowd {
    async fn send(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<ResponseBody>, TransportError> {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        let asked = request.uri().path().to_owned();
        self.begun.lock().expect("no test panics here").push(asked);
        let mut turns = 3;
        futures::future::poll_fn(|task| {
            turns -= 1;
            task.waker().wake_by_ref();
            match turns {
                0 => std::task::Poll::Ready(()),
                _ => std::task::Poll::Pending,
            }
        })
        .await;
        let reply = self.store.send(request).await;
        self.now.fetch_sub(1, Ordering::SeqCst);
        reply
    }
}

pub(crate) fn crowd() -> (FileSystem, Arc<Crowd>) {
    let crowd = Arc::new(Crowd::default());
    let transport = Arc::clone(&crowd) as Arc<dyn Transport>;
    (file_system(&World::new(), transport), crowd)
}

#[test]
fn a_directory_comes_before_or_after_what_is_in_it() {
    let (files, store) = fresh();
    for file in ["/d/a/1", "/d/a/b/2", "/d/c", "/d/e/3", "/f"] {
        store.put(file, b"x");
    }
    store.mkdir("/d/empty");
    assert_eq!(
        walk(&files, "/d", WalkOptions::default()),
        [
            "/d/a", "/d/a/1", "/d/a/b", "/d/a/b/2", "/d/c", "/d/e", "/d/e/3", "/d/empty"
        ]
    );
    let last = WalkOptions::default().with_order(DirectoryOrder::Last);
    assert_eq!(
        walk(&files, "/d", last),
        [
            "/d/a/1", "/d/a/b/2", "/d/a/b", "/d/a", "/d/c", "/d/e/3", "/d/e", "/d/empty"
        ]
    );
    assert_eq!(walk(&files, "/f", WalkOptions::default()), ["/f"]);
}

#[test]
fn a_walk_goes_as_deep_as_it_was_told_and_lists_nothing_below() {
    let (files, store) = fresh();
    store.put("/a/b/c/d", b"x");
    let deep = |depth| walk(&files, "/", WalkOptions::default().with_max_depth(depth));
    assert_eq!(deep(1), ["/a"]);
    assert_eq!(store.count(), 1);
    assert_eq!(deep(2), ["/a", "/a/b"]);
    assert_eq!(deep(9), ["/a", "/a/b", "/a/b/c", "/a/b/c/d"]);
}

#[test]
fn the_order_is_the_same_however_many_listings_are_on_their_way() {
    let (files, crowd) = crowd();
    let mut all = BTreeSet::new();
    for n in 0..200_u32 {
        let (a, b) = (n * 7 % 5, n * 11 % 13);
        let file = format!("/{a}/{b}/{}/{n}", n % 3);
        crowd.store.put(&file, b"x");
        all.insert(file);
    }
    let first = walk(&files, "/", WalkOptions::default().with_concurrency(1));
    let found: BTreeSet<_> = first
        .iter()
        .filter(|path| path.matches('/').count() == 4)
        .cloned()
        .collect();
    assert_eq!(found, all);
    for most in [1, 2, 3, 8, 1000] {
        crowd.most.store(0, Ordering::SeqCst);
        let options = WalkOptions::default().with_concurrency(most);
        assert_eq!(walk(&files, "/", options), first);
        let seen = crowd.most.load(Ordering::SeqCst);
        assert!(seen <= most, "{seen} > {most}");
        assert!(
            seen >= most.min(8),
            "{seen} < {most}: nothing is asked ahead"
        );
    }
}

#[test]
fn a_directory_of_many_pages_is_walked_whole() {
    let (files, store) = fresh();
    for n in 0..4001 {
        store.put(&format!("/d/{n:04}/f"), b"");
    }
    for concurrency in [1, 8] {
        let options = WalkOptions::default().with_concurrency(concurrency);
        let tree = walk(&files, "/d", options);
        assert_eq!(tree.len(), 8002);
        assert!(tree.is_sorted());
    }
}

#[test]
fn little_is_asked_before_it_is_needed() {
    let (files, crowd) = crowd();
    for n in 0..1000 {
        crowd.store.put(&format!("/{n:03}/f"), b"");
    }
    let options = WalkOptions::default().with_concurrency(4);
    let mut tree = Box::pin(files.walk_opts(&path("/"), options));
    for expected in ["/000", "/000/f", "/001"] {
        let entry = block_on(tree.try_next()).unwrap().unwrap();
        assert_eq!(entry.path.as_str(), expected);
    }
    drop(tree);
    let begun = crowd.begun.lock().unwrap().len();
    assert!(begun <= 1 + 4 + 4, "{begun} listings for three entries");
}

#[test]
fn a_dropped_walk_gives_its_requests_up() {
    let (files, crowd) = crowd();
    crowd.store.put("/d/f", b"");
    drop(files.walk(&path("/")));
    assert_eq!(crowd.begun.lock().unwrap().len(), 0);
    let mut tree = Box::pin(files.walk(&path("/")));
    while crowd.begun.lock().unwrap().is_empty() {
        assert!(tree.next().now_or_never().is_none());
    }
    drop(tree);
    assert_eq!(crowd.store.count(), 0);
}

#[test]
fn what_vanishes_meanwhile_is_skipped_but_what_was_named_must_be_there() {
    let (files, store) = fresh();
    store.put("/a/1", b"");
    store.put("/b/2", b"");
    let mut tree = Box::pin(files.walk(&path("/")));
    let first = block_on(tree.try_next()).unwrap().unwrap();
    assert_eq!(first.path.as_str(), "/a");
    block_on(files.delete_opts(&path("/a"), adls_fs::DeleteOptions::default().recursive()))
        .unwrap();
    let rest: Vec<_> = block_on(tree.map_ok(|entry| entry.path.to_string()).try_collect()).unwrap();
    assert_eq!(rest, ["/b", "/b/2"]);
    let missing = files.walk(&path("/none")).try_collect::<Vec<_>>();
    assert_eq!(block_on(missing).unwrap_err().kind(), ErrorKind::NotFound);
}

fn listing(entries: &str) -> testkit::context::Reply {
    let body = format!(r#"{{"FileStatuses":{{"continuationToken":"","FileStatus":[{entries}]}}}}"#);
    json(200, &body).into()
}

#[test]
fn a_directory_that_may_not_be_listed_is_named_and_can_be_passed() {
    let world = World::new();
    world.transport.always(|request| match request.uri().path() {
        "/webhdfs/v1/" => listing(
            r#"{"pathSuffix":"closed","type":"DIRECTORY","length":0},{"pathSuffix":"open","type":"DIRECTORY","length":0}"#,
        ),
        "/webhdfs/v1/open" => listing(r#"{"pathSuffix":"f","type":"FILE","length":1}"#),
        _ => json(403, r#"{"RemoteException":{"exception":"AccessControlException","message":"no"}}"#).into(),
    });
    let files = file_system(&world, Arc::clone(&world.transport) as Arc<dyn Transport>);
    let seen: Vec<_> = block_on(files.walk(&path("/")).collect());
    let seen = seen.into_iter().map(|entry| match entry {
        Ok(entry) => entry.path.to_string(),
        Err(error) => format!("{:?} {error}", error.kind()),
    });
    let expected = ["/closed", "Forbidden /closed: no", "/open", "/open/f"];
    assert_eq!(seen.collect::<Vec<_>>(), expected);
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    for name in ["..", ".", "a/b", "/etc"] {
        let world = World::new();
        let entry = format!(r#"{{"pathSuffix":"{name}","type":"DIRECTORY","length":0}}"#);
        world.transport.always(move |_| listing(&entry));
        let files = file_system(&world, Arc::clone(&world.transport) as Arc<dyn Transport>);
        let error = block_on(files.walk(&path("/d")).try_collect::<Vec<_>>()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol, "{name}");
    }
}

fn glob(files: &FileSystem, pattern: &str) -> Vec<String> {
    let found = files.glob(&pattern.parse().expect("a pattern"));
    block_on(found.map_ok(|entry| entry.path.to_string()).try_collect()).expect("entries")
}

#[test]
fn a_pattern_finds_what_a_walk_finds_and_it_matches() {
    let (files, store) = fresh();
    let names = ["a", "b[1]", "%2F", "Größe", "A"];
    for (n, name) in names.iter().enumerate() {
        for below in names {
            store.put(&format!("/d/{name}/{below}/{n}.txt"), b"x");
            store.put(&format!("/d/{name}/{n}.tsv"), b"x");
        }
    }
    let all = walk(&files, "/", WalkOptions::default());
    let patterns = [
        "/**",
        "/d/*/*.tsv",
        "/d/**/1.txt",
        r"/d/b\[1\]/*",
        "/d/?/A",
        "/**/Gr*",
        "/d/%2F/**",
        "/d/{a,A}/*.tsv",
        "/*/[a-z]/a/0.txt",
        "/none/*",
        "/d/a/A/0.txt",
        "/d/a/0.tsv/*",
        "/**/a/**/*.txt",
    ];
    for pattern in patterns {
        let parsed: adls_fs::Glob = pattern.parse().unwrap();
        let expected = all.iter().filter(|found| parsed.matches(&path(found)));
        let expected: Vec<_> = expected.cloned().collect();
        let empty = matches!(pattern, "/none/*" | "/d/a/0.tsv/*");
        assert_eq!(expected.is_empty(), empty, "{pattern}");
        assert_eq!(glob(&files, pattern), expected, "{pattern}");
    }
    assert_eq!(glob(&files, "/"), ["/"]);
}

#[test]
fn only_what_may_match_is_asked_for() {
    let (files, store) = fresh();
    for file in [
        "/logs/eu/summary.txt",
        "/logs/us/other",
        "/logs/x/y/z",
        "/data/f",
    ] {
        store.put(file, b"");
    }
    assert_eq!(
        glob(&files, "/logs/[a-z]?/summary.txt"),
        ["/logs/eu/summary.txt"]
    );
    let expected = [
        "LISTSTATUS /logs listSize=4000",
        "GETFILESTATUS /logs/eu/summary.txt",
        "GETFILESTATUS /logs/us/summary.txt",
    ];
    assert_eq!(store.log(), expected);
    assert_eq!(glob(&files, "/data/f"), ["/data/f"]);
    assert_eq!(store.log()[3..], ["GETFILESTATUS /data/f"]);
}
