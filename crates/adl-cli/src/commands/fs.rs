//! `adl fs`: files of the store.

mod attributes;

use std::path::{Path, PathBuf};

use aad_core::{Error, ErrorKind};
use adls_fs::{
    DeleteOptions, Deleted, FileStatus, FileSystem, FileType, LakePath, WriteMode, WriteOptions,
};
use anyhow::{Context as _, Result, bail};
use futures::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, TryStreamExt as _};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio_util::compat::{TokioAsyncReadCompatExt as _, TokioAsyncWriteCompatExt as _};

use crate::arguments::{Fs, StoreAccount};
use crate::connection::Connection;
use crate::partial::Partial;
use crate::print::{self, Printer};
use crate::progress::Progress;

pub(crate) async fn run(command: Fs, connection: &Connection, printer: &Printer) -> Result<()> {
    match command {
        Fs::Ls { account, path } => {
            list(&open(connection, account)?, &parse(&path)?, printer).await
        }
        Fs::Cat { account, path } => cat(&open(connection, account)?, &parse(&path)?).await,
        Fs::Put {
            account,
            source,
            path,
            overwrite,
        } => {
            put(
                &open(connection, account)?,
                &source,
                &parse(&path)?,
                overwrite,
            )
            .await
        }
        Fs::Get {
            account,
            path,
            target,
            overwrite,
        } => {
            get(
                &open(connection, account)?,
                &parse(&path)?,
                target,
                overwrite,
            )
            .await
        }
        Fs::Mkdir { account, path } => {
            Ok(open(connection, account)?.mkdirs(&parse(&path)?).await?)
        }
        Fs::Rm {
            account,
            path,
            recursive,
        } => remove(&open(connection, account)?, &parse(&path)?, recursive).await,
        Fs::Mv { account, from, to } => Ok(open(connection, account)?
            .rename(&parse(&from)?, &parse(&to)?)
            .await?),
        Fs::Acl(command) => attributes::acl(command, connection, printer).await,
        Fs::Chmod {
            account,
            permission,
            path,
        } => Ok(open(connection, account)?
            .set_permission(&parse(&path)?, permission)
            .await?),
        Fs::Chown {
            account,
            owners,
            path,
        } => {
            let files = open(connection, account)?;
            attributes::change_owners(&files, &parse(&path)?, &owners).await
        }
        Fs::Stat { account, path } => {
            let path = parse(&path)?;
            let status = open(connection, account)?.stat(&path).await?;
            printer.one(&described(&status, path.as_str()))
        }
    }
}

fn open(connection: &Connection, account: StoreAccount) -> Result<FileSystem> {
    connection.store(account.account)
}

fn parse(path: &str) -> Result<LakePath> {
    path.parse()
        .with_context(|| format!("{path:?} is not a path of the lake"))
}

async fn list(files: &FileSystem, path: &LakePath, printer: &Printer) -> Result<()> {
    let entries: Vec<FileStatus> = files.list(path).try_collect().await?;
    let items: Vec<Value> = entries
        .iter()
        .map(|entry| described(entry, &entry.name))
        .collect();
    printer.list(
        &["permission", "owner", "length", "modified", "name"],
        &items,
    )
}

fn described(status: &FileStatus, name: &str) -> Value {
    let directory = status.file_type == FileType::Directory;
    let time = |time: Option<OffsetDateTime>| time.and_then(|time| time.format(&Rfc3339).ok());
    json!({
        "name": if directory && !name.ends_with('/') { format!("{name}/") } else { name.to_owned() },
        "type": if directory { "directory" } else { "file" },
        "length": status.length,
        "modified": time(status.modified),
        "accessed": time(status.accessed),
        "expires": time(status.expires),
        "permission": status.permission.map(|permission| permission.to_string()),
        "owner": status.owner,
        "group": status.group,
    })
}

