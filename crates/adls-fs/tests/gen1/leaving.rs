//! Writers that end requests where records end, and what becomes of a writer's lease.

use std::io;
use std::time::Duration;

use adls_fs::{ErrorKind, FileSystem, FileWriter, SyncFlag, WriteMode, WriteOptions};
use futures::executor::block_on;
use futures::io::AsyncWriteExt;
use testkit::context::World;

use crate::fake::{Cut, FakeGen1, Node, file_system, fresh, path};

fn lines(buffer: usize) -> WriteOptions {
    WriteOptions::default()
        .with_buffer(buffer)
        .with_delimiter("\n")
}

fn at_the_end() -> WriteOptions {
    WriteOptions::default().with_mode(WriteMode::Append)
}

fn held(store: &FakeGen1) -> bool {
    matches!(store.node("/f"), Some(Node::File { lease: Some(_), .. }))
}

#[test]
fn each_request_ends_where_a_record_does() {
    let text = "one\ntwo\nthree\n4\n5\nsix\nseven\n8";
    for buffer in 6..20 {
        let (files, store) = fresh();
        block_on(async {
            let mut writer = files.writer_opts(&path("/f"), lines(buffer)).await.unwrap();
            for piece in text.as_bytes().chunks(4) {
                writer.write_all(piece).await.unwrap();
                let sent = writer.sent() as usize;
                assert!(sent == 0 || text[..sent].ends_with('\n'), "{buffer} {sent}");
            }
            writer.close().await.unwrap();
        });
        assert_eq!(store.files()["/f"], text, "{buffer}");
        assert!(store.count() > 1);
    }
}

#[test]
fn a_flush_publishes_whole_records_and_keeps_the_one_that_has_no_end() {
    let (files, store) = fresh();
    block_on(async {
        let mut writer = files.writer_opts(&path("/f"), lines(8)).await.unwrap();
        writer.write_all(b"a\nb\nc\nd\ne\nxy").await.unwrap();
        writer.flush().await.unwrap();
        assert_eq!(store.files()["/f"], "a\nb\nc\nd\ne\n");
        let before = store.count();
        writer.flush().await.unwrap();
        assert_eq!(store.count(), before, "there is nothing to flush");
        writer.write_all(b"z").await.unwrap();
        writer.close().await.unwrap();
    });
    assert_eq!(store.files()["/f"], "a\nb\nc\nd\ne\nxyz");
}

#[test]
fn what_was_stored_is_published_though_no_record_follows() {
    let (files, store) = fresh();
    block_on(async {
        let mut writer = files.writer_opts(&path("/f"), lines(4)).await.unwrap();
        writer.write_all(b"a\nb\nc\nd\nxy").await.unwrap();
        assert_eq!(store.files()["/f"], "a\nb\n");
        writer.flush().await.unwrap();
        assert_eq!(store.files()["/f"], "a\nb\nc\nd\n");
        assert_eq!(
            store.log().last().unwrap(),
            "APPEND /f offset=8 syncFlag=METADATA"
        );
    });
}

#[test]
fn a_record_that_fits_into_no_request_is_refused_and_what_precedes_it_stays() {
    let (files, store) = fresh();
    block_on(async {
        let mut writer = files.writer_opts(&path("/f"), lines(4)).await.unwrap();
        let refused = writer.write_all(b"a\nbcdef\n").await.unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::InvalidInput);
        assert_eq!(
            refused.to_string(),
            "a record is longer than the 4 bytes of a request"
        );
        assert!(writer.close().await.is_err());
        writer.release().await.unwrap();
    });
    assert_eq!(store.files()["/f"], "a\n");
    assert!(!held(&store));
}

