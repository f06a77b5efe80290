//! Leases: one writer holds a file until it closes it.
//!
//! A lease is part of the file's row, so it moves with the file, ends with it, and survives a
//! restart together with the unpublished bytes of the writer that holds it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::node::Node;
use crate::{Error, ErrorKind, LakePath, Result, SyncFlag, Timestamp};

/// How long a lease lasts after the last write under it. The changelog of the Java SDK 2.1.5 says
/// that a lease which nobody ends locks the file for ten minutes.
const LIFETIME_MILLIS: i64 = 10 * 60 * 1000;

/// The right of one writer to change the bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lease {
    id: Uuid,
    ends: Timestamp,
}

impl Lease {
    /// What is held after a write: nothing without an id, and nothing once the writer is done.
    pub(crate) fn after(id: Option<Uuid>, sync: SyncFlag, now: Timestamp) -> Option<Self> {
        let ends = Timestamp::from_millis(now.millis().saturating_add(LIFETIME_MILLIS));
        match sync {
            SyncFlag::Close => None,
            SyncFlag::Data | SyncFlag::Metadata => id.map(|id| Self { id, ends }),
        }
    }
}

/// Fails if a writer holds the file and it is not the one with this id.
pub(crate) fn require(
    node: &Node,
    writer: Option<Uuid>,
    now: Timestamp,
    path: &LakePath,
) -> Result<()> {
    match node.lease {
        Some(lease) if lease.ends > now && Some(lease.id) != writer => {
            let message = format!("another writer holds `{path}` until it closes the file");
            Err(Error::new(ErrorKind::LeaseConflict, message).with_path(path))
        }
        _ => Ok(()),
    }
}
