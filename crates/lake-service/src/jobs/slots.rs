//! How many jobs run at the same time, and which one is next.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lake_store::{JobRow, Timestamp};
use tokio::sync::oneshot;

/// A job's place among those that wait: a lower priority runs first, then whoever was submitted first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Turn {
    priority: i32,
    submitted: Timestamp,
}

impl Turn {
    pub(crate) fn of(row: &JobRow) -> Self {
        Self {
            priority: row.priority,
            submitted: row.submitted,
        }
    }

    /// Before every job: somebody waits for an answer.
    pub(crate) fn first() -> Self {
        Self {
            priority: 0,
            submitted: Timestamp::from_millis(0),
        }
    }
}

/// A bounded number of places to run in, given to waiting jobs by priority, then by age.
#[derive(Clone, Debug)]
pub(crate) struct Slots {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug)]
struct Inner {
    free: usize,
    arrivals: u64,
    /// By turn, and by arrival where two were submitted at the same time.
    waiting: BTreeMap<(Turn, u64), oneshot::Sender<Slot>>,
}

/// A place to run in; dropping it lets the next job run.
#[derive(Debug)]
pub(crate) struct Slot {
    slots: Slots,
}

impl Slots {
    pub(crate) fn new(count: usize) -> Self {
        let inner = Inner {
            free: count.max(1),
            arrivals: 0,
            waiting: BTreeMap::new(),
        };
        Self {
            inner: Arc::new(Mutex::new(inner)),
        }
    }

    /// Waits for a slot. The place in the queue is taken at once, not when the future is first polled.
    ///
    /// Dropping the future leaves the queue.
    pub(crate) fn acquire(&self, turn: Turn) -> impl Future<Output = Slot> + use<> {
        let (sender, receiver) = oneshot::channel();
        {
            let mut inner = self.lock();
            let arrival = inner.arrivals;
            inner.arrivals += 1;
            inner.waiting.insert((turn, arrival), sender);
        }
        self.hand_out();
        async move {
            receiver
                .await
                .expect("a sender leaves the queue by sending only")
        }
    }

    /// Gives free slots to those who wait.
    fn hand_out(&self) {
        loop {
            let sender = {
                let mut inner = self.lock();
                // Whoever went away must not cost a slot.
                inner.waiting.retain(|_, sender| !sender.is_closed());
                if inner.free == 0 {
                    return;
                }
                let Some((_, sender)) = inner.waiting.pop_first() else {
                    return;
                };
                inner.free -= 1;
                sender
            };
            // A receiver that vanished just now gives the slot back by dropping it.
            drop(sender.send(Slot {
                slots: self.clone(),
            }));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.slots.lock().free += 1;
        self.slots.hand_out();
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    fn turn(priority: i32) -> Turn {
        let submitted = Timestamp::from_millis(5);
        Turn {
            priority,
            submitted,
        }
    }

    #[test]
    fn of_the_same_priority_who_was_submitted_first_runs_first_even_if_it_compiled_longer() {
        let slots = Slots::new(1);
        let running = slots.acquire(turn(1)).now_or_never().unwrap();
        let mut waiting = [9, 7].map(|millis| {
            let submitted = Timestamp::from_millis(millis);
            slots
                .acquire(Turn {
                    priority: 1,
                    submitted,
                })
                .boxed()
        });
        drop(running);
        assert!((&mut waiting[0]).now_or_never().is_none());
        assert!((&mut waiting[1]).now_or_never().is_some());
    }

    #[test]
    fn the_lowest_number_runs_first_and_equals_run_in_order() {
        let slots = Slots::new(1);
        let running = slots.acquire(turn(9)).now_or_never().unwrap();
        let mut waiting = [5, 1, 5].map(|priority| slots.acquire(turn(priority)).boxed());
        assert!(waiting.iter_mut().all(|slot| slot.now_or_never().is_none()));

        drop(running);
        let first = (&mut waiting[1]).now_or_never().expect("priority 1");
        assert!((&mut waiting[0]).now_or_never().is_none());
        drop(first);
        let second = (&mut waiting[0])
            .now_or_never()
            .expect("the older of the two");
        assert!((&mut waiting[2]).now_or_never().is_none());
        drop(second);
        assert!((&mut waiting[2]).now_or_never().is_some());
    }

    #[test]
    fn who_leaves_the_queue_costs_nobody_a_slot() {
        let slots = Slots::new(2);
        let a = slots.acquire(turn(1)).now_or_never().unwrap();
        let b = slots.acquire(turn(1)).now_or_never().unwrap();
        drop(slots.acquire(turn(0)));
        let given_but_never_taken = slots.acquire(turn(0));
        drop(a);
        drop(given_but_never_taken);
        let c = slots.acquire(turn(1)).now_or_never();
        assert!(c.is_some());
        drop(b);
        assert!(slots.acquire(turn(1)).now_or_never().is_some());
    }
}
