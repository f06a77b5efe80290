//! What makes, moves and deletes: `adl fs mkdir`, `touch`, `rm`, `mv`, `cp` and `concat`.

use aad_core::{Error, ErrorKind};
use adls_fs::{
    ConcatOptions, CopyOptions, DeleteOptions, Deleted, Existing, FileSystem, LakePath,
    MakeDirectoryOptions, RenameOptions,
};
use anyhow::Result;

use super::look;
use crate::arguments::fs::{Concat, Cp, Mkdir, Mv, Rm};
use crate::print::Printer;

pub(super) async fn make_folders(files: &FileSystem, arguments: &Mkdir) -> Result<()> {
    let mut options = MakeDirectoryOptions::default();
    options.permission = arguments.mode;
    for path in &arguments.paths {
        files.mkdirs_opts(path, options.clone()).await?;
    }
    Ok(())
}

pub(super) async fn touch(files: &FileSystem, paths: &[LakePath]) -> Result<()> {
    for path in paths {
        files.touch(path).await?;
    }
    Ok(())
}

pub(super) async fn remove(files: &FileSystem, arguments: &Rm, printer: &Printer) -> Result<()> {
    for path in &arguments.paths {
        if arguments.dry_run && arguments.recursive {
            look::everything(files, path, printer).await?;
        } else if arguments.dry_run {
            look::stat(files, std::slice::from_ref(path), printer).await?;
        } else {
            remove_one(files, path, arguments.recursive).await?;
        }
    }
    Ok(())
}

async fn remove_one(files: &FileSystem, path: &LakePath, recursive: bool) -> Result<()> {
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

pub(super) async fn rename(files: &FileSystem, arguments: &Mv) -> Result<()> {
    let mut options = RenameOptions::default();
    if arguments.overwrite {
        options.existing = Existing::Overwrite;
    }
    let Mv { from, to, .. } = arguments;
    Ok(files.rename_opts(from, to, options).await?)
}

pub(super) async fn copy(files: &FileSystem, arguments: &Cp) -> Result<()> {
    let mut options = CopyOptions::default();
    options.keep_acl = arguments.keep_acl;
    if arguments.overwrite {
        options.existing = Existing::Overwrite;
    }
    let (from, mut to) = (&arguments.from, arguments.to.clone());
    let is_folder = match files.stat(&to).await {
        Ok(status) => status.is_directory(),
        Err(error) if error.kind() == ErrorKind::NotFound => false,
        Err(error) => return Err(error.into()),
    };
    if is_folder && let Some(name) = from.name() {
        to = to.join(name)?;
    }
    files.copy_opts(from, &to, options).await?;
    Ok(())
}

pub(super) async fn concat(files: &FileSystem, arguments: &Concat) -> Result<()> {
    let mut options = ConcatOptions::default();
    options.delete_source_directory = arguments.delete_source_directory;
    let Concat {
        target, sources, ..
    } = arguments;
    Ok(files.concat_opts(target, sources, options).await?)
}
