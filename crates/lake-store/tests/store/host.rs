//! A person at work in the data root, beside the lake.

use std::fs;
use std::sync::Arc;

use lake_store::testing::{self, Fault, FaultyDisk};
use lake_store::{
    Ambient, CreateOptions, ErrorKind, Existing, ListOptions, Recursion, SkipReason, Store,
    StoreOptions, SyncFlag,
};

use crate::lake::Lake;

fn kind<T>(result: lake_store::Result<T>) -> ErrorKind {
    result.map(drop).unwrap_err().kind()
}

#[test]
fn a_file_that_is_dropped_in_appears() {
    let lake = Lake::new();
    lake.create("/d/ours", b"1");
    assert_eq!(lake.names("/d"), ["ours"]);
    fs::write(lake.host("d/theirs.csv"), "a,b").unwrap();
    assert_eq!(lake.names("/d"), ["ours", "theirs.csv"]);
    assert_eq!(lake.read("/d/theirs.csv"), b"a,b");
    // By name, without a listing before, and below directories that the lake has not seen.
    fs::create_dir_all(lake.host("new/deep")).unwrap();
    fs::write(lake.host("new/deep/f"), "x").unwrap();
    let status = lake.stat("/new/deep/f");
    assert_eq!((status.length, status.owner.as_str()), (1, "me"));
    assert_eq!(lake.stat("/new/deep/f").id, status.id);
    lake.append("/new/deep/f", 1, b"y", SyncFlag::Close)
        .unwrap();
    assert_eq!(lake.on_host("new/deep/f"), b"xy");
}

#[test]
fn a_folder_of_thousands_is_compared_in_parts_and_wholly() {
    let lake = Lake::new();
    lake.create("/d/ours", b"1");
    let long = "n".repeat(250) + "?"; // On the host it is named by its id.
    lake.create(&format!("/d/{long}"), b"2");
    let host = |n: usize| lake.host(&format!("d/f{n:05}"));
    let expect = |kept: Vec<usize>| {
        let mut expected: Vec<_> = kept.iter().map(|n| format!("f{n:05}")).collect();
        expected.extend([long.clone(), "ours".to_owned()]);
        assert_eq!(lake.names("/d"), expected);
    };
    (0..9000).for_each(|n| fs::write(host(n), "").unwrap());
    expect((0..9000).collect());
    // As many go as come, and then more go than come.
    (2000..8500).for_each(|n| fs::remove_file(host(n)).unwrap());
    (9000..15_500).for_each(|n| fs::write(host(n), "").unwrap());
    expect((0..2000).chain(8500..15_500).collect());
    (0..2000).for_each(|n| fs::remove_file(host(n)).unwrap());
    fs::write(host(2000), "").unwrap();
    expect((2000..2001).chain(8500..15_500).collect());
}

#[test]
fn what_a_person_removes_vanishes() {
    let lake = Lake::new();
    lake.create("/d/e/f", b"1");
    lake.create("/d/g", b"2");
    fs::remove_file(lake.host("d/g")).unwrap();
    assert_eq!(
        kind(lake.files().stat(&lake.me, &lake.path("/d/g"))),
        ErrorKind::NotFound
    );
    assert_eq!(lake.names("/d"), ["e"]);
    fs::remove_dir_all(lake.host("d/e")).unwrap();
    assert_eq!(lake.names("/d"), Vec::<String>::new());
    lake.create("/d/e/f", b"again");
    assert_eq!(lake.read("/d/e/f"), b"again");
}

#[test]
fn what_a_person_edits_has_a_new_length_and_etag_and_keeps_its_owner() {
    let lake = Lake::new();
    lake.create("/d/f", b"before");
    lake.files()
        .set_owner(&lake.me, &lake.path("/d/f"), Some("ann"), None)
        .unwrap();
    let before = lake.stat("/d/f");
    fs::write(lake.host("d/f"), "after, and longer").unwrap();
    let after = lake.stat("/d/f");
    assert_eq!(after.length, 17);
    assert_eq!((after.id, after.owner.as_str()), (before.id, "ann"));
    assert_ne!(after.etag(), before.etag());
    assert_eq!(lake.stat("/d/f"), after);
    fs::write(lake.host("d/f"), "x").unwrap();
    let listing = lake
        .files()
        .list(&lake.me, &lake.path("/d"), &ListOptions::default());
    assert_eq!(listing.unwrap().entries[0].status.length, 1);
    // An editor that writes a new file and renames it, of the same length.
    fs::write(lake.host("d/tmp"), "y").unwrap();
    fs::rename(lake.host("d/tmp"), lake.host("d/f")).unwrap();
    assert_eq!(lake.read("/d/f"), b"y");
    assert_eq!(lake.names("/d"), ["f"]);
}

