//! Bytes that many writers add at the end of one file, each wherever the end is by then.

use super::addition::Addition;
use super::{CreateOptions, FileSpace, Missing};
use crate::{Error, ErrorKind, LakePath, Principal, Result, lease};

impl FileSpace {
    /// Adds bytes at the end of a file whatever others add to it meanwhile: in which order is
    /// open, but what one call brings stays together, and all of it is published or nothing.
    ///
    /// Needs write on the file, or what [`create`](Self::create) needs if it is created.
    ///
    /// [`ErrorKind::Conflict`] if the file has bytes that came in another way: from then on
    /// only what replaces the file lets it be appended to in the other way, as on the service.
    pub fn append_concurrently(
        &self,
        principal: &Principal,
        path: &LakePath,
        missing: Missing,
        body: &[u8],
    ) -> Result<()> {
        match self.append_to_existing(principal, path, body) {
            Err(error) if error.kind() == ErrorKind::NotFound && missing == Missing::Create => {}
            result => return result,
        }
        let options = CreateOptions {
            concurrent: true,
            ..CreateOptions::default()
        };
        match self.create(principal, path, &options, body) {
            // Perhaps another writer has created it meanwhile; if not, something is in the way.
            Err(exists) if exists.kind() == ErrorKind::AlreadyExists => self
                .append_to_existing(principal, path, body)
                .map_err(|error| match error.kind() {
                    ErrorKind::NotFound => exists,
                    _ => error,
                }),
            result => result.map(drop),
        }
    }

    fn append_to_existing(
        &self,
        principal: &Principal,
        path: &LakePath,
        body: &[u8],
    ) -> Result<()> {
        self.one_append_at_a_time(principal, path, |mut found, spool| {
            let now = self.root.ambient().timestamp();
            lease::require(&found.node, None, now, path)?;
            let other_bytes = found.node.length() > 0 || spool.is_some();
            if !found.node.concurrent && other_bytes {
                return Err(self.does_not_mix(path));
            }
            if body.is_empty() {
                return Ok(());
            }
            found.node.concurrent = true;
            self.write_behind(path, &found, None, Addition::Memory(body))
        })
    }

    pub(super) fn does_not_mix(&self, path: &LakePath) -> Error {
        let message = format!("concurrent and ordinary appends to `{path}` do not mix");
        Error::new(ErrorKind::Conflict, message).with_path(path)
    }
}
