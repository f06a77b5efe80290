//! Many writers at the end of one file.

use std::collections::BTreeMap;

use lake_store::{CreateOptions, ErrorKind, Existing, Missing, Offset, Principal, SyncFlag};

use crate::lake::Lake;

fn append(lake: &Lake, path: &str, missing: Missing, body: &[u8]) -> lake_store::Result<()> {
    let path = lake.path(path);
    lake.files()
        .append_concurrently(&lake.me, &path, missing, body)
}

#[test]
fn writers_that_all_find_no_file_lose_nothing_and_tear_nothing() {
    let lake = Lake::new();
    let (writers, rounds, size) = (8_u8, 10_u8, 5000);
    let start = std::sync::Barrier::new(usize::from(writers));
    std::thread::scope(|scope| {
        for writer in 0..writers {
            let (lake, start) = (&lake, &start);
            scope.spawn(move || {
                start.wait();
                for round in 0..rounds {
                    let mut body = vec![writer; size];
                    body[size - 1] = round;
                    append(lake, "/logs/today", Missing::Create, &body).unwrap();
                    let seen = lake.stat("/logs/today").length;
                    assert_eq!(seen % size as u64, 0, "half an append can be seen");
                }
            });
        }
    });
    let mut last: BTreeMap<u8, u8> = BTreeMap::new();
    let bytes = lake.read("/logs/today");
    assert_eq!(bytes.len(), size * usize::from(writers * rounds));
    for piece in bytes.chunks(size) {
        let (body, round) = (&piece[..size - 1], piece[size - 1]);
        assert!(body.iter().all(|byte| *byte == body[0]));
        let expected = last.get(&body[0]).map_or(0, |last| last + 1);
        assert_eq!(round, expected, "of one writer they are in order");
        last.insert(body[0], round);
    }
    assert_eq!(lake.temporary_files(), Vec::<String>::new());
}

#[test]
fn only_who_says_so_creates_the_file() {
    let lake = Lake::new();
    let error = append(&lake, "/f", Missing::Fail, b"1").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    append(&lake, "/f", Missing::Create, b"").unwrap();
    assert_eq!(lake.read("/f"), b"");
    append(&lake, "/f", Missing::Fail, b"1").unwrap();
    assert_eq!(lake.read("/f"), b"1");
    let error = append(&lake, "/", Missing::Create, b"1").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::IsADirectory);
    let error = append(&lake, "/f/g", Missing::Create, b"1").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotADirectory);
}

#[test]
fn concurrent_and_ordinary_appends_do_not_mix_even_after_a_restart() {
    let lake = Lake::new();
    let mixes = |error: lake_store::Error| assert_eq!(error.kind(), ErrorKind::Conflict);
    lake.create("/ordinary", b"1");
    lake.create("/unpublished", b"");
    lake.append("/unpublished", 0, b"1", SyncFlag::Data)
        .unwrap();
    lake.create("/empty", b"");
    append(&lake, "/empty", Missing::Fail, b"1").unwrap();
    append(&lake, "/log", Missing::Create, b"1").unwrap();
    let lake = lake.reopen();
    for path in ["/ordinary", "/unpublished"] {
        mixes(append(&lake, path, Missing::Create, b"2").unwrap_err());
    }
    for (path, sync) in [("/empty", SyncFlag::Data), ("/log", SyncFlag::Close)] {
        mixes(lake.append(path, 1, b"2", sync).unwrap_err());
        append(&lake, path, Missing::Fail, b"2").unwrap();
        assert_eq!(lake.read(path), b"12");
    }
    let replace = CreateOptions::default().with_existing(Existing::Replace);
    let log = lake.path("/log");
    lake.files()
        .create(&lake.me, &log, &replace, b"new")
        .unwrap();
    lake.append("/log", 3, b"!", SyncFlag::Close).unwrap();
    assert_eq!(lake.read("/log"), b"new!", "a replaced file starts afresh");
}

#[test]
fn a_writer_needs_the_rights_of_append_and_create() {
    let lake = Lake::new();
    append(&lake, "/log", Missing::Create, b"1").unwrap();
    let (files, ann) = (lake.files(), Principal::new("ann"));
    for path in ["/log", "/new"] {
        let path = lake.path(path);
        let refused = files.append_concurrently(&ann, &path, Missing::Create, b"2");
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Forbidden);
    }
    let end = Offset::End;
    let log = lake.path("/log");
    let refused = files.append(&ann, &log, end, b"2", SyncFlag::Close);
    assert_eq!(
        refused.unwrap_err().kind(),
        ErrorKind::Forbidden,
        "before anything is said about the file"
    );
    assert_eq!(lake.read("/log"), b"1");
}
