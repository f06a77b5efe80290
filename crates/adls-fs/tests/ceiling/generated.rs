//! Bytes that follow a pattern, and a machine whose files are made of them.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use adls_fs::Existing;
use adls_fs::transfer::{LocalEntry, LocalFile, LocalFiles, LocalKind, LocalListing, LocalStatus};
use async_trait::async_trait;
use bytes::Bytes;

/// As long as a prime number, so that no two pieces of a power of two begin alike.
static PATTERN: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut state = 1_u32;
    let byte = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..1_000_003).map(byte).collect()
});

/// The stretches of the pattern that make up so many bytes from this offset.
fn stretches(offset: u64, length: usize) -> impl Iterator<Item = &'static [u8]> {
    let period = PATTERN.len();
    let mut at = usize::try_from(offset % period as u64).expect("it fits into memory");
    let mut left = length;
    std::iter::from_fn(move || {
        let take = left.min(period - at);
        let stretch = &PATTERN[at..at + take];
        (at, left) = (0, left - take);
        (take > 0).then_some(stretch)
    })
}

/// So many bytes of a file from this offset, in memory of their own as bytes from a disk are.
pub(crate) fn bytes(offset: u64, length: usize) -> Bytes {
    let mut bytes = Vec::with_capacity(length);
    stretches(offset, length).for_each(|it| bytes.extend_from_slice(it));
    bytes.into()
}

/// Whether these are the bytes of a file at this offset.
pub(crate) fn is_right(offset: u64, mut bytes: &[u8]) -> bool {
    stretches(offset, bytes.len()).all(|stretch| {
        let (first, rest) = bytes.split_at(stretch.len());
        bytes = rest;
        first == stretch
    })
}

