//! Whether two files are the same, by reading both.

use super::local::LocalFile;
use super::run::Run;
use crate::{Error, ErrorKind, LakePath, Result};

/// Whether a local file and one of the lake, both of this length, have the same bytes.
pub(crate) async fn compare(
    run: &Run,
    local: &dyn LocalFile,
    remote: &LakePath,
    length: u64,
) -> Result<bool> {
    let piece = run.options().piece();
    let mut offset = 0;
    while offset < length {
        let wanted = usize::try_from(length - offset).map_or(piece, |left| left.min(piece));
        let _memory = run.means.memory.take(2 * wanted).await;
        let read = || run.files().read_range(remote, offset, wanted as u64);
        let there = run.means.gate.pass(read).await?;
        let here = local.read_at(offset, wanted).await.map_err(|error| {
            let message = format!("the local side of {remote} cannot be read: {error}");
            Error::new(ErrorKind::Request, message).with_source(error)
        })?;
        if here != there || here.len() != wanted {
            return Ok(false);
        }
        offset += wanted as u64;
    }
    Ok(true)
}
