//! One handle to read a file and to write to its end.

use std::fmt;
use std::future::poll_fn;
use std::io::{self, SeekFrom};
use std::ops::Range;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};

use bytes::Bytes;
use futures::future::{BoxFuture, FutureExt};
use futures::io::{AsyncBufRead, AsyncRead, AsyncSeek, AsyncWrite};

use crate::io_error::io_error;
use crate::options::{
    CreateOptions, Existing, FileOptions, RangesOptions, SyncFlag, WriteMode, WriteOptions,
};
use crate::{ErrorKind, FileReader, FileSystem, FileWriter, LakePath, Result};

/// Opening.
impl FileSystem {
    /// Opens a file that is there, to read it anywhere and to write to its end.
    ///
    /// Dropping the future leaves nothing behind.
    ///
    /// ```
    /// use futures::{AsyncReadExt, AsyncWriteExt};
    ///
    /// # async fn example(files: &adls_fs::FileSystem) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut log = files.file(&"/logs/today".parse()?).await?;
    /// log.write_all(b"one more line\n").await?;
    /// log.flush().await?;
    /// let mut all = String::new();
    /// log.read_to_string(&mut all).await?;
    /// assert!(all.ends_with("one more line\n"));
    /// log.close().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where nothing is, [`ErrorKind::Conflict`] where a directory is.
    pub async fn file(&self, path: &LakePath) -> Result<File> {
        self.file_opts(path, FileOptions::default()).await
    }

    /// As [`FileSystem::file`], with options: it may be made.
    ///
    /// Dropping the future leaves the file made or not.
    ///
    /// # Errors
    /// As [`FileSystem::file`].
    pub async fn file_opts(&self, path: &LakePath, options: FileOptions) -> Result<File> {
        if options.create {
            let mut new = CreateOptions::default().with_existing(Existing::Fail);
            new.permission = options.write.permission;
            match self.create_opts(path, Bytes::new(), new).await {
                Err(error) if error.kind() != ErrorKind::Conflict => return Err(error),
                _ => {}
            }
        }
        Ok(File {
            reader: self.open_opts(path, options.read).await?,
            files: self.clone(),
            write: options.write.with_mode(WriteMode::Append),
            pen: Pen::Away,
            failed: None,
        })
    }
}

/// A file that is read anywhere and written at its end: [`AsyncRead`], [`AsyncBufRead`],
/// [`AsyncSeek`] and [`AsyncWrite`].
///
/// The store has no writes but appends, so what is written goes to the end, wherever the file is
/// read; seeking moves the place of the next read alone. Reading finds what this handle has
/// flushed, and what others published by the time of [`File::refresh`].
///
/// The first write takes the file's lease, as [`FileWriter`] does: until the handle is closed,
/// given up by [`File::release`] or ten minutes silent, nobody else may write. A handle that only
/// reads keeps nobody from anything. Dropping it leaves what dropping a [`FileWriter`] leaves.
pub struct File {
    files: FileSystem,
    reader: FileReader,
    write: WriteOptions,
    pen: Pen,
    /// Why a write failed, until who writes asks.
    failed: Option<io::Error>,
}

enum Pen {
    /// Nothing was written.
    Away,
    Taking(BoxFuture<'static, Result<FileWriter>>),
    InHand(Box<FileWriter>),
}

impl File {
    /// Its path.
    pub fn path(&self) -> &LakePath {
        self.reader.path()
    }

    /// How long it is, as far as this handle knows.
    pub fn length(&self) -> u64 {
        self.reader.length()
    }

    /// The offset of the next byte to be read.
    pub fn position(&self) -> u64 {
        self.reader.position()
    }

    /// Asks how long the file is now, for what others wrote to it; the length.
    ///
    /// Dropping the future leaves nothing behind.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where it is gone.
    pub async fn refresh(&mut self) -> Result<u64> {
        let length = self.files.stat(self.reader.path()).await?.length;
        self.reader.resize(length);
        Ok(length)
    }

    /// As [`FileSystem::read_ranges`], of this file.
    ///
    /// # Errors
    /// As [`FileSystem::read_ranges`].
    pub async fn read_ranges(&self, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        let options = RangesOptions::default();
        self.files
            .read_ranges_opts(self.reader.path(), ranges, options)
            .await
    }

