//! `adl fs trash`: what was deleted.

use aad_core::{Error, ErrorKind};
use adls_fs::{DeletedItem, FileSystem, OnConflict, RestoreOptions};
use anyhow::Result;
use futures::TryStreamExt as _;
use serde_json::{Value, json};

use super::look::{moment, type_name};
use crate::arguments::fs::{Restore, TrashCommand};
use crate::exit::WrongUsage;
use crate::print::Printer;
use crate::progress::Line;

pub(super) async fn run(
    files: &FileSystem,
    command: TrashCommand,
    printer: &Printer,
) -> Result<()> {
    match command {
        TrashCommand::Ls { hint, limit } => list(files, &hint, limit, printer).await,
        TrashCommand::Restore(arguments) => restore(files, &arguments).await,
    }
}

async fn list(
    files: &FileSystem,
    hint: &str,
    limit: Option<usize>,
    printer: &Printer,
) -> Result<()> {
    let mut rows = printer.rows(&["token", "type", "created", "path"]);
    let mut found = files.deleted(hint);
    let mut line = Line::start();
    let mut left = limit.unwrap_or(usize::MAX);
    while left > 0
        && let Some(item) = found.try_next().await?
    {
        rows.push(&described(&item))?;
        line.update(|| format!("{} deleted items searched", found.searched()));
        left -= 1;
    }
    line.finish();
    rows.finish()
}

fn described(item: &DeletedItem) -> Value {
    json!({
        "path": item.original_path.as_str(),
        "token": item.token,
        "type": type_name(item.file_type),
        "created": moment(item.created),
    })
}

async fn restore(files: &FileSystem, arguments: &Restore) -> Result<()> {
    let item = find(files, arguments).await?;
    let mut options = RestoreOptions::default();
    options.destination = arguments.to.clone();
    options.on_conflict = match (arguments.overwrite, arguments.copy) {
        (true, _) => OnConflict::Overwrite,
        (_, true) => OnConflict::Copy,
        _ => OnConflict::Fail,
    };
    Ok(files.restore_opts(&item, options).await?)
}

/// The one item that was meant.
async fn find(files: &FileSystem, arguments: &Restore) -> Result<DeletedItem> {
    let Restore { path, token, .. } = arguments;
    let mut found = files.deleted(path.as_str());
    let mut meant: Option<DeletedItem> = None;
    while let Some(item) = found.try_next().await? {
        let fits = token.as_ref().is_none_or(|token| *token == item.token);
        if item.original_path != *path || !fits {
            continue;
        }
        if let Some(other) = &meant {
            let message = format!(
                "{path} was deleted more than once; name one with --token, such as {} or {}",
                other.token, item.token
            );
            return Err(WrongUsage(message).into());
        }
        meant = Some(item);
    }
    meant.ok_or_else(|| {
        let message = format!("{path} is not in the trash");
        Error::new(ErrorKind::NotFound, message).into()
    })
}
