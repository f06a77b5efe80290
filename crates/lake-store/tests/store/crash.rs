//! A process that dies at any step of the disk, and what the next one finds.
//!
//! The rule: of an operation that was acknowledged everything is there; of one that was not, all
//! or nothing; and no bytes lie around that belong to nobody.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use lake_store::testing::{self, Fault, FaultyDisk, ManualClock, XorShift};
use lake_store::{
    AccountKind, Ambient, CreateOptions, ErrorKind, Existing, Expiry, FileSpace, JobResult, JobRow,
    JobState, LakePath, ListOptions, Missing, MkdirsOptions, Offset, Principal, Recursion,
    RenameOptions, Result, StagedFile, Store, StoreOptions, SyncFlag, Timestamp, Transition,
};
use uuid::Uuid;

use crate::lake::read;

/// What a client can see: files with published and unpublished bytes, directories as `None`, and
/// the states of the job.
#[derive(Clone, Debug, Default, PartialEq)]
struct Seen {
    accounts: usize,
    names: BTreeMap<String, Option<Bytes>>,
    permission: u16,
    job: Vec<JobState>,
    job_published: bool,
    setting: Option<Vec<u8>>,
}

impl Seen {
    fn file(&mut self, path: &str, published: &[u8], pending: &[u8]) {
        let bytes = (published.to_vec(), pending.to_vec());
        self.names.insert(path.to_owned(), Some(bytes));
    }

    /// What is seen by the next one that looks, as looking publishes what was pending.
    fn published(mut self) -> Self {
        for (published, pending) in self.names.values_mut().flatten() {
            published.append(pending);
        }
        self
    }
}

/// Published and unpublished bytes.
type Bytes = (Vec<u8>, Vec<u8>);

struct Session {
    store: Store,
    clock: Arc<ManualClock>,
    me: Principal,
}

type Act = fn(&Session) -> Result<()>;
type Expect = fn(&mut Seen);

impl Session {
    fn open(folder: &Path, ambient: Ambient, clock: &Arc<ManualClock>) -> Result<Self> {
        Ok(Self {
            store: Store::open(folder, StoreOptions::default(), ambient)?,
            clock: clock.clone(),
            me: Principal::superuser("me"),
        })
    }

    fn files(&self) -> Result<FileSpace> {
        self.store.files("lakestore")
    }

    fn create(&self, path: &str, body: &[u8]) -> Result<()> {
        let options = CreateOptions::default().with_existing(Existing::Replace);
        self.files()?
            .create(&self.me, &path.parse()?, &options, body)?;
        Ok(())
    }

    fn append(&self, path: &str, body: &[u8], sync: SyncFlag) -> Result<()> {
        self.files()?
            .append(&self.me, &path.parse()?, Offset::End, body, sync)
    }

    fn append_concurrently(&self, path: &str, body: &[u8]) -> Result<()> {
        self.files()?
            .append_concurrently(&self.me, &path.parse()?, Missing::Create, body)
    }

    /// Says when a file expires, and lets it be that time. It is then too if saying so failed:
    /// only the time shows whether the row has it.
    fn expire(&self, path: &str) -> Result<()> {
        self.clock.set(FIRST_PROCESS);
        let expiry = Expiry::At(NEXT_PROCESS);
        let said = self.files()?.set_expiry(&self.me, &path.parse()?, expiry);
        self.clock.set(NEXT_PROCESS);
        said.map(drop)
    }

    fn rename(&self, from: &str, to: &str) -> Result<()> {
        let options = RenameOptions::default().with_existing(Existing::Replace);
        self.files()?
            .rename(&self.me, &from.parse()?, &to.parse()?, &options)
    }

    fn delete(&self, path: &str) -> Result<()> {
        self.files()?
            .delete(&self.me, &path.parse()?, Recursion::All)
    }

    fn stage(&self, files: &[(&str, &[u8])]) -> Result<Vec<StagedFile>> {
        let space = self.files()?;
        let mut staged = Vec::new();
        for (path, bytes) in files {
            let mut file = space.stage(&self.me, &path.parse()?)?;
            file.write_all(bytes)
                .map_err(|error| lake_store::Error::new(ErrorKind::Io, error.to_string()))?;
            staged.push(file);
        }
        Ok(staged)
    }

    fn transition(&self, from: JobState, to: JobState) -> Result<()> {
        let transition = Transition::new(from, to, Timestamp::from_millis(1));
        self.store
            .jobs("lakeanalytics")?
            .transition(JOB, transition)?;
        Ok(())
    }