    /// As [`FileWriter::sync`].
    ///
    /// # Errors
    /// As [`FileWriter::sync`].
    pub async fn sync(&mut self, flag: SyncFlag) -> io::Result<()> {
        poll_fn(|cx| self.poll_sync(cx, flag)).await
    }

    /// As [`FileWriter::release`].
    ///
    /// # Errors
    /// As [`FileWriter::release`].
    pub async fn release(self) -> Result<()> {
        let writer = match self.pen {
            Pen::Away => return Ok(()),
            Pen::Taking(taking) => taking.await?,
            Pen::InHand(writer) => *writer,
        };
        writer.release().await
    }

    fn poll_writer(&mut self, cx: &mut TaskContext<'_>) -> Poll<io::Result<&mut FileWriter>> {
        if let Some(error) = self.failed.take() {
            return Poll::Ready(Err(error));
        }
        if let Pen::Away = self.pen {
            let (files, path) = (self.files.clone(), self.reader.path().clone());
            let options = self.write.clone();
            let taking = async move { files.writer_opts(&path, options).await };
            self.pen = Pen::Taking(taking.boxed());
        }
        if let Pen::Taking(taking) = &mut self.pen {
            self.pen = match ready!(taking.poll_unpin(cx)) {
                Ok(writer) => Pen::InHand(Box::new(writer)),
                Err(error) => {
                    self.pen = Pen::Away;
                    return Poll::Ready(Err(io_error(error)));
                }
            };
        }
        match &mut self.pen {
            Pen::InHand(writer) => Poll::Ready(Ok(writer)),
            Pen::Away | Pen::Taking(_) => Poll::Pending,
        }
    }

    /// Lets what is on its way to the store go on while this is read.
    fn drive(&mut self, cx: &mut TaskContext<'_>) {
        match &mut self.pen {
            Pen::Away => {}
            Pen::Taking(_) => {
                if let Poll::Ready(Err(error)) = self.poll_writer(cx) {
                    self.failed = Some(error);
                }
            }
            Pen::InHand(writer) => {
                if writer.is_sending()
                    && let Poll::Ready(Err(error)) = writer.poll_idle(cx)
                {
                    self.failed = Some(error);
                }
            }
        }
    }

    fn poll_sync(&mut self, cx: &mut TaskContext<'_>, flag: SyncFlag) -> Poll<io::Result<()>> {
        if matches!(self.pen, Pen::Away) && self.failed.is_none() {
            return Poll::Ready(Ok(()));
        }
        let writer = ready!(self.poll_writer(cx))?;
        ready!(writer.poll_sync(cx, flag))?;
        if flag != SyncFlag::Data {
            let length = writer.sent();
            self.reader.resize(length);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for File {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut TaskContext<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        self.drive(cx);
        Pin::new(&mut self.reader).poll_read(cx, buffer)
    }
}

impl AsyncBufRead for File {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<io::Result<&[u8]>> {
        let this = self.get_mut();
        this.drive(cx);
        Pin::new(&mut this.reader).poll_fill_buf(cx)
    }

    fn consume(mut self: Pin<&mut Self>, amount: usize) {
        Pin::new(&mut self.reader).consume(amount);
    }
}

impl AsyncSeek for File {
    fn poll_seek(
        mut self: Pin<&mut Self>,
        cx: &mut TaskContext<'_>,
        to: SeekFrom,
    ) -> Poll<io::Result<u64>> {
        Pin::new(&mut self.reader).poll_seek(cx, to)
    }
}

impl AsyncWrite for File {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut TaskContext<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if bytes.is_empty() {
            return Poll::Ready(Ok(0));
        }
        let writer = ready!(self.poll_writer(cx))?;
        Pin::new(writer).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<io::Result<()>> {
        let flag = self.write.flush;
        self.poll_sync(cx, flag)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<io::Result<()>> {
        if matches!(self.pen, Pen::Away) && self.failed.is_none() {
            return Poll::Ready(Ok(()));
        }
        let writer = ready!(self.poll_writer(cx))?;
        ready!(Pin::new(&mut *writer).poll_close(cx))?;
        let length = writer.sent();
        self.reader.resize(length);
        Poll::Ready(Ok(()))
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File")
            .field("path", self.reader.path())
            .field("length", &self.reader.length())
            .field("position", &self.reader.position())
            .finish_non_exhaustive()
    }
}
