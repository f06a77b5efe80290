//! Checksums of files.

use futures::stream::{self, StreamExt, TryStreamExt};

use crate::crc32c::Crc32c;
use crate::{Error, ErrorKind, FileChecksum, FileSystem, LakePath, Result};

/// How much one request reads.
const PART: u64 = 16 << 20;

/// How many requests are on their way at once.
const CONCURRENCY: usize = 4;

/// Checksums.
impl FileSystem {
    /// The checksum of a file: the store's own where it has one ([`crate::Capability::Checksum`]), such as
    /// HDFS, and where it has none, [`FileSystem::crc32c`] under the name that HDFS has for it,
    /// `COMPOSITE-CRC32C`.
    ///
    /// Two files with equal bytes have equal checksums where [`FileChecksum::algorithm`] is the
    /// same; HDFS's default one also depends on how a file is cut into blocks.
    ///
    /// Dropping the future leaves nothing behind.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where nothing is, [`ErrorKind::Conflict`] where a directory is.
    pub async fn checksum(&self, path: &LakePath) -> Result<FileChecksum> {
        // A server may lack what its protocol has.
        match self.wire.checksum(path).await {
            Err(error) if error.kind() == ErrorKind::Unsupported => {}
            outcome => return outcome,
        }
        Ok(FileChecksum {
            algorithm: "COMPOSITE-CRC32C".to_owned(),
            bytes: self.crc32c(path).await?.to_be_bytes().to_vec(),
        })
    }

    /// The CRC-32C (Castagnoli, as in RFC 3720) of all bytes of a file, computed here: several
    /// parts are read at once, and no more than what arrives is held. It finds what went wrong by
    /// accident, not what somebody forged.
    ///
    /// Dropping the future leaves nothing behind.
    ///
    /// ```
    /// # async fn example(files: &adls_fs::FileSystem) -> adls_fs::Result<()> {
    /// assert_eq!(files.crc32c(&"/nine/digits".parse()?).await?, 0xe306_9283); // of "123456789"
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where nothing is; [`ErrorKind::Conflict`] where a directory is, or
    /// where the file became shorter meanwhile.
    pub async fn crc32c(&self, path: &LakePath) -> Result<u32> {
        let length = self.file_status(path).await?.length;
        let parts = (0..length.div_ceil(PART)).map(|part| async move {
            let begin = part * PART;
            let wanted = PART.min(length - begin);
            let mut download = self.download(path, begin, Some(wanted));
            let mut crc = Crc32c::default();
            while let Some(piece) = download.next().await? {
                crc.update(&piece);
            }
            if crc.length() == wanted {
                return Ok(crc);
            }
            let message = format!("{path} became shorter while it was read");
            Err(Error::new(ErrorKind::Conflict, message))
        });
        let mut parts = stream::iter(parts).buffered(CONCURRENCY);
        let mut whole = Crc32c::default();
        while let Some(part) = parts.try_next().await? {
            whole = whole.followed_by(part);
        }
        Ok(whole.sum())
    }
}
