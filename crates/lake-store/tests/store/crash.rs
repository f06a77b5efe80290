//! A process that dies, or whose disk fails, at any step of the disk, and what it and the next one
//! find.
//!
//! The rule: of an operation that was acknowledged everything is there; of one that was not, all
//! or nothing; and no rows or bytes lie around that belong to nobody, as the verifier knows.

mod power;
mod scripts;
mod seen;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use lake_store::testing::{self, Fault, FaultyDisk, XorShift};
use lake_store::{Ambient, Durability, Severity};

use scripts::Script;
use seen::{NEXT_PROCESS, Seen, Session};

/// What fails, and when.
trait World {
    fn has_failed(&self) -> bool;
    /// Whether the process goes on after the fault, which is then over.
    fn lives_on(&self) -> bool;
}

impl World for (FaultyDisk, Fault) {
    fn has_failed(&self) -> bool {
        self.0.has_failed()
    }

    fn lives_on(&self) -> bool {
        self.0.recover();
        matches!(self.1, Fault::Error | Fault::Full)
    }
}

/// Runs the script until it ends or an operation fails. Gives what must be seen: after the last
/// operation that was acknowledged, and after the one that was not. A process that has not died
/// must see it at once, and go on.
fn run(
    script: &Script,
    folder: &Path,
    durability: Durability,
    ambient: Ambient,
    world: &dyn World,
) -> (Seen, Seen) {
    let clock = Arc::new(testing::ManualClock::new(seen::FIRST_PROCESS));
    let ambient = ambient.with_clock(clock.clone());
    let mut before = Seen::default();
    let Ok(session) = Session::open(folder, durability, ambient, &clock) else {
        assert!(world.has_failed());
        return (before.clone(), before);
    };
    for (index, (act, expect)) in script.iter().enumerate() {
        let mut after = before.clone();
        expect(&mut after);
        if let Err(error) = act(&session) {
            assert!(world.has_failed(), "operation {index}: {error:?}");
            if world.lives_on() {
                let seen = live_on(&session, &before, &after);
                return (seen.clone(), seen);
            }
            return (before, after);
        }
        before = after;
    }
    (before.clone(), before)
}

/// Goes on after a fault, and gives what can be seen.
fn live_on(session: &Session, before: &Seen, after: &Seen) -> Seen {
    let seen = session.see();
    check_seen(&seen, before, after);
    let mut seen = seen.published();
    if seen.accounts == 0 {
        return seen;
    }
    session.create("/again", b"works").unwrap();
    session
        .append("/again", b"!", lake_store::SyncFlag::Close)
        .unwrap();
    session.rename("/again", "/again2").unwrap();
    session.delete("/again2").unwrap();
    let found = session.store.verify().unwrap().into_iter();
    let damage = found.filter(|finding| finding.problem.severity() != Severity::Unfinished);
    assert_eq!(damage.collect::<Vec<_>>(), []);
    seen.trash.push("/again2".into());
    seen.trash.sort();
    assert_eq!(session.see(), seen);
    seen
}

fn check_every_step(script: &Script, fault: Fault) -> u64 {
    let mut random = XorShift::new(5);
    let mut step = 0;
    loop {
        let folder = tempfile::tempdir().unwrap();
        let disk = FaultyDisk::new(step, fault);
        let (ambient, _) = testing::ambient(3);
        let ambient = ambient.with_disk(Arc::new(disk.clone()));
        let process = Durability::Process;
        let world = (disk.clone(), fault);
        let (before, after) = run(script, folder.path(), process, ambient, &world);
        // The next process may die while it settles what this one left.
        let again = FaultyDisk::new(random.below(40), Fault::Crash);
        let (ambient, clock) = testing::ambient(4);
        clock.set(NEXT_PROCESS);
        let dying = ambient.clone().with_disk(Arc::new(again));
        drop(Session::open(folder.path(), process, dying, &clock));
        let session = Session::open(folder.path(), process, ambient, &clock).unwrap();
        assert_eq!(
            session.store.verify().unwrap(),
            [],
            "step {step}, {fault:?}"
        );
        let seen = session.see();
        check_seen(&seen, &before, &after);
        assert_eq!(
            session.store.verify().unwrap(),
            [],
            "step {step}, {fault:?}"
        );
        check_host(folder.path(), &seen);
        assert_eq!(session.store.skipped(), []);
        if !disk.has_failed() {
            assert_eq!(seen, after);
            return step;
        }
        step += 1;
    }
}

