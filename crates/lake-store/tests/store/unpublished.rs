//! Bytes that were appended and are yet to be published, and what becomes of them.

use lake_store::{
    CreateOptions, ErrorKind, Existing, Expiry, LakePath, Offset, Recursion, RenameOptions,
    SyncFlag, Timestamp,
};

use crate::lake::Lake;

impl Lake {
    /// A file with `2 bytes` to be seen and three that are not.
    fn half_written() -> Self {
        let lake = Self::new();
        lake.create("/f", b"12");
        lake.append("/f", 2, b"345", SyncFlag::Data).unwrap();
        lake
    }

    fn end(&self, path: &str) -> u64 {
        self.files().end(&self.me, &self.path(path)).unwrap()
    }

    fn is_clean(&self) {
        assert_eq!(self.temporary_files(), Vec::<String>::new());
        assert_eq!(self.store().verify().unwrap(), []);
    }
}

#[test]
fn nobody_reads_them_and_whoever_appends_can_ask_where_they_end() {
    let lake = Lake::half_written();
    assert_eq!((lake.stat("/f").length, lake.end("/f")), (2, 5));
    let reader = lake.files().open(&lake.me, &lake.path("/f")).unwrap();
    assert_eq!(reader.len(), 2);
    let mut buffer = [0; 8];
    assert_eq!(reader.read_at(0, &mut buffer).unwrap(), 2);
    for beyond in [2, 3, 5, 6, u64::MAX] {
        assert_eq!(reader.read_at(beyond, &mut buffer).unwrap(), 0);
    }
    let lake = lake.reopen();
    assert_eq!((lake.stat("/f").length, lake.end("/f")), (2, 5));
    for offset in [0, 2, 4, 6, u64::MAX] {
        for body in [&b""[..], b"x"] {
            let error = lake.append("/f", offset, body, SyncFlag::Close);
            assert_eq!(error.unwrap_err().kind(), ErrorKind::BadOffset, "{offset}");
        }
    }
    assert_eq!(lake.read("/f"), b"12");
    // No bytes publish all; the open reader keeps what it had.
    lake.append("/f", 5, b"", SyncFlag::Metadata).unwrap();
    assert_eq!((lake.stat("/f").length, lake.end("/f")), (5, 5));
    assert_eq!(lake.read("/f"), b"12345");
    assert_eq!(reader.read_at(2, &mut buffer).unwrap(), 0);
    let directory = lake.files().end(&lake.me, &LakePath::ROOT).unwrap_err();
    assert_eq!(directory.kind(), ErrorKind::IsADirectory);
    lake.is_clean();
}

#[test]
fn they_go_with_the_file_that_is_renamed_and_perish_with_one_that_goes() {
    let all = CreateOptions::default().with_existing(Existing::Replace);
    let over = RenameOptions::default().with_existing(Existing::Replace);
    let lake = Lake::half_written();
    let (files, me) = (lake.files(), &lake.me);
    let [f, g, h, d] = ["/f", "/g", "/h", "/d"].map(|path| lake.path(path));
    files.rename(me, &f, &g, &over).unwrap();
    assert_eq!((lake.stat("/g").length, lake.end("/g")), (2, 5));
    files.set_permission(me, &g, 0o700).unwrap();
    lake.append("/g", 5, b"6", SyncFlag::Close).unwrap();
    assert_eq!(lake.read("/g"), b"123456");

    lake.append("/g", 6, b"gone", SyncFlag::Data).unwrap();
    files.create(me, &g, &all, b"new").unwrap();
    assert_eq!(lake.end("/g"), 3);
    lake.append("/g", 3, b"gone", SyncFlag::Data).unwrap();
    files.delete(me, &g, Recursion::EmptyOnly).unwrap();
    lake.create("/g", b"1");
    assert_eq!(lake.end("/g"), 1);

    lake.append("/g", 1, b"gone", SyncFlag::Data).unwrap();
    lake.create("/h", b"22");
    lake.append("/h", 2, b"kept", SyncFlag::Data).unwrap();
    files.rename(me, &h, &g, &over).unwrap();
    lake.append("/g", 6, b"!", SyncFlag::Close).unwrap();
    assert_eq!(lake.read("/g"), b"22kept!");

    lake.create("/d/f", b"");
    lake.append("/d/f", 0, b"gone", SyncFlag::Data).unwrap();
    files.delete(me, &d, Recursion::All).unwrap();
    lake.append("/g", 7, b"gone", SyncFlag::Data).unwrap();
    files.concat(me, &lake.path("/whole"), &[g]).unwrap();
    assert_eq!(lake.read("/whole"), b"22kept!");
    assert_eq!(lake.end("/whole"), 7);
    lake.store().reap().unwrap();
    assert_eq!(lake.store().verify().unwrap(), []);
}

#[test]
fn a_file_that_expires_takes_them_along_whoever_is_writing() {
    let lake = Lake::half_written();
    let expires = Timestamp::from_millis(1_500_000_001_000);
    lake.files()
        .set_expiry(&lake.me, &lake.path("/f"), Expiry::At(expires))
        .unwrap();
    lake.append("/f", 5, b"6", SyncFlag::Data).unwrap();
    lake.append("/f", 6, b"7", SyncFlag::Metadata).unwrap();
    assert_eq!(lake.read("/f"), b"1234567");
    assert_eq!(lake.stat("/f").expires, Some(expires), "writing keeps it");
    lake.append("/f", 7, b"8", SyncFlag::Data).unwrap();
    lake.clock.set(expires);
    for body in [&b""[..], b"9"] {
        let error = lake.append("/f", 8, body, SyncFlag::Close).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
    }
    lake.create("/f", b"new");
    assert_eq!((lake.read("/f"), lake.end("/f")), (b"new".to_vec(), 3));
    assert_eq!(lake.stat("/f").expires, None);
    let end = Offset::End;
    let path = lake.path("/f");
    lake.files()
        .append(&lake.me, &path, end, b"er", SyncFlag::Close)
        .unwrap();
    assert_eq!(lake.read("/f"), b"newer");
    lake.is_clean();
}
