//! How far a writer is.

use crate::options::SyncFlag;
use crate::{Capabilities, Capability, Error};

/// What the requests so far amount to.
#[derive(Debug)]
pub(super) struct Progress {
    /// What the store can do.
    capabilities: Capabilities,
    /// Where the next append goes; `None` as long as there is no file.
    end: Option<u64>,
    /// Whether the file is known to be there.
    exists: bool,
    /// Whether the store may keep a lease for this writer.
    held: bool,
    /// Whether bytes were stored that readers do not see.
    unpublished: bool,
}

impl Progress {
    pub(super) fn new(capabilities: Capabilities) -> Self {
        Self {
            capabilities,
            end: None,
            exists: false,
            held: false,
            unpublished: false,
        }
    }

    pub(super) fn end(&self) -> Option<u64> {
        self.end
    }

    pub(super) fn exists(&self) -> bool {
        self.exists
    }

    pub(super) fn may_hold(&self) -> bool {
        self.held
    }

    pub(super) fn begin_to_hold(&mut self) {
        self.held = true;
    }

    pub(super) fn hold_nothing(&mut self) {
        self.held = false;
    }

    /// There is a file of this length.
    pub(super) fn begin_at(&mut self, end: u64) {
        self.end = Some(end);
        self.exists = true;
    }

    /// Counts bytes that are sent now. Where they go, if there is a file already.
    pub(super) fn advance(&mut self, amount: u64) -> Option<u64> {
        self.end.replace(self.end.unwrap_or(0) + amount)
    }

    /// Whether a request has to be sent although there are no bytes for it: to make the file, to
    /// publish what was stored, or to end the lease.
    pub(super) fn has_to_send(&self, sync: SyncFlag) -> bool {
        self.end.is_none()
            || match sync {
                SyncFlag::Data => false,
                SyncFlag::Metadata => self.unpublished,
                SyncFlag::Close => self.unpublished || self.held,
            }
    }

    /// A request came to its end.
    pub(super) fn conclude(&mut self, sync: SyncFlag, error: Option<&Error>) {
        match error {
            None => {
                self.held = sync != SyncFlag::Close && self.can(Capability::Leases);
                // A file is seen with the bytes that it was made of, whatever the flag.
                let unpublished = sync == SyncFlag::Data && self.exists;
                self.unpublished = unpublished && self.can(Capability::UnpublishedAppends);
                self.exists = true;
            }
            // A refused attempt to make the file left no lease. Any other failure says nothing.
            Some(error) => {
                let unknown = self.exists || error.is_retryable();
                self.held = unknown && self.can(Capability::Leases);
            }
        }
    }

    fn can(&self, capability: Capability) -> bool {
        self.capabilities.has(capability)
    }
}
