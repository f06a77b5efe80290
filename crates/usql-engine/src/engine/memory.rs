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

use super::consumers::in_words;

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
    /// Held by everything of the run that may hold memory or files.
    alive: Arc<DropGuard>,
    /// What shared rowsets hold until the run ends.
    kept: MemoryReservation,
}

impl RunMemory {
    /// The memory of a run; `released` is cancelled when nothing of the run holds memory or files any more.
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
            levels: vec![Arc::clone(&engine), Arc::clone(&run)],
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

    /// The memory of a stage; `released` is cancelled when nothing of the stage holds memory or files any more.
    pub(super) fn stage(&self, released: CancellationToken) -> StageMemory {
        let own = Arc::default();
        let alive = vec![Arc::clone(&self.alive), Arc::new(released.drop_guard())];
        let limit = self.limit;
        let pool = Arc::new(Pool {
            limit: limit.map(|limit| limit.saturating_sub(self.kept.size())),
            taken: Mutex::default(),
            levels: vec![
                Arc::clone(&self.engine),
                Arc::clone(&self.run),
                Arc::clone(&own),
            ],
            _alive: alive.clone(),
        });
        StageMemory { pool, alive, own }
    }

    /// What has to be held by everything of the run that may hold memory or files.
    pub(super) fn alive(&self) -> Vec<Arc<DropGuard>> {
        vec![Arc::clone(&self.alive)]
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

/// The memory of one stage.
#[derive(Debug)]
pub(super) struct StageMemory {
    pub(super) pool: Arc<dyn MemoryPool>,
    /// Held by everything of the stage that may hold memory or files.
    pub(super) alive: Vec<Arc<DropGuard>>,
    own: Arc<Level>,
}

impl StageMemory {
    /// Lets go of it, and gives its level, which may fall for a moment yet.
    pub(super) fn release(self) -> Arc<Level> {
        self.own
    }
}

/// A pool whose use is counted, and whose end is seen.
///
/// Consumers that can do with less divide five eighths of it evenly. A quarter is for those that cannot, and they may
/// have what the former leave. The last eighth is only for small reservations of the former: who spills must be able
/// to merge what was spilled, and to hold the batch at hand meanwhile. Each such consumer has two reservations at most,
/// so that both may always have their part of it, in whatever order all others took theirs.
///
/// DataFusion's own fair pool lets those that spill take all, and more than all where one has several reservations.
#[derive(Debug)]
struct Pool {
    limit: Option<usize>,
    taken: Mutex<Taken>,
    levels: Vec<Arc<Level>>,
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

    /// How much a reservation may have, if it has `own` now.
    fn allowance(&self, limit: usize, consumer: &MemoryConsumer, own: usize) -> usize {
        let left = limit.saturating_sub(self.by_others + self.by_spillers);
        if self.spillers == 0 {
            return own + left;
        }
        let (least, quarter) = (limit / 8, limit / 4);
        if !consumer.can_spill() {
            // What those who spill have beyond their part is out of the last eighth.
            let by_spillers = self.by_spillers.min(limit - least - quarter);
            return own + limit.saturating_sub(least + by_spillers + self.by_others);
        }
        let room = limit.saturating_sub(least + self.by_others.max(quarter));
        let large = (room / self.spillers).min(own + room.saturating_sub(self.by_spillers));
        let small = (least / (2 * self.spillers)).min(own + left);
        large.max(small)
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
                    "What holds too much is {}: it has {} bytes, needs {additional} more, and may have {allowance} \
                     of {limit}.",
                    in_words(consumer.name()),
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
        let stage = memory.stage(stage_over.clone());
        let sort = MemoryConsumer::new("hash table").register(&stage.pool);
        let level = stage.release();
        assert!(sort.try_grow(801).is_err());
        sort.try_grow(800).unwrap();
        assert_eq!(engine.read().held, 1000);
        assert!(!stage_over.is_cancelled());
        drop(sort);
        assert!(stage_over.is_cancelled() && !over.is_cancelled());
        assert_eq!(level.read(), MemoryUse { held: 0, peak: 800 });
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

    fn pool(limit: usize) -> Arc<dyn MemoryPool> {
        let engine = Arc::new(Level::default());
        let memory = RunMemory::new(Some(limit), engine, CancellationToken::new());
        memory.stage(CancellationToken::new()).pool
    }

    fn spills(name: &str, pool: &Arc<dyn MemoryPool>) -> MemoryReservation {
        MemoryConsumer::new(name)
            .with_can_spill(true)
            .register(pool)
    }

    /// Takes as much as it is given, a little at a time.
    fn take_all(reservation: &MemoryReservation) {
        while reservation.try_grow(10).is_ok() {}
    }

    /// Under load one group's merged runs are written while the other's merge begins: what waits for its turn and
    /// both merges take what they can, and then the second must still aggregate the rows it merges.
    #[test]
    fn whoever_spills_can_go_on_whatever_others_have_taken_before() {
        let pool = pool(16_000);
        let groups = [spills("groups[0]", &pool), spills("groups[1]", &pool)];
        let product = MemoryConsumer::new("product").register(&pool);
        let waiting = spills("rows out of order", &pool);
        let merges = groups.each_ref().map(MemoryReservation::new_empty);
        take_all(&merges[1]);
        take_all(&product);
        take_all(&waiting);
        take_all(&merges[0]);
        for group in &groups {
            group.try_grow(300).unwrap();
        }
        assert!(pool.reserved() <= 16_000);
    }

    #[test]
    fn what_cannot_spill_has_a_quarter_whatever_spills() {
        let pool = pool(16_000);
        let sorts = [spills("sort[0]", &pool), spills("sort[1]", &pool)];
        let others = sorts.each_ref().map(MemoryReservation::new_empty);
        let merge = MemoryConsumer::new("merge").register(&pool);
        sorts.iter().chain(&others).for_each(take_all);
        merge.try_grow(4000).unwrap();
        assert!(pool.reserved() <= 16_000);
    }
}
