//! Writes take effect once, whatever the network loses.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use futures::executor::block_on;
use testkit::context::World;

use aad_core::once::exactly_once;
use aad_core::retry::RetryPolicy;
use aad_core::{Error, ErrorKind};

/// Runs with scripted outcomes; gives the outcome and how many writes and looks there were.
fn run(
    writes: impl IntoIterator<Item = Result<u32, ErrorKind>>,
    looks: impl IntoIterator<Item = Result<Option<u32>, ErrorKind>>,
) -> (Result<u32, ErrorKind>, u32, u32) {
    let writes = RefCell::new(writes.into_iter().collect::<VecDeque<_>>());
    let looks = RefCell::new(looks.into_iter().collect::<VecDeque<_>>());
    let counts = (Cell::new(0), Cell::new(0));
    let error = |kind| Error::new(kind, "scripted");
    let outcome = block_on(exactly_once(
        &World::new().context(),
        &RetryPolicy::default().with_retries(2),
        || async {
            counts.0.set(counts.0.get() + 1);
            writes
                .borrow_mut()
                .pop_front()
                .expect("one more outcome is scripted")
                .map_err(error)
        },
        || async {
            counts.1.set(counts.1.get() + 1);
            looks
                .borrow_mut()
                .pop_front()
                .expect("one more outcome is scripted")
                .map_err(error)
        },
    ));
    let outcome = outcome.map_err(|error| error.kind());
    (outcome, counts.0.get(), counts.1.get())
}

#[test]
fn an_answer_is_believed_without_a_look() {
    assert_eq!(run([Ok(1)], []), (Ok(1), 1, 0));
    let refused = run([Err(ErrorKind::Conflict)], []);
    assert_eq!(refused, (Err(ErrorKind::Conflict), 1, 0));
}

#[test]
fn a_write_that_landed_is_not_sent_again() {
    for kind in [ErrorKind::Transient, ErrorKind::Protocol] {
        assert_eq!(run([Err(kind)], [Ok(Some(7))]), (Ok(7), 1, 1));
    }
}

#[test]
fn a_write_that_did_not_land_is_sent_again() {
    let lost = Err(ErrorKind::Transient);
    assert_eq!(run([lost, Ok(3)], [Ok(None)]), (Ok(3), 2, 1));
}

#[test]
fn a_refusal_after_an_open_outcome_is_looked_into() {
    // The first write arrived late: after the look, before the second write.
    let writes = [Err(ErrorKind::Transient), Err(ErrorKind::Conflict)];
    assert_eq!(run(writes, [Ok(None), Ok(Some(7))]), (Ok(7), 2, 2));
    let foreign = run(writes, [Ok(None), Ok(None)]);
    assert_eq!(foreign, (Err(ErrorKind::Conflict), 2, 2));
}

#[test]
fn patience_ends() {
    let lost = Err(ErrorKind::Transient);
    let never = run([lost; 3], [Ok(None); 3]);
    assert_eq!(never, (Err(ErrorKind::Transient), 3, 3));
    let unknown = run([lost], [Err(ErrorKind::Transient)]);
    assert_eq!(unknown, (Err(ErrorKind::Transient), 1, 1));
    let refused = run([lost], [Err(ErrorKind::Forbidden)]);
    assert_eq!(refused, (Err(ErrorKind::Forbidden), 1, 1));
}
