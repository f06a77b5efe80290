//! `com.microsoft.azure.datalake.store.ADLStoreClient` and `Core`.

use std::time::Duration;

use adls_fs::{
    Acl, AclKey, ConcurrentAppendOptions, CreateOptions, DeleteOptions, Deleted, ErrorKind,
    Existing, Expiry, FileSystem, FileSystemOptions, Identities, ListOptions, MakeDirectoryOptions,
    Parents, Permission, Principal, RenameOptions, Result, Times, WriteMode, WriteOptions,
};
use futures::{AsyncWriteExt, StreamExt, TryStreamExt};
use testkit::context::World;
use time::OffsetDateTime;

use crate::given::{at, files, with};

/// `client.createFile(path, IfExists.OVERWRITE)`
/// `client.createFile(path, IfExists.FAIL)`
/// `client.createFile(path, mode, octalPermission, true)`
/// `client.createFile(path, mode, octalPermission, false)`
/// `client.getReadStream(path)`
/// `client.getAppendStream(path)`
/// `client.createEmptyFile(path)`
/// `client.checkExists(path)`
#[tokio::test]
async fn files_are_made() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let (files, path) = (files(), at("/f"));
    files.writer(&path).await?.close().await?;
    let mut refused = files
        .writer_opts(
            &path,
            WriteOptions::default().with_mode(WriteMode::CreateNew),
        )
        .await?;
    assert!(refused.close().await.is_err());
    files
        .writer_opts(
            &path,
            WriteOptions::default().with_permission("640".parse()?),
        )
        .await?
        .close()
        .await?;
    files
        .writer_opts(&path, WriteOptions::default().with_mode(WriteMode::Append))
        .await?
        .close()
        .await?;
    assert_eq!(files.open(&path).await?.length(), 0);
    let path = at("/none/f");
    let refused = files
        .create_opts(
            &path,
            "",
            CreateOptions::default().with_parents(Parents::Require),
        )
        .await;
    assert!(refused.is_err());
    files
        .create_opts(
            &path,
            "",
            CreateOptions::default().with_existing(Existing::Fail),
        )
        .await?;
    assert!(files.exists(&path).await?);
    Ok(())
}

/// `client.concatenateFiles(path, fileList)`
/// `client.rename(path, newName)`
/// `client.rename(path, newName, true)`
/// `client.delete(path)`
/// `client.deleteRecursive(path)`
/// `client.createDirectory(path)`
/// `client.createDirectory(path, octalPermission)`
/// `Core.concat(path, sources, deleteSourceDirectory)`
/// `Core.rename(path, destination, overwrite)`
/// `Core.delete(path, recursive)`
/// `Core.mkdirs(path, octalPermission)`
#[tokio::test]
async fn names() -> Result<()> {
    let files = with(&["/a", "/b"]).await?;
    let (from, to) = (at("/a"), at("/b"));
    let taken = files.rename(&from, &to).await;
    assert_eq!(taken.expect_err("it is there").kind(), ErrorKind::Conflict);
    let sources = [from.clone()];
    files.concat(&to, &sources).await?;
    files.create(&from, "new").await?;
    files
        .rename_opts(
            &from,
            &to,
            RenameOptions::default().with_existing(Existing::Overwrite),
        )
        .await?;
    assert_eq!(files.read(&to).await?, "new");
    let (from, to) = (to, from);
    files.rename(&from, &to).await?;
    let path = at("/d");
    files.mkdirs(&path).await?;
    assert_eq!(files.delete(&path).await?, Deleted::Removed);
    files
        .mkdirs_opts(
            &path,
            MakeDirectoryOptions::default().with_permission("750".parse()?),
        )
        .await?;
    let status = files.stat(&path).await?;
    assert_eq!(status.permission, Some(Permission::new(0o750)?));
    files
        .delete_opts(&path, DeleteOptions::default().recursive())
        .await?;
    Ok(())
}

/// `client.enumerateDirectory(path)`
/// `client.enumerateDirectory(path, maxEntriesToRetrieve)`
/// `client.enumerateDirectory(path, startAfter, endBefore)`
/// `Core.listStatus(path, startAfter, endBefore, listSize)`
#[tokio::test]
async fn listing() -> Result<()> {
    let files = with(&["/d/a", "/d/b", "/d/c"]).await?;
    let (path, most, size) = (at("/d"), 2, 1);
    assert_eq!(files.list(&path).count().await, 3);
    assert_eq!(files.list(&path).take(most).count().await, 2);
    let between = files.list_opts(
        &path,
        ListOptions::default().with_after("a").with_before("c"),
    );
    let between: Vec<_> = between.map_ok(|entry| entry.name).try_collect().await?;
    assert_eq!(between, ["b"]);
    let pages = files.list_opts(&path, ListOptions::default().with_page_size(size));
    assert_eq!(pages.count().await, 3);
    Ok(())
}

