//! What a client does to a lake, and what it can see of it.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use lake_store::testing::ManualClock;
use lake_store::{
    Ambient, AppendOptions, CreateOptions, DeletedOptions, Durability, ErrorKind, Existing, Expiry,
    FileSpace, JobResult, JobState, LakePath, ListOptions, Missing, Offset, Principal, Recursion,
    RenameOptions, Result, StagedFile, Store, StoreOptions, SyncFlag, Taken, Timestamp, Transition,
};
use uuid::Uuid;

use crate::lake::read;

/// What a client can see: files with published and unpublished bytes, directories as `None`,
/// attributes that are not those of something new, the trash, and the states of the job.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Seen {
    pub(super) accounts: usize,
    pub(super) names: BTreeMap<String, Option<Bytes>>,
    pub(super) attributes: BTreeMap<String, String>,
    pub(super) trash: Vec<String>,
    pub(super) job: Vec<JobState>,
    pub(super) job_published: bool,
    /// The names in the catalog.
    pub(super) catalog: Vec<String>,
    pub(super) setting: Option<Vec<u8>>,
}

impl Seen {
    pub(super) fn file(&mut self, path: &str, published: &[u8], pending: &[u8]) {
        let bytes = (published.to_vec(), pending.to_vec());
        self.names.insert(path.to_owned(), Some(bytes));
    }

    /// What is seen by the next one that looks, as looking publishes what was pending.
    pub(super) fn published(mut self) -> Self {
        for (published, pending) in self.names.values_mut().flatten() {
            published.append(pending);
        }
        self
    }
}

/// Published and unpublished bytes.
pub(super) type Bytes = (Vec<u8>, Vec<u8>);

/// The process of a lake.
pub(super) struct Session {
    pub(super) store: Store,
    pub(super) clock: Arc<ManualClock>,
    pub(super) me: Principal,
}

impl Session {
    pub(super) fn open(
        folder: &Path,
        durability: Durability,
        ambient: Ambient,
        clock: &Arc<ManualClock>,
    ) -> Result<Self> {
        let options = StoreOptions::default()
            .with_durability(durability)
            .with_trash_retention(RETENTION);
        Ok(Self {
            store: Store::open(folder, options, ambient)?,
            clock: clock.clone(),
            me: Principal::superuser("me"),
        })
    }

    pub(super) fn files(&self) -> Result<FileSpace> {
        self.store.files("lakestore")
    }

    pub(super) fn create(&self, path: &str, body: &[u8]) -> Result<()> {
        let options = CreateOptions::default().with_existing(Existing::Replace);
        self.files()?
            .create(&self.me, &path.parse()?, &options, body)?;
        Ok(())
    }

    pub(super) fn append(&self, path: &str, body: &[u8], sync: SyncFlag) -> Result<()> {
        self.files()?
            .append(&self.me, &path.parse()?, Offset::End, body, sync)
    }

    pub(super) fn append_concurrently(&self, path: &str, body: &[u8]) -> Result<()> {
        self.files()?
            .append_concurrently(&self.me, &path.parse()?, Missing::Create, body)
    }

    /// Says when a file expires, and lets it be that time. It is then too if saying so failed:
    /// only the time shows whether the row has it.
    pub(super) fn expire(&self, path: &str) -> Result<()> {
        self.clock.set(FIRST_PROCESS);
        let expiry = Expiry::At(NEXT_PROCESS);
        let said = self.files()?.set_expiry(&self.me, &path.parse()?, expiry);
        self.clock.set(NEXT_PROCESS);
        said.map(drop)
    }

    pub(super) fn rename(&self, from: &str, to: &str) -> Result<()> {
        let options = RenameOptions::default().with_existing(Existing::Replace);
        self.files()?
            .rename(&self.me, &from.parse()?, &to.parse()?, &options)
    }

    pub(super) fn delete(&self, path: &str) -> Result<()> {
        self.files()?
            .delete(&self.me, &path.parse()?, Recursion::All)
    }