fn check_seen(seen: &Seen, before: &Seen, after: &Seen) {
    assert!(
        seen == before || seen == after,
        "{seen:#?}\nis neither {before:#?}\nnor {after:#?}"
    );
}

/// What is on the host is what is in the lake, and no more.
fn check_host(folder: &Path, seen: &Seen) {
    let account = folder.join("lakestore");
    if seen.accounts > 0 {
        let mut names = BTreeMap::new();
        collect(&account, "", &mut names);
        let whole = |file: &(Vec<u8>, Vec<u8>)| [&file.0[..], &file.1[..]].concat();
        let expected = seen.names.iter();
        let expected = expected.map(|(path, file)| (path.clone(), file.as_ref().map(whole)));
        assert!(names == expected.collect::<BTreeMap<_, _>>());
    }
    let left = |folder_name: &str| {
        let entries = std::fs::read_dir(folder.join(".lake").join(folder_name));
        entries.unwrap().count()
    };
    assert_eq!(left("discarded"), 0);
    // What is in the trash may have unpublished bytes, and nothing else has by now.
    assert!(left("spool") == 0 || !seen.trash.is_empty());
    assert_eq!(left("trash"), seen.trash.len());
}

fn collect(folder: &Path, path: &str, names: &mut BTreeMap<String, Option<Vec<u8>>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{path}/{}", entry.file_name().into_string().unwrap());
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &path, names);
            names.insert(path, None);
        } else {
            names.insert(path, Some(std::fs::read(entry.path()).unwrap()));
        }
    }
}

/// A crash in the middle of a write, which is one before any other step, comes first.
const FAULTS: [Fault; 4] = [Fault::Crash, Fault::CrashAfter, Fault::Error, Fault::Full];

fn check_every_fault(script: &Script, fewest: u64) {
    for fault in FAULTS {
        let steps = check_every_step(script, fault);
        assert!(steps > fewest);
    }
}

#[test]
fn whatever_step_of_any_change_fails_it_happens_as_a_whole_or_not_at_all() {
    check_every_fault(&scripts::session(), 100);
}

#[test]
fn a_crash_at_any_step_of_a_long_append_loses_nothing_that_was_acknowledged() {
    let steps = check_every_step(&scripts::long_session(), Fault::Crash);
    assert!(steps > 20);
}

#[test]
fn a_long_body_and_a_writer_that_holds_its_file_are_safe_whatever_step_fails() {
    check_every_fault(&scripts::writers_session(), 20);
}

#[test]
fn attributes_are_changed_or_not_whatever_step_fails() {
    check_every_fault(&scripts::attributes_session(), 20);
}

#[test]
fn a_crash_before_any_step_loses_nothing_either() {
    let steps = check_every_step(&scripts::writers_session(), Fault::CrashBefore);
    assert!(steps > 20);
}

#[test]
fn what_is_deleted_is_in_the_trash_or_where_it_was_whatever_step_fails() {
    check_every_fault(&scripts::trash_session(), 50);
}

#[test]
fn a_concurrent_append_is_all_there_or_not_at_all_whatever_step_fails() {
    check_every_fault(&scripts::concurrent_session(), 20);
}

#[test]
fn a_file_that_expires_is_there_or_gone_as_was_said_whatever_step_fails() {
    check_every_fault(&scripts::expiring_session(), 20);
}

#[test]
fn a_lake_whose_disk_is_full_can_be_read_and_freed() {
    let folder = tempfile::tempdir().unwrap();
    let open = |disk: &FaultyDisk| {
        let (ambient, clock) = testing::ambient(3);
        let ambient = ambient.with_disk(Arc::new(disk.clone()));
        Session::open(folder.path(), Durability::Process, ambient, &clock).unwrap()
    };
    let whole = FaultyDisk::new(u64::MAX, Fault::Full);
    let script = scripts::attributes_session();
    let session = open(&whole);
    for (act, _) in &script {
        act(&session).unwrap();
    }
    let seen = session.see();
    drop(session);
    let counted = FaultyDisk::new(u64::MAX, Fault::Full);
    let session = open(&counted);
    let steps = counted.steps();
    drop(session);
    let full = FaultyDisk::new(steps, Fault::Full);
    let session = open(&full);
    assert!(session.create("/more", b"bytes").is_err());
    assert_eq!(session.see(), seen);
    session.delete("/e/a").unwrap();
    assert!(session.see().names.contains_key("/e"));
    assert_eq!(session.see().trash, ["/e/a"]);
}
