//! Files that appear together.

use std::collections::HashSet;
use std::io::{self, Write};

use uuid::Uuid;

use super::{CreateOptions, Existing, FileSpace, MkdirsOptions};
use crate::access;
use crate::intent::{Change, Plan, Step};
use crate::spool::SpoolFile;
use crate::{
    CatalogEdit, CatalogSnapshot, Error, ErrorKind, JobTable, LakePath, Principal, Result, Rwx,
};

/// A file being written that nobody sees until it is given to [`FileSpace::publish`] or
/// [`FileSpace::create_staged`]. Dropping it forgets it. Writes are not buffered.
#[derive(Debug)]
pub struct StagedFile {
    path: LakePath,
    spool: SpoolFile,
}

impl StagedFile {
    /// Where it will appear.
    pub fn path(&self) -> &LakePath {
        &self.path
    }

    /// Bytes written so far.
    #[expect(
        clippy::len_without_is_empty,
        reason = "a length in bytes, not a collection"
    )]
    pub fn len(&self) -> u64 {
        self.spool.length()
    }

    pub(super) fn into_parts(self) -> (LakePath, SpoolFile) {
        (self.path, self.spool)
    }
}

impl Write for StagedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.spool.write(bytes).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl FileSpace {
    /// Begins a file that nobody sees until it is published at `path`.
    ///
    /// What can be known to be wrong by now, such as a directory at the path, is an error here;
    /// the rest is one when it is published.
    pub fn stage(&self, principal: &Principal, path: &LakePath) -> Result<StagedFile> {
        match self.find(principal, path) {
            Ok(found) if found.node.is_directory() => return Err(self.is_a_directory(path)),
            Ok(found) => access::require(principal, &found.node, Rwx::WRITE, path)?,
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        Ok(StagedFile {
            path: path.clone(),
            spool: SpoolFile::create(&self.root)?,
        })
    }

    /// Publishes staged files: all appear, replacing files that are there, or none, even if the
    /// process dies in the middle. Missing directories are made first and stay.
    pub fn publish(&self, principal: &Principal, files: Vec<StagedFile>) -> Result<()> {
        self.publish_with(principal, files, || Ok(Plan::default()))
    }

    /// Like [`publish`](Self::publish), and from the same moment the job's row says that its
    /// outputs are there, see [`JobRow::published`](crate::JobRow::published), and the catalog of
    /// its account is changed.
    ///
    /// `edits` decides on the changes by the catalog as it is; until they are made nobody else
    /// changes it. If it fails, nothing happens.
    ///
    /// [`ErrorKind::NotFound`] if there is no such job.
    pub fn publish_for(
        &self,
        principal: &Principal,
        files: Vec<StagedFile>,
        jobs: &JobTable,
        id: Uuid,
        edits: impl FnOnce(&CatalogSnapshot) -> Result<Vec<CatalogEdit>>,
    ) -> Result<()> {
        let again = jobs.get(id)?.published;
        let plan = || {
            let account = jobs.account().to_owned();
            let mut plan = Plan::default();
            let edits = edits(&jobs.catalog().settled()?)?;
            if !edits.is_empty() {
                let account = account.clone();
                plan.changes.push(Change::Catalog { account, edits });
            }
            plan.changes.push(Change::JobPublished { account, id });
            Ok(plan)
        };
        // After a commit that failed the row knows whether it happened.
        let happened = || {
            self.root.mutate().map(drop)?;
            Ok::<_, Error>(jobs.get(id)?.published)
        };
        match self.publish_with(principal, files, plan) {
            Err(_) if !again && happened().unwrap_or(false) => Ok(()),
            result => result,
        }
    }

    fn publish_with(
        &self,
        principal: &Principal,
        files: Vec<StagedFile>,
        plan: impl FnOnce() -> Result<Plan>,
    ) -> Result<()> {
        let mut paths = HashSet::new();
        for StagedFile { path, spool } in &files {
            if !paths.insert(path) {
                let message = format!("`{path}` is staged twice");
                return Err(Error::new(ErrorKind::InvalidArgument, message).with_path(path));
            }
            spool.sync()?;
            let parent = path.parent().unwrap_or(LakePath::ROOT);
            self.mkdirs(principal, &parent, &MkdirsOptions::default())?;
        }
        let mutation = self.root.mutate()?;
        let mut plan = plan()?;
        let options = CreateOptions::default().with_existing(Existing::Replace);
        for StagedFile { path, spool } in &files {
            let first = plan.steps.len();
            self.plan_file(&mutation, &mut plan, principal, path, &options, spool)?;
            self.make_room(&mut plan, first)?;
        }
        if let Err(error) = mutation.run(&plan) {
            // What is begun and cannot be undone will be done, before anybody sees anything of it.
            if !mutation.is_begun(&plan).unwrap_or(false) {
                return Err(error);
            }
        }
        files.into_iter().for_each(|file| file.spool.keep());
        Ok(())
    }

    /// Moves what the step would replace out of the way, so that the step can be undone.
    fn make_room(&self, plan: &mut Plan, step: usize) -> Result<()> {
        let Some(Step::Move { to, .. }) = plan.steps.get(step) else {
            return Ok(());
        };
        if self.root.metadata(to)?.is_some() {
            let discard = Step::Discard {
                from: to.clone(),
                to: self.root.new_discarded(),
                kind: crate::FileKind::File,
            };
            plan.steps.insert(step, discard);
        }
        Ok(())
    }
}