/// Takes its time, so that others get on meanwhile and much is on its way at once.
pub(crate) async fn dawdle() {
    static TURNS: AtomicU64 = AtomicU64::new(0);
    let mut turns = TURNS.fetch_add(1, Ordering::Relaxed) % 7;
    std::future::poll_fn(|cx| {
        if turns == 0 {
            return Poll::Ready(());
        }
        turns -= 1;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// A machine with files in the folder `in`, that checks what is written to it.
#[derive(Debug, Default)]
pub(crate) struct Generated {
    count: u64,
    length: u64,
    written: Arc<Mutex<Written>>,
}

#[derive(Debug, Default)]
struct Written {
    /// How many bytes of each file that has not got its name.
    partial: BTreeMap<PathBuf, u64>,
    files: u64,
    bytes: u64,
    journal: Vec<u8>,
}

impl Generated {
    pub(crate) fn of(count: u64, length: u64) -> Self {
        Self {
            count,
            length,
            written: Arc::default(),
        }
    }

    /// How many files were written, and how many bytes.
    pub(crate) fn written(&self) -> (u64, u64) {
        let written = self.lock();
        assert!(written.partial.is_empty(), "{:?}", written.partial);
        (written.files, written.bytes)
    }

    pub(crate) fn journal_length(&self) -> usize {
        self.lock().journal.len()
    }

    fn lock(&self) -> MutexGuard<'_, Written> {
        lock(&self.written)
    }

    fn open(&self, path: &Path) -> Box<dyn LocalFile> {
        Box::new(Open {
            length: self.length,
            path: path.to_owned(),
            written: Arc::clone(&self.written),
        })
    }
}

fn lock(written: &Mutex<Written>) -> MutexGuard<'_, Written> {
    written.lock().unwrap_or_else(PoisonError::into_inner)
}

fn status(kind: LocalKind, length: u64) -> LocalStatus {
    LocalStatus {
        kind,
        length,
        modified: None,
    }
}

#[async_trait]
impl LocalFiles for Generated {
    async fn status(&self, _: &Path) -> io::Result<LocalStatus> {
        Err(io::ErrorKind::NotFound.into())
    }

    async fn list(&self, _: &Path) -> io::Result<Box<dyn LocalListing>> {
        Ok(Box::new(Listing {
            names: 0..self.count,
            length: self.length,
        }))
    }

    async fn open(&self, path: &Path) -> io::Result<Box<dyn LocalFile>> {
        Ok(self.open(path))
    }

    async fn make_folders(&self, _: &Path, _: &Path) -> io::Result<()> {
        Ok(())
    }

    async fn create(&self, path: &Path) -> io::Result<Box<dyn LocalFile>> {
        self.lock().partial.insert(path.to_owned(), 0);
        Ok(self.open(path))
    }

    async fn open_journal(&self, _: &Path) -> io::Result<Box<dyn LocalFile>> {
        Ok(Box::new(Journal(Arc::clone(&self.written))))
    }

    async fn rename(&self, from: &Path, _: &Path, _: Existing) -> io::Result<()> {
        let mut written = self.lock();
        let length = written
            .partial
            .remove(from)
            .ok_or(io::ErrorKind::NotFound)?;
        written.files += 1;
        written.bytes += length;
        Ok(())
    }

    async fn remove(&self, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn discard(&self, path: &Path) {
        self.lock().partial.remove(path);
    }
}

#[derive(Debug)]
struct Listing {
    names: std::ops::Range<u64>,
    length: u64,
}

#[async_trait]
impl LocalListing for Listing {
    async fn next(&mut self) -> io::Result<Vec<LocalEntry>> {
        let length = self.length;
        let entries = self.names.by_ref().take(256).map(|n| LocalEntry {
            name: format!("{n:05}").into(),
            status: status(LocalKind::File, length),
        });
        Ok(entries.collect())
    }
}

#[derive(Debug)]
struct Open {
    length: u64,
    path: PathBuf,
    written: Arc<Mutex<Written>>,
}

#[async_trait]
impl LocalFile for Open {
    async fn status(&self) -> io::Result<LocalStatus> {
        Ok(status(LocalKind::File, self.length))
    }

    async fn read_at(&self, offset: u64, length: usize) -> io::Result<Bytes> {
        dawdle().await;
        let left =
            usize::try_from(self.length.saturating_sub(offset)).expect("it fits into memory");
        Ok(bytes(offset, length.min(left)))
    }

    async fn write_at(&self, offset: u64, pieces: Vec<Bytes>) -> io::Result<()> {
        dawdle().await;
        let mut at = offset;
        for piece in pieces {
            assert!(is_right(at, &piece), "wrong bytes at {at}");
            at += piece.len() as u64;
        }
        let mut written = lock(&self.written);
        *written.partial.get_mut(&self.path).expect("it was created") += at - offset;
        Ok(())
    }

    async fn set_length(&self, _: u64) -> io::Result<()> {
        Ok(())
    }

    async fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}

#[derive(Debug)]
struct Journal(Arc<Mutex<Written>>);

#[async_trait]
impl LocalFile for Journal {
    async fn status(&self) -> io::Result<LocalStatus> {
        let length = lock(&self.0).journal.len() as u64;
        Ok(status(LocalKind::File, length))
    }

    async fn read_at(&self, offset: u64, length: usize) -> io::Result<Bytes> {
        let journal = &lock(&self.0).journal;
        let start = usize::try_from(offset)
            .expect("it fits into memory")
            .min(journal.len());
        let end = journal.len().min(start + length);
        Ok(Bytes::copy_from_slice(&journal[start..end]))
    }

    async fn write_at(&self, offset: u64, pieces: Vec<Bytes>) -> io::Result<()> {
        let journal = &mut lock(&self.0).journal;
        assert_eq!(offset, journal.len() as u64, "it is only appended to");
        pieces.iter().for_each(|it| journal.extend_from_slice(it));
        Ok(())
    }

    async fn set_length(&self, _: u64) -> io::Result<()> {
        panic!("a journal is never cut");
    }

    async fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}
