//! Writing a file as a stream.

mod progress;

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures::future::{BoxFuture, FutureExt};
use futures::io::AsyncWrite;
use memchr::memmem;
use uuid::Uuid;

use crate::io_error::io_error;
use crate::options::{AppendOptions, CreateOptions, Existing, SyncFlag, WriteMode, WriteOptions};
use crate::{Capability, ErrorKind, FileSystem, LakePath, Result};
use progress::Progress;

/// A file that is written as a stream: [`AsyncWrite`].
///
/// Bytes are gathered into requests of [`WriteOptions::buffer`] bytes. While one is on its way the
/// next is filled, so a writer holds at most twice that. A file that fits into one request is made
/// by one request, when the writer is closed. Each request carries its offset, and each takes
/// effect once even if its reply is lost.
///
/// **Close it** (`AsyncWriteExt::close`), or give it up with [`FileWriter::release`]. Dropping a
/// writer sends nothing: the bytes that were not sent are lost, those that were stay, and what was
/// not flushed may be invisible until the next append. The store keeps the writer's lease for ten
/// minutes, in which nobody else may write to the file. The next writer that the same
/// [`FileSystem`] (or a clone) opens on it goes on under that lease, unless a request was still on
/// its way when the writer was dropped.
///
/// After an error the writer accepts nothing more.
pub struct FileWriter {
    files: FileSystem,
    path: LakePath,
    options: WriteOptions,
    lease: Uuid,
    buffer: BytesMut,
    state: State,
    progress: Progress,
}

enum State {
    Idle,
    Sending(BoxFuture<'static, Result<()>>, SyncFlag),
    Failed,
    Closed,
}

impl FileWriter {
    pub(crate) fn new(
        files: FileSystem,
        path: LakePath,
        mut options: WriteOptions,
        lease: Uuid,
    ) -> Self {
        options.buffer = options.buffer.max(1);
        options.delimiter = options.delimiter.filter(|bytes| !bytes.is_empty());
        Self {
            lease,
            progress: Progress::new(files.capabilities()),
            files,
            path,
            options,
            buffer: BytesMut::new(),
            state: State::Idle,
        }
    }

    /// Goes to the end of the file, as the service's own clients do: takes the lease, publishes
    /// what another writer left, and only then asks where the end is.
    pub(crate) async fn seek_end(&mut self) -> Result<()> {
        if self.files.capabilities().has(Capability::Leases) {
            self.progress.begin_to_hold();
            for sync in [SyncFlag::Data, SyncFlag::Metadata] {
                if let Err(error) = self.append_nothing(sync).await {
                    self.progress.hold_nothing();
                    // Where a directory is, this says so.
                    self.files.file_status(&self.path).await?;
                    return Err(error);
                }
            }
        }
        let end = self.files.file_status(&self.path).await?.length;
        self.progress.begin_at(end);
        Ok(())
    }

    /// Whether there is a file that this writer began or goes on with.
    pub(crate) fn has_begun(&self) -> bool {
        self.progress.exists()
    }

    /// Whether a request is on its way.
    pub(crate) fn is_sending(&self) -> bool {
        matches!(self.state, State::Sending(..))
    }

    async fn append_nothing(&mut self, sync: SyncFlag) -> Result<()> {
        let options = AppendOptions::default()
            .with_sync(sync)
            .with_lease(self.lease);
        self.files.append_nothing(&self.path, &options).await
    }

    /// The file.
    pub fn path(&self) -> &LakePath {
        &self.path
    }

    /// The lease under which this writer writes.
    pub fn lease(&self) -> Uuid {
        self.lease
    }

    /// How long the file is with all that was sent, on its way or not; what is still gathered for
    /// the next request is not counted.
    pub fn sent(&self) -> u64 {
        self.progress.end().unwrap_or(0)
    }

    /// As `AsyncWriteExt::flush`, with a flag for this once: [`SyncFlag::Close`] also ends the
    /// lease, until the writer goes on.
    ///
    /// With a [delimiter](WriteOptions::delimiter), a record that has no end yet stays here.
    /// Dropping the future leaves the bytes on their way; they arrive while the writer is used.
    ///
    /// # Errors
    /// As of writing: what [`FileSystem::append`] and [`FileSystem::create`] say.
    pub async fn sync(&mut self, flag: SyncFlag) -> io::Result<()> {
        poll_fn(|cx| self.poll_sync(cx, flag)).await
    }

    /// Gives the writer up: what was not sent is forgotten, what was becomes visible, and the lease
    /// ends. Works after an error, too.
    ///
    /// Dropping the future leaves what dropping the writer leaves.
    ///
    /// # Errors
    /// The store could not be reached; then the lease ends by itself within ten minutes.
    pub async fn release(mut self) -> Result<()> {
        // Whether it took effect is nothing that the lease depends on.
        let _ = poll_fn(|cx| self.poll_idle(cx)).await;
        if self.progress.may_hold() {
            match self.append_nothing(SyncFlag::Close).await {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => self.progress.hold_nothing(),
            }
        }
        Ok(())
    }

