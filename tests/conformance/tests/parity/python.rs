//! `azure.datalake.store.core.AzureDLFileSystem`.

use std::time::Duration;

use aad_core::Cloud;
use aad_identity::StaticTokenCredential;
use adls_fs::{
    AclKey, ConcatOptions, DeleteOptions, Deleted, ErrorKind, Expiry, FileSystem, Permission,
    Principal, ReadOptions, Result, TreeChange, TreeOptions, WriteMode, WriteOptions, account_url,
};
use futures::{AsyncReadExt, AsyncWriteExt, TryStreamExt};
use testkit::context::World;
use time::OffsetDateTime;

use crate::given::{at, files, with};

/// `core.AzureDLFileSystem(token_credential=credential, store_name=name)`
/// `client.createClient(fqdn, tokenProvider)`
/// `client.createClient(fqdn, accessToken)`
#[tokio::test]
async fn a_client() -> Result<()> {
    let world = World::new();
    let (context, name) = (world.context(), "contoso");
    let scope = "https://datalake.azure.net//.default";
    let token = aad_core::AccessToken::new("t", context.time_in(Duration::from_secs(3600)));
    let credential = std::sync::Arc::new({
        let context = context.clone();
        StaticTokenCredential::new(context, scope, token)
    });
    let files = FileSystem::gen1(context, &account_url(name, &Cloud::PUBLIC)?, credential)?;
    assert!(world.transport.requests().is_empty());
    drop(files);
    Ok(())
}

/// `fs.open(path, 'wb')`
/// `fs.open(path, 'wb', delimiter=b'\n')`
/// `fs.open(path, 'ab')`
/// `fs.open(path, 'rb')`
/// `fs.open(path, 'rb', blocksize=size)`
#[tokio::test]
async fn streams() -> Result<()> {
    let (files, path, size) = (files(), at("/f"), 4 << 20);
    let mut writer = files.writer(&path).await?;
    writer.write_all(b"1,").await.expect("it is written");
    writer.close().await.expect("it is written");
    let mut writer = files
        .writer_opts(&path, WriteOptions::default().with_mode(WriteMode::Append))
        .await?;
    writer.write_all(b"2\n").await.expect("it is written");
    writer.close().await.expect("it is written");
    let mut text = String::new();
    let mut reader = files.open(&path).await?;
    reader.read_to_string(&mut text).await.expect("it is read");
    assert_eq!(text, "1,2\n");
    let reader = files
        .open_opts(&path, ReadOptions::default().with_read_ahead(size))
        .await?;
    assert_eq!(reader.length(), 4);
    let mut writer = files
        .writer_opts(&path, WriteOptions::default().with_delimiter("\n"))
        .await?;
    writer.write_all(b"a\nb").await.expect("it is written");
    writer.close().await.expect("it is written");
    assert_eq!(files.read(&path).await?, "a\nb");
    Ok(())
}

/// `fs.ls(path)`
/// `fs.ls(path, detail=True)`
/// `fs.listdir(path)`
/// `fs.info(path)`
/// `fs.stat(path)`
/// `fs.walk(path)`
/// `fs.glob('/data/*.csv')`
/// `fs.exists(path)`
/// `fs.access(path)`
#[tokio::test]
async fn looking() -> Result<()> {
    let files = with(&["/data/a.csv", "/data/b.txt", "/data/deep/c.csv"]).await?;
    let path = at("/data");
    let names = files.list(&path).map_ok(|entry| entry.name);
    let names: Vec<_> = names.try_collect().await?;
    assert_eq!(names, ["a.csv", "b.txt", "deep"]);
    let entries = files.list(&path).try_collect::<Vec<_>>().await?;
    assert_eq!(entries[0].length, 4);
    assert!(files.stat(&path).await?.is_directory());
    let all: Vec<_> = files.walk(&path).try_collect().await?;
    assert_eq!(all.len(), 4);
    let found: Vec<_> = files.glob(&"/data/*.csv".parse()?).try_collect().await?;
    assert_eq!(found[0].path, at("/data/a.csv"));
    assert!(files.exists(&path).await?);
    Ok(())
}

