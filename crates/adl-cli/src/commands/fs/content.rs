//! `adl fs cat`, `head` and `tail`: what is in files.

use adls_fs::{FileSystem, LakePath};
use anyhow::Result;
use futures::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_util::compat::TokioAsyncWriteCompatExt as _;

use crate::arguments::fs::Part;
use crate::print;

pub(super) async fn cat(files: &FileSystem, paths: &[LakePath]) -> Result<()> {
    for path in paths {
        show_until(files, path, |_| None).await?;
    }
    Ok(())
}

pub(super) async fn head(files: &FileSystem, part: &Part) -> Result<()> {
    if let Some(bytes) = part.bytes {
        let mut left = bytes;
        return show_until(files, &part.path, |piece| {
            let end = usize::try_from(left)
                .ok()
                .filter(|left| *left <= piece.len());
            left = left.saturating_sub(piece.len() as u64);
            end
        })
        .await;
    }
    let mut left = part.lines;
    show_until(files, &part.path, |piece| {
        let mut ends = piece.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        while left > 0 {
            let (at, _) = ends.next()?;
            left -= 1;
            if left == 0 {
                return Some(at + 1);
            }
        }
        Some(0)
    })
    .await
}

pub(super) async fn tail(files: &FileSystem, part: &Part) -> Result<()> {
    let mut out = tokio::io::stdout().compat_write();
    let bytes = match part.bytes {
        Some(bytes) => files.tail(&part.path, bytes).await?.to_vec(),
        None => last_lines(files, &part.path, part.lines).await?,
    };
    out.write_all(&bytes).await.map_err(print::unwritten)?;
    out.flush().await.map_err(print::unwritten)
}

/// The last lines of a file: twice as many bytes each time until they are in it.
async fn last_lines(files: &FileSystem, path: &LakePath, lines: u64) -> Result<Vec<u8>> {
    let mut length = 64 << 10;
    loop {
        let end = files.tail(path, length).await?;
        let whole = (end.len() as u64) < length;
        // A newline at the very end ends the last line and begins none.
        let body = end.strip_suffix(b"\n").unwrap_or(&end);
        let mut starts = body
            .iter()
            .enumerate()
            .rev()
            .filter(|(_, byte)| **byte == b'\n');
        let start = match usize::try_from(lines) {
            Ok(0) => Some(end.len()),
            Ok(lines) => starts.nth(lines - 1).map(|(at, _)| at + 1),
            Err(_) => None,
        };
        match start {
            Some(start) => return Ok(end[start..].to_vec()),
            None if whole => return Ok(end.to_vec()),
            None => length *= 2,
        }
    }
}

/// Writes a file to standard output until `end` says where in a piece it ends.
async fn show_until(
    files: &FileSystem,
    path: &LakePath,
    mut end: impl FnMut(&[u8]) -> Option<usize>,
) -> Result<()> {
    let mut out = tokio::io::stdout().compat_write();
    let mut reader = files.open(path).await?;
    let mut buffer = vec![0; PIECE];
    loop {
        let read = reader.read(&mut buffer).await?;
        let piece = &buffer[..read];
        let end = end(piece);
        let written = out.write_all(&piece[..end.unwrap_or(read)]).await;
        written.map_err(print::unwritten)?;
        if read == 0 || end.is_some() {
            return out.flush().await.map_err(print::unwritten);
        }
    }
}

/// How much is copied at a time.
pub(super) const PIECE: usize = 256 << 10;
