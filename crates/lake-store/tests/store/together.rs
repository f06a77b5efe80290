//! Many threads at once.

use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};

use lake_store::{CreateOptions, Existing, ListOptions, Offset, RenameOptions, SyncFlag};

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
