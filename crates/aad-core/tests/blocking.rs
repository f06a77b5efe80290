//! Waiting on threads.
#![cfg(feature = "blocking")]
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the sockets, timers and tasks of these tests are real"
)]

use std::future::{pending, poll_fn};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use aad_core::blocking::{Credential, Runtime};
use aad_core::{AccessToken, Error, ErrorKind, Result, TokenCredential, TokenRequest};
use async_trait::async_trait;
use futures::channel::oneshot;
use futures::future::{Either, select};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const TICK: Duration = Duration::from_millis(1);

/// Says `bytes` over a socket of this machine and hears them.
async fn echo(bytes: &[u8]) -> Vec<u8> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut client = TcpStream::connect(listener.local_addr().unwrap())
        .await
        .unwrap();
    let (mut server, _) = listener.accept().await.unwrap();
    server.write_all(bytes).await.unwrap();
    drop(server);
    let mut heard = Vec::new();
    client.read_to_end(&mut heard).await.unwrap();
    heard
}

#[test]
fn sockets_and_timers_work_while_a_thread_waits() {
    let runtime = Runtime::new().unwrap();
    assert_eq!(runtime.wait(echo(b"hello")), b"hello");
    let first =
        runtime.wait(async { select(Box::pin(tokio::time::sleep(TICK)), pending::<()>()).await });
    assert!(matches!(first, Either::Left(_)));
}

#[test]
fn what_a_call_left_running_goes_on_between_calls() {
    let runtime = Runtime::new().unwrap();
    let (send, receive) = oneshot::channel();
    // As an HTTP client does with a connection.
    runtime.wait(async {
        tokio::spawn(async move {
            tokio::time::sleep(TICK).await;
            send.send(7).unwrap();
        });
    });
    assert_eq!(futures::executor::block_on(receive), Ok(7));
}

#[test]
fn no_call_waits_for_the_call_of_another_thread() {
    let runtime = Runtime::new().unwrap();
    let (first_in, first_waits) = std::sync::mpsc::channel();
    let (release, released) = oneshot::channel();
    let stuck = thread::spawn({
        let runtime = runtime.clone();
        move || {
            runtime.wait(async {
                first_in.send(()).unwrap();
                released.await.unwrap()
            })
        }
    });
    first_waits.recv().unwrap();
    assert_eq!(runtime.wait(echo(b"meanwhile")), b"meanwhile");
    release.send(7).unwrap();
    assert_eq!(stuck.join().unwrap(), 7);
}

#[test]
fn within_an_async_runtime_it_works_without_a_panic() {
    let work = || {
        let runtime = Runtime::new().unwrap();
        let heard = runtime.wait(echo(b"within"));
        // Dropping the runtime here must not panic either.
        drop(runtime);
        heard
    };
    let outer = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    assert_eq!(outer.block_on(async { work() }), b"within");
    assert_eq!(
        outer.block_on(async { tokio::spawn(async move { work() }).await.unwrap() }),
        b"within"
    );
    assert_eq!(
        outer.block_on(async { tokio::task::spawn_blocking(work).await.unwrap() }),
        b"within"
    );
    let runtime = Runtime::new().unwrap();
    let nested = runtime.wait(async { runtime.wait(echo(b"nested")) });
    assert_eq!(nested, b"nested");
}

#[test]
fn a_long_call_within_a_task_does_not_run_out_of_the_budget_of_that_task() {
    let outer = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let count = outer.block_on(async {
        let task = tokio::spawn(async {
            Runtime::new().unwrap().wait(async {
                let semaphore = tokio::sync::Semaphore::new(1);
                for _ in 0..10_000 {
                    semaphore.acquire().await.unwrap().forget();
                    semaphore.add_permits(1);
                }
                10_000
            })
        });
        task.await.unwrap()
    });
    assert_eq!(count, 10_000);
}

#[test]
fn a_future_that_wakes_itself_is_polled_again() {
    let polls = AtomicUsize::new(0);
    Runtime::new().unwrap().wait(poll_fn(|context| {
        context.waker().wake_by_ref();
        match polls.fetch_add(1, Ordering::SeqCst) {
            3 => Poll::Ready(()),
            _ => Poll::Pending,
        }
    }));
    assert_eq!(polls.into_inner(), 4);
}

/// The inner wait parks the same thread, and must not take the outer one's wake-up with it.
#[test]
fn a_future_that_waits_itself_is_polled_again() {
    let (send, receive) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let runtime = Runtime::new().unwrap();
        let mut polls = 0;
        let inner = runtime.clone();
        runtime.wait(poll_fn(move |context| {
            polls += 1;
            if polls == 2 {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            inner.wait(tokio::task::yield_now());
            Poll::Pending
        }));
        send.send(()).unwrap();
    });
    receive.recv_timeout(Duration::from_secs(10)).unwrap();
}

#[test]
fn the_last_clone_ends_the_thread_and_what_it_runs() {
    struct Told(Option<oneshot::Sender<()>>);
    impl Drop for Told {
        fn drop(&mut self) {
            let _ = self.0.take().unwrap().send(());
        }
    }
    let (send, dropped) = oneshot::channel();
    let runtime = Runtime::new().unwrap();
    let other = runtime.clone();
    runtime.wait(async {
        let told = Told(Some(send));
        tokio::spawn(async move {
            pending::<()>().await;
            drop(told);
        });
    });
    drop(runtime);
    assert_eq!(other.wait(echo(b"still here")), b"still here");
    drop(other);
    assert_eq!(futures::executor::block_on(dropped), Ok(()));
}

/// Gives a token for one scope, after a while, and refuses all others.
#[derive(Debug)]
struct Slow;

#[async_trait]
impl TokenCredential for Slow {
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        tokio::time::sleep(TICK).await;
        match request.scopes.as_slice() {
            [scope] if scope == "known" => {
                let expires = time::macros::datetime!(2999-01-01 00:00 UTC);
                Ok(AccessToken::new("tok", expires))
            }
            _ => Err(Error::new(ErrorKind::Request, "no such scope")),
        }
    }
}

#[test]
fn a_credential_waits_for_its_token_or_its_error() {
    let credential = Credential::new(Arc::new(Slow)).unwrap();
    let token = credential.token(&TokenRequest::new(["known"])).unwrap();
    assert_eq!(token.token.expose(), "tok");
    let error = credential
        .token(&TokenRequest::new(["unknown"]))
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    assert!(credential.explain().into_sources().is_empty());
}
