//! Writing a file as a stream.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures::future::{BoxFuture, FutureExt};
use futures::io::AsyncWrite;
use uuid::Uuid;

use crate::io_error::io_error;
use crate::options::{AppendOptions, CreateOptions, Existing, SyncFlag, WriteMode, WriteOptions};
use crate::{FileSystem, LakePath, Result};

/// A file that is written as a stream: [`AsyncWrite`].
///
/// Bytes are gathered into requests of [`WriteOptions::buffer`] bytes. While one is on its way the
/// next is filled, so a writer holds at most twice that. A file that fits into one request is made
/// by one request, when the writer is closed. Each request carries its offset, and each takes
/// effect once even if its reply is lost.
///
/// **Close it** (`AsyncWriteExt::close`): dropping a writer drops the bytes that were not sent,
/// and leaves those that were; what was not flushed may be invisible until the next append, and
/// the writer's lease keeps others from writing for up to ten minutes.
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
    Sending(BoxFuture<'static, Result<()>>),
    Failed,
    Closed,
}

/// What the requests so far amount to.
struct Progress {
    /// Where the next append goes; `None` as long as there is no file.
    end: Option<u64>,
    /// Whether a lease may have to be ended.
    leased: bool,
}

impl FileWriter {
    pub(crate) fn new(
        files: FileSystem,
        path: LakePath,
        mut options: WriteOptions,
        end: Option<u64>,
    ) -> Self {
        options.buffer = options.buffer.max(1);
        Self {
            lease: files.context().uuid(),
            files,
            path,
            options,
            buffer: BytesMut::new(),
            state: State::Idle,
            progress: Progress { end, leased: false },
        }
    }

    /// The file.
    pub fn path(&self) -> &LakePath {
        &self.path
    }

    /// The lease under which this writer writes.
    pub fn lease(&self) -> Uuid {
        self.lease
    }

    /// Starts to send what was gathered. Nothing may be on its way.
    fn start(&mut self, sync: SyncFlag) {
        let body = self.buffer.split().freeze();
        let length = body.len() as u64;
        let end = self
            .progress
            .end
            .replace(self.progress.end.unwrap_or(0) + length);
        self.progress.leased = sync != SyncFlag::Close;
        self.state = State::Sending(match end {
            None => self.create(body, sync),
            Some(end) => self.append(end, body, sync),
        });
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
            lease: Some(self.lease),
            ..CreateOptions::default()
        };
        async move { files.create_opts(&path, body, options).await }.boxed()
    }

    fn append(&self, end: u64, body: Bytes, sync: SyncFlag) -> BoxFuture<'static, Result<()>> {
        let (files, path) = (self.files.clone(), self.path.clone());
        let options = AppendOptions::default()
            .with_sync(sync)
            .with_lease(self.lease);
        async move { files.append_opts(&path, end, body, options).await }.boxed()
    }

    /// Waits until nothing is on its way.
    fn poll_idle(&mut self, cx: &mut TaskContext<'_>) -> Poll<io::Result<()>> {
        let outcome = match &mut self.state {
            State::Idle => return Poll::Ready(Ok(())),
            State::Sending(sending) => ready!(sending.poll_unpin(cx)),
            State::Failed => return Poll::Ready(Err(refused("an earlier write failed"))),
            State::Closed => return Poll::Ready(Err(refused("the writer is closed"))),
        };
        self.state = match outcome {
            Ok(()) => State::Idle,
            Err(_) => State::Failed,
        };
        Poll::Ready(outcome.map_err(io_error))
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
            // Only now that a byte follows, so that the last request can also close the file.
            this.start(SyncFlag::Data);
            let _ = this.poll_idle(cx)?;
            this.buffer.reserve(this.options.buffer);
        }
        let amount = bytes.len().min(this.options.buffer - this.buffer.len());
        this.buffer.extend_from_slice(&bytes[..amount]);
        Poll::Ready(Ok(amount))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_idle(cx))?;
        // Bytes that were sent without being published are always followed by some in the buffer.
        if !this.buffer.is_empty() || this.progress.end.is_none() {
            this.start(this.options.flush);
        }
        this.poll_idle(cx)
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if matches!(this.state, State::Closed) {
            return Poll::Ready(Ok(()));
        }
        ready!(this.poll_idle(cx))?;
        let open = this.progress.leased || this.progress.end.is_none();
        if open || !this.buffer.is_empty() {
            this.start(SyncFlag::Close);
            ready!(this.poll_idle(cx))?;
        }
        this.state = State::Closed;
        Poll::Ready(Ok(()))
    }
}

impl fmt::Debug for FileWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileWriter")
            .field("path", &self.path)
            .field("end", &self.progress.end)
            .finish_non_exhaustive()
    }
}
