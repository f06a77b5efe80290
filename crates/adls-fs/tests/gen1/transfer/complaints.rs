//! What users of the Python client reported
//! (github.com/Azure/azure-data-lake-store-python/issues), each as the idea behind it.

use std::sync::Arc;
use std::time::Duration;

use aad_core::Transport;
use aad_core::transport::{ResponseBody, TransportError};
use adls_fs::transfer::{Outcome, TransferOptions};
use adls_fs::{Acl, ErrorKind, MemoryStore};
use async_trait::async_trait;
use bytes::Bytes;
use futures::executor::block_on;
use futures::stream;
use http::{Request, Response};
use testkit::context::World;

use super::down::downloader;
use super::machine::Machine;
use super::up::{small, uploader};
use crate::fake::{Cut, FakeGen1, file_system, fresh, path};

/// `tests/ceiling` shows it with 10 GiB and the memory of the process.
#[test]
fn issue_56_memory_does_not_grow_with_the_file() {
    for length in [100, 10_000] {
        let (files, store) = fresh();
        let machine = Machine::default();
        machine.put("a", vec![b'x'; length]);
        let up = block_on(uploader(&files, &machine, small()).file("a", &path("/a")));
        assert!(up.unwrap().peak_memory <= 16, "{length}");
        store.put("/b", &vec![b'x'; length]);
        let down = block_on(downloader(&files, &machine, small()).file(&path("/b"), "b"));
        assert!(down.unwrap().peak_memory <= 16, "{length}");
    }
}

#[test]
fn issue_66_an_append_whose_reply_is_lost_is_not_in_the_file_twice() {
    for cut in [Cut::Request, Cut::Reply, Cut::BadGateway] {
        for at in 0..8 {
            let (files, store) = fresh();
            store.cut(at, cut);
            let machine = Machine::default();
            machine.put("a", "0123456789abcdefghijklmnop");
            let up = block_on(uploader(&files, &machine, small()).file("a", &path("/a")));
            up.unwrap_or_else(|error| panic!("{cut:?} at {at}: {error:?}"));
            assert_eq!(
                store.files()["/a"],
                "0123456789abcdefghijklmnop",
                "{cut:?} at {at}"
            );
        }
    }
}

/// `tests/ceiling` shows it with 50,000 files.
#[test]
fn issue_69_a_file_more_is_a_line_more_and_nothing_is_written_again() {
    let journal_of = |count: usize| {
        let (files, _) = fresh();
        let machine = Machine::default();
        machine.make_folder("in");
        for n in 0..count {
            machine.put(&format!("in/{n:03}"), "x");
        }
        let options = small().with_journal("journal");
        let up = block_on(uploader(&files, &machine, options).folder("in", &path("/to")));
        assert_eq!(up.unwrap().transferred, count as u64);
        machine.files()["journal"].len()
    };
    let (some, more) = (journal_of(10), journal_of(110));
    let line = (more - some) / 100;
    assert!(line < 64, "{line} bytes a file");
    assert_eq!(some, journal_of(0) + 10 * line);
}

#[test]
fn issue_95_a_long_file_gets_the_access_control_list_that_its_directory_gives() {
    let world = World::new();
    let store = MemoryStore::new(world.context());
    let files = store.file_system();
    block_on(async {
        files.mkdirs(&path("/d")).await?;
        let acl: Acl = "default:user:eve:r-x,default:group::---".parse()?;
        files.modify_acl(&path("/d"), &acl).await?;
        files.create(&path("/d/made"), "x").await
    })
    .unwrap();
    let machine = Machine::default();
    machine.put("in/short", "x");
    machine.put("in/long", "0123456789abcdefghij");
    let up = uploader(&files, &machine, small());
    block_on(up.folder("in", &path("/d")))
        .unwrap()
        .into_result()
        .unwrap();
    let acl = |name| block_on(files.acl(&path(name))).unwrap().acl;
    assert!(acl("/d/made").to_string().contains("eve"));
    assert_eq!(acl("/d/short"), acl("/d/made"));
    assert_eq!(acl("/d/long"), acl("/d/made"));
}

#[test]
fn issue_241_a_list_of_files_is_downloaded_and_read_only_as_far_as_there_is_room() {
    let (files, store) = fresh();
    for n in 0..100 {
        store.put(&format!("/d/{n}"), b"x");
    }
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let pairs = (0..100).map(|n| {
        asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        // Every second of them, each somewhere else.
        Ok((path(&format!("/d/{n}")), format!("to/{n}/file").into()))
    });
    let machine = Machine::default();
    let options = small().with_files(4).with_stop_at_failure(true);
    let down = downloader(&files, &machine, options.clone());
    let report = block_on(down.pairs(stream::iter(pairs.clone().step_by(2)))).unwrap();
    assert_eq!(report.transferred, 50);
    assert_eq!(machine.files().len(), 50);
    asked.store(0, std::sync::atomic::Ordering::Relaxed);
    let again = downloader(&files, &machine, options);
    block_on(again.pairs(stream::iter(pairs))).unwrap_err();
    let asked = asked.load(std::sync::atomic::Ordering::Relaxed);
    assert!(
        asked < 20,
        "{asked} were asked for although the first one fails"
    );
}

