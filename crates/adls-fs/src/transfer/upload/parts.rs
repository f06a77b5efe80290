//! A long file as one stream, or as several at once that the store joins.

use std::ops::Range;

use futures::future::{BoxFuture, FutureExt};
use futures::stream::{self, StreamExt, TryStreamExt};
use uuid::Uuid;

use super::pieces::Pieces;
use crate::transfer::local::LocalFile;
use crate::transfer::run::Run;
use crate::{Capability, Error, ErrorKind, LakePath, Result};

/// How many streams of one file are on their way at once.
const STREAMS: usize = 8;

/// No file has more parts: one request joins so many.
const MOST_PARTS: u64 = 64;

/// Where the bytes of a file are brought before it gets its name.
pub(super) struct Parts {
    /// Ranges of the file and where they go. The first becomes the whole.
    parts: Vec<(LakePath, Range<u64>)>,
    length: u64,
}

impl Parts {
    /// The parts of a file of this length, in names beside where it will stay: all of them inherit
    /// what it would inherit.
    pub(super) fn new(run: &Run, to: &LakePath, id: Uuid, length: u64) -> Result<Self> {
        let directory = to.parent().ok_or_else(|| {
            let message = "the root is a directory; name the file";
            Error::new(ErrorKind::Request, message)
        })?;
        let whole = directory.join(&format!(".adl-{}.part", id.simple()))?;
        let size = segment(run, length);
        let part = |n: u64| {
            let start = n * size;
            // Named by where it begins: whatever is in it is what comes there, also if the next
            // transfer cuts the file otherwise.
            let path = match start {
                0 => whole.clone(),
                _ => directory.join(&format!(".adl-{}.{start}.part", id.simple()))?,
            };
            Ok((path, start..length.min(start + size)))
        };
        let count = length.div_ceil(size.max(1)).max(1);
        let parts = (0..count).map(part).collect::<Result<_>>()?;
        Ok(Self { parts, length })
    }

    /// Where the whole file will be.
    pub(super) fn whole(&self) -> &LakePath {
        &self.parts[0].0
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &LakePath> {
        self.parts.iter().map(|(path, _)| path)
    }

    /// Brings the bytes there; what an earlier transfer has brought is not sent again. Gives how
    /// much that was.
    pub(super) async fn send(
        &self,
        run: &Run,
        source: &dyn LocalFile,
        name: &str,
        lease: Uuid,
        begun: bool,
    ) -> Result<u64> {
        if begun && self.found(run, self.whole(), self.length).await? == Some(self.length) {
            run.meter.spared(self.length);
            return Ok(self.length);
        }
        let sending: Vec<BoxFuture<'_, Result<u64>>> = (0..self.parts.len())
            .map(|n| self.send_part(run, source, name, lease, begun, n).boxed())
            .collect();
        let mut sent = stream::iter(sending).buffer_unordered(STREAMS);
        let mut resumed = 0;
        while let Some(there) = sent.try_next().await? {
            resumed += there;
        }
        let others: Vec<LakePath> = self.paths().skip(1).cloned().collect();
        if !others.is_empty() {
            let join = || run.files().concat(self.whole(), &others);
            run.means.gate.pass(join).await?;
        }
        Ok(resumed)
    }

    async fn send_part(
        &self,
        run: &Run,
        source: &dyn LocalFile,
        name: &str,
        lease: Uuid,
        begun: bool,
        n: usize,
    ) -> Result<u64> {
        let (target, range) = &self.parts[n];
        let there = match begun {
            true => self.found(run, target, range.end - range.start).await?,
            false => None,
        };
        run.meter.spared(there.unwrap_or(0));
        let pieces = Pieces {
            run,
            source,
            name,
            range: range.clone(),
            target,
            lease,
        };
        pieces.send(there).await?;
        Ok(there.unwrap_or(0))
    }

    /// How long a part is that is there. One that is too long is not ours to go on with.
    async fn found(&self, run: &Run, path: &LakePath, most: u64) -> Result<Option<u64>> {
        let found = run.find(path).await?;
        Ok(found.map(|it| it.length).filter(|there| *there <= most))
    }
}

/// How long each part of a file is.
fn segment(run: &Run, length: u64) -> u64 {
    let options = run.options();
    let joins = run.files().capabilities().has(Capability::Concat);
    match options.segment {
        Some(segment) if joins && options.delimiter.is_none() && length / 2 >= segment => {
            segment.max(length.div_ceil(MOST_PARTS)).max(1)
        }
        _ => length,
    }
}
