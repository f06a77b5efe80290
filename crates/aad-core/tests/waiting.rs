//! Paging and polling in simulated time.

use std::cell::Cell;
use std::time::Duration;

use aad_core::paging::pages;
use aad_core::polling::{PollPolicy, Polled, poll};
use aad_core::retry::Backoff;
use aad_core::{Error, ErrorKind};
use futures::executor::block_on;
use futures::{StreamExt, TryStreamExt};
use testkit::context::World;

const SECOND: Duration = Duration::from_secs(1);

fn is_send<T: Send>(value: T) -> T {
    value
}

#[test]
fn a_page_is_fetched_only_when_it_is_asked_for() {
    let fetched = Cell::new(0);
    let list = pages(0, |n| {
        fetched.set(fetched.get() + 1);
        async move { Ok((n, Some(n + 1))) }
    });
    let first: Vec<i32> = block_on(list.take(2).try_collect()).unwrap();
    assert_eq!((first, fetched.get()), (vec![0, 1], 2));
}

#[test]
fn a_list_ends_with_its_first_error() {
    let list = is_send(pages(0, |n| async move {
        if n < 2 {
            Ok((n, Some(n + 1)))
        } else {
            Err(Error::new(ErrorKind::NotFound, "gone"))
        }
    }));
    let found: Vec<_> = block_on(list.collect());
    assert_eq!(found.len(), 3);
    assert_eq!(found[2].as_ref().unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn a_list_that_goes_in_a_circle_is_an_error() {
    let list = pages("x", |link| async move { Ok(((), Some(link))) });
    let error = block_on(list.try_collect::<Vec<_>>()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
}

#[test]
fn looks_are_as_far_apart_as_the_policy_or_the_service_says() {
    let world = World::new();
    let context = world.context();
    let start = world.clock.now();
    let policy =
        PollPolicy::default().with_backoff(Backoff::new(SECOND, SECOND * 3).with_jitter(0.0));
    let mut times = Vec::new();
    let looks = is_send(poll(&context, &policy, || {
        times.push((world.clock.now() - start).whole_seconds());
        let n = times.len();
        async move {
            Ok(match n {
                6 => Polled::Done("done"),
                3 => Polled::Again {
                    after: Some(SECOND * 10),
                },
                _ => Polled::Again { after: None },
            })
        }
    }));
    assert_eq!(block_on(looks).unwrap(), "done");
    assert_eq!(times, [0, 1, 3, 13, 16, 19]);
}

#[test]
fn what_does_not_end_in_time_is_given_up() {
    let world = World::new();
    let context = world.context();
    let start = world.clock.now();
    let policy = PollPolicy::default().with_timeout(SECOND * 60);
    let result = block_on(poll::<(), _, _>(&context, &policy, || async {
        Ok(Polled::Again {
            after: Some(SECOND * 25),
        })
    }));
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!(world.clock.now() - start, SECOND * 50);
}

#[test]
fn no_span_is_too_long() {
    let world = World::new();
    let context = world.context();
    let policy = PollPolicy::default().with_timeout(SECOND);
    let result = block_on(poll::<(), _, _>(&context, &policy, || async {
        Ok(Polled::Again {
            after: Some(Duration::MAX),
        })
    }));
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Cancelled);
}
