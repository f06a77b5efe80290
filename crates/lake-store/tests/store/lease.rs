//! One writer holds a file, until it is done or was silent for ten minutes.

use std::sync::Arc;

use lake_store::testing::{self, Fault, FaultyDisk};
use lake_store::{
    AccountKind, AppendOptions, CreateOptions, ErrorKind, Existing, FileSpace, Missing, Offset,
    Principal, Recursion, RenameOptions, Result, Store, StoreOptions, SyncFlag, Timestamp,
};
use uuid::Uuid;

use crate::lake::Lake;

const ANN: Option<Uuid> = Some(Uuid::from_u128(0xa));
const BOB: Option<Uuid> = Some(Uuid::from_u128(0xb));
const NOBODY: Option<Uuid> = None;
const MINUTE: i64 = 60_000;

impl Lake {
    fn write(&self, path: &str, lease: Option<Uuid>, sync: SyncFlag, body: &[u8]) -> Result<()> {
        let options = AppendOptions::default().with_sync(sync).with_lease(lease);
        let path = self.path(path);
        self.files().append_opts(&self.me, &path, body, &options)
    }

    fn replace(&self, path: &str, lease: Option<Uuid>, sync: SyncFlag) -> Result<()> {
        let options = CreateOptions::default()
            .with_existing(Existing::Replace)
            .with_lease(lease)
            .with_sync(sync);
        let files = self.files();
        let created = files.create(&self.me, &self.path(path), &options, b"new");
        created.map(drop)
    }

    fn passes(&self, minutes: i64) {
        let now = Timestamp::from(lake_store::Clock::now(self.clock.as_ref()));
        self.clock
            .set(Timestamp::from_millis(now.millis() + minutes * MINUTE));
    }
}

fn refused<T: std::fmt::Debug>(result: Result<T>) {
    assert_eq!(result.unwrap_err().kind(), ErrorKind::LeaseConflict);
}

#[test]
fn a_writer_with_a_lease_keeps_all_others_from_writing_until_it_closes_the_file() {
    let lake = Lake::new();
    for sync in [SyncFlag::Data, SyncFlag::Metadata] {
        lake.replace("/f", ANN, sync).unwrap();
        for other in [BOB, NOBODY] {
            for sync in [SyncFlag::Data, SyncFlag::Metadata, SyncFlag::Close] {
                refused(lake.write("/f", other, sync, b"2"));
                refused(lake.write("/f", other, sync, b""));
            }
        }
        let (files, path) = (lake.files(), lake.path("/f"));
        refused(files.append_concurrently(&lake.me, &path, Missing::Fail, b"2"));
        lake.write("/f", ANN, SyncFlag::Data, b"er").unwrap();
        lake.write("/f", ANN, SyncFlag::Metadata, b"").unwrap();
        refused(lake.write("/f", BOB, SyncFlag::Data, b"2"));
        lake.write("/f", ANN, SyncFlag::Close, b"").unwrap();
        assert_eq!(lake.read("/f"), b"newer");
        lake.write("/f", BOB, SyncFlag::Close, b"!").unwrap();
        lake.replace("/f", NOBODY, SyncFlag::Close).unwrap();
        lake.write("/f", NOBODY, SyncFlag::Close, b"").unwrap();
    }
}

#[test]
fn each_way_of_writing_takes_the_lease_renews_it_and_ends_it() {
    // Files that are published by a rename, by copying behind the end, and by nothing at all.
    for size in [0, 10, (8 << 20) + 1] {
        for body in [&b""[..], b"more"] {
            for sync in [SyncFlag::Data, SyncFlag::Metadata] {
                let lake = Lake::new();
                lake.create("/f", &vec![b'x'; size]);
                lake.write("/f", ANN, sync, body).unwrap();
                refused(lake.write("/f", BOB, sync, b"2"));
                lake.passes(9);
                lake.write("/f", ANN, sync, body).unwrap();
                lake.passes(9);
                refused(lake.write("/f", BOB, sync, b"2"));
                lake.write("/f", ANN, SyncFlag::Close, body).unwrap();
                lake.write("/f", BOB, SyncFlag::Close, b"2").unwrap();
                let length = size as u64 + 3 * body.len() as u64 + 1;
                assert_eq!(lake.stat("/f").length, length, "{size} {sync:?}");
            }
        }
    }
}

