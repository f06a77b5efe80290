//! A machine that loses power at any step of the disk, and what is there when it is back.

use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::Arc;

use lake_store::Durability;
use lake_store::testing::{self, VolatileDisk};

use super::scripts::{self, Script};
use super::seen::{NEXT_PROCESS, Seen, Session};
use super::{World, check_seen, run};

/// Ways in which a disk can be found after the same loss.
const LOSSES: u64 = 3;

const ROOT: &str = "/disk/lake";

impl World for VolatileDisk {
    fn has_failed(&self) -> bool {
        self.has_failed()
    }

    fn lives_on(&self) -> bool {
        false
    }
}

/// What is seen before and after the operation at which the power failed.
fn run_until_dark(script: &Script, durability: Durability, disk: &VolatileDisk) -> (Seen, Seen) {
    let (ambient, _) = testing::ambient(3);
    let ambient = ambient.with_disk(Arc::new(disk.clone()));
    run(script, Path::new(ROOT), durability, ambient, disk)
}

fn light_again(durability: Durability, disk: VolatileDisk) -> lake_store::Result<Session> {
    let (ambient, clock) = testing::ambient(4);
    clock.set(NEXT_PROCESS);
    let ambient = ambient.with_disk(Arc::new(disk));
    Session::open(Path::new(ROOT), durability, ambient, &clock)
}

fn check_every_loss(script: &Script) -> u64 {
    let power = Durability::Power;
    for step in 0.. {
        let disk = VolatileDisk::new(step);
        let (before, after) = run_until_dark(script, power, &disk);
        for loss in 0..LOSSES {
            let session = light_again(power, disk.lose_power(step * LOSSES + loss)).unwrap();
            assert_eq!(
                session.store.verify().unwrap(),
                [],
                "step {step}, loss {loss}"
            );
            check_seen(&session.see(), &before, &after);
        }
        if !disk.has_failed() {
            assert_eq!(before, after);
            return step;
        }
    }
    0
}

#[test]
fn what_was_acknowledged_survives_a_loss_of_power_at_any_step() {
    assert!(check_every_loss(&scripts::session()) > 100);
}

#[test]
fn the_trash_survives_a_loss_of_power_at_any_step() {
    assert!(check_every_loss(&scripts::trash_session()) > 50);
}

#[test]
fn writers_attributes_and_concurrent_appends_survive_a_loss_of_power_at_any_step() {
    assert!(check_every_loss(&scripts::writers_session()) > 20);
    assert!(check_every_loss(&scripts::attributes_session()) > 20);
    assert!(check_every_loss(&scripts::concurrent_session()) > 20);
}

#[test]
fn a_lake_that_was_not_asked_to_survive_a_loss_of_power_does_not() {
    let disk = VolatileDisk::new(u64::MAX);
    let (_, after) = run_until_dark(&scripts::session(), Durability::Process, &disk);
    // The database cannot be read, or things are missing in it.
    let survives = |seed| {
        let see = || light_again(Durability::Process, disk.lose_power(seed)).map(|it| it.see());
        let seen = std::panic::catch_unwind(AssertUnwindSafe(see));
        seen.is_ok_and(|seen| seen.is_ok_and(|seen| seen == after))
    };
    assert!(!(0..LOSSES).any(survives));
}
