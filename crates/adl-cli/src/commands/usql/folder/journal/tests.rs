//! A run that is killed, or whose disk fails, at any step, and what the next one finds.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;

use lake_store::testing::{Fault, FaultyDisk};
use lake_store::{Ambient, Disk, SystemDisk};

use super::{Journal, recover};
use crate::commands::usql::folder::outputs::{Staged, publish};

/// What a run writes: over a file, beside one, in new folders, and nothing at all.
const OUTPUTS: [&str; 4] = ["a.csv", "d/e/b.csv", "d/c.csv", "x/y.csv"];

/// A folder with two of the files, another one, and an empty folder.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.csv"), "old").unwrap();
    fs::write(folder.path().join("other"), "other").unwrap();
    fs::create_dir(folder.path().join("x")).unwrap();
    fs::write(folder.path().join("x/y.csv"), "old").unwrap();
    folder
}

/// Every file below a folder with its text, and every folder.
fn contents(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            let inner = contents(&path).into_iter();
            found.extend(inner.map(|(inner, text)| (format!("{name}/{inner}"), text)));
            found.insert(format!("{name}/"), String::new());
        } else {
            found.insert(name, fs::read_to_string(path).unwrap());
        }
    }
    found
}

/// The folder when the run is done.
fn done() -> BTreeMap<String, String> {
    let folder = folder();
    fs::create_dir_all(folder.path().join("d/e")).unwrap();
    for output in OUTPUTS {
        fs::write(folder.path().join(output), format!("new {output}")).unwrap();
    }
    contents(folder.path())
}

fn stage(journal: &Arc<Journal>, output: &str) -> io::Result<Staged> {
    let mut staged = Staged::in_file(journal, output, Arc::default())?;
    write!(staged, "new {output}")?;
    staged.flush()?;
    Ok(staged)
}

/// A run over a disk. The second output is begun twice, as a stage that is done again begins it.
fn run(disk: Arc<dyn Disk>, folder: &Path) -> io::Result<()> {
    let ambient = Ambient::system().with_disk(disk);
    let journal = Arc::new(Journal::begin(&ambient, folder)?);
    let mut staged = Vec::new();
    for output in OUTPUTS {
        staged.push(stage(&journal, output)?);
    }
    staged[1] = stage(&journal, OUTPUTS[1])?;
    drop(journal);
    publish(staged).map(drop)
}

fn disk() -> Arc<dyn Disk> {
    Arc::new(SystemDisk)
}

#[test]
fn outputs_appear_together_and_replace_what_was_there() {
    let folder = folder();
    run(disk(), folder.path()).unwrap();
    assert_eq!(contents(folder.path()), done());
}

#[test]
fn nothing_is_left_of_outputs_that_never_appear() {
    let folder = folder();
    let before = contents(folder.path());
    let journal = Arc::new(Journal::begin(&Ambient::system(), folder.path()).unwrap());
    let staged = OUTPUTS.map(|output| stage(&journal, output).unwrap());
    drop(journal);
    drop(staged);
    assert_eq!(contents(folder.path()), before);
}

#[test]
fn if_one_cannot_appear_none_does() {
    for (position, output) in OUTPUTS.into_iter().enumerate() {
        let folder = folder();
        let journal = Arc::new(Journal::begin(&Ambient::system(), folder.path()).unwrap());
        let staged = OUTPUTS.map(|output| stage(&journal, output).unwrap());
        drop(journal);
        // A folder that came in between: no file can take its name.
        let taken = folder.path().join(output);
        let _ = fs::remove_file(&taken);
        fs::create_dir_all(taken).unwrap();
        let mut before = contents(folder.path());
        before.retain(|name, _| !name.contains(super::PREFIX));
        publish(Vec::from(staged)).unwrap_err();
        if position != 1 {
            before.remove("d/e/");
        }
        if ![1, 2].contains(&position) {
            before.remove("d/");
        }
        assert_eq!(contents(folder.path()), before);
    }
}

