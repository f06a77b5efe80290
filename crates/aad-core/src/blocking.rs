//! For programs that are not async: clients that wait.
//!
//! A program makes one [`Runtime`] and lends it to whatever is to wait, such as a [`Credential`].

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use tokio::task::unconstrained;

use crate::{AccessToken, Error, ErrorKind, Explanation, Result, TokenCredential, TokenRequest};

/// What moves sockets and timers while threads wait: one thread of its own.
///
/// A clone is cheap and shares the thread, which ends with the last clone. Any number of threads
/// may wait at once; each works on its own call, so that no call waits for another's. What several
/// of them need, such as a token, is fetched once.
///
/// ```
/// use aad_core::blocking::Runtime;
///
/// let runtime = Runtime::new()?;
/// assert_eq!(runtime.wait(async { 6 * 7 }), 42);
/// # Ok::<(), aad_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Runtime(Arc<Owned>);

/// `None` only while it is dropped.
struct Owned(Option<tokio::runtime::Runtime>);

impl Runtime {
    /// Starts the thread.
    ///
    /// # Errors
    /// [`ErrorKind::Transient`] if the system has no thread or no socket to spare.
    pub fn new() -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("aad-blocking")
            .enable_all()
            .build();
        let runtime = runtime.map_err(|error| {
            let message = "the thread that moves sockets and timers cannot be started";
            Error::new(ErrorKind::Transient, message).with_source(error)
        })?;
        Ok(Self(Arc::new(Owned(Some(runtime)))))
    }

    /// Works on the future on this thread until it is done.
    ///
    /// Called within an async runtime it does not panic and, its sockets and timers being moved by
    /// a thread of its own, not wait for itself; but it keeps that runtime's thread from other
    /// work. There, await the future, or call this through `spawn_blocking`.
    ///
    /// A timer of tokio can be made only where its runtime is: within the future, such as an
    /// `async` block.
    pub fn wait<F: Future>(&self, future: F) -> F::Output {
        let runtime = self.0.0.as_ref().expect("it is there until it is dropped");
        let _entered = runtime.enter();
        // Within a task of another runtime the future would use up that task's budget, which is
        // not given anew before this returns.
        let mut future = pin!(unconstrained(future));
        let woken = Arc::new(Woken {
            thread: thread::current(),
            again: AtomicBool::new(false),
        });
        let waker = Waker::from(Arc::clone(&woken));
        let mut context = Context::from_waker(&waker);
        loop {
            match future.as_mut().poll(&mut context) {
                Poll::Ready(output) => return output,
                Poll::Pending => woken.wait(),
            }
        }
    }
}

impl Drop for Owned {
    /// Does not wait, because it may happen on a thread of an async runtime, which must not.
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Runtime")
    }
}

/// A thread that waits, and whether its future wants to be polled again. The thread's own mark
/// does not tell: whatever else parks the thread while the future is polled takes it away.
struct Woken {
    thread: Thread,
    again: AtomicBool,
}

impl Woken {
    fn wait(&self) {
        while !self.again.swap(false, Ordering::Acquire) {
            thread::park();
        }
    }
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.again.store(true, Ordering::Release);
        self.thread.unpark();
    }
}

/// A credential whose callers wait.
///
/// ```
/// # use std::sync::Arc;
/// # use aad_core::{Result, TokenCredential, TokenRequest};
/// use aad_core::blocking::Credential;
///
/// # fn example(credential: Arc<dyn TokenCredential>) -> Result<()> {
/// let credential = Credential::new(credential)?;
/// let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
/// let token = credential.token(&request)?;
/// println!("valid until {}", token.expires_on);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Credential {
    credential: Arc<dyn TokenCredential>,
    runtime: Runtime,
}

impl Credential {
    /// This credential, on a runtime of its own. Nothing is sent yet.
    ///
    /// # Errors
    /// As [`Runtime::new`].
    pub fn new(credential: Arc<dyn TokenCredential>) -> Result<Self> {
        Ok(Self::on(&Runtime::new()?, credential))
    }

    /// This credential, on a runtime that others use too. Nothing is sent yet.
    pub fn on(runtime: &Runtime, credential: Arc<dyn TokenCredential>) -> Self {
        Self {
            credential,
            runtime: runtime.clone(),
        }
    }

    /// A token that is valid now for what `request` names.
    ///
    /// # Errors
    /// Those of the credential.
    pub fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        self.runtime.wait(self.credential.token(request))
    }

    /// A dry run: what each source looks for here, what it found, and what to do.
    pub fn explain(&self) -> Explanation {
        self.runtime.wait(self.credential.explain())
    }
}
