//! Files as streams from one end to the other: several as one, and one as another.

use std::future::poll_fn;
use std::task::Poll;

use bytes::Bytes;
use futures::io::AsyncWriteExt;
use futures::stream::{self, Stream, StreamExt};

use crate::io_error::from_io;
use crate::options::{CopyOptions, CreateOptions, Existing, WriteMode, WriteOptions};
use crate::writer::FileWriter;
use crate::{Error, ErrorKind, FileStatus, FileSystem, LakePath, Result};

/// Copying.
impl FileSystem {
    /// The bytes of several files, one after the other, as they arrive. The next file is opened
    /// when the one before has ended.
    ///
    /// Dropping the stream leaves nothing behind. An error ends it.
    ///
    /// ```
    /// use futures::TryStreamExt;
    ///
    /// # async fn example(files: &adls_fs::FileSystem) -> adls_fs::Result<()> {
    /// let parts = ["/out/part-0".parse()?, "/out/part-1".parse()?];
    /// let mut bytes = std::pin::pin!(files.cat(parts));
    /// while let Some(piece) = bytes.try_next().await? {
    ///     println!("{} bytes", piece.len());
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where a file is not there.
    pub fn cat<Paths>(
        &self,
        paths: Paths,
    ) -> impl Stream<Item = Result<Bytes>> + Send + 'static + use<Paths>
    where
        Paths: IntoIterator<Item = LakePath>,
        Paths::IntoIter: Send + 'static,
    {
        let state = (self.clone(), paths.into_iter(), None);
        stream::try_unfold(state, async |(files, mut paths, mut current)| {
            loop {
                let mut download = match current.take() {
                    Some(download) => download,
                    None => match paths.next() {
                        Some(path) => files.download(&path, 0, None),
                        None => return Ok(None),
                    },
                };
                if let Some(piece) = download.next().await? {
                    return Ok(Some((piece, (files, paths, Some(download)))));
                }
            }
        })
    }

    /// Copies a file; its length. The store has no such operation: the bytes come here and go
    /// back, a few MiB at a time, each exactly once.
    ///
    /// The copy can be seen while it grows. If it fails, the error says how much of it stands.
    /// Dropping the future leaves a beginning, and what dropping a [`FileWriter`] leaves.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where nothing is at `from`; [`ErrorKind::Conflict`] where a
    /// directory is, where something is in the way at `to`, or where the original changed
    /// meanwhile; [`ErrorKind::Request`] for a file onto itself.
    pub async fn copy(&self, from: &LakePath, to: &LakePath) -> Result<u64> {
        self.copy_opts(from, to, CopyOptions::default()).await
    }

    /// As [`FileSystem::copy`], with options: a file may be replaced, and the copy may be for the
    /// same people as the original.
    ///
    /// # Errors
    /// As [`FileSystem::copy`].
    pub async fn copy_opts(
        &self,
        from: &LakePath,
        to: &LakePath,
        options: CopyOptions,
    ) -> Result<u64> {
        if from == to {
            let message = format!("{from} cannot be copied onto itself");
            return Err(Error::new(ErrorKind::Request, message));
        }
        let original = self.file_status(from).await?;
        let mut writer = self.copy_writer(&original, from, to, &options).await?;
        match self.pour(from, original.length, &mut writer).await {
            Ok(()) => Ok(original.length),
            Err(error) if !writer.has_begun() => Err(error),
            Err(error) => Err(self.left_behind(from, writer, error).await),
        }
    }

    /// A writer of the copy. Where the copy is for the same people as the original, nobody else
    /// can read it at any time: it gets its access control list while it is empty.
    async fn copy_writer(
        &self,
        original: &FileStatus,
        from: &LakePath,
        to: &LakePath,
        options: &CopyOptions,
    ) -> Result<FileWriter> {
        let mode = match options.existing {
            Existing::Overwrite => WriteMode::Overwrite,
            Existing::Fail => WriteMode::CreateNew,
        };
        let write = WriteOptions::default().with_buffer(options.buffer);
        if !options.keep_acl {
            return self.writer_opts(to, write.with_mode(mode)).await;
        }
        let acl = self.acl(from).await?.acl;
        let mut create = CreateOptions::default().with_existing(options.existing);
        create.permission = original.permission;
        self.create_opts(to, Bytes::new(), create).await?;
        self.set_acl(to, &acl).await?;
        self.writer_opts(to, write.with_mode(WriteMode::Append))
            .await
    }

    async fn pour(&self, from: &LakePath, length: u64, writer: &mut FileWriter) -> Result<()> {
        let mut download = self.download(from, 0, None).into_stream();
        let mut copied = 0;
        // What is on its way there goes on while this waits for what comes.
        let mut next = async |writer: &mut FileWriter| {
            poll_fn(|cx| match writer.poll_idle(cx) {
                Poll::Ready(Err(error)) => Poll::Ready(Some(Err(from_io(error)))),
                _ => download.poll_next_unpin(cx),
            })
            .await
            .transpose()
        };
        while let Some(piece) = next(writer).await? {
            writer.write_all(&piece).await.map_err(from_io)?;
            copied += piece.len() as u64;
        }
        writer.close().await.map_err(from_io)?;
        if copied == length {
            return Ok(());
        }
        let message = format!("{from} was of {length} bytes and then of {copied}");
        Err(Error::new(ErrorKind::Conflict, message))
    }

    /// Ends the lease of a copy that failed, and says what stands.
    async fn left_behind(&self, from: &LakePath, writer: FileWriter, error: Error) -> Error {
        let to = writer.path().clone();
        let released = writer.release().await;
        let stands = match self.stat(&to).await {
            Ok(status) => format!("holds {} bytes", status.length),
            Err(_) => "may hold a beginning".to_owned(),
        };
        let lease = match released {
            Ok(()) => "",
            Err(_) => " and may be locked for ten minutes",
        };
        let message = format!("{from} was not copied whole: {to} {stands}{lease}");
        Error::new(error.kind(), message).with_source(error)
    }
}
