//! The one place where the service starts work that outlives a call, so that shutdown can wait for all of it.

use std::future::Future;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Everything that runs beside the requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tasks {
    tracker: TaskTracker,
    stop: CancellationToken,
}

impl Tasks {
    /// Runs synchronous work (the store's calls) where it may block.
    ///
    /// Dropping the future does not stop the work: a store operation that has begun is finished.
    /// A panic inside goes on in the caller.
    pub(crate) async fn blocking<T, F>(&self, work: F) -> T
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        match self.tracker.spawn_blocking(work).await {
            Ok(value) => value,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // A blocking task is cancelled only when the runtime goes away with it still queued.
                Err(_) => std::future::pending().await,
            },
        }
    }

    /// Starts a task that shutdown waits for. It should end soon after [`Tasks::stop`] was cancelled.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.tracker.spawn(task);
    }

    /// How many tasks have not ended.
    #[cfg(test)]
    pub(crate) fn running(&self) -> usize {
        self.tracker.len()
    }

    /// Cancelled when the lake shuts down.
    pub(crate) fn stop(&self) -> &CancellationToken {
        &self.stop
    }

    /// Asks every task to end and waits until all did.
    pub(crate) async fn shutdown(&self) {
        self.stop.cancel();
        self.tracker.close();
        self.tracker.wait().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn shutdown_waits_for_blocking_work_whose_caller_went_away() {
        let tasks = Tasks::default();
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let (done, was_done) = std::sync::mpsc::channel();
        let call = tasks.blocking(move || {
            let _ = wait.recv();
            let _ = done.send(());
        });
        {
            let mut call = std::pin::pin!(call);
            assert!(futures::poll!(&mut call).is_pending());
        }
        go.send(()).unwrap();
        tasks.shutdown().await;
        assert!(was_done.try_recv().is_ok());
    }

    #[tokio::test]
    async fn a_task_sees_the_stop() {
        let tasks = Tasks::default();
        let stop = tasks.stop().clone();
        tasks.spawn(async move { stop.cancelled().await });
        tasks.shutdown().await;
    }
}
