//! From the store to the machine.

use std::sync::Arc;

use aad_core::Transport;
use aad_core::transport::{ResponseBody, TransportError};
use adls_fs::transfer::{Downloader, Overwrite, TransferOptions, Verify};
use adls_fs::{ErrorKind, FileSystem};
use async_trait::async_trait;
use bytes::Bytes;
use futures::executor::block_on;
use http::{Request, Response};
use testkit::context::World;

use super::machine::{Machine, Power, Powered};
use super::up::small;
use crate::fake::{Cut, FakeGen1, file_system, fresh, path};

pub(super) fn downloader(
    files: &FileSystem,
    machine: &Machine,
    options: TransferOptions,
) -> Downloader {
    Downloader::to_local(files.clone(), Arc::new(machine.clone()), options)
}

/// More than one range of 32 bytes.
fn long() -> String {
    (0..100).map(|n| char::from(b'a' + n % 26)).collect()
}

#[test]
fn a_short_file_of_a_directory_is_one_request() {
    let (files, store) = fresh();
    store.put("/d/a", b"12345678");
    let machine = Machine::default();
    let transfer = downloader(&files, &machine, small());
    let report = block_on(transfer.folder(&path("/d"), "to")).unwrap();
    assert_eq!((report.transferred, report.bytes), (1, 8));
    assert_eq!(machine.files()["to/a"], "12345678");
    let log = store.log();
    assert_eq!(log.len(), 2, "{log:#?}");
    assert!(log[1].starts_with("OPEN /d/a"), "{log:#?}");
}

#[test]
fn a_long_file_comes_in_ranges_and_is_there_when_it_is_whole() {
    let (files, store) = fresh();
    store.put("/a", long().as_bytes());
    let machine = Machine::default();
    block_on(downloader(&files, &machine, small()).file(&path("/a"), "a")).unwrap();
    assert_eq!(
        machine.files().into_iter().collect::<Vec<_>>(),
        [("a".to_owned(), long())]
    );
    let opened = store
        .log()
        .iter()
        .filter(|line| line.starts_with("OPEN"))
        .count();
    assert_eq!(opened, 4);
}

#[test]
fn an_empty_file_is_a_file_and_an_empty_directory_a_folder() {
    let (files, store) = fresh();
    store.put("/d/empty", b"");
    store.mkdir("/d/x/y");
    let machine = Machine::default();
    block_on(downloader(&files, &machine, small()).folder(&path("/d"), "to")).unwrap();
    assert_eq!(machine.files().remove("to/empty").as_deref(), Some(""));
    assert!(machine.is_folder("to/x/y"));
}

#[test]
fn a_pattern_is_downloaded_from_where_it_has_its_first_gap() {
    let (files, store) = fresh();
    for name in ["/logs/17/a.csv", "/logs/17/b.txt", "/logs/18/x/c.csv"] {
        store.put(name, b"");
    }
    let machine = Machine::default();
    let transfer = downloader(&files, &machine, small());
    block_on(transfer.glob(&"/logs/**/*.csv".parse().unwrap(), "to")).unwrap();
    let names: Vec<_> = machine.files().into_keys().collect();
    assert_eq!(names, ["to/17/a.csv", "to/18/x/c.csv"]);
    let one = downloader(&files, &machine, small());
    block_on(one.glob(&"/logs/17/a.csv".parse().unwrap(), "one")).unwrap();
    assert!(machine.files().contains_key("one/a.csv"));
}

#[test]
fn a_file_that_breaks_off_is_fetched_from_where_it_broke() {
    for cut in [Cut::Request, Cut::Reply, Cut::BadGateway, Cut::HalfReply] {
        // Half of a status is no status, and no cut either: the connection says that it was whole.
        let places = if cut == Cut::HalfReply { 1..5 } else { 0..6 };
        for at in places {
            let (files, store) = fresh();
            store.put("/a", long().as_bytes());
            store.cut(at, cut);
            let machine = Machine::default();
            let transfer = downloader(&files, &machine, small());
            let fetched = block_on(transfer.file(&path("/a"), "a"));
            fetched.unwrap_or_else(|error| panic!("{cut:?} at {at}: {error:?}"));
            assert_eq!(machine.files()["a"], long(), "{cut:?} at {at}");
        }
    }
}

