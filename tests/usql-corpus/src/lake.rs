//! The lake that scripts run in: the corpus' files, and after each script as it was before.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use adla_jobs::{Job, JobClient, Submission};
use adls_fs::{FileSystem, LakePath};
use anyhow::{Context as _, Result};
use conformance::World;

/// What a script gets before it is said to hang.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is known of a file without reading it.
type Stamp = (u64, SystemTime);

/// A lake with the data of a corpus.
pub(crate) struct Lake {
    /// Ends with us.
    _world: World,
    /// As a person has it: scripts take the name apart that somebody signed in with.
    jobs: JobClient,
    store: FileSystem,
    /// The folder of the first store account.
    root: PathBuf,
    data: PathBuf,
    files: BTreeMap<String, Stamp>,
}

impl Lake {
    /// A lake over a copy of these files.
    pub(crate) async fn over(data: &Path) -> Result<Self> {
        let world = World::start().await;
        let root = world
            .root()
            .join(world.lake.endpoints().store_account.as_str());
        let mut lake = Self {
            jobs: world.jobs_for(world.administrator()),
            store: world.files_for(world.administrator()),
            _world: world,
            root,
            data: data.to_owned(),
            files: BTreeMap::new(),
        };
        for path in listing(data)?.keys() {
            lake.restore(path)?;
        }
        lake.files = listing(&lake.root)?;
        Ok(lake)
    }

    /// Runs a script to its end; none if it does not end.
    pub(crate) async fn run(&self, name: &str, script: &str) -> Result<Option<Job>> {
        let submission = Submission::new(name, script);
        let job = self.jobs.submit(&submission).await?;
        #[expect(clippy::disallowed_methods, reason = "a judge has its own patience")]
        let ended = tokio::time::timeout(PATIENCE, self.jobs.wait(job.id)).await;
        match ended {
            Ok(job) => Ok(Some(job?)),
            Err(_) => {
                self.jobs.cancel(job.id).await?;
                Ok(None)
            }
        }
    }

    /// The files that were written since the last time somebody asked, with their bytes.
    pub(crate) fn written(&self) -> Result<BTreeMap<String, Vec<u8>>> {
        let mut written = BTreeMap::new();
        for (path, stamp) in listing(&self.root)? {
            if self.files.get(&path) != Some(&stamp) {
                let bytes = std::fs::read(self.root.join(&path))?;
                written.insert(path, bytes);
            }
        }
        Ok(written)
    }

    /// Removes what a script wrote.
    pub(crate) async fn settle(&mut self, written: impl Iterator<Item = &str>) -> Result<()> {
        for path in written {
            if self.data.join(path).exists() {
                self.restore(path)?;
            } else {
                let path: LakePath = format!("/{path}").parse()?;
                self.store.delete(&path).await?;
            }
        }
        self.files = listing(&self.root)?;
        Ok(())
    }

    /// Lays a file of the corpus into the lake as a person would.
    fn restore(&self, path: &str) -> Result<()> {
        let target = self.root.join(path);
        let folder = target.parent().context("a file lies in a folder")?;
        std::fs::create_dir_all(folder)?;
        match std::fs::remove_file(&target) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        // A link where there can be one, for there are many lakes: a job never writes into a file, but puts another in
        // its place.
        let source = self.data.join(path);
        if std::fs::hard_link(&source, &target).is_err() {
            std::fs::copy(source, target)?;
        }
        Ok(())
    }
}

/// Every file below a folder.
fn listing(root: &Path) -> Result<BTreeMap<String, Stamp>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let status = entry.metadata()?;
            if status.is_dir() {
                folders.push(entry.path());
                continue;
            }
            let path = entry.path();
            let path = path.strip_prefix(root)?.to_str().context("not UTF-8")?;
            files.insert(path.to_owned(), (status.len(), status.modified()?));
        }
    }
    Ok(files)
}
