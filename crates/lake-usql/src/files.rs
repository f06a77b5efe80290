//! The lake's files as the engine's port, with the rights of the submitter.

use std::io;
use std::ops::ControlFlow;
use std::sync::{Arc, OnceLock};

use lake_service::{LakeFiles, Output};
use lake_store::{
    CatalogEdit, CatalogSnapshot, ErrorKind, FileKind, FileReader, FileStatus, ListOptions, Rwx,
};
use tokio_util::sync::CancellationToken;
use usql_engine::{FileError, Files, Input};
use usql_sema::{
    CompileEnvironment, Entry, Expression, FileInfo, JobInfo, LakePath, ListError, Plan, Settings,
    Value,
    catalog::{ApplyError, Catalog},
};

use crate::catalog::{self, LakeCatalog};

/// The files of a job, and the catalog that it changes with them.
pub(crate) struct JobFiles {
    files: LakeFiles,
    plan: Arc<Plan>,
    /// Why the catalog could not be changed.
    refused: OnceLock<ApplyError>,
    /// Nothing more is opened or read when this is tripped.
    cancel: CancellationToken,
}

impl JobFiles {
    pub(crate) fn new(files: LakeFiles, plan: Arc<Plan>, cancel: CancellationToken) -> Self {
        Self {
            files,
            plan,
            refused: OnceLock::new(),
            cancel,
        }
    }

    /// Why nothing was published, if that is because of the catalog.
    pub(crate) fn refused(&self) -> Option<&ApplyError> {
        self.refused.get()
    }

    /// What the script changes in the catalog as it is by now.
    fn edits(&self, now: &CatalogSnapshot) -> lake_store::Result<Vec<CatalogEdit>> {
        let edits = catalog::edits(self.plan.changes(), now, self.files.ambient());
        edits.map_err(|error| {
            let message = error.to_string();
            let _ = self.refused.set(error);
            lake_store::Error::new(ErrorKind::Conflict, message)
        })
    }
}

impl Files for JobFiles {
    type Staged = Output;

    fn open(&self, path: &LakePath) -> Result<Arc<dyn Input>, FileError> {
        let reader = self.files.open(&path.to_string()).map_err(file_error)?;
        Ok(Arc::new(LakeInput {
            reader,
            cancel: self.cancel.clone(),
        }))
    }

    fn stage(&self, path: &LakePath) -> Result<Output, FileError> {
        self.files.stage(&path.to_string()).map_err(file_error)
    }

    fn publish(&self, staged: Vec<Output>) -> Result<(), FileError> {
        let published = match self.plan.changes() {
            [] => self.files.publish(staged),
            _ => self
                .files
                .publish_changing(staged, |catalog| self.edits(catalog)),
        };
        published.map_err(file_error)
    }
}

fn file_error(error: lake_store::Error) -> FileError {
    FileError::new(error.to_string()).with_source(error)
}

struct LakeInput {
    reader: FileReader,
    cancel: CancellationToken,
}

impl Input for LakeInput {
    fn len(&self) -> u64 {
        self.reader.len()
    }

    fn modified(&self) -> Option<i64> {
        Some(info(self.reader.status()).modified)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        // A scan may read on for long before it gives its next rows, and the engine sees only these.
        if self.cancel.is_cancelled() {
            return Err(io::Error::other("the job was cancelled"));
        }
        self.reader
            .read_at(offset, buffer)
            .map_err(io::Error::other)
    }
}

/// How many entries of a directory are asked for at once.
const PAGE: usize = 4096;

/// What the checker may ask of the lake.
pub(crate) struct JobEnvironment<'a> {
    pub(crate) files: &'a LakeFiles,
    pub(crate) settings: Settings,
    pub(crate) job: JobInfo,
    pub(crate) catalog: LakeCatalog,
    /// Ends a listing when nobody waits for the compilation any more.
    pub(crate) cancel: &'a CancellationToken,
}

