//! Leases that writers left behind.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use time::OffsetDateTime;
use uuid::Uuid;

use crate::LakePath;

/// How long the service keeps the lease of a writer that went silent, says the changelog of the
/// Java client (2.1.5).
const LIFETIME: Duration = Duration::from_secs(600);

/// The leases of writers that were dropped before they were closed.
///
/// Dropping sends nothing, so the store keeps the lease. But it is enough to know it: the next
/// writer of that file goes on under it, and nobody in this program waits for its end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Leases(Arc<Mutex<HashMap<LakePath, Left>>>);

#[derive(Debug)]
struct Left {
    lease: Uuid,
    until: OffsetDateTime,
}

impl Leases {
    fn table(&self) -> MutexGuard<'_, HashMap<LakePath, Left>> {
        // No code that can panic runs under the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leaves a lease to the next writer of the file.
    pub(crate) fn leave(&self, path: LakePath, lease: Uuid, now: OffsetDateTime) {
        let until = now + LIFETIME;
        let mut table = self.table();
        table.retain(|_, left| left.until > now);
        table.insert(path, Left { lease, until });
    }

    /// The lease that was left to the next writer of the file.
    pub(crate) fn take(&self, path: &LakePath, now: OffsetDateTime) -> Option<Uuid> {
        let left = self.table().remove(path)?;
        (left.until > now).then_some(left.lease)
    }
}
