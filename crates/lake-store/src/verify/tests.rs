//! Every kind of damage, planted and found.

mod host;
mod jobs;
mod rows;

use std::fs;
use std::path::PathBuf;

use redb::{ReadableTable as _, WriteTransaction};
use tempfile::TempDir;
use uuid::Uuid;

use super::{Problem, Severity, repair, verify};
use crate::database::{
    ACCOUNTS, APPENDS, CATALOG, DETACHED, ENTRIES, EXPIRIES, INTENTS, JOB_ORDER, JOB_SCRIPTS, JOBS,
    NODES, SPOOLS, TRASHED, decode, encode,
};
use crate::intent::Plan;
use crate::node::{Content, Node};
use crate::spool::Spool;
use crate::trash::Trashed;
use crate::{
    AccountKind, AclEntry, Ambient, CatalogRow, CreateOptions, ErrorKind, Expiry, FileSpace,
    JOB_FOLDERS, JobResult, JobRow, JobState, LakePath, ListOptions, MkdirsOptions, Offset,
    Principal, Recursion, Result, Store, StoreOptions, SyncFlag, Timestamp, testing,
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

#[test]
fn a_sound_lake_has_no_findings_and_looking_changes_nothing() {
    let lake = Lake::new();
    assert_eq!(lake.found(), []);
    assert_eq!(lake.found(), []);
    assert_eq!(lake.open().verify().unwrap(), []);
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