/// `fs.du(path)`
/// `fs.du(path, total=True, deep=True)`
/// `fs.df(path)`
#[tokio::test]
async fn sums() -> Result<()> {
    let files = with(&["/d/a", "/d/x/b"]).await?;
    let path = at("/d");
    let lengths = files.list(&path).map_ok(|entry| entry.length);
    assert_eq!(lengths.try_collect::<Vec<_>>().await?, [4, 0]);
    let bytes = files.disk_usage(&path).await?.bytes;
    let summary = files.content_summary(&path).await?;
    assert_eq!((bytes, summary.files, summary.directories), (8, 2, 2));
    Ok(())
}

/// `fs.chmod(path, '770')`
/// `fs.chown(path, owner=owner)`
/// `fs.chown(path, owner=owner, group=group)`
#[tokio::test]
async fn owners() -> Result<()> {
    let (files, path) = (with(&["/f"]).await?, at("/f"));
    let (owner, group): (Principal, Principal) = ("eve".parse()?, "staff".parse()?);
    files.set_permission(&path, "770".parse()?).await?;
    files.set_owner(&path, &owner).await?;
    files.set_owner_and_group(&path, &owner, &group).await?;
    let status = files.stat(&path).await?;
    assert_eq!(status.permission, Some(Permission::new(0o770)?));
    assert_eq!(status.owner.as_deref(), Some("eve"));
    assert_eq!(status.group.as_deref(), Some("staff"));
    Ok(())
}

/// `fs.set_expiry(path, 'Absolute', time)`
/// `fs.set_expiry(path, 'RelativeToNow', span)`
/// `fs.set_expiry(path, 'RelativeToCreationDate', span)`
/// `fs.set_expiry(path, 'NeverExpire')`
#[tokio::test]
async fn expiry() -> Result<()> {
    let (files, path) = (with(&["/f"]).await?, at("/f"));
    let span = Duration::from_secs(86_400);
    let expires = async || files.stat(&path).await.map(|status| status.expires);
    files.set_expiry(&path, Expiry::AfterNow(span)).await?;
    let first = expires().await?;
    assert!(first.is_some());
    files.set_expiry(&path, Expiry::AfterCreation(span)).await?;
    assert!(expires().await? <= first);
    files.set_expiry(&path, Expiry::Never).await?;
    assert_eq!(expires().await?, None);
    let time = OffsetDateTime::from_unix_timestamp(32_503_680_000).expect("a time");
    files.set_expiry(&path, Expiry::At(time)).await?;
    assert_eq!(expires().await?, Some(time));
    Ok(())
}

/// `fs.set_acl(path, spec)`
/// `fs.modify_acl_entries(path, spec)`
/// `fs.remove_acl_entries(path, spec)`
/// `fs.get_acl_status(path)`
/// `fs.remove_default_acl(path)`
/// `fs.remove_acl(path)`
#[tokio::test]
async fn acls() -> Result<()> {
    let (files, path) = (with(&["/d/f"]).await?, at("/d"));
    let spec = "user::rwx,group::r-x,other::---,default:user:eve:r-x";
    files.set_acl(&path, &spec.parse()?).await?;
    let spec = "user:eve:r-x";
    files.modify_acl(&path, &spec.parse()?).await?;
    let text = async || files.acl(&path).await.map(|status| status.acl.to_string());
    let before = files.acl(&path).await?;
    assert!(before.acl.to_string().contains("default:user:eve:r-x"));
    files
        .remove_acl_entries(&path, &["user:eve".parse()?])
        .await?;
    files.remove_default_acl(&path).await?;
    assert_eq!(text().await?, "user::rwx,group::r-x,mask::r-x,other::---");
    files.remove_acl(&path).await?;
    assert_eq!(text().await?, "user::rwx,group::r-x,other::---");
    Ok(())
}