#[test]
fn whatever_step_a_run_is_killed_at_the_next_one_finds_all_outputs_or_none() {
    let (before, after) = (contents(folder().path()), done());
    for fault in [Fault::Crash, Fault::CrashBefore, Fault::CrashAfter] {
        let mut seen = [0, 0];
        for step in 0.. {
            let folder = folder();
            let faulty = FaultyDisk::new(step, fault);
            let ran = run(Arc::new(faulty.clone()), folder.path());
            // The next one may be killed as well, at any of its first steps, and so may the one after it.
            for next in [step % 7, step % 5, step % 3] {
                let faulty: Arc<dyn Disk> = Arc::new(FaultyDisk::new(next, fault));
                let _ = recover(&faulty, folder.path());
            }
            recover(&disk(), folder.path()).unwrap();
            let found = contents(folder.path());
            let place = format!("{fault:?} at step {step}");
            assert!(found == before || found == after, "{place}: {found:#?}");
            if ran.is_ok() {
                assert_eq!(found, after, "{place}");
            }
            seen[usize::from(found == after)] += 1;
            if !faulty.has_failed() {
                break;
            }
        }
        assert!(seen[0] > 20 && seen[1] > 5, "{fault:?}: {seen:?}");
    }
}

#[test]
fn whatever_step_fails_a_run_that_says_so_has_changed_nothing() {
    let (before, after) = (contents(folder().path()), done());
    for step in 0.. {
        let folder = folder();
        let faulty = FaultyDisk::new(step, Fault::Error);
        let ran = run(Arc::new(faulty.clone()), folder.path());
        recover(&disk(), folder.path()).unwrap();
        let expected = if ran.is_ok() { &after } else { &before };
        assert_eq!(&contents(folder.path()), expected, "step {step}: {ran:?}");
        if !faulty.has_failed() {
            break;
        }
    }
}

#[test]
fn a_run_that_lives_is_left_alone() {
    let folder = folder();
    let journal = Arc::new(Journal::begin(&Ambient::system(), folder.path()).unwrap());
    let staged = OUTPUTS.map(|output| stage(&journal, output).unwrap());
    assert_eq!(recover(&disk(), folder.path()).unwrap(), [""; 0]);
    drop(journal);
    publish(Vec::from(staged)).unwrap();
    assert_eq!(contents(folder.path()), done());
}

#[test]
fn what_cannot_be_finished_is_undone_and_said() {
    let folder = folder();
    let before = contents(folder.path());
    // Killed when three outputs have their names and the last has not.
    let step = (0..).find(|step| {
        let trial = self::folder();
        let killed = FaultyDisk::new(*step, Fault::CrashBefore);
        run(Arc::new(killed), trial.path()).unwrap_err();
        let found = contents(trial.path());
        found.get("a.csv").is_some_and(|text| text == "new a.csv") && found.contains_key("d/c.csv")
    });
    let killed = FaultyDisk::new(step.unwrap(), Fault::CrashBefore);
    run(Arc::new(killed), folder.path()).unwrap_err();
    fs::remove_file(folder.path().join("x/y.csv")).unwrap();
    fs::create_dir(folder.path().join("x/y.csv")).unwrap();
    let said = recover(&disk(), folder.path()).unwrap_err();
    assert!(
        said.to_string().contains("'/x/y.csv' is a folder"),
        "{said}"
    );
    let mut expected = before;
    expected.remove("x/y.csv");
    expected.insert("x/y.csv/".to_owned(), String::new());
    assert_eq!(contents(folder.path()), expected);
}

#[test]
fn a_file_that_only_looks_like_a_journal_stays() {
    let folder = folder();
    let name = format!("{}notes.csv", super::PREFIX);
    fs::write(folder.path().join(&name), "mine").unwrap();
    recover(&disk(), folder.path()).unwrap();
    assert_eq!(contents(folder.path())[&name], "mine");
    assert!(recover(&disk(), &folder.path().join("nowhere")).is_ok());
}
