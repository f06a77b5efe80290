//! Writing gathers bytes, says when they are visible, and never tells a lie about them.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use aad_core::Transport;
use aad_core::pipeline::PipelineOptions;
use aad_core::retry::RetryPolicy;
use adls_fs::{
    CreateOptions, ErrorKind, Existing, FileSystemOptions, ReadOptions, SyncFlag, WriteMode,
    WriteOptions,
};
use futures::executor::block_on;
use futures::io::AsyncWriteExt;
use testkit::context::World;

use crate::fake::{Cut, FakeGen1, Node, file_system_opts, fresh, path};

fn by(bytes: usize) -> WriteOptions {
    WriteOptions::default().with_buffer(bytes)
}

#[test]
fn a_small_file_is_one_request() {
    let (files, store) = fresh();
    block_on(async {
        let mut writer = files.writer(&path("/a")).await.unwrap();
        writer.write_all(b"hello ").await.unwrap();
        writer.write_all(b"world").await.unwrap();
        writer.close().await.unwrap();
        writer.close().await.unwrap();
        assert!(writer.write_all(b"!").await.is_err());
    });
    assert_eq!(store.log(), ["CREATE /a overwrite=true syncFlag=CLOSE +11"]);
    assert_eq!(store.files()["/a"], "hello world");
}

#[test]
fn an_empty_file_is_a_file() {
    let (files, store) = fresh();
    block_on(async {
        let mut writer = files.writer(&path("/a")).await.unwrap();
        writer.close().await.unwrap();
    });
    assert_eq!(store.files()["/a"], "");
}

#[test]
fn a_large_file_is_written_in_full_requests_and_closed_by_the_last() {
    let (files, store) = fresh();
    block_on(async {
        let mut writer = files.writer_opts(&path("/a"), by(4)).await.unwrap();
        writer.write_all(b"0123456789ab").await.unwrap();
        writer.close().await.unwrap();
    });
    let expected = [
        "CREATE /a overwrite=true syncFlag=DATA +4",
        "APPEND /a offset=4 syncFlag=DATA +4",
        "APPEND /a offset=8 syncFlag=CLOSE +4",
    ];
    assert_eq!(store.log(), expected);
    assert_eq!(store.files()["/a"], "0123456789ab");
    assert!(matches!(
        store.node("/a"),
        Some(Node::File { lease: None, .. })
    ));
}

#[test]
fn what_is_flushed_is_visible_and_what_is_not_is_not() {
    let (files, store) = fresh();
    block_on(async {
        let mut writer = files.writer_opts(&path("/a"), by(2)).await.unwrap();
        writer.write_all(b"0123456").await.unwrap();
        assert_ne!(store.files()["/a"], "0123456");
        writer.flush().await.unwrap();
        assert_eq!(store.files()["/a"], "0123456");
        let before = store.count();
        writer.flush().await.unwrap();
        assert_eq!(store.count(), before, "there is nothing to flush");
        writer.close().await.unwrap();
    });
    let log = store.log();
    let last = &log[log.len() - 2..];
    assert_eq!(
        last,
        [
            "APPEND /a offset=6 syncFlag=METADATA +1",
            "APPEND /a offset=7 syncFlag=CLOSE"
        ]
    );
}

#[test]
fn writing_nothing_sends_nothing() {
    let (files, store) = fresh();
    block_on(async {
        let mut writer = files.writer_opts(&path("/a"), by(2)).await.unwrap();
        writer.write_all(b"01").await.unwrap();
        assert_eq!(writer.write(b"").await.unwrap(), 0);
        assert_eq!(store.count(), 0);
        writer.flush().await.unwrap();
        assert_eq!(store.files()["/a"], "01");
    });
}

#[test]
fn a_buffer_of_nothing_still_writes() {
    let (files, store) = fresh();
    store.put("/b", b"xy");
    block_on(async {
        let mut writer = files.writer_opts(&path("/a"), by(0)).await.unwrap();
        let options = ReadOptions::default().with_read_ahead(0);
        let reader = files.open_opts(&path("/b"), options).await.unwrap();
        futures::io::copy(reader, &mut writer).await.unwrap();
        writer.close().await.unwrap();
    });
    assert_eq!(store.files()["/a"], "xy");
}

#[test]
fn a_flush_can_be_cheaper_than_visible() {
    let (files, store) = fresh();
    block_on(async {
        let options = by(2).with_flush(SyncFlag::Data);
        let mut writer = files.writer_opts(&path("/a"), options).await.unwrap();
        writer.write_all(b"012").await.unwrap();
        writer.flush().await.unwrap();
        assert_eq!(store.files()["/a"], "01");
        writer.close().await.unwrap();
    });
    assert_eq!(store.files()["/a"], "012");
}

#[test]
fn appending_begins_at_the_end() {
    let (files, store) = fresh();
    store.put("/a", b"old,");
    block_on(async {
        let append = WriteOptions::default().with_mode(WriteMode::Append);
        let mut writer = files
            .writer_opts(&path("/a"), append.clone())
            .await
            .unwrap();
        writer.write_all(b"new").await.unwrap();
        writer.close().await.unwrap();
        let mut idle = files
            .writer_opts(&path("/a"), append.clone())
            .await
            .unwrap();
        idle.close().await.unwrap();
        let error = files.writer_opts(&path("/b"), append).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
    });
    assert_eq!(store.files()["/a"], "old,new");
    let open = [
        "APPEND /a syncFlag=DATA",
        "APPEND /a syncFlag=METADATA",
        "GETFILESTATUS /a",
    ];
    assert_eq!(store.log()[..3], open);
    assert_eq!(
        store.log()[3..],
        [
            "APPEND /a offset=4 syncFlag=CLOSE +3",
            open[0],
            open[1],
            open[2],
            "APPEND /a offset=7 syncFlag=CLOSE",
            "APPEND /b syncFlag=DATA",
            "GETFILESTATUS /b",
        ]
    );
}

