//! A host that takes names that differ in case for the same.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lake_store::testing;
use lake_store::{
    AccountKind, CreateOptions, Disk, DiskFile, ErrorKind, Existing, HostEntries, HostEntry,
    HostMetadata, LakePath, ListOptions, OpenMode, Principal, RenameOptions, Store, StoreOptions,
    SystemDisk,
};

/// The real disk with the habits of Windows and macOS: names keep their case and are found by any.
#[derive(Debug)]
struct FoldingDisk;

impl FoldingDisk {
    fn find(path: &Path) -> PathBuf {
        let Some((parent, name)) = path.parent().zip(path.file_name()) else {
            return path.to_owned();
        };
        let parent = Self::find(parent);
        let same = |entry: &HostEntry| entry.name.eq_ignore_ascii_case(name);
        let entries = SystemDisk.read_dir(&parent).unwrap_or_default();
        match entries.into_iter().find(same) {
            Some(entry) => parent.join(entry.name),
            None => parent.join(name),
        }
    }
}

impl Disk for FoldingDisk {
    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Box<dyn DiskFile>> {
        SystemDisk.open(&Self::find(path), mode)
    }

    fn metadata(&self, path: &Path) -> io::Result<HostMetadata> {
        SystemDisk.metadata(&Self::find(path))
    }

    fn entries(&self, path: &Path) -> io::Result<HostEntries> {
        SystemDisk.entries(&Self::find(path))
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        SystemDisk.create_dir(&Self::find(path))
    }

    fn create_private_dir(&self, path: &Path) -> io::Result<()> {
        SystemDisk.create_private_dir(&Self::find(path))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        SystemDisk.rename(&Self::find(from), &Self::find(to))
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        SystemDisk.remove_file(&Self::find(path))
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        SystemDisk.remove_dir(&Self::find(path))
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        SystemDisk.sync_dir(&Self::find(path))
    }
}

#[test]
fn a_name_in_another_case_is_refused_and_harms_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let ambient = testing::ambient(1).0.with_disk(Arc::new(FoldingDisk));
    let store = Store::open(folder.path(), StoreOptions::default(), ambient).unwrap();
    let me = Principal::superuser("me");
    let account = store.create_account(&me, "lakestore", AccountKind::Store);
    let files = store.files(&account.unwrap().name).unwrap();
    let path = |text: &str| LakePath::parse(text).unwrap();
    let replace = CreateOptions::default().with_existing(Existing::Replace);
    let create = |text: &str, body: &[u8]| {
        let created = files.create(&me, &path(text), &replace, body);
        created.map(drop).map_err(|error| error.kind())
    };
    create("/Dir/File.csv", b"mine").unwrap();
    for other in ["/Dir/file.csv", "/Dir/FILE.CSV/x", "/dir/new", "/DIR"] {
        assert_eq!(
            create(other, b"other"),
            Err(ErrorKind::AlreadyExists),
            "{other}"
        );
        let stat = files.stat(&me, &path(other));
        assert_eq!(stat.unwrap_err().kind(), ErrorKind::NotFound, "{other}");
    }
    create("/Dir/other", b"other").unwrap();
    let options = RenameOptions::default().with_existing(Existing::Replace);
    let renamed = files.rename(&me, &path("/Dir/other"), &path("/Dir/file.CSV"), &options);
    assert_eq!(renamed.unwrap_err().kind(), ErrorKind::AlreadyExists);
    // What a person drops in is found by its own name only.
    std::fs::write(folder.path().join("lakestore/Dir/Theirs"), "x").unwrap();
    assert!(files.stat(&me, &path("/Dir/theirs")).is_err());
    assert_eq!(files.stat(&me, &path("/Dir/Theirs")).unwrap().length, 1);
    let listing = files
        .list(&me, &path("/Dir"), &ListOptions::default())
        .unwrap();
    let names: Vec<_> = listing
        .entries
        .iter()
        .map(|entry| entry.name.as_str())
        .collect();
    assert_eq!(names, ["File.csv", "Theirs", "other"]);
    let mut buffer = [0; 9];
    let reader = files.open(&me, &path("/Dir/File.csv")).unwrap();
    assert_eq!(reader.read_at(0, &mut buffer).unwrap(), 4);
    assert_eq!(&buffer[..4], b"mine");
}
