//! `adl fs`: files of the store.

mod acl;
mod content;
mod get;
mod look;
mod moments;
mod names;
mod put;
mod transfer;
mod trash;
mod tree;

use aad_core::ErrorKind;
use adls_fs::{FileStatus, FileSystem, LakePath};
use anyhow::{Context as _, Result};

use crate::arguments::fs::{Arguments, Fs};
use crate::connection::Connection;
use crate::print::Printer;

pub(crate) use transfer::stoppable;

pub(crate) async fn run(
    arguments: Arguments,
    connection: &Connection,
    printer: &Printer,
) -> Result<()> {
    let files = &connection.store(arguments.account)?;
    match arguments.command {
        Fs::Ls(arguments) => look::list(files, &arguments, printer).await,
        Fs::Stat(arguments) => look::stat(files, &arguments.paths, printer).await,
        Fs::Cat(arguments) => content::cat(files, &arguments.paths).await,
        Fs::Head(arguments) => content::head(files, &arguments).await,
        Fs::Tail(arguments) => content::tail(files, &arguments).await,
        Fs::Find(arguments) => look::find(files, &arguments, printer).await,
        Fs::Du(arguments) => look::usage(files, &arguments.paths, printer).await,
        Fs::Df(arguments) => look::summary(files, &arguments.path, printer).await,
        Fs::Checksum(arguments) => look::checksums(files, &arguments.paths, printer).await,
        Fs::Access(arguments) => look::access(files, &arguments, printer).await,
        Fs::Put(arguments) => put::run(files, arguments, printer).await,
        Fs::Get(arguments) => get::run(files, arguments, printer).await,
        Fs::Mkdir(arguments) => names::make_folders(files, &arguments).await,
        Fs::Touch(arguments) => names::touch(files, &arguments.paths).await,
        Fs::Rm(arguments) => names::remove(files, &arguments, printer).await,
        Fs::Mv(arguments) => names::rename(files, &arguments).await,
        Fs::Cp(arguments) => names::copy(files, &arguments).await,
        Fs::Concat(arguments) => names::concat(files, &arguments).await,
        Fs::Acl(command) => acl::run(files, command, printer).await,
        Fs::Chmod(arguments) => acl::change_permission(files, &arguments, printer).await,
        Fs::Chown(arguments) => acl::change_owners(files, &arguments, printer).await,
        Fs::Expiry(arguments) => moments::set_expiry(files, &arguments).await,
        Fs::Times(arguments) => moments::set_times(files, &arguments).await,
        Fs::Trash(command) => trash::run(files, command, printer).await,
    }
}

fn parse(path: &str) -> Result<LakePath> {
    path.parse()
        .with_context(|| format!("{path:?} is not a path of the lake"))
}

/// What is at a path, if anything is.
async fn find(files: &FileSystem, path: &LakePath) -> Result<Option<FileStatus>> {
    match files.stat(path).await {
        Ok(status) => Ok(Some(status)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}
