//! What happens on the disk after a job was cancelled in the middle of a large set.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use lake_store::{Disk, DiskFile, HostEntries, HostMetadata, OpenMode, SystemDisk};
use tokio_util::sync::CancellationToken;

use crate::lake::{Lake, admin, finish, rows};

/// Counts what happens on the disk, and trips a token when it has happened so often.
#[derive(Debug, Default)]
struct Counter {
    count: AtomicU64,
    /// 0 is never.
    at: AtomicU64,
    cancel: CancellationToken,
}

impl Counter {
    fn up(&self) {
        let count = self.count.fetch_add(1, Ordering::SeqCst) + 1;
        if count == self.at.load(Ordering::SeqCst) {
            self.cancel.cancel();
        }
    }

    /// Trips the token when it has happened so many times more, and gives how often it happened then.
    fn trip_after(&self, more: u64) -> u64 {
        let now = self.count();
        self.at.store(now + more, Ordering::SeqCst);
        now
    }

    fn count(&self) -> u64 {
        self.count.load(Ordering::SeqCst)
    }
}

/// The disk, which counts the directories that are looked through, and the files of rows that are opened.
#[derive(Debug, Default)]
struct Watched {
    folders: Counter,
    files: Counter,
}

impl Disk for Watched {
    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Box<dyn DiskFile>> {
        if path.extension().is_some_and(|name| name == "csv") {
            self.files.up();
        }
        SystemDisk.open(path, mode)
    }

    fn metadata(&self, path: &Path) -> io::Result<HostMetadata> {
        SystemDisk.metadata(path)
    }

    fn entries(&self, path: &Path) -> io::Result<HostEntries> {
        self.folders.up();
        SystemDisk.entries(path)
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        SystemDisk.create_dir(path)
    }

    fn create_private_dir(&self, path: &Path) -> io::Result<()> {
        SystemDisk.create_private_dir(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        SystemDisk.rename(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        SystemDisk.remove_file(path)
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        SystemDisk.remove_dir(path)
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        SystemDisk.sync_dir(path)
    }
}

/// 20,000 files in 200 folders.
fn forest(disk: &Arc<Watched>) -> Lake {
    let lake = Lake::on(disk.clone());
    for folder in 0..200 {
        let host = lake.host(&format!("/set/{folder}"));
        std::fs::create_dir_all(&host).unwrap();
        for n in 0..100 {
            std::fs::write(host.join(format!("{n}.csv")), format!("{n}\n")).unwrap();
        }
    }
    lake
}

#[test]
fn a_cancelled_job_neither_lists_nor_reads_on() {
    let disk = Arc::new(Watched::default());
    let lake = forest(&disk);
    let script = rows("v int, f int, n int", "/set/{f}/{n}.csv", "v >= 0");

    let before = disk.folders.trip_after(50);
    let compiled = lake.compile(admin(), &script, &disk.folders.cancel);
    let said = compiled.err().unwrap();
    assert!(
        said.contains("E_CSC_USER_FILESETNOTLISTED") && said.contains("was cancelled"),
        "{said}"
    );
    let listed = disk.folders.count() - before;
    assert_eq!(listed, 50, "folders of 200 looked through");

    // To the end this time; but the run is cancelled at its 500th file.
    let compiled = lake.compile(admin(), &script, &CancellationToken::new());
    let before = disk.files.trip_after(500);
    assert_eq!(before, 0, "a compilation opens no file");
    finish(compiled.ok().unwrap(), disk.files.cancel.clone()).unwrap_err();
    let opened = disk.files.count();
    assert!(
        (500..520).contains(&opened),
        "{opened} of 20,000 files opened"
    );
    assert_eq!(lake.text("/out.csv"), None);
}