    /// Restores the item that was deleted first.
    pub(super) fn restore(&self, to: &str, taken: Taken) -> Result<()> {
        let files = self.files()?;
        let deleted = files.deleted(&self.me, &DeletedOptions::default())?;
        let item = deleted.items.first().ok_or_else(|| {
            lake_store::Error::new(ErrorKind::NotFound, "nothing is in the trash")
        })?;
        let restored = files.restore(&self.me, item.token, item.kind, &to.parse()?, taken);
        restored.map(drop)
    }

    /// Frees what is to be freed long after all that was deleted.
    pub(super) fn reap_much_later(&self) -> Result<()> {
        self.clock.set(MUCH_LATER);
        let reaped = self.store.reap();
        self.clock.set(FIRST_PROCESS);
        reaped
    }

    pub(super) fn stage(&self, files: &[(&str, &[u8])]) -> Result<Vec<StagedFile>> {
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

    pub(super) fn transition(&self, from: JobState, to: JobState) -> Result<()> {
        let transition = Transition::new(from, to, Timestamp::from_millis(1));
        let jobs = self.store.jobs("lakeanalytics")?;
        jobs.transition_with(JOB, transition, |job| {
            if to == JobState::Ended {
                job.result = JobResult::Succeeded;
            }
        })?;
        Ok(())
    }

    /// Everything that can be seen. It publishes what was pending.
    pub(super) fn see(&self) -> Seen {
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
            let rows = jobs.catalog().snapshot().unwrap().rows().unwrap();
            seen.catalog = rows.iter().map(|(name, _)| name.to_string()).collect();
        }
        if let Ok(files) = self.files() {
            self.see_attributes(&files, &LakePath::ROOT, &mut seen);
            self.see_directory(&files, &LakePath::ROOT, &mut seen);
            let deleted = files.deleted(&self.me, &DeletedOptions::default()).unwrap();
            let paths = deleted.items.iter().map(|item| item.path.to_string());
            seen.trash = paths.collect();
            seen.trash.sort();
        }
        seen
    }

    fn see_attributes(&self, files: &FileSpace, path: &LakePath, seen: &mut Seen) {
        let status = files.stat(&self.me, path).unwrap();
        let acl: Vec<_> = status
            .acl
            .entries()
            .iter()
            .map(ToString::to_string)
            .collect();
        let accessed = match status.accessed {
            SET_BY_HAND => "set",
            _ => "new",
        };
        let (acl, owner, group) = (acl.join(","), status.owner, status.group);
        let attributes = format!("{acl} {owner} {group} {accessed}");
        if attributes != NEW {
            seen.attributes.insert(path.to_string(), attributes);
        }
    }

    fn see_directory(&self, files: &FileSpace, path: &LakePath, seen: &mut Seen) {
        let listing = files.list(&self.me, path, &ListOptions::default()).unwrap();
        for entry in listing.entries {
            let path = path.join(&entry.name).unwrap();
            self.see_attributes(files, &path, seen);
            if entry.status.is_directory() {
                seen.names.insert(path.to_string(), None);
                self.see_directory(files, &path, seen);
                continue;
            }
            let published = read(files, &self.me, &path).unwrap();
            assert_eq!(published.len() as u64, entry.status.length);
            if let Err(error) = files.append_opts(&self.me, &path, b"", &as_holder()) {
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
pub(super) const FIRST_PROCESS: Timestamp = Timestamp::from_millis(1_500_000_000_000);

/// When the process starts that finds what the one that died has left.
pub(super) const NEXT_PROCESS: Timestamp = Timestamp::from_millis(1_600_000_000_000);

/// When nothing is kept any more that the first process deleted.
const MUCH_LATER: Timestamp = Timestamp::from_millis(3_000_000_000_000);

/// Longer than from the first process to the next.
const RETENTION: Duration = Duration::from_secs(1_000_000_000);

/// The attributes of something new.
pub(super) const NEW: &str = "user::rwx,group::rwx,other::--- me me new";

/// An access time that no clock gives.
pub(super) const SET_BY_HAND: Timestamp = Timestamp::from_millis(5);

/// Ends what is being written, whoever writes.
pub(super) fn as_holder() -> AppendOptions {
    AppendOptions::default().with_lease(Some(Uuid::from_u128(1)))
}

pub(super) const JOB: Uuid = Uuid::from_u128(7);
