//! Files as streams.

use adls_fs::{ErrorKind, ReadOptions, WriteMode, WriteOptions};
use conformance::at;
use futures::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt, SeekFrom};

use crate::{Store, on_every_store};

on_every_store![
    a_stream_of_many_requests_arrives_whole,
    a_reader_seeks_and_reads_on,
    a_writer_adds_to_what_is_there,
];

async fn a_stream_of_many_requests_arrives_whole(store: &Store) {
    let bytes: Vec<u8> = (0..=250).cycle().take(10_007).collect();
    let options = WriteOptions::default().with_buffer(1024);
    let mut writer = store.files.writer_opts(&at("/s"), options).await.unwrap();
    for piece in bytes.chunks(700) {
        writer.write_all(piece).await.unwrap();
    }
    writer.flush().await.unwrap();
    assert_eq!(store.files.stat(&at("/s")).await.unwrap().length, 10_007);
    writer.write_all(b"end").await.unwrap();
    writer.close().await.unwrap();
    let found = store.files.read(&at("/s")).await.unwrap();
    assert_eq!(found[..10_007], bytes);
    assert_eq!(&found[10_007..], b"end");
}

async fn a_reader_seeks_and_reads_on(store: &Store) {
    let bytes: Vec<u8> = (0..=250).cycle().take(5000).collect();
    store.files.create(&at("/s"), bytes.clone()).await.unwrap();
    let options = ReadOptions::default().with_read_ahead(512);
    let mut reader = store.files.open_opts(&at("/s"), options).await.unwrap();
    let mut found = Vec::new();
    reader.read_to_end(&mut found).await.unwrap();
    assert_eq!(found, bytes);
    for offset in [0, 1, 511, 512, 4999, 5000] {
        reader.seek(SeekFrom::Start(offset)).await.unwrap();
        found.clear();
        reader.read_to_end(&mut found).await.unwrap();
        assert_eq!(found, bytes[usize::try_from(offset).unwrap()..]);
    }
}

async fn a_writer_adds_to_what_is_there(store: &Store) {
    store.write("/s", "one ").await;
    let options = || WriteOptions::default().with_mode(WriteMode::Append);
    for word in ["two ", "three"] {
        let mut writer = store.files.writer_opts(&at("/s"), options()).await.unwrap();
        writer.write_all(word.as_bytes()).await.unwrap();
        writer.close().await.unwrap();
    }
    assert_eq!(store.read("/s").await, "one two three");
    let none = store.files.writer_opts(&at("/none"), options()).await;
    assert_eq!(none.unwrap_err().kind(), ErrorKind::NotFound);
    let new = WriteOptions::default().with_mode(WriteMode::CreateNew);
    let mut writer = store.files.writer_opts(&at("/s"), new).await.unwrap();
    writer.write_all(b"other").await.unwrap();
    assert!(writer.close().await.is_err());
    assert_eq!(store.read("/s").await, "one two three");
}
