//! Every kind of damage, planted and found.

use std::fs;
use std::path::PathBuf;

use redb::{ReadableTable as _, WriteTransaction};
use tempfile::TempDir;
use uuid::Uuid;

use super::{Problem, Severity, repair, verify};
use crate::database::{
    ACCOUNTS, APPENDS, DETACHED, ENTRIES, EXPIRIES, INTENTS, JOB_ORDER, JOB_SCRIPTS, JOBS, NODES,
    SPOOLS, TRASHED, decode, encode,
};
use crate::intent::Plan;
use crate::node::{Content, Node};
use crate::spool::Spool;
use crate::trash::Trashed;
use crate::{
    AccountKind, AclEntry, Ambient, CreateOptions, ErrorKind, Expiry, FileSpace, JOB_FOLDERS,
    JobResult, JobRow, JobState, LakePath, ListOptions, MkdirsOptions, Offset, Principal,
    Recursion, Result, Store, StoreOptions, SyncFlag, testing,
};

/// A lake with some of everything, which nobody serves.
struct Lake {
    folder: TempDir,
    ambient: Ambient,
}

impl Lake {
    fn new() -> Self {
        let (ambient, _) = testing::ambient(1);
        let lake = Self {
            folder: tempfile::tempdir().unwrap(),
            ambient,
        };
        let store = lake.open();
        let me = Principal::superuser("me");
        for (name, kind) in [
            ("files", AccountKind::Store),
            ("jobs", AccountKind::Analytics),
        ] {
            store.create_account(&me, name, kind).unwrap();
        }
        let files = store.files("files").unwrap();
        fill(&files, &me).unwrap();
        store
            .jobs("jobs")
            .unwrap()
            .insert(&job(7), "script")
            .unwrap();
        drop((files, store));
        lake
    }

    fn open(&self) -> Store {
        let (options, ambient) = (StoreOptions::default(), self.ambient.clone());
        Store::open(self.folder.path(), options, ambient).unwrap()
    }