#[test]
fn a_flag_may_be_given_for_once() {
    let (files, store) = fresh();
    block_on(async {
        let options = WriteOptions::default().with_buffer(2);
        let mut writer = files.writer_opts(&path("/f"), options).await.unwrap();
        writer.write_all(b"0123").await.unwrap();
        writer.sync(SyncFlag::Data).await.unwrap();
        assert_eq!(store.files()["/f"], "01");
        writer.sync(SyncFlag::Metadata).await.unwrap();
        assert_eq!(store.files()["/f"], "0123");
        assert!(held(&store));
        writer.sync(SyncFlag::Close).await.unwrap();
        assert!(!held(&store));
        let before = store.count();
        writer.sync(SyncFlag::Close).await.unwrap();
        assert_eq!(store.count(), before);
        writer.write_all(b"45").await.unwrap();
        writer.sync(SyncFlag::Metadata).await.unwrap();
        assert!(held(&store));
        writer.close().await.unwrap();
    });
    assert_eq!(store.files()["/f"], "012345");
    assert!(!held(&store));
}

/// A writer of "0123" that sent some of it and is not closed.
async fn begun(files: &FileSystem) -> FileWriter {
    let options = WriteOptions::default().with_buffer(2);
    let mut writer = files
        .writer_opts(&path("/f"), options)
        .await
        .expect("calm weather");
    writer.write_all(b"0123").await.expect("calm weather");
    writer.sync(SyncFlag::Data).await.expect("calm weather");
    writer.write_all(b"4").await.expect("calm weather");
    writer
}

#[test]
fn a_writer_that_is_given_up_leaves_what_was_sent_and_no_lease() {
    let (files, store) = fresh();
    block_on(async {
        let writer = begun(&files).await;
        assert!(held(&store));
        writer.release().await.unwrap();
        assert_eq!(store.files()["/f"], "0123");
        assert!(!held(&store));

        let before = store.count();
        files
            .writer(&path("/g"))
            .await
            .unwrap()
            .release()
            .await
            .unwrap();
        assert_eq!(store.count(), before, "nothing was begun");
    });
}

#[test]
fn a_writer_that_failed_can_be_given_up_too() {
    let (files, store) = fresh();
    block_on(async {
        let mut writer = begun(&files).await;
        for n in 0..6 {
            store.cut(store.count() + n, Cut::Request);
        }
        assert!(writer.close().await.is_err());
        assert!(held(&store));
        writer.release().await.unwrap();
    });
    assert!(!held(&store));
    assert_eq!(store.files()["/f"], "0123");
}

#[test]
fn the_next_writer_goes_on_under_the_lease_of_one_that_was_dropped() {
    let (files, store) = fresh();
    block_on(async {
        let lease = {
            let writer = begun(&files).await;
            writer.lease()
        };
        assert!(held(&store));
        let mut writer = files
            .clone()
            .writer_opts(&path("/f"), at_the_end())
            .await
            .unwrap();
        assert_eq!(writer.lease(), lease);
        assert_eq!(writer.sent(), 4);
        writer.write_all(b"!").await.unwrap();
        writer.close().await.unwrap();
        assert_eq!(store.files()["/f"], "0123!");

        let fresh = files.writer(&path("/f")).await.unwrap();
        assert_ne!(fresh.lease(), lease, "it was closed");
    });
}

#[test]
fn a_stranger_waits_for_the_lease_to_end() {
    let world = World::new();
    let store = std::sync::Arc::new(FakeGen1::default());
    let ours = file_system(&world, store.clone());
    let theirs = file_system(&world, store.clone());
    block_on(async {
        drop(begun(&ours).await);
        let refused = theirs
            .writer_opts(&path("/f"), at_the_end())
            .await
            .unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Conflict);
        // After ten minutes it means nothing to know it.
        world.clock.advance(Duration::from_secs(601));
        let late = ours.writer(&path("/f")).await.unwrap();
        assert_ne!(Some(late.lease().to_string()), lease_of(&store));
    });
}

fn lease_of(store: &FakeGen1) -> Option<String> {
    match store.node("/f") {
        Some(Node::File { lease, .. }) => lease,
        _ => None,
    }
}

#[test]
fn a_directory_cannot_be_appended_to() {
    let (files, store) = fresh();
    store.mkdir("/f");
    let refused = block_on(files.writer_opts(&path("/f"), at_the_end())).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Conflict);
    assert_eq!(refused.to_string(), "/f is a directory");
}