async fn cat(files: &FileSystem, path: &LakePath) -> Result<()> {
    let mut out = tokio::io::stdout().compat_write();
    let mut reader = files.open(path).await?;
    let mut buffer = vec![0; PIECE];
    loop {
        let read = reader.read(&mut buffer).await?;
        if read == 0 {
            return out.flush().await.map_err(print::unwritten);
        }
        let written = out.write_all(&buffer[..read]).await;
        written.map_err(print::unwritten)?;
    }
}

async fn put(files: &FileSystem, source: &Path, path: &LakePath, overwrite: bool) -> Result<()> {
    let mode = if overwrite {
        WriteMode::Overwrite
    } else {
        WriteMode::CreateNew
    };
    let mut options = WriteOptions::default();
    options.mode = mode;
    let mut writer = files.writer_opts(path, options).await?;
    let mut progress;
    let copied = if source == Path::new("-") {
        progress = Progress::start(path.as_str(), None);
        copy(tokio::io::stdin().compat(), &mut writer, &mut progress).await
    } else {
        let file = tokio::fs::File::open(source)
            .await
            .with_context(|| format!("cannot open {}", source.display()))?;
        let length = file
            .metadata()
            .await
            .with_context(|| format!("cannot read {}", source.display()))?
            .len();
        progress = Progress::start(path.as_str(), Some(length));
        copy(file.compat(), &mut writer, &mut progress).await
    };
    let closed = match copied {
        Ok(()) => writer.close().await.map_err(anyhow::Error::from),
        Err(error) => Err(error),
    };
    progress.finish();
    closed
        .with_context(|| format!("{path} was not uploaded whole; upload it again with --overwrite"))
}

/// Downloads beside the target and renames at the end, so that the target is whole or not there.
async fn get(
    files: &FileSystem,
    path: &LakePath,
    target: Option<PathBuf>,
    overwrite: bool,
) -> Result<()> {
    let name = path.name().context("the root is not a file; name one")?;
    // `C:x` and `..\x` are names of the lake and ways out of the folder on Windows.
    let is_plain = Path::new(name).file_name() == Some(name.as_ref());
    if !is_plain && target.as_ref().is_none_or(|target| target.is_dir()) {
        bail!("this machine has no file named {name:?}; name the target");
    }
    let target = match target {
        Some(folder) if folder.is_dir() => folder.join(name),
        Some(file) => file,
        None => PathBuf::from(name),
    };
    if !overwrite && target.exists() {
        bail!(
            "{} is there already; give another name or --overwrite",
            target.display()
        );
    }
    let reader = files.open(path).await?;
    let not_created = || format!("cannot create {}", target.display());
    let (partial, file) = Partial::create(&target).with_context(not_created)?;
    let mut file = tokio::fs::File::from_std(file).compat_write();
    let mut progress = Progress::start(path.as_str(), Some(reader.length()));
    let copied = copy(reader, &mut file, &mut progress).await;
    progress.finish();
    copied?;
    let closed = file.close().await;
    closed.context("cannot write the file to its end")?;
    drop(file);
    partial.finish().with_context(not_created)
}

/// How much is copied at a time.
const PIECE: usize = 256 << 10;

async fn copy(
    mut from: impl AsyncRead + Unpin,
    to: &mut (impl AsyncWrite + Unpin),
    progress: &mut Progress,
) -> Result<()> {
    let mut buffer = vec![0; PIECE];
    loop {
        let read = from.read(&mut buffer).await?;
        if read == 0 {
            return Ok(());
        }
        to.write_all(&buffer[..read]).await?;
        progress.advance(read as u64);
    }
}

async fn remove(files: &FileSystem, path: &LakePath, recursive: bool) -> Result<()> {
    let options = if recursive {
        DeleteOptions::default().recursive()
    } else {
        DeleteOptions::default()
    };
    match files.delete_opts(path, options).await? {
        Deleted::NotThere => {
            Err(Error::new(ErrorKind::NotFound, format!("{path} is not there")).into())
        }
        _ => Ok(()),
    }
}