    fn host(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Changes rows behind the lake's back.
    fn plant(&self, change: impl FnOnce(&WriteTransaction)) {
        let store = self.open();
        let transaction = store.data_root().database().write().unwrap();
        change(&transaction);
        transaction.commit().unwrap();
    }

    fn found(&self) -> Vec<(Problem, String)> {
        let found = verify(self.folder.path(), self.ambient.clone()).unwrap();
        let found = found
            .into_iter()
            .map(|finding| (finding.problem, finding.place));
        found.collect()
    }

    /// The problems, each once.
    fn problems(&self) -> Vec<Problem> {
        let mut problems: Vec<_> = self
            .found()
            .into_iter()
            .map(|(problem, _)| problem)
            .collect();
        problems.sort();
        problems.dedup();
        problems
    }
}

fn fill(files: &FileSpace, me: &Principal) -> Result<()> {
    let options = CreateOptions::default();
    for path in ["/d/a", "/d/b", "/d/e/f", "/due", "/gone", "/tree/x"] {
        files.create(me, &path.parse()?, &options, b"12345")?;
    }
    let entry: AclEntry = "user:ann:rwx".parse()?;
    files.modify_acl(me, &"/d/a".parse()?, &[entry])?;
    files.append(me, &"/d/b".parse()?, Offset::End, b"678", SyncFlag::Data)?;
    files.set_expiry(me, &"/due".parse()?, Expiry::AfterNow(u64::MAX))?;
    files.delete(me, &"/gone".parse()?, Recursion::All)?;
    files.delete(me, &"/tree".parse()?, Recursion::All)
}

fn job(id: u128) -> JobRow {
    serde_json::from_value(serde_json::json!({
        "id": Uuid::from_u128(id), "name": "j", "job_type": "USql", "submitter": "me",
        "submitter_id": "me", "degree_of_parallelism": 1, "priority": 1,
        "properties": {}, "submitted": 0, "state": "New",
        "audit": [{ "new_state": "New", "time": 0 }],
    }))
    .unwrap()
}

/// The node with a name.
fn node(transaction: &WriteTransaction, name: &str) -> Node {
    let nodes = transaction.open_table(NODES).unwrap();
    let nodes = nodes.iter().unwrap();
    let mut nodes = nodes.map(|row| decode::<Node>(row.unwrap().1.value()).unwrap());
    nodes.find(|node| node.name == name).unwrap()
}

fn put(transaction: &WriteTransaction, node: &Node) {
    let mut nodes = transaction.open_table(NODES).unwrap();
    let row = encode(node).unwrap();
    nodes.insert(node.id.key(), row.as_slice()).unwrap();
}

fn remove_entry(transaction: &WriteTransaction, node: &Node) {
    let mut entries = transaction.open_table(ENTRIES).unwrap();
    let entry = (node.parent.unwrap().key(), node.name.as_str());
    entries.remove(entry).unwrap().unwrap();
}

fn put_entry(transaction: &WriteTransaction, parent: u128, name: &str, id: u128) {
    let mut entries = transaction.open_table(ENTRIES).unwrap();
    entries.insert((parent, name), id).unwrap();
}

type Plant = fn(&WriteTransaction);

/// What is done to rows, and the worst that is found then.
const DAMAGE: &[(Problem, Plant)] = &[
    (Problem::Unreadable, |rows| {
        let id = node(rows, "f").id.key();
        let mut nodes = rows.open_table(NODES).unwrap();
        nodes.insert(id, b"{}".as_slice()).unwrap();
    }),
    (Problem::NameOfNothing, |rows| {
        let id = node(rows, "f").id.key();
        rows.open_table(NODES).unwrap().remove(id).unwrap();
    }),
    (Problem::NameOfAnother, |rows| {
        let (d, f) = (node(rows, "d").id.key(), node(rows, "f").id.key());
        put_entry(rows, d, "second", f);
    }),
    (Problem::NameInNothing, |rows| {
        put_entry(rows, 12345, "x", node(rows, "f").id.key());
    }),
    (Problem::NameInNothing, |rows| {
        let mut inner = node(rows, "f");
        inner.id = crate::NodeId::from_key(99);
        inner.parent = Some(node(rows, "a").id);
        put(rows, &inner);
        put_entry(rows, node(rows, "a").id.key(), "f", 99);
    }),
    (Problem::Nameless, |rows| {
        remove_entry(rows, &node(rows, "f"));
    }),
    (Problem::Cycle, |rows| {
        // `d` moves into `e`, which is in it.
        let (mut d, e) = (node(rows, "d"), node(rows, "e"));
        remove_entry(rows, &d);
        d.parent = Some(e.id);
        put(rows, &d);
        put_entry(rows, e.id.key(), "d", d.id.key());
    }),
    (Problem::Length, |rows| {
        let mut node = node(rows, "f");
        let Content::File { length, .. } = &mut node.content else {
            unreachable!()
        };
        *length += 1;
        put(rows, &node);
    }),
    (Problem::Acl, |rows| {
        let mut node = node(rows, "a");
        node.acl.access.mask = None;
        put(rows, &node);
    }),
    (Problem::Acl, |rows| {
        let mut node = node(rows, "f");
        node.acl.default = Some(node.acl.access.clone());
        put(rows, &node);
    }),
    (Problem::NoFile, |rows| {
        let mut node = node(rows, "d");
        node.expires = Some(crate::Timestamp::from_millis(i64::MAX));
        put(rows, &node);
    }),
    (Problem::ExpiryOfNothing, |rows| {
        let id = node(rows, "f").id.key();
        rows.open_table(EXPIRIES)
            .unwrap()
            .insert((i64::MAX - 1, id), ())
            .unwrap();
    }),
    (Problem::ExpiryUnlisted, |rows| {
        let id = node(rows, "due").id.key();
        let mut expiries = rows.open_table(EXPIRIES).unwrap();
        let removed = expiries.remove((i64::MAX, id)).unwrap();
        assert!(removed.is_some());
    }),
    (Problem::SpoolOfNothing, |rows| {
        let (b, f) = (node(rows, "b").id.key(), node(rows, "f").id.key());
        let mut spools = rows.open_table(SPOOLS).unwrap();
        let mut spool: Spool = decode(spools.get(b).unwrap().unwrap().value()).unwrap();
        spool.base = 3;
        spools
            .insert(f, encode(&spool).unwrap().as_slice())
            .unwrap();
    }),
    (Problem::DetachedNothing, |rows| {
        let id = node(rows, "d").id.key();
        rows.open_table(DETACHED).unwrap().insert(id, ()).unwrap();
    }),
    (Problem::TrashOfNothing, |rows| {
        let mut trashed = rows.open_table(TRASHED).unwrap();
        let row = trashed.first().unwrap().unwrap().1.value().to_vec();
        let mut row: Trashed = decode(&row).unwrap();
        row.token = Uuid::from_u128(9);
        trashed
            .insert(row.key(), encode(&row).unwrap().as_slice())
            .unwrap();
    }),
    (Problem::TrashUnlisted, |rows| {
        let mut trashed = rows.open_table(TRASHED).unwrap();
        trashed.pop_first().unwrap().unwrap();
    }),
    (Problem::TrashUnlisted, |rows| {
        // The directory.
        let mut trashed = rows.open_table(TRASHED).unwrap();
        trashed.pop_last().unwrap().unwrap();
    }),
    (Problem::OrderOfNothing, |rows| {
        rows.open_table(JOB_ORDER)
            .unwrap()
            .insert(("jobs", 8), 8)
            .unwrap();
    }),
    (Problem::OrderOfNothing, |rows| {
        rows.open_table(JOB_ORDER)
            .unwrap()
            .insert(("jobs", 8), 7)
            .unwrap();
    }),
    (Problem::JobUnlisted, |rows| {
        let row = encode(&job(8)).unwrap();
        rows.open_table(JOBS)
            .unwrap()
            .insert(("jobs", 8), row.as_slice())
            .unwrap();
        rows.open_table(JOB_SCRIPTS)
            .unwrap()
            .insert(("jobs", 8), "script")
            .unwrap();
    }),
    (Problem::ScriptOfNothing, |rows| {
        rows.open_table(JOB_SCRIPTS)
            .unwrap()
            .insert(("jobs", 8), "script")
            .unwrap();
    }),
    (Problem::Unreadable, |rows| {
        rows.open_table(JOBS)
            .unwrap()
            .insert(("jobs", 7), b"?".as_slice())
            .unwrap();
    }),
];

#[test]
fn a_sound_lake_has_no_findings_and_looking_changes_nothing() {
    let lake = Lake::new();
    assert_eq!(lake.found(), []);
    assert_eq!(lake.found(), []);
    assert_eq!(lake.open().verify().unwrap(), []);
}

#[test]
fn every_damage_of_rows_is_found_and_a_repair_leaves_a_sound_lake() {
    for (index, (expected, plant)) in DAMAGE.iter().enumerate() {
        let lake = Lake::new();
        lake.plant(plant);
        let problems = lake.problems();
        assert!(
            problems.contains(expected),
            "{index}: {expected:?} in {problems:?}"
        );
        let worst = problems.iter().map(|problem| problem.severity()).max();
        assert_eq!(worst, Some(Severity::Damage));

        let repaired = repair(lake.folder.path(), lake.ambient.clone()).unwrap();
        let repaired = repaired.iter().map(|finding| finding.problem);
        assert!(
            repaired.clone().any(|problem| problem == *expected),
            "{index}"
        );
        // What lost its row is a file that somebody put there, until somebody looks.
        let left = lake.problems();
        let fine = [Problem::Unknown, Problem::Detached, Problem::TrashLeftover];
        let fine = left
            .iter()
            .all(|problem| fine.contains(problem) || *problem == Problem::SpoolLeftover);
        assert!(fine, "{index}: {left:?}");
        let (store, me) = (lake.open(), Principal::superuser("me"));
        store.reap().unwrap();
        look_everywhere(&store.files("files").unwrap(), &me, &LakePath::ROOT);
        assert_eq!(store.verify().unwrap(), [], "{index}: {expected:?}");
    }
}

fn look_everywhere(files: &FileSpace, me: &Principal, path: &LakePath) {
    let listing = files.list(me, path, &ListOptions::default()).unwrap();
    for entry in listing
        .entries
        .iter()
        .filter(|entry| entry.status.is_directory())
    {
        look_everywhere(files, me, &path.join(&entry.name).unwrap());
    }
}

#[test]
fn a_name_that_was_lost_comes_back_with_all_that_its_row_knows() {
    let lake = Lake::new();
    lake.plant(|rows| remove_entry(rows, &node(rows, "a")));
    repair(lake.folder.path(), lake.ambient.clone()).unwrap();
    let (store, me) = (lake.open(), Principal::superuser("me"));
    let files = store.files("files").unwrap();
    let acl = files.acl(&me, &"/d/a".parse().unwrap()).unwrap();
    assert!(acl.is_extended());
}

#[test]
fn what_a_person_did_to_the_folder_is_found_and_is_no_damage() {
    let check = |act: fn(&Lake), expected: &[(Problem, &str)]| {
        let lake = Lake::new();
        act(&lake);
        let mut found = lake.found();
        found.sort();
        let folder = format!("{}/", lake.folder.path().display());
        let found = found.iter();
        let found: Vec<_> = found
            .map(|(p, at)| (*p, at.trim_start_matches(&folder)))
            .collect();
        assert_eq!(found, expected);
        assert!(
            found
                .iter()
                .all(|(problem, _)| problem.severity() == Severity::Foreign)
        );
    };
    check(
        |lake| {
            fs::write(lake.host("files/d/new"), "x").unwrap();
            fs::create_dir_all(lake.host("files/more/below")).unwrap();
        },
        &[
            (Problem::Unknown, "files/d/new"),
            (Problem::Unknown, "files/more"),
        ],
    );
    check(
        |lake| fs::write(lake.host("files/d/a"), "longer than before").unwrap(),
        &[(Problem::Edited, "files:/d/a")],
    );
    check(
        |lake| {
            fs::remove_file(lake.host("files/d/a")).unwrap();
            fs::remove_dir_all(lake.host("files/d/e")).unwrap();
        },
        &[(Problem::Gone, "files:/d/a"), (Problem::Gone, "files:/d/e")],
    );
    check(
        |lake| {
            fs::remove_file(lake.host("files/d/a")).unwrap();
            fs::create_dir(lake.host("files/d/a")).unwrap();
        },
        &[(Problem::OtherKind, "files:/d/a")],
    );
    check(
        |lake| fs::write(lake.host("files/d/%!plain"), "x").unwrap(),
        &[(Problem::Skipped, "files/d/%!plain")],
    );
    let lake = Lake::new();
    for entry in fs::read_dir(lake.host(".lake/trash")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            fs::remove_file(path.join("x")).unwrap();
        }
    }
    assert_eq!(lake.problems(), [Problem::Gone]);
}