    /// What names this writer to the store, if the store asks for it.
    fn lease_if_any(&self) -> Option<Uuid> {
        let has_leases = self.files.capabilities().has(Capability::Leases);
        has_leases.then_some(self.lease)
    }

    /// Starts to send the first bytes of the buffer. Nothing may be on its way.
    fn start(&mut self, amount: usize, sync: SyncFlag) {
        let body = self.buffer.split_to(amount).freeze();
        let sending = match self.progress.advance(amount as u64) {
            None => self.create(body, sync),
            Some(end) => self.append(end, body, sync),
        };
        self.state = State::Sending(sending, sync);
    }

    fn create(&self, body: Bytes, sync: SyncFlag) -> BoxFuture<'static, Result<()>> {
        let (files, path) = (self.files.clone(), self.path.clone());
        let options = CreateOptions {
            existing: match self.options.mode {
                WriteMode::CreateNew => Existing::Fail,
                WriteMode::Overwrite | WriteMode::Append => Existing::Overwrite,
            },
            permission: self.options.permission,
            sync,
            lease: self.lease_if_any(),
            ..CreateOptions::default()
        };
        async move { files.create_opts(&path, body, options).await }.boxed()
    }

    fn append(&self, end: u64, body: Bytes, sync: SyncFlag) -> BoxFuture<'static, Result<()>> {
        let (files, path) = (self.files.clone(), self.path.clone());
        let options = AppendOptions {
            lease: self.lease_if_any(),
            ..AppendOptions::default().with_sync(sync)
        };
        async move { files.append_opts(&path, end, body, options).await }.boxed()
    }

    /// Waits until nothing is on its way.
    pub(crate) fn poll_idle(&mut self, cx: &mut TaskContext<'_>) -> Poll<io::Result<()>> {
        let (outcome, sync) = match &mut self.state {
            State::Idle => return Poll::Ready(Ok(())),
            State::Sending(sending, sync) => (ready!(sending.poll_unpin(cx)), *sync),
            State::Failed => return Poll::Ready(Err(refused("an earlier write failed"))),
            State::Closed => return Poll::Ready(Err(refused("the writer is closed"))),
        };
        self.state = match &outcome {
            Ok(()) => State::Idle,
            Err(_) => State::Failed,
        };
        self.progress.conclude(sync, outcome.as_ref().err());
        Poll::Ready(outcome.map_err(io_error))
    }

    /// How many of the gathered bytes a request may take with it.
    fn whole(&self) -> usize {
        match &self.options.delimiter {
            None => self.buffer.len(),
            Some(delimiter) => {
                let last = memmem::rfind(&self.buffer, delimiter);
                last.map_or(0, |at| at + delimiter.len())
            }
        }
    }

    pub(crate) fn poll_sync(
        &mut self,
        cx: &mut TaskContext<'_>,
        sync: SyncFlag,
    ) -> Poll<io::Result<()>> {
        ready!(self.poll_idle(cx))?;
        let amount = self.whole();
        if amount > 0 || self.progress.has_to_send(sync) {
            self.start(amount, sync);
        }
        self.poll_idle(cx)
    }
}

fn refused(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::BrokenPipe, why)
}

impl AsyncWrite for FileWriter {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut TaskContext<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let idle = this.poll_idle(cx)?.is_ready();
        if bytes.is_empty() {
            return Poll::Ready(Ok(0));
        }
        if this.buffer.len() >= this.options.buffer {
            if !idle {
                return Poll::Pending;
            }
            let amount = this.whole();
            if amount == 0 {
                this.state = State::Failed;
                let most = this.options.buffer;
                let message = format!("a record is longer than the {most} bytes of a request");
                return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidInput, message)));
            }
            // Only now that a byte follows, so that the last request can also close the file.
            this.start(amount, SyncFlag::Data);
            let _ = this.poll_idle(cx)?;
            this.buffer.reserve(this.options.buffer - this.buffer.len());
        }
        let amount = bytes.len().min(this.options.buffer - this.buffer.len());
        this.buffer.extend_from_slice(&bytes[..amount]);
        Poll::Ready(Ok(amount))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.poll_sync(cx, this.options.flush)
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if matches!(this.state, State::Closed) {
            return Poll::Ready(Ok(()));
        }
        ready!(this.poll_idle(cx))?;
        if !this.buffer.is_empty() || this.progress.has_to_send(SyncFlag::Close) {
            this.start(this.buffer.len(), SyncFlag::Close);
            ready!(this.poll_idle(cx))?;
        }
        this.state = State::Closed;
        Poll::Ready(Ok(()))
    }
}

impl Drop for FileWriter {
    fn drop(&mut self) {
        // A request that is on its way may arrive whenever it likes. Under a lease of its own it is
        // refused once somebody else writes.
        if self.progress.may_hold() && matches!(self.state, State::Idle) {
            self.files.leave_lease(self.path.clone(), self.lease);
        }
    }
}

impl fmt::Debug for FileWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileWriter")
            .field("path", &self.path)
            .field("sent", &self.sent())
            .finish_non_exhaustive()
    }
}
