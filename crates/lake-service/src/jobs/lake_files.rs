//! What a job sees of the lake: files by the paths of its script, with the rights of its submitter.

use std::io::{self, Write};
use std::sync::Arc;

use lake_store::{
    Ambient, CatalogEdit, CatalogSnapshot, Error, ErrorKind, FileReader, FileStatus, JobTable,
    LakePath, ListOptions, Listing, Principal, Result, Rwx, StagedFile, Store,
};
use uuid::Uuid;

use crate::jobs::gate::Gate;
use crate::jobs::location::Location;

/// Decides on the changes of a catalog.
type Decide<'a> = Box<dyn FnOnce(&CatalogSnapshot) -> Result<Vec<CatalogEdit>> + 'a>;

/// The files that a job may read and write. A clone is cheap.
///
/// A path is `/a/b`, `a/b` or `adl://account.azuredatalakestore.net/a/b`, which is a local account whatever the
/// suffix. Every method blocks: call it where that is allowed.
///
/// ```
/// use lake_service::LakeFiles;
/// use lake_store::{Principal, Store};
///
/// fn greet(store: Store) -> lake_store::Result<()> {
///     let files = LakeFiles::new(store, Principal::new("ann"), "lakestore");
///     let mut output = files.stage("/greeting.txt")?;
///     std::io::Write::write_all(&mut output, b"hello").expect("there is room on the disk");
///     files.publish(vec![output])
/// }
/// ```
#[derive(Clone, Debug)]
pub struct LakeFiles {
    store: Store,
    principal: Arc<Principal>,
    account: Arc<str>,
    gate: Arc<Gate>,
    /// The job whose row is told that its outputs are there.
    job: Option<(JobTable, Uuid)>,
    /// The analytics account whose catalog a script sees.
    analytics: Option<Arc<str>>,
}

impl LakeFiles {
    /// The files that `principal` may use; paths without an account are in `account`.
    pub fn new(store: Store, principal: Principal, account: &str) -> Self {
        Self::behind(store, principal, account, Arc::default())
    }

    /// The same, with a gate that can forbid to publish.
    pub(crate) fn behind(
        store: Store,
        principal: Principal,
        account: &str,
        gate: Arc<Gate>,
    ) -> Self {
        Self {
            store,
            principal: Arc::new(principal),
            account: account.into(),
            gate,
            job: None,
            analytics: None,
        }
    }

    /// The same, for a job whose row says so as soon as its outputs are there.
    pub(crate) fn of_job(self, table: JobTable, id: Uuid) -> Self {
        let files = self.of_account(table.account());
        let job = Some((table, id));
        Self { job, ..files }
    }

    /// The same, for a script of an analytics account.
    pub(crate) fn of_account(self, analytics: &str) -> Self {
        let analytics = Some(analytics.into());
        Self { analytics, ..self }
    }

    /// The catalog of the script's analytics account as it is now; none without an account.
    pub fn catalog(&self) -> Result<Option<CatalogSnapshot>> {
        let account = self.analytics.as_deref();
        let catalog = account.map(|account| self.store.catalog(account)?.snapshot());
        catalog.transpose()
    }

    /// What is at a path.
    pub fn stat(&self, path: &str) -> Result<FileStatus> {
        let (account, path) = self.locate(path)?;
        self.store.files(&account)?.stat(&self.principal, &path)
    }

    /// What is at a path, if the principal may read it.
    pub fn stat_readable(&self, path: &str) -> Result<FileStatus> {
        let (account, path) = self.locate(path)?;
        let files = self.store.files(&account)?;
        files.check_access(&self.principal, &path, Rwx::READ)?;
        files.stat(&self.principal, &path)
    }

    /// A page of a directory.
    pub fn list(&self, path: &str, options: &ListOptions) -> Result<Listing> {
        let (account, path) = self.locate(path)?;
        self.store
            .files(&account)?
            .list(&self.principal, &path, options)
    }

    /// Clock and randomness of the lake.
    pub fn ambient(&self) -> &Ambient {
        self.store.ambient()
    }

    /// The account that paths without one are in.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// Opens a file. The reader sees the bytes as they are now, whatever happens to the name.
    pub fn open(&self, path: &str) -> Result<FileReader> {
        let (account, path) = self.locate(path)?;
        self.store.files(&account)?.open(&self.principal, &path)
    }

    /// Begins an output. Nobody sees it before [`LakeFiles::publish`]; dropping it forgets it.
    pub fn stage(&self, path: &str) -> Result<Output> {
        let (account, path) = self.locate(path)?;
        let staged = self.store.files(&account)?.stage(&self.principal, &path)?;
        Ok(Output { account, staged })
    }

    /// Makes all outputs of a job visible at once, each replacing what was there. All must be in one account.
    ///
    /// [`ErrorKind::Conflict`] when the job was stopped: then nothing is visible, now or later.
    pub fn publish(&self, outputs: Vec<Output>) -> Result<()> {
        self.publish_with(outputs, None)
    }

    /// As [`publish`](Self::publish), and changes the catalog of the job's account at the same moment.
    ///
    /// `edits` decides on the changes by the catalog as it is then; if it fails, nothing is visible.
    ///
    /// [`ErrorKind::InvalidArgument`] without a job.
    pub fn publish_changing(
        &self,
        outputs: Vec<Output>,
        edits: impl FnOnce(&CatalogSnapshot) -> Result<Vec<CatalogEdit>>,
    ) -> Result<()> {
        self.publish_with(outputs, Some(Box::new(edits)))
    }

    fn publish_with(&self, outputs: Vec<Output>, edits: Option<Decide<'_>>) -> Result<()> {
        let publish = || {
            let account = outputs.first().map_or(&*self.account, |o| &o.account);
            if outputs.iter().any(|output| output.account != account) {
                let message = "the outputs of one job must be in one account";
                return Err(Error::new(ErrorKind::InvalidArgument, message));
            }
            let files = self.store.files(account)?;
            let staged = outputs.into_iter().map(|output| output.staged).collect();
            match (&self.job, edits) {
                (Some((table, id)), edits) => {
                    let edits = edits.unwrap_or_else(|| Box::new(|_| Ok(Vec::new())));
                    files.publish_for(&self.principal, staged, table, *id, edits)
                }
                (None, None) => files.publish(&self.principal, staged),
                (None, Some(_)) => {
                    let message = "only a job changes the catalog of its account";
                    Err(Error::new(ErrorKind::InvalidArgument, message))
                }
            }
        };
        self.gate
            .commit(publish)
            .unwrap_or_else(|_| Err(Error::new(ErrorKind::Conflict, "the job was stopped")))
    }

    fn locate(&self, path: &str) -> Result<(String, LakePath)> {
        let location = Location::parse(path, &self.account).map_err(|unknown| {
            Error::new(ErrorKind::InvalidArgument, unknown.to_string()).with_path(path)
        })?;
        Ok((location.account, LakePath::parse(&location.path)?))
    }
}

/// An output that nobody sees yet.
#[derive(Debug)]
pub struct Output {
    account: String,
    staged: StagedFile,
}

impl Output {
    /// Bytes written so far.
    pub fn written(&self) -> u64 {
        self.staged.len()
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.staged.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.staged.flush()
    }
}