#[test]
fn an_edit_by_a_person_ends_unpublished_appends() {
    let lake = Lake::new();
    lake.create("/f", b"12345");
    lake.append("/f", 5, b"pending", SyncFlag::Data).unwrap();
    fs::write(lake.host("f"), "person").unwrap();
    assert_eq!(
        kind(lake.append("/f", 12, b"", SyncFlag::Close)),
        ErrorKind::BadOffset
    );
    lake.append("/f", 6, b"!", SyncFlag::Close).unwrap();
    assert_eq!(lake.read("/f"), b"person!");
    assert_eq!(lake.temporary_files(), Vec::<String>::new());
}

#[test]
fn a_file_that_becomes_a_directory_is_another_node() {
    let lake = Lake::new();
    lake.create("/x", b"file");
    let before = lake.stat("/x");
    fs::remove_file(lake.host("x")).unwrap();
    fs::create_dir(lake.host("x")).unwrap();
    fs::write(lake.host("x/y"), "1").unwrap();
    assert!(lake.stat("/x").is_directory());
    assert_ne!(lake.stat("/x").id, before.id);
    assert_eq!(lake.names("/x"), ["y"]);
    fs::remove_dir_all(lake.host("x")).unwrap();
    fs::write(lake.host("x"), "file").unwrap();
    assert_eq!(lake.read("/x"), b"file");
    assert_eq!(lake.names("/"), ["x"]);
}

#[cfg(unix)]
#[test]
fn links_pipes_and_odd_names_are_reported_and_never_followed() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::symlink;

    let lake = Lake::new();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret"), "secret").unwrap();
    lake.create("/d/f", b"1");
    symlink(outside.path(), lake.host("d/link")).unwrap();
    symlink(outside.path().join("secret"), lake.host("d/alias")).unwrap();
    fs::write(lake.host("d").join(OsStr::from_bytes(b"\xff")), "x").unwrap();
    fs::write(lake.host("d/a:b"), "x").unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(lake.host("d/socket")).unwrap();
    assert_eq!(lake.names("/d"), ["f"]);
    let stat = |path: &str| lake.files().stat(&lake.me, &lake.path(path));
    assert_eq!(kind(stat("/d/alias")), ErrorKind::NotFound);
    assert_eq!(kind(stat("/d/link/secret")), ErrorKind::NotFound);
    let replace = CreateOptions::default().with_existing(Existing::Replace);
    for path in ["/d/alias", "/d/link/secret", "/d/link/new"] {
        let created = lake
            .files()
            .create(&lake.me, &lake.path(path), &replace, b"mine");
        assert_eq!(kind(created), ErrorKind::AlreadyExists, "{path}");
    }
    assert_eq!(fs::read(outside.path().join("secret")).unwrap(), b"secret");
    let reasons: Vec<_> = lake
        .store()
        .skipped()
        .iter()
        .map(|skipped| skipped.reason)
        .collect();
    assert_eq!(
        reasons,
        [
            SkipReason::ForeignName,
            SkipReason::SymbolicLink,
            SkipReason::SymbolicLink,
            SkipReason::SpecialFile,
            SkipReason::NotUtf8,
        ]
    );
    // What is not shown is somebody's all the same.
    let delete = |recursion| lake.files().delete(&lake.me, &lake.path("/d"), recursion);
    lake.files()
        .delete(&lake.me, &lake.path("/d/f"), Recursion::All)
        .unwrap();
    assert_eq!(
        kind(delete(Recursion::EmptyOnly)),
        ErrorKind::DirectoryNotEmpty
    );
    delete(Recursion::All).unwrap();
    lake.store().reap().unwrap();
    assert_eq!(fs::read(outside.path().join("secret")).unwrap(), b"secret");
    assert_eq!(lake.store().skipped(), []);
}