#[test]
fn a_new_file_does_not_replace_one() {
    let (files, store) = fresh();
    store.put("/a", b"old");
    let error = block_on(async {
        let new = WriteOptions::default().with_mode(WriteMode::CreateNew);
        let mut writer = files.writer_opts(&path("/a"), new).await.unwrap();
        writer.write_all(b"new").await.unwrap();
        writer.close().await.unwrap_err()
    });
    assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
    let cause = error
        .get_ref()
        .and_then(|cause| cause.downcast_ref::<adls_fs::Error>());
    assert_eq!(cause.unwrap().kind(), ErrorKind::Conflict);
    assert_eq!(store.files()["/a"], "old");
}

#[test]
fn after_an_error_nothing_more_is_written() {
    let (files, store) = fresh();
    block_on(async {
        let mut writer = files.writer_opts(&path("/a"), by(2)).await.unwrap();
        writer.write_all(b"0123").await.unwrap();
        writer.flush().await.unwrap();
        // Somebody else replaces the file.
        store.put("/a", b"theirs");
        writer.write_all(b"4").await.unwrap();
        assert!(writer.flush().await.is_err());
        let before = store.count();
        let again = writer.write_all(b"5").await.unwrap_err();
        assert_eq!(again.kind(), io::ErrorKind::BrokenPipe);
        assert!(writer.close().await.is_err());
        assert_eq!(store.count(), before);
    });
    assert_eq!(store.files()["/a"], "theirs");
}

#[test]
fn a_writer_that_is_dropped_leaves_only_what_was_sent() {
    let (files, store) = fresh();
    block_on(async {
        let mut writer = files.writer_opts(&path("/a"), by(4)).await.unwrap();
        writer.write_all(b"012345").await.unwrap();
        drop(writer);
    });
    let left = store.files().get("/a").cloned().unwrap_or_default();
    assert!("012345".starts_with(&left), "{left}");
}

/// Two writers, no lease, the same offset, the same length, and a lost reply for each.
#[test]
fn another_writers_bytes_are_not_taken_for_ours() {
    for cut in [Cut::Request, Cut::Late, Cut::Reply] {
        let (files, store) = fresh();
        store.put("/a", b"base");
        block_on(async {
            files.append(&path("/a"), 4, "theirs").await.unwrap();
            store.cut(store.count(), cut);
            let error = files.append(&path("/a"), 4, "mine!!").await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Conflict, "{cut:?}");
        });
        store.settle();
        assert_eq!(store.files()["/a"], "basetheirs");
    }
}

#[test]
fn another_writers_file_is_not_taken_for_ours() {
    for cut in [Cut::Request, Cut::Late, Cut::Reply] {
        for theirs in ["mine?", "mine, all of it", ""] {
            let (files, store) = fresh();
            store.put("/a", theirs.as_bytes());
            store.cut(0, cut);
            let new = CreateOptions::default().with_existing(Existing::Fail);
            let error = block_on(files.create_opts(&path("/a"), "mine!", new)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Conflict, "{cut:?}");
            store.settle();
            assert_eq!(store.files()["/a"], theirs);
        }
    }
}

/// Whatever is lost, a file holds what was written or the beginning of it.
#[test]
fn in_any_weather_a_file_is_a_beginning_of_what_was_written() {
    let text: String = (0..40).map(|n| char::from(b'A' + n)).collect();
    let mut finished = 0;
    for seed in 0..300 {
        let world = World::seeded(seed);
        let store = Arc::new(FakeGen1::default());
        let chance = world.context();
        for n in 0..400 {
            let kinds = [Cut::Request, Cut::Reply, Cut::Late, Cut::BadGateway];
            let kind = (chance.fraction() * 10.0) as usize;
            if let Some(cut) = kinds.get(kind) {
                store.cut(n, *cut);
            }
        }
        let retry = RetryPolicy::default().with_retries(8);
        let pipeline = PipelineOptions::default()
            .with_retry(retry)
            .with_total_timeout(Some(Duration::from_secs(3600)));
        let options = FileSystemOptions::default().with_pipeline(pipeline);
        let transport = Arc::clone(&store) as Arc<dyn Transport>;
        let files = file_system_opts(&world, transport, options);
        let outcome: io::Result<()> = block_on(async {
            let mut writer = files
                .writer_opts(&path("/a"), by(3))
                .await
                .map_err(io::Error::other)?;
            for piece in text.as_bytes().chunks(7) {
                writer.write_all(piece).await?;
            }
            writer.close().await
        });
        store.settle();
        let left = store.files().get("/a").cloned().unwrap_or_default();
        assert!(text.starts_with(&left), "seed {seed}: {left}");
        if outcome.is_ok() {
            assert_eq!(left, text, "seed {seed}");
            finished += 1;
        }
    }
    assert!(finished > 250, "only {finished} of 300 came through");
}
