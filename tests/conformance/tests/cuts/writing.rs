//! Files that are written as streams.

use adls_fs::{FileOptions, FileWriter, ReadOptions, WriteMode, WriteOptions};
use conformance::shore::Shore;
use futures::{AsyncReadExt, AsyncWriteExt};
use testkit::cuts::{self, Line};

const WRITTEN: &str = "0123456789abcdefghij";

/// Writes that in pieces that fill several requests, with a flush in between.
async fn write_out(mut writer: FileWriter) {
    for piece in ["01234", "56", "789"] {
        writer.write_all(piece.as_bytes()).await.unwrap();
    }
    writer.flush().await.unwrap();
    for piece in ["abcde", "fghij"] {
        writer.write_all(piece.as_bytes()).await.unwrap();
    }
    writer.close().await.unwrap();
}

async fn writes_once(mode: WriteMode, before: Option<&'static str>) {
    let shore = Shore::start().await;
    let script = async |line: Line| {
        let corner = shore.corner(&line).await;
        if let Some(before) = before {
            corner.put("out/f", before).await;
        }
        let file = corner.at("out/f");
        let options = WriteOptions::default().with_mode(mode).with_buffer(4);
        let writer = corner.files.writer_opts(&file, options).await;
        write_out(writer.unwrap()).await;
        let kept = before.filter(|_| mode == WriteMode::Append);
        let expected = format!("{}{WRITTEN}", kept.unwrap_or_default());
        assert_eq!(corner.calm.read(&file).await.unwrap(), expected);
    };
    let report = cuts::everywhere(script).await;
    assert!(report.requests >= 6, "{report:?}");
    cuts::twice(2, script).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_file_is_streamed_exactly_once() {
    writes_once(WriteMode::CreateNew, None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_overwritten_exactly_once() {
    writes_once(WriteMode::Overwrite, Some("before")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_appended_to_exactly_once() {
    writes_once(WriteMode::Append, Some("before,")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handle_that_reads_and_writes_does_both_exactly_once() {
    let shore = Shore::start().await;
    let script = async |line: Line| {
        let corner = shore.corner(&line).await;
        corner.put("f", "01234567").await;
        let write = WriteOptions::default().with_buffer(4);
        let read = ReadOptions::default().with_read_ahead(3);
        let options = FileOptions::default().with_read(read).with_write(write);
        let mut file = corner
            .files
            .file_opts(&corner.at("f"), options)
            .await
            .unwrap();
        let mut text = String::new();
        (&mut file).take(2).read_to_string(&mut text).await.unwrap();
        file.write_all(b"89abcdef").await.unwrap();
        file.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "01234567");
        file.flush().await.unwrap();
        file.read_to_string(&mut text).await.unwrap();
        file.write_all(b"ghij").await.unwrap();
        file.close().await.unwrap();
        file.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "0123456789abcdefghij");
        assert_eq!(corner.calm.read(&corner.at("f")).await.unwrap(), text);
    };
    cuts::everywhere(script).await;
    cuts::twice(2, script).await;
}
