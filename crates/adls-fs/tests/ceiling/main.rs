//! What a transfer holds in memory, whatever it transfers.
//!
//! Nothing of what goes up and down here is ever on a disk, or in memory as a whole: both ends make
//! it up and check it as it passes. The limit is on all memory that this process ever had, as the
//! kernel counted it.

mod generated;
mod null_store;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aad_core::{AccessToken, Secret, TokenCredential, TokenRequest};
use adls_fs::transfer::{Downloader, TransferOptions, Uploader};
use adls_fs::{FileSystem, LakePath};
use async_trait::async_trait;
use futures::executor::block_on;
use testkit::context::World;
use url::Url;

use generated::Generated;
use null_store::NullStore;

const GIB: u64 = 1 << 30;

/// What all of this process may have had at any time.
const LIMIT: u64 = 64 << 20;

#[test]
fn ten_gibibytes_go_up_within_64_mib() {
    let _alone = alone();
    let store = Arc::new(NullStore::default());
    let local = Arc::new(Generated::of(5, 2 * GIB));
    let uploader = Uploader::from_local(files(&store), local, TransferOptions::default());
    let report = block_on(uploader.folder("in", &path("/to"))).unwrap();
    let report = report.into_result().unwrap();
    assert_eq!((report.transferred, report.bytes), (5, 10 * GIB));
    assert_eq!(store.total(), (5, 10 * GIB));
    assert_within_limit(report.peak_memory);
}

#[test]
fn ten_gibibytes_come_down_within_64_mib() {
    let _alone = alone();
    let store = Arc::new(NullStore::of(5, 2 * GIB));
    let local = Arc::new(Generated::default());
    let downloader = Downloader::to_local(files(&store), local.clone(), TransferOptions::default());
    let report = block_on(downloader.folder(&path("/from"), "to")).unwrap();
    let report = report.into_result().unwrap();
    assert_eq!((report.transferred, report.bytes), (5, 10 * GIB));
    assert_eq!(local.written(), (5, 10 * GIB));
    assert_within_limit(report.peak_memory);
}

#[test]
fn fifty_thousand_files_go_up_without_a_leak_or_a_hang() {
    let _alone = alone();
    let store = Arc::new(NullStore::default());
    let local = Arc::new(Generated::of(50_000, 1000));
    let journal = TransferOptions::default().with_journal("journal");
    let uploader = Uploader::from_local(files(&store), local.clone(), journal);
    let report = block_on(uploader.folder("in", &path("/to"))).unwrap();
    assert_eq!((report.transferred, report.failed), (50_000, 0));
    assert_eq!(store.total(), (50_000, 50_000_000));
    // A line a file, and no more.
    assert!(local.journal_length() < 50_000 * 64);
    let again = block_on(uploader.folder("in", &path("/to"))).unwrap();
    assert_eq!((again.transferred, again.skipped), (0, 50_000));
    assert_within_limit(report.peak_memory);
}

#[test]
fn fifty_thousand_files_come_down_without_a_leak_or_a_hang() {
    let _alone = alone();
    let store = Arc::new(NullStore::of(50_000, 1000));
    let local = Arc::new(Generated::default());
    let downloader = Downloader::to_local(files(&store), local.clone(), TransferOptions::default());
    let report = block_on(downloader.folder(&path("/from"), "to")).unwrap();
    assert_eq!((report.transferred, report.failed), (50_000, 0));
    assert_eq!(local.written(), (50_000, 50_000_000));
    assert_within_limit(report.peak_memory);
}

/// One test at a time: they share the memory that is counted.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[track_caller]
fn assert_within_limit(counted: usize) {
    assert!(counted <= TransferOptions::default().memory, "{counted}");
    assert!(counted > 8 * 1000, "much was on its way at once: {counted}");
    // Only Linux keeps the count; the other systems run the same code.
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else {
        return;
    };
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    let kibibytes: u64 = kibibytes
        .and_then(|it| it.parse().ok())
        .expect("a number of KiB");
    assert!(kibibytes << 10 <= LIMIT, "{kibibytes} KiB");
}

fn files(store: &Arc<NullStore>) -> FileSystem {
    let context = World::new().context_over(store.clone());
    let endpoint = Url::parse("https://contoso.azuredatalakestore.net").expect("it is one");
    FileSystem::gen1(context, &endpoint, Arc::new(Letmein)).expect("it is one")
}

fn path(text: &str) -> LakePath {
    text.parse().expect("it is one")
}

#[derive(Debug)]
struct Letmein;

#[async_trait]
impl TokenCredential for Letmein {
    async fn token(&self, _: &TokenRequest) -> aad_core::Result<AccessToken> {
        let far = time::macros::datetime!(2100-01-01 0:00 UTC);
        Ok(AccessToken::new(Secret::new("letmein"), far))
    }
}
