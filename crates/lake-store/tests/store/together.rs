//! Many threads at once.

use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};

use lake_store::testing::XorShift;
use lake_store::{
    CreateOptions, DeletedOptions, ErrorKind, Existing, LakePath, ListOptions, Offset, Recursion,
    RenameOptions, Result, SyncFlag, Taken,
};

use crate::lake::{Lake, read};

#[test]
fn readers_see_the_old_file_or_the_new_one_and_never_none() {
    let lake = Lake::new();
    lake.create("/d/f", &[0; 1000]);
    let (files, done) = (lake.files(), AtomicBool::new(false));
    let path = lake.path("/d/f");
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let bytes = read(&files, &lake.me, &path).unwrap();
                    assert_eq!(bytes.len() % 1000, 0);
                    assert!(!bytes.is_empty() && bytes.iter().all(|byte| *byte == bytes[0]));
                    let options = ListOptions::default();
                    let listing = files.list(&lake.me, &lake.path("/d"), &options).unwrap();
                    let found = listing.entries.iter().find(|entry| entry.name == "f");
                    assert!(found.is_some_and(|entry| entry.status.length > 0));
                }
            });
        }
        for round in 0..60_u8 {
            let body = vec![round; 1000];
            match round % 4 {
                0 => {
                    let options = CreateOptions::default().with_existing(Existing::Replace);
                    files.create(&lake.me, &path, &options, &body).unwrap();
                }
                1 => {
                    let mut staged = Vec::new();
                    for path in ["/d/f", "/d/g"] {
                        let mut file = files.stage(&lake.me, &lake.path(path)).unwrap();
                        file.write_all(&body).unwrap();
                        staged.push(file);
                    }
                    files.publish(&lake.me, staged).unwrap();
                }
                2 => {
                    let (other, replace) = (lake.path("/h"), Existing::Replace);
                    lake.create("/h", &body);
                    let options = RenameOptions::default().with_existing(replace);
                    files.rename(&lake.me, &other, &path, &options).unwrap();
                }
                _ => {
                    let (end, last) = (Offset::End, vec![round - 1; 1000]);
                    files
                        .append(&lake.me, &path, end, &last, SyncFlag::Data)
                        .unwrap();
                    files
                        .append(&lake.me, &path, end, &last, SyncFlag::Close)
                        .unwrap();
                }
            }
        }
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!(lake.temporary_files(), Vec::<String>::new());
}

#[test]
fn many_threads_append_to_many_files_and_nothing_is_lost() {
    let lake = Lake::new();
    for file in 0..3 {
        lake.create(&format!("/f{file}"), b"");
    }
    let files = lake.files();
    std::thread::scope(|scope| {
        for thread in 0..6_u8 {
            let (files, lake) = (&files, &lake);
            scope.spawn(move || {
                for round in 0..20 {
                    let path = lake.path(&format!("/f{}", (thread + round) % 3));
                    let sync = match round % 4 {
                        0 => SyncFlag::Data,
                        1 => SyncFlag::Metadata,
                        _ => SyncFlag::Close,
                    };
                    files
                        .append(&lake.me, &path, Offset::End, &[thread; 100], sync)
                        .unwrap();
                    let status = files.stat(&lake.me, &path).unwrap();
                    assert_eq!(status.length % 100, 0);
                    let reader = files.open(&lake.me, &path).unwrap();
                    assert!(reader.len() >= status.length);
                }
            });
        }
    });
    let mut counts = [0; 6];
    for file in 0..3 {
        files
            .append(
                &lake.me,
                &lake.path(&format!("/f{file}")),
                Offset::End,
                b"",
                SyncFlag::Close,
            )
            .unwrap();
        for piece in lake.read(&format!("/f{file}")).chunks(100) {
            assert!(piece.iter().all(|byte| *byte == piece[0]));
            counts[usize::from(piece[0])] += 1;
        }
    }
    assert_eq!(counts, [20; 6]);
}

/// One of the things that many threads do to the same few files.
fn do_anything(lake: &Lake, random: &mut XorShift) -> Result<()> {
    let files = lake.files();
    let me = &lake.me;
    let mut place = || {
        let directory = ["/a", "/b", "/a/b"][random.below(3) as usize];
        lake.path(&format!("{directory}/{}", random.below(3)))
    };
    let (path, other) = (place(), place());
    let body = vec![random.below(256) as u8; 100];
    let (end, replace) = (
        Offset::End,
        CreateOptions::default().with_existing(Existing::Replace),
    );
    match random.below(12) {
        0 | 1 => files.create(me, &path, &replace, &body).map(drop),
        2 => files.append(me, &path, end, &body, SyncFlag::Data),
        3 | 4 => files.append(me, &path, end, &body, SyncFlag::Close),
        5 => {
            let options = RenameOptions::default().with_existing(Existing::Replace);
            files.rename(me, &path, &other, &options)
        }
        6 => {
            let options = RenameOptions::default();
            let parent = |path: &LakePath| path.parent().unwrap();
            files.rename(me, &parent(&path), &parent(&other), &options)
        }
        7 => files.delete(me, &path, Recursion::All),
        8 => files.delete(me, &path.parent().unwrap(), Recursion::All),
        9 => {
            let deleted = files.deleted(me, &DeletedOptions::default())?;
            let Some(item) = deleted.items.first() else {
                return Ok(());
            };
            files
                .restore(me, item.token, item.kind, &item.path, Taken::Rename)
                .map(drop)
        }
        10 => files.concat(me, &path, &[other]),
        _ => {
            let bytes = read(&files, me, &path)?;
            assert!(
                bytes
                    .chunks(100)
                    .all(|piece| piece.iter().all(|byte| *byte == piece[0]))
            );
            files
                .list(me, &path.parent().unwrap(), &ListOptions::default())
                .map(drop)
        }
    }
}

#[test]
fn whatever_many_threads_do_to_the_same_files_rows_and_folder_agree_in_the_end() {
    let lake = Lake::new();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let lake = &lake;
            scope.spawn(move || {
                let mut random = XorShift::new(thread);
                for _ in 0..400 {
                    let Err(error) = do_anything(lake, &mut random) else {
                        continue;
                    };
                    // Somebody else was faster; nothing else may go wrong.
                    let fine = [
                        ErrorKind::NotFound,
                        ErrorKind::AlreadyExists,
                        ErrorKind::NotADirectory,
                        ErrorKind::IsADirectory,
                        ErrorKind::LeaseConflict,
                        ErrorKind::InvalidArgument,
                    ];
                    assert!(fine.contains(&error.kind()), "{error:?}");
                }
            });
        }
    });
    assert_eq!(lake.store().verify().unwrap(), []);
    let lake = lake.reopen();
    assert_eq!(lake.store().verify().unwrap(), []);
    assert!(lake.store().skipped().is_empty());
}