#[test]
fn what_a_process_that_died_left_is_found_until_the_lake_is_opened() {
    let lake = Lake::new();
    fs::write(lake.host(".lake/spool/x"), "x").unwrap();
    fs::create_dir_all(lake.host(".lake/trash/x/y")).unwrap();
    fs::create_dir_all(lake.host(".lake/discarded/x/y")).unwrap();
    let store = lake.open();
    let transaction = store.data_root().database().write().unwrap();
    let plan = encode(&Plan::default()).unwrap();
    transaction
        .open_table(INTENTS)
        .unwrap()
        .insert(0, plan.as_slice())
        .unwrap();
    let id = node(&transaction, "f").id.key();
    transaction
        .open_table(APPENDS)
        .unwrap()
        .insert(id, 5)
        .unwrap();
    transaction.commit().unwrap();
    drop(store);
    fs::write(lake.host(".lake/spool/x"), "x").unwrap();
    fs::create_dir_all(lake.host(".lake/trash/x/y")).unwrap();
    fs::create_dir_all(lake.host(".lake/discarded/x/y")).unwrap();
    fs::create_dir_all(lake.host(".lake/spill/x/y")).unwrap();
    let expected = [
        Problem::OpenPlan,
        Problem::OpenAppend,
        Problem::SpoolLeftover,
        Problem::SpillLeftover,
        Problem::TrashLeftover,
        Problem::Discarded,
    ];
    assert_eq!(lake.problems(), expected);
    assert!(
        expected
            .iter()
            .all(|problem| problem.severity() == Severity::Unfinished)
    );
    assert_eq!(lake.open().verify().unwrap(), []);
}