#[test]
fn issue_269_more_files_than_any_limit_do_not_wait_for_each_other_for_ever() {
    // Every limit is less than what wants to go through it.
    for memory in [2, 3, 8, 16] {
        let (files, store) = fresh();
        let machine = Machine::default();
        for n in 0..40 {
            machine.put(&format!("in/{n}"), vec![b'x'; n]);
        }
        let options = TransferOptions::default()
            .with_memory(memory)
            .with_files(40)
            .with_concurrency(3);
        let up = uploader(&files, &machine, options.clone());
        let up = block_on(up.folder("in", &path("/to"))).unwrap();
        assert_eq!((up.transferred, up.failed), (40, 0));
        assert!(up.peak_memory <= memory);
        let down = downloader(&files, &machine, options);
        let down = block_on(down.folder(&path("/to"), "back")).unwrap();
        assert_eq!((down.transferred, down.failed), (40, 0));
        assert_eq!(store.files().len(), 40);
        assert_eq!(machine.files()["back/39"], "x".repeat(39));
    }
}

#[test]
fn issue_287_a_service_that_never_answers_is_given_up() {
    /// Takes everything and says nothing.
    #[derive(Debug)]
    struct Silent;

    #[async_trait]
    impl Transport for Silent {
        async fn send(&self, _: Request<Bytes>) -> Result<Response<ResponseBody>, TransportError> {
            std::future::pending().await
        }
    }

    let world = World::new();
    let files = file_system(&world, Arc::new(Silent));
    let machine = Machine::default();
    machine.put("in/a", "1");
    let before = world.clock.now();
    let up = block_on(uploader(&files, &machine, small()).folder("in", &path("/to"))).unwrap();
    let Outcome::Failed(error) = &up.failures[0].outcome else {
        panic!("{up:?}");
    };
    assert!(
        matches!(error.kind(), ErrorKind::Transient | ErrorKind::Cancelled),
        "{error:?}"
    );
    assert!(world.clock.now() - before < Duration::from_secs(3600));
}

/// A service that takes its time for each request, as the recorded one did.
#[derive(Debug)]
struct Distant(Arc<FakeGen1>, World, Duration);

#[async_trait]
impl Transport for Distant {
    async fn send(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<ResponseBody>, TransportError> {
        self.1.context().sleep(self.2).await;
        self.0.send(request).await
    }
}

#[test]
fn issue_319_what_takes_long_is_on_its_way_at_once() {
    let world = World::new();
    let store = Arc::new(FakeGen1::default());
    let distant = Distant(
        Arc::clone(&store),
        world.clone(),
        Duration::from_millis(100),
    );
    let files = file_system(&world, Arc::new(distant));
    let machine = Machine::default();
    for n in 0..1000 {
        machine.put(&format!("in/{n}"), "x");
    }
    let before = world.clock.now();
    let options = TransferOptions::default();
    block_on(uploader(&files, &machine, options).folder("in", &path("/to"))).unwrap();
    let took = world.clock.now() - before;
    // One after another they would take 100 s.
    assert!(took < Duration::from_secs(3), "{took}");
    // And so do the ranges of one file: 64 of them, and two requests around them.
    store.put("/long", &vec![b'x'; 32 * 64]);
    let before = world.clock.now();
    block_on(downloader(&files, &machine, small()).file(&path("/long"), "long")).unwrap();
    let took = world.clock.now() - before;
    assert!(took < Duration::from_secs(2), "{took}");
}

/// A stream of appends waits for each of them; parts that are joined do not.
#[test]
fn issue_319_one_long_file_over_a_long_way_goes_faster_in_parts() {
    let upload = |segment: Option<u64>| {
        let world = World::new();
        let store = Arc::new(FakeGen1::default());
        let way = Duration::from_millis(100);
        let distant = Distant(Arc::clone(&store), world.clone(), way);
        let files = file_system(&world, Arc::new(distant));
        let machine = Machine::default();
        machine.put("a", vec![b'x'; 64 << 20]);
        let mut options = TransferOptions::default();
        options.segment = segment;
        let before = world.clock.now();
        block_on(uploader(&files, &machine, options).file("a", &path("/a"))).unwrap();
        assert_eq!(store.files()["/a"].len(), 64 << 20);
        world.clock.now() - before
    };
    let (stream, parts) = (upload(None), upload(Some(8 << 20)));
    // Sixteen appends one after another against two, and the requests that join them.
    assert!(stream >= Duration::from_millis(1600), "{stream}");
    assert!(parts * 2 <= stream, "{parts} against {stream}");
}
