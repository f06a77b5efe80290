//! So much of something for all, such as memory or requests in flight: who comes first is served
//! first.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::channel::oneshot;

/// An amount that is shared out. A clone is the same allowance.
#[derive(Clone, Debug)]
pub(crate) struct Allowance(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    capacity: usize,
    taken: usize,
    peak: usize,
    /// In the order of their coming, so that who wants much is not passed over for ever.
    waiting: VecDeque<(usize, oneshot::Sender<Share>)>,
}

impl Allowance {
    pub(crate) fn new(capacity: usize) -> Self {
        Self(Arc::new(Mutex::new(State {
            capacity: capacity.max(1),
            taken: 0,
            peak: 0,
            waiting: VecDeque::new(),
        })))
    }

    /// Waits until so much is free, and has it until the share is dropped. Who wants more than
    /// there is gets all of it.
    ///
    /// Dropping the future gives the place in the queue up.
    pub(crate) async fn take(&self, amount: usize) -> Share {
        let waiting = {
            let mut state = self.lock();
            let amount = amount.min(state.capacity);
            if state.waiting.is_empty() && state.fits(amount) {
                state.grant(amount);
                return self.share(amount);
            }
            let (sender, receiver) = oneshot::channel();
            state.waiting.push_back((amount, sender));
            receiver
        };
        waiting
            .await
            .expect("a sender is dropped only when it has sent, or with the allowance")
    }

    /// Changes how much there is. Less than is taken is fine: nobody gets any until it is free.
    pub(crate) fn set_capacity(&self, capacity: usize) {
        self.lock().capacity = capacity.max(1);
        self.serve();
    }

    /// How much is taken now.
    pub(crate) fn taken(&self) -> usize {
        self.lock().taken
    }

    /// The most that was ever taken at once.
    pub(crate) fn peak(&self) -> usize {
        self.lock().peak
    }

    fn share(&self, amount: usize) -> Share {
        Share {
            of: self.clone(),
            amount,
        }
    }

    fn serve(&self) {
        loop {
            // Sent without the lock: a share that nobody receives comes back through `drop`.
            let (amount, sender) = {
                let mut state = self.lock();
                let Some((amount, sender)) = state.waiting.front() else {
                    return;
                };
                // It may have been more than there is by now.
                let amount = (*amount).min(state.capacity);
                let left = sender.is_canceled();
                if !left && !state.fits(amount) {
                    return;
                }
                let Some((_, sender)) = state.waiting.pop_front() else {
                    return;
                };
                if left {
                    continue;
                }
                state.grant(amount);
                (amount, sender)
            };
            drop(sender.send(self.share(amount)));
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn fits(&self, amount: usize) -> bool {
        self.taken + amount <= self.capacity
    }

    fn grant(&mut self, amount: usize) {
        self.taken += amount;
        self.peak = self.peak.max(self.taken);
    }
}

/// A part of an allowance, free again when it is dropped.
#[derive(Debug)]
#[must_use]
pub(crate) struct Share {
    of: Allowance,
    amount: usize,
}

impl Drop for Share {
    fn drop(&mut self) {
        self.of.lock().taken -= self.amount;
        self.of.serve();
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;
    use futures::executor::block_on;

    use super::*;

    #[test]
    fn there_is_never_more_taken_than_there_is() {
        let memory = Allowance::new(10);
        let six = block_on(memory.take(6));
        let mut waiting = Box::pin(memory.take(5));
        assert!((&mut waiting).now_or_never().is_none());
        drop(six);
        let five = block_on(waiting);
        assert_eq!((five.amount, memory.taken(), memory.peak()), (5, 5, 6));
    }

    #[test]
    fn who_wants_much_is_not_passed_over() {
        let memory = Allowance::new(10);
        let first = block_on(memory.take(5));
        let mut much = Box::pin(memory.take(10));
        assert!((&mut much).now_or_never().is_none());
        let mut little = Box::pin(memory.take(1));
        assert!((&mut little).now_or_never().is_none(), "out of turn");
        drop(first);
        drop(block_on(much));
        drop(block_on(little));
        assert_eq!(memory.taken(), 0);
    }

    #[test]
    fn who_wants_more_than_there_is_gets_all_of_it() {
        let memory = Allowance::new(10);
        assert_eq!(block_on(memory.take(11)).amount, 10);
        assert_eq!(memory.taken(), 0);
    }

    #[test]
    fn who_leaves_the_queue_holds_nobody_up() {
        let memory = Allowance::new(10);
        let all = block_on(memory.take(10));
        let mut left = Box::pin(memory.take(10));
        assert!((&mut left).now_or_never().is_none());
        let mut stays = Box::pin(memory.take(3));
        assert!((&mut stays).now_or_never().is_none());
        drop(left);
        drop(all);
        let stays = stays.now_or_never().expect("its turn");
        assert_eq!(memory.taken(), 3);
        drop(stays);
        // A share that was granted and not yet received is not lost either.
        let all = block_on(memory.take(10));
        let mut granted = Box::pin(memory.take(10));
        assert!((&mut granted).now_or_never().is_none());
        drop(all);
        assert_eq!(memory.taken(), 10);
        drop(granted);
        assert_eq!(memory.taken(), 0);
    }

    #[test]
    fn less_to_share_out_takes_nothing_from_anybody() {
        let slots = Allowance::new(4);
        let held: Vec<_> = (0..4).map(|_| block_on(slots.take(1))).collect();
        slots.set_capacity(2);
        let mut next = Box::pin(slots.take(1));
        let mut held = held.into_iter();
        for _ in 0..2 {
            held.next();
            assert!((&mut next).now_or_never().is_none());
        }
        held.next();
        assert!(next.now_or_never().is_some());
    }
}
