//! Reading a file as a stream.

use std::fmt;
use std::future::poll_fn;
use std::io::{self, SeekFrom};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, ready};
use std::time::Duration;

use aad_core::Context;
use aad_core::retry::Backoff;
use aad_core::transport::{ResponseBody, TransportError};
use bytes::{Buf, Bytes, BytesMut};
use futures::future::{BoxFuture, FutureExt};
use futures::io::{AsyncBufRead, AsyncRead, AsyncSeek};
use futures::stream::{self, BoxStream, StreamExt};
use uuid::Uuid;

use crate::io_error::io_error;
use crate::options::ReadOptions;
use crate::wire::{Reading, Wire};
use crate::{Error, ErrorKind, LakePath, Result};

/// How often a connection may break, one time after another, without a byte in between.
const FRUITLESS_ATTEMPTS: u32 = 5;

/// How long a body may stand still before its connection counts as broken; it may take up to
/// twice as long before that is noticed.
const PATIENCE: Duration = Duration::from_secs(60);

/// A range of a file on its way here. Where its connection breaks, another goes on from the
/// offset reached.
pub(crate) struct Download {
    wire: Arc<dyn Wire>,
    context: Context,
    path: LakePath,
    session: Uuid,
    speculative: bool,
    position: u64,
    /// Where to stop; the end of the file if `None`.
    end: Option<u64>,
    connection: Option<Connection>,
    fruitless: u32,
}

struct Connection {
    body: ResponseBody,
    has_given: bool,
    /// Runs while the connection is waited for. It is set anew when it ends, not for each piece.
    timer: Option<BoxFuture<'static, ()>>,
    /// Whether a piece has come since the timer was set.
    moves: bool,
}

impl Download {
    pub(crate) fn new(
        wire: Arc<dyn Wire>,
        context: Context,
        path: LakePath,
        offset: u64,
        length: Option<u64>,
    ) -> Self {
        Self {
            session: context.uuid(),
            speculative: false,
            wire,
            context,
            path,
            position: offset,
            end: length.map(|length| offset.saturating_add(length)),
            connection: None,
            fruitless: 0,
        }
    }

    /// Says whether nobody may need the bytes in the end.
    fn speculative(mut self, speculative: bool) -> Self {
        self.speculative = speculative;
        self
    }

    /// Belongs to a reader that the service knows by this id already.
    fn in_session(mut self, session: Uuid) -> Self {
        self.session = session;
        self
    }

    /// All of it.
    pub(crate) async fn collect(mut self) -> Result<Bytes> {
        let Some(first) = self.next().await? else {
            return Ok(Bytes::new());
        };
        let Some(second) = self.next().await? else {
            return Ok(first);
        };
        let mut whole = BytesMut::from(first);
        whole.extend_from_slice(&second);
        while let Some(piece) = self.next().await? {
            whole.extend_from_slice(&piece);
        }
        Ok(whole.freeze())
    }

    pub(crate) fn into_stream(self) -> BoxStream<'static, Result<Bytes>> {
        stream::try_unfold(self, async |mut download| {
            let piece = download.next().await?;
            Ok(piece.map(|piece| (piece, download)))
        })
        .boxed()
    }

    /// The next piece, never an empty one; `None` at the end of the range or of the file.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>> {
        loop {
            let wanted = self.end.map(|end| end - self.position);
            if wanted == Some(0) {
                return Ok(None);
            }
            let connection = match &mut self.connection {
                Some(connection) => connection,
                None => {
                    let reading = Reading {
                        offset: self.position,
                        length: wanted,
                        session: self.session,
                        speculative: self.speculative,
                    };
                    let body = self.wire.open(&self.path, &reading).await?;
                    self.connection.insert(Connection::new(body))
                }
            };
            match connection.next(&self.context).await {
                Some(Ok(piece)) if piece.is_empty() => {}
                Some(Ok(mut piece)) => {
                    let most =
                        wanted.map_or(usize::MAX, |n| usize::try_from(n).unwrap_or(usize::MAX));
                    piece.truncate(most);
                    self.position += piece.len() as u64;
                    self.fruitless = 0;
                    connection.has_given = true;
                    return Ok(Some(piece));
                }
                Some(Err(broken)) => {
                    self.connection = None;
                    self.wait_after(broken).await?;
                }
                // The service may answer with fewer bytes than asked for; nothing at all means
                // that the file ends here.
                None if wanted.is_some() && connection.has_given => self.connection = None,
                None => return Ok(None),
            }
        }
    }

    async fn wait_after(&mut self, broken: TransportError) -> Result<()> {
        if self.fruitless >= FRUITLESS_ATTEMPTS {
            let message = format!("reading {} broke off at {}", self.path, self.position);
            return Err(Error::new(ErrorKind::Transient, message).with_source(broken));
        }
        tracing::debug!(path = %self.path, position = self.position, %broken, "resuming");
        let backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(5));
        let wait = backoff.wait(self.fruitless, self.context.fraction());
        self.fruitless += 1;
        self.context.sleep(wait).await;
        Ok(())
    }
}

impl Connection {
    fn new(body: ResponseBody) -> Self {
        Self {
            body,
            has_given: false,
            timer: None,
            moves: false,
        }
    }

    /// The next piece of the body, or an error where it stands still.
    async fn next(&mut self, context: &Context) -> Option<Result<Bytes, TransportError>> {
        let piece = poll_fn(|cx| self.poll_next(context, cx)).await;
        self.moves = true;
        piece
    }

