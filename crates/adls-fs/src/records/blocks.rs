//! A file from some offset on, as far as somebody wants it.

use bytes::Bytes;

use crate::reader::Download;
use crate::{FileSystem, LakePath, Result};

/// How much of what follows the end is read along with what precedes it: a record or many.
const MARGIN: u64 = 64 << 10;

/// The most that is asked for at once behind the end.
const LARGEST: u64 = 4 << 20;

/// Pieces from an offset to an end that is likely, and beyond it in growing requests, so that who
/// looks for the end of one record does not fetch the rest of the file.
pub(super) struct Blocks {
    files: FileSystem,
    path: LakePath,
    download: Download,
    /// Where the download ends, unless the file ends before.
    until: Option<u64>,
    position: u64,
    next: u64,
}

impl Blocks {
    /// All of the file is wanted if there is no end.
    pub(super) fn new(files: &FileSystem, path: &LakePath, offset: u64, end: Option<u64>) -> Self {
        let until = end.map(|end| end.max(offset).saturating_add(MARGIN));
        let length = until.map(|until| until - offset);
        Self {
            download: files.download(path, offset, length),
            files: files.clone(),
            path: path.clone(),
            until,
            position: offset,
            next: MARGIN * 2,
        }
    }

    /// The next piece, never an empty one; `None` at the end of the file.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>> {
        loop {
            if let Some(piece) = self.download.next().await? {
                self.position += piece.len() as u64;
                return Ok(Some(piece));
            }
            if self.until != Some(self.position) {
                return Ok(None);
            }
            let length = Some(self.next);
            self.download = self.files.download(&self.path, self.position, length);
            self.until = Some(self.position.saturating_add(self.next));
            self.next = LARGEST.min(self.next * 2);
        }
    }
}