/// `client.getDirectoryEntry(path)`
/// `client.getContentSummary(path)`
/// `client.setOwner(path, owner, group)`
/// `client.setTimes(path, atime, mtime)`
/// `client.setExpiryTime(path, ExpiryOption.RelativeToNow, milliseconds)`
/// `client.setPermission(path, octalPermissions)`
/// `client.checkAccess(path, rwx)`
/// `Core.getFileStatus(path)`
/// `Core.getContentSummary(path)`
/// `Core.setOwner(path, user, group)`
/// `Core.setTimes(path, atime, mtime)`
/// `Core.setExpiryTime(path, option, milliseconds)`
/// `Core.setPermission(path, octalPermission)`
/// `Core.checkAccess(path, rwx)`
#[tokio::test]
async fn attributes() -> Result<()> {
    let (files, path) = (with(&["/f"]).await?, at("/f"));
    let (owner, group): (Principal, Principal) = ("eve".parse()?, "staff".parse()?);
    files.set_owner_and_group(&path, &owner, &group).await?;
    files.set_group(&path, &group).await?;
    let time = OffsetDateTime::UNIX_EPOCH;
    files
        .set_times(
            &path,
            Times::default().with_accessed(time).with_modified(time),
        )
        .await?;
    files
        .set_times(&path, Times::default().with_modified(time))
        .await?;
    let span = Duration::from_secs(60);
    files.set_expiry(&path, Expiry::AfterNow(span)).await?;
    files.set_expiry(&path, Expiry::Never).await?;
    files.set_permission(&path, "640".parse()?).await?;
    assert!(files.check_access(&path, "r--".parse()?).await?);
    let status = files.stat(&path).await?;
    assert_eq!((status.modified, status.expires), (Some(time), None));
    assert_eq!(files.content_summary(&path).await?.length, 4);
    Ok(())
}

/// `client.modifyAclEntries(path, aclSpec)`
/// `client.setAcl(path, aclSpec)`
/// `client.removeAclEntries(path, aclSpec)`
/// `client.removeAllAcls(path)`
/// `client.removeDefaultAcls(path)`
/// `client.getAclStatus(path)`
/// `Core.modifyAclEntries(path, aclSpec)`
/// `Core.setAcl(path, aclSpec)`
/// `Core.removeAclEntries(path, aclSpec)`
/// `Core.removeAcl(path)`
/// `Core.removeDefaultAcl(path)`
/// `Core.getAclStatus(path)`
#[tokio::test]
async fn acls() -> Result<()> {
    let (files, path) = (with(&["/d/f"]).await?, at("/d"));
    let acl: Acl = "user::rwx,group::---,other::---".parse()?;
    files.set_acl(&path, &acl).await?;
    let entries: Acl = "user:eve:r-x,default:user:eve:r-x".parse()?;
    files.modify_acl(&path, &entries).await?;
    let keys: [AclKey; 1] = ["user:eve".parse()?];
    files.remove_acl_entries(&path, &keys).await?;
    files.remove_default_acl(&path).await?;
    files.remove_acl(&path).await?;
    assert_eq!(files.acl(&path).await?.acl, acl);
    Ok(())
}

/// `client.enumerateDirectory(path, UserGroupRepresentation.UPN)`
/// `client.getDirectoryEntry(path, UserGroupRepresentation.UPN)`
/// `client.getAclStatus(path, UserGroupRepresentation.UPN)`
/// `client.setOptions(options)`
#[tokio::test]
async fn options() -> Result<()> {
    let world = World::new();
    let context = world.context();
    let token = aad_core::AccessToken::new("t", context.time_in(Duration::from_secs(3600)));
    let scope = "https://datalake.azure.net//.default";
    let credential = aad_identity::StaticTokenCredential::new(context.clone(), scope, token);
    let credential = std::sync::Arc::new(credential);
    let url = adls_fs::account_url("contoso", &aad_core::Cloud::PUBLIC)?;
    let options = FileSystemOptions::default().with_identities(Identities::Names);
    let files = FileSystem::gen1_opts(context, &url, credential, options)?;
    let status = r#"{"FileStatus":{"type":"FILE","length":3,"owner":"eve@contoso.com"}}"#;
    let reply = testkit::context::json(200, status);
    world.transport.push(reply);
    let owner = files.stat(&at("/f")).await?.owner;
    assert_eq!(owner.as_deref(), Some("eve@contoso.com"));
    let asked = world.transport.requests()[0].uri().to_string();
    assert!(asked.contains("tooid=false"), "{asked}");
    Ok(())
}

/// `Core.create(path, overwrite, octalPermission, bytes)`
/// `Core.append(path, offset, bytes)`
/// `Core.concurrentAppend(path, bytes, autoCreate)`
/// `Core.open(path, offset, length)`
/// `utils.upload(path, bytes, mode)`
/// `in.read(position, bytes, offset, length)`
/// `Core.isValidOctal(text)`
#[tokio::test]
async fn single_requests() -> Result<()> {
    let (files, path, bytes) = (files(), at("/f"), "abc");
    files.create(&path, bytes).await?;
    let offset = 3;
    files.append(&path, offset, bytes).await?;
    let (offset, length) = (2, 3);
    let read = files.read_range(&path, offset, length).await?;
    assert_eq!(read, "cab");
    let position = 5;
    assert_eq!(files.read_range(&path, position, length).await?, "c");
    let path = at("/log");
    files
        .concurrent_append_opts(&path, bytes, ConcurrentAppendOptions::default().create())
        .await?;
    assert!("640".parse::<Permission>().is_ok());
    Ok(())
}