    /// Everything that can be seen. It publishes what was pending.
    fn see(&self) -> Seen {
        let mut seen = Seen {
            accounts: self.store.accounts().unwrap().len(),
            setting: self.store.settings().get("key").unwrap(),
            ..Seen::default()
        };
        if let Ok(jobs) = self.store.jobs("lakeanalytics")
            && let Ok(job) = jobs.get(JOB)
        {
            seen.job = job.audit.iter().map(|record| record.new_state).collect();
            assert_eq!(seen.job.last(), Some(&job.state));
            seen.job_published = job.published;
        }
        if let Ok(files) = self.files() {
            seen.permission = files.stat(&self.me, &LakePath::ROOT).unwrap().permission();
            self.see_directory(&files, &LakePath::ROOT, &mut seen);
        }
        seen
    }

    fn see_directory(&self, files: &FileSpace, path: &LakePath, seen: &mut Seen) {
        let listing = files.list(&self.me, path, &ListOptions::default()).unwrap();
        for entry in listing.entries {
            let path = path.join(&entry.name).unwrap();
            if entry.status.is_directory() {
                seen.names.insert(path.to_string(), None);
                self.see_directory(files, &path, seen);
                continue;
            }
            let published = read(files, &self.me, &path).unwrap();
            assert_eq!(published.len() as u64, entry.status.length);
            let (end, sync) = (Offset::End, SyncFlag::Close);
            if let Err(error) = files.append(&self.me, &path, end, b"", sync) {
                // Concurrent appends leave nothing unpublished.
                assert_eq!(error.kind(), ErrorKind::Conflict);
            }
            let all = read(files, &self.me, &path).unwrap();
            assert!(all.starts_with(&published));
            seen.file(&path.to_string(), &published, &all[published.len()..]);
        }
    }
}

/// When the first process runs.
const FIRST_PROCESS: Timestamp = Timestamp::from_millis(1_500_000_000_000);

/// When the process starts that finds what the one that died has left.
const NEXT_PROCESS: Timestamp = Timestamp::from_millis(1_600_000_000_000);

const JOB: Uuid = Uuid::from_u128(7);

fn job() -> JobRow {
    serde_json::from_value(serde_json::json!({
        "id": JOB, "name": "j", "job_type": "USql", "submitter": "me", "submitter_id": "me",
        "degree_of_parallelism": 1, "priority": 1000, "script": "", "properties": {},
        "submitted": 0, "state": "New", "result": JobResult::None,
        "audit": [{ "new_state": "New", "time": 0 }],
    }))
    .unwrap()
}