#[test]
fn lost_unpublished_bytes_a_lost_root_and_an_unnoticed_change_are_damage() {
    let lake = Lake::new();
    let spool = fs::read_dir(lake.host(".lake/spool"))
        .unwrap()
        .next()
        .unwrap();
    fs::write(spool.unwrap().path(), "1").unwrap();
    assert_eq!(lake.problems(), [Problem::SpoolGone]);
    repair(lake.folder.path(), lake.ambient.clone()).unwrap();
    lake.open();
    assert_eq!(lake.found(), []);

    // A change that the directory's time does not tell.
    fs::write(lake.host("files/d/e/new"), "x").unwrap();
    let modified = fs::metadata(lake.host("files/d/e"))
        .unwrap()
        .modified()
        .unwrap();
    let nanos = modified
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_nanos();
    lake.plant(|rows| {
        let mut node = node(rows, "e");
        node.content = Content::Directory {
            scanned: Some(nanos as i64),
        };
        put(rows, &node);
    });
    assert_eq!(lake.problems(), [Problem::Unknown, Problem::Unnoticed]);
    repair(lake.folder.path(), lake.ambient.clone()).unwrap();
    assert_eq!(lake.problems(), [Problem::Unknown]);

    let lake = Lake::new();
    lake.plant(|rows| {
        let accounts = rows.open_table(ACCOUNTS).unwrap();
        let jobs: crate::Account = decode(accounts.get("jobs").unwrap().unwrap().value()).unwrap();
        rows.open_table(NODES)
            .unwrap()
            .remove(jobs.root.key())
            .unwrap();
    });
    assert_eq!(lake.found(), [(Problem::Rootless, "jobs".to_owned())]);
}

