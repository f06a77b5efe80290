//! How many jobs run at the same time, and which one is next.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// A bounded number of places to run in, given to waiting jobs by priority, then by age.
#[derive(Clone, Debug)]
pub(crate) struct Slots {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug)]
struct Inner {
    free: usize,
    arrivals: u64,
    /// By priority (lower runs first), then by arrival.
    waiting: BTreeMap<(i32, u64), oneshot::Sender<Slot>>,
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
    pub(crate) fn acquire(&self, priority: i32) -> impl Future<Output = Slot> + use<> {
        let (sender, receiver) = oneshot::channel();
        {
            let mut inner = self.lock();
            let arrival = inner.arrivals;
            inner.arrivals += 1;
            inner.waiting.insert((priority, arrival), sender);
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

    #[test]
    fn the_lowest_number_runs_first_and_equals_run_in_order() {
        let slots = Slots::new(1);
        let running = slots.acquire(9).now_or_never().unwrap();
        let mut waiting = [5, 1, 5].map(|priority| slots.acquire(priority).boxed());
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
        let a = slots.acquire(1).now_or_never().unwrap();
        let b = slots.acquire(1).now_or_never().unwrap();
        drop(slots.acquire(0));
        let given_but_never_taken = slots.acquire(0);
        drop(a);
        drop(given_but_never_taken);
        let c = slots.acquire(1).now_or_never();
        assert!(c.is_some());
        drop(b);
        assert!(slots.acquire(1).now_or_never().is_some());
    }
}
