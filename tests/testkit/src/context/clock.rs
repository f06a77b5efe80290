//! Time that passes only when somebody sleeps.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::Duration;

use aad_core::context::Clock;
use time::OffsetDateTime;
use time::macros::datetime;

use super::lock;

/// How often the earliest sleeper lets everybody else run before it moves the clock.
///
/// Other work of the same executor that is ready, and work that this wakes in a few steps, happens
/// before time passes; so an answer that is ready wins over a timeout.
const PATIENCE: u32 = 100;

/// A clock that stands still until everybody who has something to do has done it, and then jumps
/// to the earliest sleeper. A clone is the same clock.
#[derive(Clone, Debug)]
pub struct SimulatedClock(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    now: OffsetDateTime,
    next_id: u64,
    sleepers: BTreeMap<(OffsetDateTime, u64), Option<Waker>>,
    /// How many hold the clock.
    held: usize,
}

impl Default for SimulatedClock {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(State {
            now: datetime!(2026-11-20 10:00:00 UTC),
            next_id: 0,
            sleepers: BTreeMap::new(),
            held: 0,
        })))
    }
}

impl SimulatedClock {
    /// The time now.
    pub fn now(&self) -> OffsetDateTime {
        lock(&self.0).now
    }

    /// Moves the clock on, waking whoever has slept long enough.
    pub fn advance(&self, by: Duration) {
        let mut state = lock(&self.0);
        state.now += by;
        state.wake_all();
    }

    /// Lets no time pass until the guard is dropped: something happens in real time.
    #[must_use]
    pub fn hold(&self) -> Held {
        lock(&self.0).held += 1;
        Held(self.clone())
    }
}

impl State {
    fn wake_all(&mut self) {
        for waker in self.sleepers.values_mut() {
            if let Some(waker) = waker.take() {
                waker.wake();
            }
        }
    }
}

/// While there is one, the clock stands still.
#[derive(Debug)]
pub struct Held(SimulatedClock);

impl Drop for Held {
    fn drop(&mut self) {
        let mut state = lock(&self.0.0);
        state.held -= 1;
        if state.held == 0 {
            state.wake_all();
        }
    }
}

impl Clock for SimulatedClock {
    fn now(&self) -> OffsetDateTime {
        Self::now(self)
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let mut state = lock(&self.0);
        let key = (state.now + duration, state.next_id);
        state.next_id += 1;
        Box::pin(Sleep {
            clock: self.clone(),
            key,
            patience: PATIENCE,
        })
    }
}

struct Sleep {
    clock: SimulatedClock,
    key: (OffsetDateTime, u64),
    patience: u32,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut std::task::Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let mut state = lock(&this.clock.0);
        if state.now >= this.key.0 {
            return Poll::Ready(());
        }
        state.sleepers.insert(this.key, Some(cx.waker().clone()));
        let earliest = state.sleepers.keys().next() == Some(&this.key);
        if !earliest {
            // Whoever is earlier wakes this one when it is gone.
            this.patience = PATIENCE;
        } else if state.held > 0 {
            this.patience = PATIENCE;
        } else if this.patience > 0 {
            this.patience -= 1;
            cx.waker().wake_by_ref();
        } else {
            state.now = this.key.0;
            return Poll::Ready(());
        }
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        let mut state = lock(&self.clock.0);
        state.sleepers.remove(&self.key);
        if let Some(mut next) = state.sleepers.first_entry()
            && let Some(waker) = next.get_mut().take()
        {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::executor::block_on;
    use futures::future::{join, select};

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn sleepers_wake_in_the_order_of_their_deadlines() {
        let clock = SimulatedClock::default();
        let start = clock.now();
        let order = Mutex::new(Vec::new());
        let sleeper = |seconds: u32| {
            let (clock, order) = (&clock, &order);
            async move {
                clock.sleep(SECOND * seconds).await;
                lock(order).push((seconds, (clock.now() - start).whole_seconds()));
            }
        };
        block_on(join(join(sleeper(3), sleeper(1)), sleeper(2)));
        assert_eq!(*lock(&order), [(1, 1), (2, 2), (3, 3)]);
    }

    #[test]
    fn no_time_passes_while_something_happens_in_real_time() {
        let clock = SimulatedClock::default();
        let before = clock.now();
        let held = clock.hold();
        let (done, answer) = futures::channel::oneshot::channel();
        let other = std::thread::spawn({
            let clock = clock.clone();
            move || {
                // Far more than a sleeper's patience.
                for _ in 0..1000 {
                    std::thread::yield_now();
                }
                let now = clock.now();
                drop(held);
                done.send(now).unwrap();
            }
        });
        block_on(clock.sleep(SECOND));
        other.join().unwrap();
        assert_eq!(block_on(answer).unwrap(), before);
        assert_eq!(clock.now(), before + SECOND);
    }

    #[test]
    fn a_sleep_that_is_given_up_holds_nobody_back() {
        let clock = SimulatedClock::default();
        let start = clock.now();
        block_on(select(clock.sleep(SECOND), clock.sleep(SECOND * 60)));
        assert_eq!(clock.now() - start, SECOND);
        block_on(clock.sleep(SECOND * 100));
        assert_eq!(clock.now() - start, SECOND * 101);
    }
}
