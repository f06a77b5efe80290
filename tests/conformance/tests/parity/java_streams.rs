//! `ADLFileInputStream`, `ADLFileOutputStream`, `ADLStoreOptions` and the types of ACLs, sums and
//! entries.

use std::io::SeekFrom;
use std::time::Duration;

use aad_core::pipeline::PipelineOptions;
use aad_core::retry::{Backoff, RetryPolicy};
use adls_fs::{Acl, AclEntry, AclKey, Permission, ReadOptions, Result, Rights, WriteOptions};
use futures::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt, TryStreamExt};

use crate::given::{at, files, with};

/// `in.read(bytes)`
/// `in.seek(position)`
/// `in.skip(n)`
/// `in.setBufferSize(bytes)`
/// `in.available()`
/// `in.length()`
/// `in.getPos()`
/// `in.getFilename()`
#[tokio::test]
async fn reading() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let (files, path, size) = (with(&["/f"]).await?, at("/f"), 1 << 20);
    let mut reader = files
        .open_opts(&path, ReadOptions::default().with_read_ahead(size))
        .await?;
    let (position, n) = (1, 1);
    reader.seek(SeekFrom::Start(position)).await?;
    reader.seek(SeekFrom::Current(n)).await?;
    assert_eq!(reader.position(), 2);
    let mut buffer = [0; 1];
    let read = reader.read(&mut buffer).await?;
    assert_eq!((read, &buffer), (1, b"c"));
    let available = reader.length() - reader.position();
    assert_eq!(available, 1);
    assert_eq!(reader.path(), &path);
    Ok(())
}

/// `out.write(bytes)`
/// `out.flush()`
/// `out.setBufferSize(bytes)`
/// `out.close()`
#[tokio::test]
async fn writing() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let (files, path, bytes, data) = (files(), at("/f"), 2, b"abc");
    let options = WriteOptions::default().with_buffer(bytes);
    let mut writer = files.writer_opts(&path, options).await?;
    writer.write_all(data).await?;
    writer.flush().await?;
    writer.close().await?;
    assert_eq!(files.read(&path).await?, "abc");
    Ok(())
}

/// `options.setUserAgentSuffix(suffix)`
/// `options.setInsecureTransport()`
/// `options.setExponentialRetryInterval(milliseconds)`
#[tokio::test]
async fn options() -> Result<()> {
    let (first, longest) = (Duration::from_millis(100), Duration::from_secs(1));
    let policy = RetryPolicy::default().with_backoff(Backoff::new(first, longest));
    assert!(policy.backoff.wait(0, 0.5) <= first);
    let agent = PipelineOptions::default().with_user_agent("my-program/1.0");
    let local = PipelineOptions::default().allow_http_loopback();
    assert_ne!(format!("{agent:?}"), format!("{local:?}"));
    Ok(())
}

/// `AclEntry.parseAclEntry(text)`
/// `AclEntry.parseAclEntry(text, true)`
/// `AclEntry.parseAclSpec(text)`
/// `AclEntry.aclListToString(list)`
/// `AclEntry.toString()`
/// `AclAction.fromRwx(text)`
/// `AclAction.fromOctal(digit)`
/// `AclAction.toOctal()`
/// `AclAction.toString()`
/// `AclAction.isValidRwx(text)`
#[tokio::test]
async fn texts() -> Result<()> {
    let entry = "user:eve:r-x".parse::<AclEntry>()?;
    assert_eq!(entry.to_string(), "user:eve:r-x");
    let key = "user:eve".parse::<AclKey>()?;
    assert_eq!(key, entry.key);
    let acl = "user:eve:r-x,group::r--".parse::<Acl>()?;
    assert_eq!(acl.to_string(), "user:eve:r-x,group::r--");
    let rights = "r-x".parse::<Rights>()?;
    assert_eq!((rights.bits(), rights.to_string()), (5, "r-x".to_owned()));
    assert_eq!("750".parse::<Permission>()?.owner(), Rights::ALL);
    assert!("r-x".parse::<Rights>().is_ok());
    Ok(())
}

/// `AclStatus.aclSpec`
/// `AclStatus.owner`
/// `AclStatus.group`
/// `AclStatus.octalPermissions`
/// `AclStatus.stickyBit`
/// `ContentSummary.length`
/// `ContentSummary.directoryCount`
/// `ContentSummary.fileCount`
/// `ContentSummary.spaceConsumed`
/// `DirectoryEntry.name`
/// `DirectoryEntry.fullName`
/// `DirectoryEntry.length`
/// `DirectoryEntry.group`
/// `DirectoryEntry.user`
/// `DirectoryEntry.lastAccessTime`
/// `DirectoryEntry.lastModifiedTime`
/// `DirectoryEntry.type`
/// `DirectoryEntry.aclBit`
/// `DirectoryEntry.expiryTime`
/// `DirectoryEntry.permission`
#[tokio::test]
async fn fields() -> Result<()> {
    let (files, path) = (with(&["/d/f"]).await?, at("/d"));
    files.set_permission(&at("/d/f"), "1640".parse()?).await?;
    let status = files.acl(&at("/d/f")).await?;
    assert_eq!(status.acl.len(), 3);
    assert_eq!(status.permission.to_string(), "1640");
    assert!(status.permission.is_sticky());
    let summary = files.content_summary(&path).await?;
    assert_eq!((summary.length, summary.space_consumed), (4, 4));
    assert_eq!((summary.directories, summary.files), (1, 1));
    let entries: Vec<_> = files.list(&path).try_collect().await?;
    let entry = &entries[0];
    assert_eq!(path.join(&entry.name)?, at("/d/f"));
    assert_eq!((entry.length, entry.has_acl), (4, false));
    assert_eq!(entry.file_type, adls_fs::FileType::File);
    assert_eq!(entry.owner.as_deref(), Some(status.owner.as_str()));
    assert_eq!(entry.group.as_deref(), Some(status.group.as_str()));
    assert!(entry.modified.is_some() && entry.accessed.is_some());
    assert_eq!(
        (entry.expires, entry.permission),
        (None, Some(status.permission))
    );
    Ok(())
}