impl JobEnvironment<'_> {
    /// Gives `each` the entries of some pages, until it breaks.
    fn pages(
        &self,
        directory: &LakePath,
        mut page: ListOptions,
        each: &mut dyn FnMut(Entry<'_>) -> ControlFlow<()>,
    ) -> Result<(), ListError> {
        page = page
            .with_limit(Some(PAGE))
            .with_only_files_with(Some(Rwx::READ));
        let path = directory.to_string();
        loop {
            if self.cancel.is_cancelled() {
                return Err(ListError::new("the compilation was cancelled"));
            }
            let listing = match self.files.list(&path, &page) {
                Ok(listing) => listing,
                Err(error) if is_nothing_to_see(&error) => return Ok(()),
                Err(error) => return Err(ListError::new(error.to_string())),
            };
            for entry in &listing.entries {
                let name = entry.name.as_str();
                let entry = match entry.status.kind {
                    FileKind::File => Entry::File(name, info(&entry.status)),
                    FileKind::Directory => Entry::Directory(name),
                };
                if each(entry).is_break() {
                    return Ok(());
                }
            }
            match listing.next {
                Some(next) => page = page.with_after(Some(next)),
                None => return Ok(()),
            }
        }
    }
}

impl CompileEnvironment for JobEnvironment<'_> {
    /// A file that the submitter may not read is not there, as on the service.
    fn file(&self, path: &LakePath) -> Option<FileInfo> {
        let status = self.files.stat_readable(&path.to_string()).ok()?;
        (status.kind == FileKind::File).then(|| info(&status))
    }

    /// What the submitter may not see is not in the set, and that is no error: the service's reference says so
    /// (https://learn.microsoft.com/en-us/u-sql/concepts/files/input-files).
    fn list(
        &self,
        directory: &LakePath,
        prefix: &str,
        each: &mut dyn FnMut(Entry<'_>) -> ControlFlow<()>,
    ) -> Result<(), ListError> {
        let from = ListOptions::default().with_after(before(prefix));
        self.pages(directory, from, &mut |entry| {
            let (Entry::File(name, _) | Entry::Directory(name)) = entry;
            if name.starts_with(prefix) {
                each(entry)
            } else if name > prefix {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })
    }

    fn entry<'n>(
        &self,
        directory: &LakePath,
        name: &'n str,
    ) -> Result<Option<Entry<'n>>, ListError> {
        let mut found = None;
        let only = ListOptions::default()
            .with_after(before(name))
            .with_before(Some(format!("{name}\0")));
        self.pages(directory, only, &mut |entry| {
            found = match entry {
                Entry::File(is, info) if is == name => Some(Entry::File(name, info)),
                Entry::Directory(is) if is == name => Some(Entry::Directory(name)),
                _ => return ControlFlow::Continue(()),
            };
            ControlFlow::Break(())
        })?;
        Ok(found)
    }

    fn uri(&self, path: &LakePath) -> String {
        path.uri(Some(self.files.account()))
    }

    fn evaluate(&self, expression: &Expression) -> Option<Value> {
        usql_engine::constant(expression)
    }

    fn settings(&self) -> Settings {
        self.settings
    }

    fn catalog(&self) -> &dyn Catalog {
        &self.catalog
    }

    fn job(&self) -> JobInfo {
        self.job.clone()
    }
}

/// A name before all that begin with `prefix`, and hardly any other name between.
fn before(prefix: &str) -> Option<String> {
    let last = prefix.chars().next_back()?;
    let mut before = prefix[..prefix.len() - last.len_utf8()].to_owned();
    if let Some(smaller) = (u32::from(last).checked_sub(1)).and_then(char::from_u32) {
        before.push(smaller);
        before.push(char::MAX);
    }
    Some(before)
}

fn is_nothing_to_see(error: &lake_store::Error) -> bool {
    use lake_store::ErrorKind::{Forbidden, NotADirectory, NotFound};
    matches!(error.kind(), Forbidden | NotADirectory | NotFound)
}

fn info(status: &FileStatus) -> FileInfo {
    FileInfo::of_length(status.length)
        .with_modified(status.modified.datetime().into())
        .with_created(status.created.datetime().into())
}