    fn poll_next(
        &mut self,
        context: &Context,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<Bytes, TransportError>>> {
        if let Poll::Ready(piece) = self.body.poll_next_unpin(cx) {
            return Poll::Ready(piece);
        }
        loop {
            let timer = self.timer.get_or_insert_with(|| {
                self.moves = false;
                context.sleep(PATIENCE)
            });
            ready!(timer.poll_unpin(cx));
            self.timer = None;
            if !self.moves {
                let message = format!("nothing came for {} s", PATIENCE.as_secs());
                let sent = aad_core::transport::Sent::Maybe;
                return Poll::Ready(Some(Err(TransportError::new(sent, message))));
            }
        }
    }
}

/// A file that is read as a stream and can seek: [`AsyncRead`], [`AsyncBufRead`], [`AsyncSeek`].
///
/// The first request after an open or a seek asks for [`ReadOptions::read_ahead`] bytes; a reader
/// that goes on is then served by one request for all the rest, and what a connection has sent
/// is handed on without copying (by [`AsyncBufRead`]) or with one copy.
///
/// It reads the file as long as it was when it was opened. Dropping it closes its connection and
/// leaves nothing behind.
pub struct FileReader {
    wire: Arc<dyn Wire>,
    context: Context,
    path: LakePath,
    /// All requests of a reader are one session; the service ends it by itself.
    session: Uuid,
    length: u64,
    options: ReadOptions,
    position: u64,
    piece: Bytes,
    download: Option<BoxStream<'static, Result<Bytes>>>,
    goes_on: bool,
}

impl FileReader {
    pub(crate) fn new(
        wire: Arc<dyn Wire>,
        context: Context,
        path: LakePath,
        length: u64,
        options: ReadOptions,
    ) -> Self {
        Self {
            session: context.uuid(),
            wire,
            context,
            path,
            length,
            options,
            position: 0,
            piece: Bytes::new(),
            download: None,
            goes_on: false,
        }
    }

    /// The file.
    pub fn path(&self) -> &LakePath {
        &self.path
    }

    /// Goes on with a file that has another length now.
    pub(crate) fn resize(&mut self, length: u64) {
        self.length = length;
    }

    /// How long the file was when it was opened.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The offset of the next byte.
    pub fn position(&self) -> u64 {
        self.position
    }

    fn start(&self) -> BoxStream<'static, Result<Bytes>> {
        let rest = self.length - self.position;
        let length = if self.goes_on {
            rest
        } else {
            rest.min(self.options.read_ahead.max(1))
        };
        let (wire, context) = (Arc::clone(&self.wire), self.context.clone());
        Download::new(
            wire,
            context,
            self.path.clone(),
            self.position,
            Some(length),
        )
        .in_session(self.session)
        .speculative(self.options.speculative)
        .into_stream()
    }

    fn poll_piece(&mut self, cx: &mut TaskContext<'_>) -> Poll<io::Result<()>> {
        let mut has_given = self.download.is_some();
        while self.piece.is_empty() && self.position < self.length {
            if self.download.is_none() {
                self.download = Some(self.start());
                has_given = false;
            }
            let Some(download) = &mut self.download else {
                continue;
            };
            match ready!(download.poll_next_unpin(cx)) {
                Some(Ok(piece)) => self.piece = piece,
                Some(Err(error)) => {
                    self.download = None;
                    return Poll::Ready(Err(io_error(error)));
                }
                None if has_given => {
                    self.download = None;
                    self.goes_on = true;
                }
                None => {
                    let message = format!("{} became shorter while it was read", self.path);
                    let error = io::Error::new(io::ErrorKind::UnexpectedEof, message);
                    self.download = None;
                    return Poll::Ready(Err(error));
                }
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncBufRead for FileReader {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<io::Result<&[u8]>> {
        let this = self.get_mut();
        ready!(this.poll_piece(cx))?;
        Poll::Ready(Ok(&this.piece))
    }

    fn consume(mut self: Pin<&mut Self>, amount: usize) {
        if amount == self.piece.len() {
            // An empty view would still hold the connection's buffer, which could then not be
            // filled again: a new one for every piece costs a seventh of the time of a read.
            self.piece = Bytes::new();
        } else {
            self.piece.advance(amount);
        }
        self.position += amount as u64;
    }
}

impl AsyncRead for FileReader {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut TaskContext<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_piece(cx))?;
        let amount = self.piece.len().min(buffer.len());
        buffer[..amount].copy_from_slice(&self.piece[..amount]);
        self.consume(amount);
        Poll::Ready(Ok(amount))
    }
}

impl AsyncSeek for FileReader {
    fn poll_seek(
        mut self: Pin<&mut Self>,
        _: &mut TaskContext<'_>,
        to: SeekFrom,
    ) -> Poll<io::Result<u64>> {
        let target = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(distance) => self.length.checked_add_signed(distance),
            SeekFrom::Current(distance) => self.position.checked_add_signed(distance),
        };
        let Some(target) = target else {
            let message = "there is nothing before the beginning of a file";
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidInput, message)));
        };
        let skipped = target
            .checked_sub(self.position)
            .and_then(|distance| usize::try_from(distance).ok())
            .filter(|distance| *distance <= self.piece.len());
        if let Some(distance) = skipped {
            self.consume(distance);
        } else {
            self.position = target;
            self.piece = Bytes::new();
            self.download = None;
            self.goes_on = false;
        }
        Poll::Ready(Ok(target))
    }
}

impl fmt::Debug for FileReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileReader")
            .field("path", &self.path)
            .field("length", &self.length)
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}