#[cfg(unix)]
#[test]
fn a_directory_that_becomes_a_link_is_not_followed() {
    let lake = Lake::new();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("f"), "1").unwrap();
    lake.create("/d/f", b"1");
    fs::remove_dir_all(lake.host("d")).unwrap();
    std::os::unix::fs::symlink(outside.path(), lake.host("d")).unwrap();
    assert_eq!(
        kind(lake.files().open(&lake.me, &lake.path("/d/f"))),
        ErrorKind::NotFound
    );
}

#[test]
fn a_listing_reads_names_from_the_host_only_when_the_directory_changed() {
    let lake = Lake::new();
    for index in 0..20 {
        fs::write(lake.host(&format!("{index:02}")), "x").unwrap();
    }
    // The clock of the lake is set late enough that the directory counts as being at rest.
    lake.clock
        .set(lake_store::Timestamp::from_millis(4_000_000_000_000));
    assert_eq!(lake.names("/").len(), 20);
    let mut page = ListOptions::default().with_limit(Some(7));
    let mut names = Vec::new();
    loop {
        let listing = lake
            .files()
            .list(&lake.me, &lake_store::LakePath::ROOT, &page)
            .unwrap();
        names.extend(listing.entries.iter().map(|entry| entry.name.clone()));
        if !listing.more {
            break;
        }
        page = page.with_after(names.last().cloned());
        if names.len() == 7 {
            fs::write(lake.host("after"), "x").unwrap();
            fs::remove_file(lake.host("10")).unwrap();
        }
    }
    assert_eq!(names.len(), 20);
    assert!(names.contains(&"after".to_owned()) && !names.contains(&"10".to_owned()));
}

#[test]
fn a_root_has_one_lake_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Store::open(folder.path(), StoreOptions::default(), Ambient::system());
    let first = open().unwrap();
    let error = open().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Locked);
    assert!(
        error.to_string().contains("in use by another lake"),
        "{error}"
    );
    let settings = first.settings();
    drop(first);
    assert_eq!(open().unwrap_err().kind(), ErrorKind::Locked);
    drop(settings);
    open().unwrap();
}

#[test]
fn a_root_that_cannot_be_made_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let root = folder.path().join("file/root");
    let error = Store::open(&root, StoreOptions::default(), Ambient::system()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(
        error.to_string().contains("choose another data root"),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn other_users_cannot_enter_the_private_folder() {
    use std::os::unix::fs::PermissionsExt as _;
    let lake = Lake::new();
    let folder = lake.store().root().join(".lake");
    let mode = fs::metadata(folder).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

/// A disk error is not the end: what failed has not happened, and the next try goes on.
#[test]
fn a_step_that_fails_is_undone_with_those_before_it() {
    use std::io::Write as _;

    let count = {
        let lake = Lake::new();
        let disk = FaultyDisk::new(u64::MAX, Fault::Error);
        publish_three(&lake, &disk).unwrap();
        disk.steps()
    };
    let mut failures = 0;
    for step in 0..count {
        let lake = Lake::new();
        lake.create("/out/2", b"old");
        let disk = FaultyDisk::new(step, Fault::Error);
        let result = publish_three(&lake, &disk);
        let lake = lake.reopen();
        let seen: Vec<_> = lake
            .names("/out")
            .iter()
            .map(|n| lake.read(&format!("/out/{n}")))
            .collect();
        if seen == [b"old"] {
            failures += 1;
            assert!(result.is_err());
        } else {
            assert_eq!(seen, [b"1", b"2", b"3"], "step {step}");
        }
        assert_eq!(lake.temporary_files(), Vec::<String>::new());
    }
    assert!(failures > 3);

    fn publish_three(lake: &Lake, disk: &FaultyDisk) -> lake_store::Result<()> {
        let ambient = testing::ambient(9).0.with_disk(Arc::new(disk.clone()));
        let folder = lake.store().root().to_owned();
        lake.close();
        let store = Store::open(&folder, StoreOptions::default(), ambient)?;
        let files = store.files(crate::lake::ACCOUNT)?;
        let mut staged = Vec::new();
        for name in ["1", "2", "3"] {
            let mut file = files.stage(&lake.me, &lake.path(&format!("/out/{name}")))?;
            file.write_all(name.as_bytes()).map_err(|error| {
                lake_store::Error::new(ErrorKind::Io, "write").with_source(error)
            })?;
            staged.push(file);
        }
        files.publish(&lake.me, staged)
    }
}
