//! The bytes of files.

use aad_core::transport::ResponseBody;
use async_trait::async_trait;
use bytes::Bytes;
use uuid::Uuid;

use super::Dialect;
use crate::options::{AppendOptions, ConcatOptions, ConcurrentAppendOptions, CreateOptions};
use crate::{Capability, LakePath, Result};

/// The part of [`super::Wire`] that reads and writes bytes.
#[async_trait]
pub(crate) trait Bytewise: Dialect {
    /// The bytes of a range; nothing at or after the end of the file.
    async fn open(&self, path: &LakePath, reading: &Reading) -> Result<ResponseBody>;

    /// Makes a file of these bytes.
    async fn create(&self, path: &LakePath, body: Bytes, options: &CreateOptions) -> Result<()>;

    /// Adds bytes at `offset`, which must be the end, exactly once.
    async fn append(
        &self,
        path: &LakePath,
        offset: u64,
        body: Bytes,
        options: &AppendOptions,
    ) -> Result<()>;

    /// Adds nothing at the end, wherever that is: takes a lease or ends one, and publishes. A
    /// dialect without leases has nothing to do.
    async fn append_nothing(&self, _path: &LakePath, _options: &AppendOptions) -> Result<()> {
        Ok(())
    }

    /// Adds bytes at the end, wherever that is. Whoever repeats it may add them twice.
    async fn concurrent_append(
        &self,
        _path: &LakePath,
        _body: Bytes,
        _options: &ConcurrentAppendOptions,
    ) -> Result<()> {
        Err(self.lacks(Capability::ConcurrentAppend))
    }

    /// How many of these files, from the first on, one [`Bytewise::concat`] can name.
    fn fitting_sources(
        &self,
        _target: &LakePath,
        sources: &mut dyn Iterator<Item = &LakePath>,
    ) -> usize {
        sources.count()
    }

    /// Adds the bytes of `sources` in their order at the end of `target`, which is made if it is
    /// not there. The sources vanish.
    async fn concat(
        &self,
        _target: &LakePath,
        _sources: &[LakePath],
        _options: &ConcatOptions,
    ) -> Result<()> {
        Err(self.lacks(Capability::Concat))
    }
}

/// What to read of a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    /// Where to begin.
    pub(crate) offset: u64,
    /// At most so many bytes; all to the end of the file if `None`.
    pub(crate) length: Option<u64>,
    /// Under which the service sees the requests of one reader.
    pub(crate) session: Uuid,
    /// Whether nobody may need the bytes in the end, so that the service may refuse to fetch them.
    pub(crate) speculative: bool,
}