/// Every kind of write, with what can be seen after it.
fn session() -> Vec<(Act, Expect)> {
    vec![
        (
            |s| {
                let kind = AccountKind::Store;
                s.store.create_account(&s.me, "lakestore", kind).map(drop)
            },
            |seen| {
                seen.accounts = 1;
                seen.permission = 0o770;
            },
        ),
        (
            |s| {
                let options = MkdirsOptions::default();
                let path = "/d/e".parse()?;
                s.files()?.mkdirs(&s.me, &path, &options).map(drop)
            },
            |seen| {
                seen.names.insert("/d".into(), None);
                seen.names.insert("/d/e".into(), None);
            },
        ),
        (
            |s| s.create("/d/a", b"hello"),
            |seen| seen.file("/d/a", b"hello", b""),
        ),
        (
            |s| s.append("/d/a", b" world", SyncFlag::Close),
            |seen| seen.file("/d/a", b"hello world", b""),
        ),
        (
            |s| s.append("/d/a", b"1", SyncFlag::Data),
            |seen| seen.file("/d/a", b"hello world", b"1"),
        ),
        (
            |s| s.append("/d/a", b"2", SyncFlag::Data),
            |seen| seen.file("/d/a", b"hello world", b"12"),
        ),
        (
            |s| s.append("/d/a", b"3", SyncFlag::Close),
            |seen| seen.file("/d/a", b"hello world123", b""),
        ),
        (
            |s| s.append("/d/a", b"4", SyncFlag::Data),
            |seen| seen.file("/d/a", b"hello world123", b"4"),
        ),
        (
            |s| s.create("/d/a", b"replaced"),
            |seen| seen.file("/d/a", b"replaced", b""),
        ),
        (
            |s| s.create("/d/b", b"b"),
            |seen| seen.file("/d/b", b"b", b""),
        ),
        (
            |s| s.append("/d/b", b"pending", SyncFlag::Data),
            |seen| seen.file("/d/b", b"b", b"pending"),
        ),
        (
            |s| s.rename("/d/b", "/d/e/c"),
            |seen| {
                let b = seen.names.remove("/d/b").unwrap();
                seen.names.insert("/d/e/c".into(), b);
            },
        ),
        (
            |s| s.rename("/d/e/c", "/d/a"),
            |seen| {
                let c = seen.names.remove("/d/e/c").unwrap();
                seen.names.insert("/d/a".into(), c);
            },
        ),
        (
            |s| s.create("/d/e/2", b"old"),
            |seen| seen.file("/d/e/2", b"old", b""),
        ),
        (
            |s| {
                let files: [(_, &[u8]); 3] =
                    [("/d/e/1", b"one"), ("/d/e/2", b"two"), ("/d/e/3", b"three")];
                s.files()?.publish(&s.me, s.stage(&files)?)
            },
            |seen| {
                seen.file("/d/e/1", b"one", b"");
                seen.file("/d/e/2", b"two", b"");
                seen.file("/d/e/3", b"three", b"");
            },
        ),
        (
            |s| s.rename("/d/e", "/f"),
            |seen| {
                seen.names.remove("/d/e");
                seen.names.insert("/f".into(), None);
                for name in ["1", "2", "3"] {
                    let file = seen.names.remove(&format!("/d/e/{name}")).unwrap();
                    seen.names.insert(format!("/f/{name}"), file);
                }
            },
        ),
        (
            |s| {
                let sources = ["/f/1".parse()?, "/f/3".parse()?];
                s.files()?.concat(&s.me, &"/f/2".parse()?, &sources)
            },
            |seen| {
                seen.names.remove("/f/1");
                seen.names.remove("/f/3");
                seen.file("/f/2", b"twoonethree", b"");
            },
        ),
        (
            |s| s.files()?.set_permission(&s.me, &LakePath::ROOT, 0o751),
            |seen| seen.permission = 0o751,
        ),
        (
            |s| s.create("/f/due", b"x"),
            |seen| seen.file("/f/due", b"x", b""),
        ),
        (
            |s| {
                let expiry = Expiry::AfterNow(u64::MAX);
                let path = "/f/due".parse()?;
                s.files()?.set_expiry(&s.me, &path, expiry).map(drop)
            },
            |_| {},
        ),
        (|s| s.delete("/d/a"), |seen| drop(seen.names.remove("/d/a"))),
        (
            |s| s.delete("/f"),
            |seen| seen.names.retain(|path, _| !path.starts_with("/f")),
        ),
        (
            |s| s.create("/f/again", b"new"),
            |seen| {
                seen.names.insert("/f".into(), None);
                seen.file("/f/again", b"new", b"");
            },
        ),
        (|s| s.store.reap(), |_| {}),
        (
            |s| s.store.settings().set("key", b"value"),
            |seen| seen.setting = Some(b"value".to_vec()),
        ),
        (
            |s| {
                let kind = AccountKind::Analytics;
                s.store
                    .create_account(&s.me, "lakeanalytics", kind)
                    .map(drop)
            },
            |seen| seen.accounts = 2,
        ),
        (
            |s| s.store.jobs("lakeanalytics")?.insert(&job()),
            |seen| seen.job = vec![JobState::New],
        ),
        (
            |s| s.transition(JobState::New, JobState::Compiling),
            |seen| seen.job.push(JobState::Compiling),
        ),
        (
            |s| {
                let staged = s.stage(&[("/f/out", b"out"), ("/f/again", b"out")])?;
                let jobs = s.store.jobs("lakeanalytics")?;
                s.files()?.publish_for(&s.me, staged, &jobs, JOB)
            },
            |seen| {
                seen.file("/f/out", b"out", b"");
                seen.file("/f/again", b"out", b"");
                seen.job_published = true;
            },
        ),
        (
            |s| s.transition(JobState::Compiling, JobState::Ended),
            |seen| seen.job.push(JobState::Ended),
        ),
    ]
}

/// A file that is too long to be copied when unpublished appends begin.
fn long_session() -> Vec<(Act, Expect)> {
    vec![
        session().remove(0),
        (
            |s| s.create("/long", &vec![b'x'; 9 << 20]),
            |seen| seen.file("/long", &vec![b'x'; 9 << 20], b""),
        ),
        (
            |s| s.append("/long", &vec![b'y'; 3 << 20], SyncFlag::Data),
            |seen| seen.file("/long", &vec![b'x'; 9 << 20], &vec![b'y'; 3 << 20]),
        ),
        (
            |s| s.append("/long", b"z", SyncFlag::Close),
            |seen| {
                let mut bytes = vec![b'x'; 9 << 20];
                bytes.extend(vec![b'y'; 3 << 20]);
                bytes.push(b'z');
                seen.file("/long", &bytes, b"");
            },
        ),
    ]
}

/// A file of many writers, from nothing.
fn concurrent_session() -> Vec<(Act, Expect)> {
    vec![
        session().remove(0),
        (
            |s| s.append_concurrently("/d/log", b"one,"),
            |seen| {
                seen.names.insert("/d".into(), None);
                seen.file("/d/log", b"one,", b"");
            },
        ),
        (
            |s| s.append_concurrently("/d/log", b"two,"),
            |seen| seen.file("/d/log", b"one,two,", b""),
        ),
        (
            |s| s.create("/empty", b""),
            |seen| seen.file("/empty", b"", b""),
        ),
        (
            |s| s.append_concurrently("/empty", b"one,"),
            |seen| seen.file("/empty", b"one,", b""),
        ),
        (
            |s| s.create("/d/log", b"replaced"),
            |seen| seen.file("/d/log", b"replaced", b""),
        ),
        (
            |s| s.append("/d/log", b"!", SyncFlag::Close),
            |seen| seen.file("/d/log", b"replaced!", b""),
        ),
    ]
}

