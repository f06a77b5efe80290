//! Decides between a job that publishes its outputs and whoever wants to stop it: the first one wins.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Why a job may not publish any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// Somebody cancelled it: their name.
    Cancelled(String),
    /// The lake shuts down.
    Shutdown,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Open,
    Committed,
    Stopped(Stopped),
}

/// One job's gate between its staged outputs and the store.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    state: Mutex<State>,
}

impl Gate {
    /// Publishes, unless the job was stopped. After that nobody can stop it.
    ///
    /// Blocks [`Gate::stop`] until it is done, so that "cancelled" never means "half published".
    pub(crate) fn commit<T, E>(
        &self,
        publish: impl FnOnce() -> Result<T, E>,
    ) -> Result<Result<T, E>, Stopped> {
        let mut state = self.lock();
        if let State::Stopped(stopped) = &*state {
            return Err(stopped.clone());
        }
        let published = publish();
        if published.is_ok() {
            *state = State::Committed;
        }
        Ok(published)
    }

    /// Stops the job; `false` when it has published already and will end by itself. May block.
    pub(crate) fn stop(&self, why: Stopped) -> bool {
        let mut state = self.lock();
        match &*state {
            State::Open => *state = State::Stopped(why),
            State::Stopped(_) => {}
            State::Committed => return false,
        }
        true
    }

    /// Why the job was stopped, if it was.
    pub(crate) fn stopped(&self) -> Option<Stopped> {
        match &*self.lock() {
            State::Stopped(why) => Some(why.clone()),
            _ => None,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic while publishing leaves the gate open, which is true: nothing was published.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cancelled() -> Stopped {
        Stopped::Cancelled("ann".into())
    }

    #[test]
    fn what_comes_first_wins() {
        let gate = Gate::default();
        assert!(gate.stop(cancelled()));
        assert_eq!(gate.commit(|| Ok::<_, ()>(1)), Err(cancelled()));
        assert_eq!(gate.stopped(), Some(cancelled()));

        let gate = Gate::default();
        assert_eq!(gate.commit(|| Ok::<_, ()>(1)), Ok(Ok(1)));
        assert!(!gate.stop(cancelled()));
        assert_eq!(gate.stopped(), None);
    }

    #[test]
    fn a_publication_that_failed_or_panicked_can_still_be_cancelled() {
        let gate = Gate::default();
        assert_eq!(
            gate.commit(|| Err::<(), _>("disk full")),
            Ok(Err("disk full"))
        );
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _ = gate.commit(|| -> Result<(), ()> { panic!("bug") });
        }));
        assert!(panicked.is_err());
        assert!(gate.stop(cancelled()));
    }

    #[test]
    fn the_first_reason_to_stop_stays() {
        let gate = Gate::default();
        assert!(gate.stop(cancelled()));
        assert!(gate.stop(Stopped::Shutdown));
        assert_eq!(gate.stopped(), Some(cancelled()));
    }
}