#[test]
fn a_silent_writer_loses_the_file_after_ten_minutes_but_not_its_bytes() {
    let lake = Lake::new();
    lake.create("/f", b"1");
    lake.write("/f", ANN, SyncFlag::Data, b"2").unwrap();
    lake.passes(9);
    refused(lake.write("/f", BOB, SyncFlag::Data, b"3"));
    lake.passes(1);
    lake.write("/f", BOB, SyncFlag::Data, b"3").unwrap();
    // The first writer comes back too late.
    refused(lake.write("/f", ANN, SyncFlag::Close, b"4"));
    lake.write("/f", BOB, SyncFlag::Close, b"").unwrap();
    assert_eq!(lake.read("/f"), b"123");
    // One that nobody took the file from goes on after any time.
    lake.write("/f", ANN, SyncFlag::Data, b"4").unwrap();
    lake.passes(60);
    lake.write("/f", ANN, SyncFlag::Close, b"5").unwrap();
    assert_eq!(lake.read("/f"), b"12345");
}

#[test]
fn a_restart_changes_neither_who_holds_a_file_nor_what_is_unpublished_of_it() {
    let mut lake = Lake::new();
    lake.create("/f", b"1");
    lake.write("/f", ANN, SyncFlag::Data, b"2").unwrap();
    lake = lake.reopen();
    refused(lake.write("/f", BOB, SyncFlag::Data, b"3"));
    assert_eq!(lake.read("/f"), b"1");
    lake.write("/f", ANN, SyncFlag::Close, b"3").unwrap();
    lake = lake.reopen();
    assert_eq!(lake.read("/f"), b"123");
    lake.write("/f", BOB, SyncFlag::Close, b"4").unwrap();
}

#[test]
fn who_replaces_a_file_takes_it_from_its_writer() {
    let lake = Lake::new();
    lake.replace("/f", ANN, SyncFlag::Data).unwrap();
    lake.write("/f", ANN, SyncFlag::Data, b"lost").unwrap();
    lake.replace("/f", BOB, SyncFlag::Data).unwrap();
    refused(lake.write("/f", ANN, SyncFlag::Close, b"too late"));
    lake.write("/f", BOB, SyncFlag::Close, b"!").unwrap();
    assert_eq!(lake.read("/f"), b"new!");
    lake.write("/f", ANN, SyncFlag::Data, b"lost").unwrap();
    lake.replace("/f", NOBODY, SyncFlag::Close).unwrap();
    lake.write("/f", BOB, SyncFlag::Close, b"").unwrap();
    assert_eq!(lake.read("/f"), b"new");
}

#[test]
fn a_lease_moves_with_the_file_and_ends_with_it() {
    let lake = Lake::new();
    let (files, me) = (lake.files(), &lake.me);
    let rename = |from: &str, to: &str| {
        let options = RenameOptions::default().with_existing(Existing::Replace);
        files.rename(me, &lake.path(from), &lake.path(to), &options)
    };
    lake.create("/f", b"1");
    lake.write("/f", ANN, SyncFlag::Data, b"2").unwrap();
    rename("/f", "/g").unwrap();
    refused(lake.write("/g", BOB, SyncFlag::Close, b"3"));
    lake.write("/g", ANN, SyncFlag::Data, b"3").unwrap();
    files.set_permission(me, &lake.path("/g"), 0o700).unwrap();
    refused(lake.write("/g", BOB, SyncFlag::Close, b"3"));
    // The .NET SDK's tests delete a file that a stream of theirs still holds.
    files
        .delete(me, &lake.path("/g"), Recursion::EmptyOnly)
        .unwrap();
    lake.create("/g", b"new");
    lake.write("/g", BOB, SyncFlag::Data, b"er").unwrap();
    lake.create("/h", b"other");
    rename("/h", "/g").unwrap();
    lake.write("/g", ANN, SyncFlag::Close, b"!").unwrap();
    assert_eq!(lake.read("/g"), b"other!");
}

#[test]
fn files_that_somebody_holds_are_not_joined() {
    let lake = Lake::new();
    let concat = || {
        let sources = [lake.path("/a"), lake.path("/b")];
        lake.files().concat(&lake.me, &lake.path("/f"), &sources)
    };
    for path in ["/f", "/a", "/b"] {
        lake.create(path, path.as_bytes());
    }
    for path in ["/f", "/a", "/b"] {
        lake.write(path, ANN, SyncFlag::Data, b"").unwrap();
        refused(concat());
        lake.write(path, ANN, SyncFlag::Close, b"").unwrap();
    }
    concat().unwrap();
    assert_eq!(lake.read("/f"), b"/f/a/b");
}