#[test]
fn a_job_that_contradicts_itself_or_lost_its_script_cannot_be_repaired() {
    let damages: [(Problem, Plant); 4] = [
        (Problem::ScriptGone, |rows| {
            rows.open_table(JOB_SCRIPTS).unwrap().pop_first().unwrap();
        }),
        (Problem::JobState, |rows| {
            edit_job(rows, |job| job.state = JobState::Running);
        }),
        (Problem::JobState, |rows| {
            edit_job(rows, |job| job.result = JobResult::Failed);
        }),
        (Problem::JobState, |rows| {
            edit_job(rows, |job| {
                job.state = JobState::Ended;
                job.audit[0].new_state = JobState::Ended;
                job.result = JobResult::Cancelled;
                job.published = true;
            });
        }),
    ];
    for (expected, plant) in damages {
        let lake = Lake::new();
        lake.plant(plant);
        assert_eq!(lake.problems(), [expected]);
        assert_eq!(expected.severity(), Severity::Damage);
        repair(lake.folder.path(), lake.ambient.clone()).unwrap();
        assert_eq!(lake.problems(), [expected], "it is not guessed at");
    }
}

fn edit_job(rows: &WriteTransaction, edit: fn(&mut JobRow)) {
    let mut job = job(7);
    edit(&mut job);
    let row = encode(&job).unwrap();
    let mut jobs = rows.open_table(JOBS).unwrap();
    jobs.insert(("jobs", 7), row.as_slice()).unwrap();
}

#[test]
fn a_folder_among_those_of_jobs_belongs_to_a_job() {
    let lake = Lake::new();
    let (store, me) = (lake.open(), Principal::superuser("me"));
    let files = store.files("files").unwrap();
    let minute = format!("{JOB_FOLDERS}/2017/03/13/23/52");
    for name in ["one", "two"] {
        let path = format!("{minute}/{name}").parse().unwrap();
        files.mkdirs(&me, &path, &MkdirsOptions::default()).unwrap();
    }
    let jobs = store.jobs("jobs").unwrap();
    let folder = format!("{minute}/one");
    jobs.update(Uuid::from_u128(7), |job| job.log_folder = Some(folder))
        .unwrap();
    drop((files, jobs, store));
    let orphan = (Problem::FolderOfNoJob, format!("files:{minute}/two"));
    assert_eq!(lake.found(), [orphan]);
}

#[test]
fn a_folder_without_a_lake_is_left_alone_and_one_that_is_served_is_refused() {
    let (ambient, _) = testing::ambient(1);
    let folder = tempfile::tempdir().unwrap();
    let error = verify(folder.path(), ambient).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);

    let lake = Lake::new();
    let _served = lake.open();
    for refused in [verify, repair] {
        let error = refused(lake.folder.path(), lake.ambient.clone()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Locked);
    }
}

#[test]
fn a_database_that_cannot_be_read_is_an_error_and_no_panic() {
    let sound = Lake::new();
    let path = sound.host(".lake/lake.redb");
    let bytes = fs::read(&path).unwrap();
    let mut random = testing::XorShift::new(3);
    let mut unreadable = 0;
    for _ in 0..40 {
        let mut damaged = bytes.clone();
        for _ in 0..200 {
            let at = random.below(damaged.len() as u64) as usize;
            damaged[at] ^= 1 + random.below(255) as u8;
        }
        fs::write(&path, damaged).unwrap();
        if let Err(error) = verify(sound.folder.path(), sound.ambient.clone()) {
            // A page number beyond the end of the file is an error of reading.
            assert!(
                matches!(error.kind(), ErrorKind::Corrupt | ErrorKind::Io),
                "{error:?}"
            );
            unreadable += 1;
        }
    }
    assert!(unreadable > 0);
}

#[test]
fn every_problem_has_a_name_for_programs() {
    assert_eq!(Problem::NameOfAnother.code(), "name-of-another");
    assert_eq!(Problem::Acl.code(), "acl");
}