/// Files that expire, and what takes their names.
fn expiring_session() -> Vec<(Act, Expect)> {
    vec![
        session().remove(0),
        (|s| s.create("/a", b"a"), |seen| seen.file("/a", b"a", b"")),
        (|s| s.create("/b", b"b"), |seen| seen.file("/b", b"b", b"")),
        (
            |s| s.append("/a", b"pending", SyncFlag::Data),
            |seen| seen.file("/a", b"a", b"pending"),
        ),
        (|s| s.expire("/a"), |seen| drop(seen.names.remove("/a"))),
        (
            |s| s.append_concurrently("/a", b"new"),
            |seen| seen.file("/a", b"new", b""),
        ),
        (|s| s.expire("/b"), |seen| drop(seen.names.remove("/b"))),
        (|s| s.store.reap(), |_| {}),
    ]
}

/// Runs the script until it ends or an operation fails. Gives what must be seen: after the last
/// operation that was acknowledged, and after the one that was not. A process that has not died
/// must see it at once.
fn run(script: &[(Act, Expect)], folder: &Path, disk: &FaultyDisk, fault: Fault) -> (Seen, Seen) {
    let (ambient, clock) = testing::ambient(3);
    let ambient = ambient.with_disk(Arc::new(disk.clone()));
    let mut before = Seen::default();
    let Ok(session) = Session::open(folder, ambient, &clock) else {
        assert!(disk.has_failed());
        return (before.clone(), before);
    };
    for (index, (act, expect)) in script.iter().enumerate() {
        let mut after = before.clone();
        expect(&mut after);
        if let Err(error) = act(&session) {
            assert!(disk.has_failed(), "operation {index}: {error:?}");
            if fault == Fault::Error {
                let seen = session.see();
                check_seen(&seen, &before, &after);
                let seen = seen.published();
                return (seen.clone(), seen);
            }
            return (before, after);
        }
        before = after;
    }
    (before.clone(), before)
}

fn check_every_step(script: &[(Act, Expect)], fault: Fault) -> u64 {
    let mut random = XorShift::new(5);
    let mut step = 0;
    loop {
        let folder = tempfile::tempdir().unwrap();
        let disk = FaultyDisk::new(step, fault);
        let (before, after) = run(script, folder.path(), &disk, fault);
        // The next process may die while it settles what this one left.
        let again = FaultyDisk::new(random.below(40), Fault::Crash);
        let (ambient, clock) = testing::ambient(4);
        clock.set(NEXT_PROCESS);
        let dying = ambient.clone().with_disk(Arc::new(again));
        drop(Session::open(folder.path(), dying, &clock));
        let session = Session::open(folder.path(), ambient, &clock).unwrap();
        let seen = session.see();
        check_seen(&seen, &before, &after);
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
    for temporary in ["spool", "discarded"] {
        let mut left = std::fs::read_dir(folder.join(".lake").join(temporary)).unwrap();
        assert!(left.next().is_none(), "something is left in {temporary}");
    }
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

#[test]
fn a_crash_at_any_step_loses_nothing_that_was_acknowledged() {
    let steps = check_every_step(&session(), Fault::Crash);
    println!("crashed at each of {steps} steps");
    assert!(steps > 100);
}

#[test]
fn a_crash_at_any_step_of_a_long_append_loses_nothing_that_was_acknowledged() {
    let steps = check_every_step(&long_session(), Fault::Crash);
    println!("crashed at each of {steps} steps");
}

#[test]
fn an_error_of_the_disk_at_any_step_loses_nothing_that_was_acknowledged() {
    let steps = check_every_step(&session(), Fault::Error);
    println!("failed at each of {steps} steps");
}

#[test]
fn a_concurrent_append_is_all_there_or_not_at_all_whatever_step_fails() {
    for fault in [Fault::Crash, Fault::Error] {
        let steps = check_every_step(&concurrent_session(), fault);
        println!("{fault:?} at each of {steps} steps");
        assert!(steps > 20);
    }
}

#[test]
fn a_file_that_expires_is_there_or_gone_as_was_said_whatever_step_fails() {
    for fault in [Fault::Crash, Fault::Error] {
        let steps = check_every_step(&expiring_session(), fault);
        println!("{fault:?} at each of {steps} steps");
        assert!(steps > 20);
    }
}