/// `fs.set_acl(path, spec, recursive=True)`
/// `fs.modify_acl_entries(path, spec, recursive=True)`
/// `fs.modify_acl_entries(path, spec, recursive=True, number_of_sub_process=n)`
/// `fs.remove_acl_entries(path, spec, recursive=True)`
#[tokio::test]
async fn acls_of_trees() -> Result<()> {
    let (files, path, n) = (with(&["/d/x/f"]).await?, at("/d"), 4);
    let acl = async || {
        files
            .acl(&at("/d/x/f"))
            .await
            .map(|status| status.acl.to_string())
    };
    let spec = "user::rwx,group::r-x,other::---,default:user:eve:r-x";
    let report = files
        .change_tree(&path, TreeChange::SetAcl(spec.parse()?))?
        .finish()
        .await?;
    assert_eq!((report.progress.directories, report.progress.files), (2, 1));
    let spec = "user:eve:r-x";
    files
        .change_tree(&path, TreeChange::ModifyAcl(spec.parse()?))?
        .finish()
        .await?;
    assert_eq!(
        acl().await?,
        "user::rwx,user:eve:r-x,group::r-x,mask::r-x,other::---"
    );
    let keys: Vec<AclKey> = vec!["user:eve".parse()?];
    files
        .change_tree(&path, TreeChange::RemoveAclEntries(keys))?
        .finish()
        .await?;
    assert_eq!(acl().await?, "user::rwx,group::r-x,mask::r-x,other::---");
    let options = TreeOptions::default().with_concurrency(n);
    assert_eq!(options.concurrency, 4);
    Ok(())
}

/// `fs.cat(path)`
/// `fs.tail(path, size=1024)`
/// `fs.head(path, size=1024)`
/// `fs.touch(path)`
/// `fs.read_block(path, offset, length)`
/// `fs.read_block(path, offset, length, delimiter=b'\n')`
#[tokio::test]
async fn bytes() -> Result<()> {
    let (files, path) = (files(), at("/f"));
    files.create(&path, "ab\ncd\nef\n").await?;
    assert_eq!(files.read(&path).await?.len(), 9);
    assert_eq!(files.tail(&path, 1024).await?.len(), 9);
    assert_eq!(files.head(&path, 1024).await?.len(), 9);
    let (offset, length) = (1, 3);
    assert_eq!(files.read_range(&path, offset, length).await?, "b\nc");
    let block = files.read_block(&path, offset, length, b"\n").await?;
    assert_eq!(block, "cd\n");
    files.create(&path, "").await?;
    assert_eq!(files.stat(&path).await?.length, 0);
    Ok(())
}

/// `fs.mkdir(path)`
/// `fs.rmdir(path)`
/// `fs.rm(path)`
/// `fs.unlink(path)`
/// `fs.remove(path)`
/// `fs.rm(path, recursive=True)`
#[tokio::test]
async fn directories() -> Result<()> {
    let (files, path) = (with(&["/d/f"]).await?, at("/d"));
    assert!(files.delete(&path).await.is_err(), "it is not empty");
    let deleted = files
        .delete_opts(&path, DeleteOptions::default().recursive())
        .await?;
    assert_eq!(deleted, Deleted::Removed);
    files.mkdirs(&path).await?;
    assert_eq!(files.delete(&path).await?, Deleted::Removed);
    Ok(())
}

/// `fs.mv(path1, path2)`
/// `fs.rename(path1, path2)`
/// `fs.concat(outfile, filelist)`
/// `fs.merge(outfile, filelist)`
/// `fs.concat(outfile, filelist, delete_source=True)`
/// `fs.cp(path1, path2)`
#[tokio::test]
async fn moving_and_joining() -> Result<()> {
    let files = with(&["/a", "/parts/1", "/parts/rest"]).await?;
    let (from, to) = (at("/a"), at("/b"));
    files.rename(&from, &to).await?;
    let gone = files.rename(&from, &to).await.expect_err("it is gone");
    assert_eq!(gone.kind(), ErrorKind::NotFound);
    files.create(&from, "!").await?;
    let sources = [from];
    files.concat(&to, &sources).await?;
    assert_eq!(files.read(&to).await?, "abc\n!");
    let sources = [at("/parts/1")];
    files
        .concat_opts(
            &to,
            &sources,
            ConcatOptions::default().delete_source_directory(),
        )
        .await?;
    assert!(!files.exists(&at("/parts")).await?);
    let (from, to) = (to, at("/copy"));
    files.copy(&from, &to).await?;
    assert_eq!(files.read(&to).await?, "abc\n!abc\n");
    Ok(())
}
