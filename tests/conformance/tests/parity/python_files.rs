//! `azure.datalake.store.core.AzureDLFile` and `AzureDLPath`.

use std::io::SeekFrom;

use adls_fs::{Result, SyncFlag};
use futures::{AsyncBufReadExt, AsyncReadExt, AsyncSeekExt, AsyncWriteExt, TryStreamExt};

use crate::given::{at, files};

/// `file.info()`
/// `file.tell()`
/// `file.seek(offset)`
/// `file.seek(offset, 2)`
/// `file.read()`
/// `file.read(length)`
/// `file.readinto(buffer)`
/// `file.readline()`
/// `file.readlines()`
/// `file.next()`
#[tokio::test]
async fn reading() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let (files, path) = (files(), at("/f"));
    files.create(&path, "ab\ncd\n").await?;
    let mut reader = files.open(&path).await?;
    assert_eq!(files.stat(reader.path()).await?.length, 6);
    let mut line = Vec::new();
    reader.read_until(b'\n', &mut line).await?;
    assert_eq!(line, b"ab\n");
    assert_eq!(reader.position(), 3);
    let offset = 1;
    reader.seek(SeekFrom::Start(offset)).await?;
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).await?;
    assert_eq!(bytes, b"b\ncd\n");
    let offset = -2;
    reader.seek(SeekFrom::End(offset)).await?;
    let mut buffer = [0; 1];
    let read = reader.read(&mut buffer).await?;
    assert_eq!((read, buffer), (1, *b"d"));
    let lines = files.records(&path).try_collect::<Vec<_>>().await?;
    assert_eq!(lines, ["ab", "cd"]);
    Ok(())
}

/// `file.write(data)`
/// `file.flush()`
/// `file.flush(syncFlag='DATA')`
/// `file.close()`
#[tokio::test]
async fn writing() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let (files, path, data) = (files(), at("/f"), b"abc");
    let mut writer = files.writer(&path).await?;
    writer.write_all(data).await?;
    writer.flush().await?;
    assert_eq!(files.stat(&path).await?.length, 3);
    writer.write_all(data).await?;
    writer.sync(SyncFlag::Data).await?;
    assert_eq!(files.stat(&path).await?.length, 3);
    writer.close().await?;
    assert_eq!(files.read(&path).await?, "abcabc");
    Ok(())
}

/// `path.startswith(prefix)`
#[tokio::test]
async fn paths() -> Result<()> {
    let (path, prefix) = (at("/a/b"), at("/a"));
    assert!(path.is_within(&prefix));
    Ok(())
}
