//! One handle that reads anywhere and writes to the end.

use std::io::SeekFrom;

use adls_fs::{ErrorKind, FileOptions, SyncFlag, WriteOptions};
use futures::executor::block_on;
use futures::io::{AsyncBufReadExt, AsyncReadExt, AsyncSeekExt, AsyncWriteExt};

use crate::fake::{Cut, Node, fresh, path};

fn small() -> FileOptions {
    FileOptions::default().with_write(WriteOptions::default().with_buffer(2))
}

#[test]
fn what_is_written_goes_to_the_end_and_is_read_once_it_is_flushed() {
    let (files, store) = fresh();
    store.put("/f", b"0123");
    block_on(async {
        let mut file = files.file_opts(&path("/f"), small()).await.unwrap();
        let mut two = [0; 2];
        file.read_exact(&mut two).await.unwrap();
        assert_eq!(&two, b"01");
        file.write_all(b"4567").await.unwrap();
        let mut rest = String::new();
        file.read_to_string(&mut rest).await.unwrap();
        assert_eq!(rest, "23", "nothing else is published");
        file.flush().await.unwrap();
        assert_eq!(file.length(), 8);
        file.read_to_string(&mut rest).await.unwrap();
        assert_eq!(rest, "234567");
        file.seek(SeekFrom::End(-3)).await.unwrap();
        file.write_all(b"8").await.unwrap();
        file.close().await.unwrap();
        rest.clear();
        file.read_to_string(&mut rest).await.unwrap();
        assert_eq!(rest, "5678");
        assert!(file.write_all(b"9").await.is_err());
        let parts = file.read_ranges(&[7..9, 0..2]).await.unwrap();
        assert_eq!(parts, ["78", "01"]);
    });
    assert_eq!(store.files()["/f"], "012345678");
}

#[test]
fn who_only_reads_asks_for_nothing_else() {
    let (files, store) = fresh();
    store.put("/f", b"one\ntwo\n");
    block_on(async {
        let mut file = files.file(&path("/f")).await.unwrap();
        let mut line = String::new();
        file.read_line(&mut line).await.unwrap();
        assert_eq!(line, "one\n");
        assert_eq!(file.position(), 4);
        file.flush().await.unwrap();
        file.close().await.unwrap();
        file.release().await.unwrap();
    });
    assert_eq!(
        store.log(),
        ["GETFILESTATUS /f", "OPEN /f offset=0 length=8"]
    );
}

#[test]
fn what_others_append_is_found_by_asking() {
    let (files, store) = fresh();
    store.put("/f", b"one\n");
    block_on(async {
        let mut file = files.file(&path("/f")).await.unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).await.unwrap();
        files.append(&path("/f"), 4, "two\n").await.unwrap();
        assert_eq!(file.read_to_string(&mut text).await.unwrap(), 0);
        assert_eq!(file.refresh().await.unwrap(), 8);
        file.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "one\ntwo\n");
    });
}

#[test]
fn a_file_is_made_only_where_that_was_asked_for() {
    let (files, store) = fresh();
    let f = path("/d/f");
    block_on(async {
        let refused = files.file(&f).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::NotFound);
        for text in ["a", "b"] {
            let mut file = files.file_opts(&f, small().create()).await.unwrap();
            file.write_all(text.as_bytes()).await.unwrap();
            file.close().await.unwrap();
        }
        let refused = files
            .file_opts(&path("/d"), small().create())
            .await
            .unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Conflict);
    });
    assert_eq!(store.files()["/d/f"], "ab");
}

#[test]
fn a_lease_begins_with_the_first_write_and_can_be_given_back() {
    let (files, store) = fresh();
    store.put("/f", b"0");
    let leased = || matches!(store.node("/f"), Some(Node::File { lease: Some(_), .. }));
    block_on(async {
        let mut file = files.file(&path("/f")).await.unwrap();
        assert!(!leased());
        file.write_all(b"1").await.unwrap();
        file.sync(SyncFlag::Data).await.unwrap();
        assert!(leased());
        file.release().await.unwrap();
        assert!(!leased());
    });
    assert_eq!(store.files()["/f"], "01");
}

#[test]
fn after_a_write_that_nobody_knows_the_outcome_of_nothing_more_is_written() {
    let (files, store) = fresh();
    store.put("/f", b"0123");
    block_on(async {
        let mut file = files.file_opts(&path("/f"), small()).await.unwrap();
        file.write_all(b"45").await.unwrap();
        store.put("/f", b"somebody else's");
        for n in 0..20 {
            store.cut(store.count() + n, Cut::Reply);
        }
        let failed = file.flush().await.unwrap_err();
        assert!(failed.to_string().contains("took effect"), "{failed}");
        assert!(file.flush().await.is_err());
    });
}
