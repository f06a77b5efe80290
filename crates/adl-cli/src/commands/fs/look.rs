//! What is in the lake: `adl fs ls`, `stat`, `find`, `du`, `df`, `checksum` and `access`.

use aad_core::{Error, ErrorKind};
use adls_fs::{Entry, FileStatus, FileSystem, FileType, LakePath};
use anyhow::Result;
use futures::{Stream, StreamExt as _, TryStreamExt as _};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::arguments::Format;
use crate::arguments::fs::{Access, Find, Kind, Ls};
use crate::print::{self, Printer};

const SHORT: &[&str] = &["permission", "owner", "length", "modified", "name"];
const LONG: &[&str] = &[
    "permission",
    "owner",
    "group",
    "length",
    "modified",
    "accessed",
    "expires",
    "name",
];

pub(super) async fn list(files: &FileSystem, arguments: &Ls, printer: &Printer) -> Result<()> {
    let columns = if arguments.long { LONG } else { SHORT };
    let path = &arguments.folder.path;
    if arguments.recursive {
        let below = files.walk(path);
        return show(below, columns, printer, |entry| Some(named_by_path(&entry))).await;
    }
    let entries = files.list(path);
    show(entries, columns, printer, |status| {
        // A file lists as itself, without a name.
        let child = match status.name.as_str() {
            "" => path.clone(),
            name => path.join(name).ok()?,
        };
        let name = child.name().unwrap_or("/").to_owned();
        Some(described(&child, &status, &name))
    })
    .await
}

pub(super) async fn find(files: &FileSystem, arguments: &Find, printer: &Printer) -> Result<()> {
    let wanted = |entry: &Entry| match arguments.kind {
        None => true,
        Some(Kind::File) => entry.status.is_file(),
        Some(Kind::Directory) => entry.status.is_directory(),
    };
    let found = files.glob(&arguments.pattern);
    show(found, SHORT, printer, |entry| {
        wanted(&entry).then(|| named_by_path(&entry))
    })
    .await
}

/// Prints entries as they come.
async fn show<T>(
    entries: impl Stream<Item = adls_fs::Result<T>>,
    columns: &'static [&'static str],
    printer: &Printer,
    describe: impl Fn(T) -> Option<Value>,
) -> Result<()> {
    let mut rows = printer.rows(columns);
    let mut entries = std::pin::pin!(entries);
    while let Some(entry) = entries.try_next().await? {
        if let Some(shown) = describe(entry) {
            rows.push(&shown)?;
        }
    }
    rows.finish()
}

pub(super) fn named_by_path(entry: &Entry) -> Value {
    described(&entry.path, &entry.status, entry.path.as_str())
}

fn described(path: &LakePath, status: &FileStatus, name: &str) -> Value {
    let directory = status.file_type == FileType::Directory;
    json!({
        "path": path.as_str(),
        "name": if directory && !name.ends_with('/') { format!("{name}/") } else { name.to_owned() },
        "type": type_name(status.file_type),
        "length": status.length,
        "modified": moment(status.modified),
        "accessed": moment(status.accessed),
        "expires": moment(status.expires),
        "permission": status.permission.map(|permission| permission.to_string()),
        "owner": status.owner,
        "group": status.group,
    })
}

pub(super) fn type_name(file_type: FileType) -> &'static str {
    match file_type {
        FileType::Directory => "directory",
        _ => "file",
    }
}

pub(super) fn moment(time: Option<OffsetDateTime>) -> Option<String> {
    time.and_then(|time| time.format(&Rfc3339).ok())
}

pub(super) async fn stat(files: &FileSystem, paths: &[LakePath], printer: &Printer) -> Result<()> {
    for path in paths {
        let status = files.stat(path).await?;
        printer.one(&described(path, &status, path.as_str()))?;
    }
    Ok(())
}

pub(super) async fn usage(files: &FileSystem, paths: &[LakePath], printer: &Printer) -> Result<()> {
    let mut rows = printer.rows(&["bytes", "files", "directories", "path"]);
    for path in paths {
        let usage = files.disk_usage(path).await?;
        rows.push(&json!({
            "path": path.as_str(),
            "bytes": usage.bytes,
            "files": usage.files,
            "directories": usage.directories,
        }))?;
    }
    rows.finish()
}

pub(super) async fn summary(files: &FileSystem, path: &LakePath, printer: &Printer) -> Result<()> {
    let summary = files.content_summary(path).await?;
    printer.one(&json!({
        "path": path.as_str(),
        "directories": summary.directories,
        "files": summary.files,
        "bytes": summary.length,
        "space_consumed": summary.space_consumed,
        "quota": summary.quota,
        "space_quota": summary.space_quota,
    }))
}

pub(super) async fn checksums(
    files: &FileSystem,
    paths: &[LakePath],
    printer: &Printer,
) -> Result<()> {
    let mut rows = printer.rows(&["algorithm", "checksum", "path"]);
    for path in paths {
        let checksum = files.checksum(path).await?;
        let hex = checksum.bytes.iter().map(|byte| format!("{byte:02x}"));
        rows.push(&json!({
            "path": path.as_str(),
            "algorithm": checksum.algorithm,
            "checksum": hex.collect::<String>(),
        }))?;
    }
    rows.finish()
}

pub(super) async fn access(files: &FileSystem, asked: &Access, printer: &Printer) -> Result<()> {
    let (path, rights) = (&asked.path, asked.rights.0);
    let allowed = files.check_access(path, rights).await?;
    if printer.format() == Format::Json {
        let answer =
            json!({"path": path.as_str(), "rights": rights.to_string(), "allowed": allowed});
        printer.one(&answer)?;
    } else if allowed {
        print::text(format_args!("{rights} is allowed on {path}"))?;
    }
    match allowed {
        true => Ok(()),
        false => {
            let message = format!("{rights} is not allowed on {path}");
            Err(Error::new(ErrorKind::Forbidden, message).into())
        }
    }
}

/// All that a recursive deletion would delete.
pub(super) async fn everything(
    files: &FileSystem,
    path: &LakePath,
    printer: &Printer,
) -> Result<()> {
    let status = files.stat(path).await?;
    let mut rows = printer.rows(SHORT);
    rows.push(&described(path, &status, path.as_str()))?;
    if status.is_directory() {
        let mut below = files.walk(path).boxed();
        while let Some(entry) = below.try_next().await? {
            rows.push(&named_by_path(&entry))?;
        }
    }
    rows.finish()
}