#[test]
fn of_many_writers_that_open_a_file_at_once_one_gets_it() {
    let lake = Lake::new();
    lake.create("/f", b"");
    let won: Vec<bool> = std::thread::scope(|scope| {
        let writers = (1..=8).map(|id| {
            let lake = &lake;
            let take = move || lake.write("/f", Some(Uuid::from_u128(id)), SyncFlag::Data, b"x");
            scope.spawn(move || take().is_ok())
        });
        let writers: Vec<_> = writers.collect();
        writers.into_iter().map(|w| w.join().unwrap()).collect()
    });
    assert_eq!(won.iter().filter(|won| **won).count(), 1);
    let winner = won.iter().position(|won| *won).unwrap();
    let winner = Some(Uuid::from_u128(winner as u128 + 1));
    let options = AppendOptions::default()
        .with_lease(winner)
        .with_offset(Offset::At(1));
    let path = lake.path("/f");
    lake.files()
        .append_opts(&lake.me, &path, b"y", &options)
        .unwrap();
    assert_eq!(lake.read("/f"), b"xy");
}

/// Whether somebody holds `/f`, and where the next append to it goes.
type State = (bool, u64);

fn observe(files: &FileSpace, me: &Principal) -> State {
    let path = "/f".parse().unwrap();
    let end = files.end(me, &path).unwrap_or(0);
    let options = AppendOptions::default()
        .with_sync(SyncFlag::Data)
        .with_lease(BOB);
    let taken = files.append_opts(me, &path, b"", &options);
    (
        taken.is_err_and(|e| e.kind() == ErrorKind::LeaseConflict),
        end,
    )
}

#[test]
fn a_lease_and_the_bytes_that_were_written_under_it_are_there_together_whatever_step_fails() {
    let script: [(SyncFlag, &[u8], State); 6] = [
        (SyncFlag::Data, b"1", (true, 1)),
        (SyncFlag::Data, b"22", (true, 3)),
        (SyncFlag::Metadata, b"3", (true, 4)),
        (SyncFlag::Close, b"", (false, 4)),
        (SyncFlag::Data, b"", (true, 4)),
        (SyncFlag::Close, b"66", (false, 6)),
    ];
    let me = Principal::superuser("me");
    for fault in [Fault::Crash, Fault::Error] {
        for at in 0.. {
            let folder = tempfile::tempdir().unwrap();
            let (ambient, _) = testing::ambient(1);
            let open = |ambient| Store::open(folder.path(), StoreOptions::default(), ambient);
            let store = open(ambient.clone()).unwrap();
            store
                .create_account(&me, "lakestore", AccountKind::Store)
                .unwrap();
            drop(store);
            let disk = FaultyDisk::new(at, fault);
            let faulty = ambient.clone().with_disk(Arc::new(disk.clone()));
            let mut possible = [(false, 0); 2];
            if let Ok(store) = open(faulty) {
                let files = store.files("lakestore").unwrap();
                for (index, (sync, body, after)) in script.into_iter().enumerate() {
                    let path = "/f".parse().unwrap();
                    let create = CreateOptions::default().with_lease(ANN).with_sync(sync);
                    let append = AppendOptions::default().with_lease(ANN).with_sync(sync);
                    let done = match index {
                        0 => files.create(&me, &path, &create, body).map(drop),
                        _ => files.append_opts(&me, &path, body, &append),
                    };
                    possible[1] = after;
                    if done.is_err() {
                        break;
                    }
                    possible[0] = after;
                }
                if fault == Fault::Error && disk.has_failed() {
                    let seen = observe(&files, &me);
                    assert!(possible.contains(&seen), "step {at}: {seen:?} {possible:?}");
                }
            }
            let store = open(ambient).unwrap();
            if fault == Fault::Crash {
                let seen = observe(&store.files("lakestore").unwrap(), &me);
                assert!(possible.contains(&seen), "step {at}: {seen:?} {possible:?}");
            }
            if !disk.has_failed() {
                assert!(at > 20, "{at} steps are too few");
                break;
            }
        }
    }
}
