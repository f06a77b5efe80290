//! A lake in a temporary folder, with one account and one superuser.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use lake_store::testing::{self, ManualClock};
use lake_store::{
    AccountKind, Ambient, CreateOptions, FileSpace, FileStatus, LakePath, ListOptions, Offset,
    Principal, Result, Store, StoreOptions, SyncFlag,
};

pub(crate) const ACCOUNT: &str = "lakestore";

pub(crate) struct Lake {
    pub(crate) me: Principal,
    pub(crate) clock: Arc<ManualClock>,
    options: StoreOptions,
    ambient: Ambient,
    store: Mutex<Option<Store>>,
    folder: tempfile::TempDir,
}

impl Lake {
    pub(crate) fn new() -> Self {
        Self::with(StoreOptions::default())
    }

    pub(crate) fn with(options: StoreOptions) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (ambient, clock) = testing::ambient(1);
        let store = Store::open(folder.path(), options, ambient.clone()).unwrap();
        let me = Principal::superuser("me");
        store
            .create_account(&me, ACCOUNT, AccountKind::Store)
            .unwrap();
        Self {
            me,
            clock,
            options,
            ambient,
            store: Mutex::new(Some(store)),
            folder,
        }
    }

    /// The same lake, closed and opened again.
    pub(crate) fn reopen(self) -> Self {
        self.close();
        let (ambient, options) = (self.ambient.clone(), self.options);
        let store = Store::open(self.folder.path(), options, ambient).unwrap();
        *self.store.lock().unwrap() = Some(store);
        self
    }

    /// Lets another one open the folder.
    pub(crate) fn close(&self) {
        *self.store.lock().unwrap() = None;
    }

    pub(crate) fn store(&self) -> Store {
        self.store.lock().unwrap().clone().unwrap()
    }

    pub(crate) fn files(&self) -> FileSpace {
        self.store().files(ACCOUNT).unwrap()
    }

    pub(crate) fn path(&self, text: &str) -> LakePath {
        LakePath::parse(text).unwrap()
    }

    pub(crate) fn create(&self, path: &str, body: &[u8]) {
        let options = CreateOptions::default();
        let path = self.path(path);
        self.files()
            .create(&self.me, &path, &options, body)
            .unwrap();
    }

    pub(crate) fn append(
        &self,
        path: &str,
        offset: u64,
        body: &[u8],
        sync: SyncFlag,
    ) -> Result<()> {
        let path = self.path(path);
        self.files()
            .append(&self.me, &path, Offset::At(offset), body, sync)
    }

    pub(crate) fn stat(&self, path: &str) -> FileStatus {
        self.files().stat(&self.me, &self.path(path)).unwrap()
    }

    pub(crate) fn read(&self, path: &str) -> Vec<u8> {
        read(&self.files(), &self.me, &self.path(path)).unwrap()
    }

    pub(crate) fn names(&self, path: &str) -> Vec<String> {
        let options = ListOptions::default();
        let listing = self.files().list(&self.me, &self.path(path), &options);
        let entries = listing.unwrap().entries.into_iter();
        entries.map(|entry| entry.name).collect()
    }

    /// Where something of the account is on the host.
    pub(crate) fn host(&self, path: &str) -> PathBuf {
        self.folder.path().join(ACCOUNT).join(path)
    }

    pub(crate) fn on_host(&self, path: &str) -> Vec<u8> {
        std::fs::read(self.host(path)).unwrap()
    }

    pub(crate) fn host_names(&self, path: &str) -> Vec<String> {
        names_in(self.host(path))
    }

    /// What is in the trash.
    pub(crate) fn trash(&self) -> Vec<String> {
        names_in(self.folder.path().join(".lake").join("trash"))
    }

    /// Spool files that are left, and what is yet to be removed.
    pub(crate) fn temporary_files(&self) -> Vec<String> {
        let folder = self.folder.path().join(".lake");
        let mut names = names_in(folder.join("spool"));
        names.extend(names_in(folder.join("discarded")));
        names
    }
}

fn names_in(folder: PathBuf) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name();
    let mut names: Vec<_> = entries
        .map(|entry| name(entry).into_string().unwrap())
        .collect();
    names.sort();
    names
}

pub(crate) fn read(files: &FileSpace, principal: &Principal, path: &LakePath) -> Result<Vec<u8>> {
    let reader = files.open(principal, path)?;
    let mut bytes = vec![0; reader.len() as usize];
    let mut filled = 0;
    while filled < bytes.len() {
        filled += reader.read_at(filled as u64, &mut bytes[filled..])?;
    }
    Ok(bytes)
}