/// A network behind which somebody else writes, after so many requests.
#[derive(Debug)]
struct Meddled {
    store: Arc<FakeGen1>,
    after: usize,
    now: String,
}

#[async_trait]
impl Transport for Meddled {
    async fn send(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<ResponseBody>, TransportError> {
        if self.store.count() == self.after {
            self.store.put("/a", self.now.as_bytes());
        }
        self.store.send(request).await
    }
}

#[test]
fn a_file_that_gets_shorter_meanwhile_is_refused() {
    let requests = 1 + 4 + 1;
    for after in 1..requests {
        let store = Arc::new(FakeGen1::default());
        store.put("/a", long().as_bytes());
        let now = "x".repeat(50);
        let network = Meddled { store, after, now };
        let files = file_system(&World::new(), Arc::new(network));
        let machine = Machine::default();
        let got = block_on(downloader(&files, &machine, small()).file(&path("/a"), "a"));
        assert_eq!(
            got.unwrap_err().kind(),
            ErrorKind::Conflict,
            "after {after}"
        );
        assert!(machine.files().is_empty());
    }
}

#[test]
fn nothing_is_overwritten_unasked_and_no_part_is_left() {
    let (files, store) = fresh();
    store.put("/a", long().as_bytes());
    let machine = Machine::default();
    machine.put("a", "before");
    let get = |rule| {
        let transfer = downloader(&files, &machine, small().with_overwrite(rule));
        block_on(transfer.file(&path("/a"), "a"))
    };
    assert_eq!(
        get(Overwrite::Fail).unwrap_err().kind(),
        ErrorKind::Conflict
    );
    assert_eq!(get(Overwrite::Never).unwrap().skipped, 1);
    // The store's file was written in May 2017, the machine's in July.
    assert_eq!(get(Overwrite::IfNewer).unwrap().skipped, 1);
    assert_eq!(machine.files()["a"], "before");
    assert_eq!(get(Overwrite::IfDifferent).unwrap().transferred, 1);
    assert_eq!(
        machine.files().into_iter().collect::<Vec<_>>(),
        [("a".to_owned(), long())]
    );
    assert_eq!(get(Overwrite::Always).unwrap().transferred, 1);
}

#[test]
fn content_is_read_again_where_asked() {
    let (files, store) = fresh();
    store.put("/a", b"0123456789");
    let machine = Machine::default();
    let options = small().with_verify(Verify::Content);
    block_on(downloader(&files, &machine, options).file(&path("/a"), "a")).unwrap();
    let opened = store
        .log()
        .iter()
        .filter(|line| line.starts_with("OPEN"))
        .count();
    assert_eq!(opened, 1 + 2);
}

#[test]
fn a_transfer_that_is_dropped_at_any_step_leaves_no_part_of_a_file() {
    for steps in 0.. {
        let store = FakeGen1::default();
        store.put("/a", long().as_bytes());
        let power = Power::for_steps(steps);
        let network = Powered(Arc::new(store) as Arc<dyn Transport>, power.clone());
        let files = file_system(&World::new(), Arc::new(network));
        let machine = Machine::default();
        let transfer = downloader(&files, &machine.with_power(&Power::default()), small());
        let ended = block_on(power.run(transfer.file(&path("/a"), "a")));
        let left: Vec<_> = machine.files().into_values().collect();
        match ended {
            Some(_) => return assert_eq!(left, [long()]),
            None => assert!(left.is_empty(), "after {steps} steps: {left:?}"),
        }
    }
}
