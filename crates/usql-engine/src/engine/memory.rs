//! How much memory a run may hold, how much it holds, and when it has let go of all of it.
//!
//! Every stage of a run has a pool of its own, which is as large as the run's limit less what its shared rowsets
//! hold: stages follow each other, so one that failed and its second attempt never divide the limit between them.

use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use datafusion::{
    error::{DataFusionError, Result},
    execution::memory_pool::{MemoryConsumer, MemoryLimit, MemoryPool, MemoryReservation},
};
use tokio_util::sync::{CancellationToken, DropGuard};

/// The memory that sorts, joins, groups and shared rowsets of an engine's runs hold.
///
/// Batches on their way from one operator to the next are not in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MemoryUse {
    /// Bytes held now.
    pub held: usize,
    /// The most bytes that were held at a time.
    pub peak: usize,
}

/// A sum of bytes and its highest value.
#[derive(Debug, Default)]
pub(super) struct Level {
    now: AtomicUsize,
    peak: AtomicUsize,
}

impl Level {
    fn rise(&self, bytes: usize) {
        let now = self.now.fetch_add(bytes, Ordering::Relaxed) + bytes;
        self.peak.fetch_max(now, Ordering::Relaxed);
    }

    fn fall(&self, bytes: usize) {
        self.now.fetch_sub(bytes, Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> MemoryUse {
        MemoryUse {
            held: self.now.load(Ordering::Relaxed),
            peak: self.peak.load(Ordering::Relaxed),
        }
    }
}

/// The memory of one run.
#[derive(Debug)]
pub(super) struct RunMemory {
    limit: Option<usize>,
    engine: Arc<Level>,
    run: Arc<Level>,
    /// Held by everything of the run that may hold memory.
    alive: Arc<DropGuard>,
    /// What shared rowsets hold until the run ends.
    kept: MemoryReservation,
}

impl RunMemory {
    /// The memory of a run; `released` is cancelled when nothing of the run holds memory any more.
    pub(super) fn new(
        limit: Option<usize>,
        engine: Arc<Level>,
        released: CancellationToken,
    ) -> Self {
        let run = Arc::default();
        let alive = Arc::new(released.drop_guard());
        let pool: Arc<dyn MemoryPool> = Arc::new(Pool {
            limit: None,
            taken: Mutex::default(),
            levels: [Arc::clone(&engine), Arc::clone(&run)],
            _alive: vec![Arc::clone(&alive)],
        });
        Self {
            limit,
            engine,
            run,
            alive,
            kept: MemoryConsumer::new("shared rowsets").register(&pool),
        }
    }

    /// The pool of a stage; `released` is cancelled when nothing of the stage holds memory any more.
    pub(super) fn stage(&self, released: CancellationToken) -> Arc<dyn MemoryPool> {
        Arc::new(Pool {
            limit: self
                .limit
                .map(|limit| limit.saturating_sub(self.kept.size())),
            taken: Mutex::default(),
            levels: [Arc::clone(&self.engine), Arc::clone(&self.run)],
            _alive: vec![Arc::clone(&self.alive), Arc::new(released.drop_guard())],
        })
    }

    /// How much more of shared rowsets may stay in memory: they get a quarter of the limit at most, so that three
    /// quarters are left to work with.
    pub(super) fn room_to_keep(&self) -> usize {
        self.limit.map_or(usize::MAX, |limit| {
            (limit / 4).saturating_sub(self.kept.size())
        })
    }

    /// Counts what a shared rowset holds from now on, until the run ends.
    pub(super) fn keep(&self, bytes: usize) {
        self.kept.grow(bytes);
    }

    /// What the run held at most.
    pub(super) fn peak(&self) -> usize {
        self.run.read().peak
    }
}

/// A pool whose use is counted, and whose end is seen.
///
/// Consumers that can spill divide three quarters of it evenly, so that none starves; the last quarter is for those
/// that cannot, such as the merge of what the others have sorted. DataFusion's own fair pool lets the former take all,
/// and more than all where one consumer has several reservations.
#[derive(Debug)]
struct Pool {
    limit: Option<usize>,
    taken: Mutex<Taken>,
    levels: [Arc<Level>; 2],
    _alive: Vec<Arc<DropGuard>>,
}

#[derive(Debug, Default)]
struct Taken {
    spillers: usize,
    by_spillers: usize,
    by_others: usize,
}

impl Taken {
    fn by(&mut self, consumer: &MemoryConsumer) -> &mut usize {
        match consumer.can_spill() {
            true => &mut self.by_spillers,
            false => &mut self.by_others,
        }
    }

    /// How much a consumer may have, if it has `own` now.
    fn allowance(&self, limit: usize, consumer: &MemoryConsumer, own: usize) -> usize {
        let left = own + limit.saturating_sub(self.by_others + self.by_spillers);
        if !consumer.can_spill() {
            return left;
        }
        let share = limit.saturating_sub(self.by_others.max(limit / 4)) / self.spillers.max(1);
        share.min(left)
    }
}

impl Pool {
    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl MemoryPool for Pool {
    fn name(&self) -> &str {
        "stage"
    }

    fn register(&self, consumer: &MemoryConsumer) {
        self.taken().spillers += usize::from(consumer.can_spill());
    }

    fn unregister(&self, consumer: &MemoryConsumer) {
        self.taken().spillers -= usize::from(consumer.can_spill());
    }

    fn grow(&self, reservation: &MemoryReservation, additional: usize) {
        *self.taken().by(reservation.consumer()) += additional;
        self.levels.iter().for_each(|level| level.rise(additional));
    }

    fn shrink(&self, reservation: &MemoryReservation, shrink: usize) {
        *self.taken().by(reservation.consumer()) -= shrink;
        self.levels.iter().for_each(|level| level.fall(shrink));
    }

    fn try_grow(&self, reservation: &MemoryReservation, additional: usize) -> Result<()> {
        let consumer = reservation.consumer();
        let mut taken = self.taken();
        if let Some(limit) = self.limit {
            let allowance = taken.allowance(limit, consumer, reservation.size());
            if reservation.size() + additional > allowance {
                return Err(DataFusionError::ResourcesExhausted(format!(
                    "{} holds {} bytes, needs {additional} more and may have {allowance} of {limit}.",
                    consumer.name(),
                    reservation.size(),
                )));
            }
        }
        *taken.by(consumer) += additional;
        self.levels.iter().for_each(|level| level.rise(additional));
        Ok(())
    }

    fn reserved(&self) -> usize {
        let taken = self.taken();
        taken.by_spillers + taken.by_others
    }

    fn memory_limit(&self) -> MemoryLimit {
        self.limit
            .map_or(MemoryLimit::Infinite, MemoryLimit::Finite)
    }
}

impl fmt::Display for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_may_use_what_shared_rowsets_leave_and_everything_is_counted() {
        let engine = Arc::new(Level::default());
        let over = CancellationToken::new();
        let memory = RunMemory::new(Some(1000), Arc::clone(&engine), over.clone());
        assert_eq!(memory.room_to_keep(), 250);
        memory.keep(200);
        assert_eq!(memory.room_to_keep(), 50);

        let stage_over = CancellationToken::new();
        let pool = memory.stage(stage_over.clone());
        let sort = MemoryConsumer::new("hash table").register(&pool);
        drop(pool);
        assert!(sort.try_grow(801).is_err());
        sort.try_grow(800).unwrap();
        assert_eq!(engine.read().held, 1000);
        assert!(!stage_over.is_cancelled());
        drop(sort);
        assert!(stage_over.is_cancelled() && !over.is_cancelled());
        assert_eq!((memory.peak(), engine.read().held), (1000, 200));

        drop(memory);
        assert!(over.is_cancelled());
        assert_eq!(
            engine.read(),
            MemoryUse {
                held: 0,
                peak: 1000
            }
        );
    }
}
