//! Locks among processes.
//!
//! A lock is a file that is there and that is locked by the system. Programs that know only one of
//! the two keep out: msal-extensions makes the file (`filelock.py`), and with portalocker locks
//! it too (`cache_lock.py`); MSAL for .NET locks it (`FileShare.None`).

use std::fs::{File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::write::{make_folder_of, owner_only};
use crate::context::FileLock;

pub(super) fn try_lock(path: PathBuf, stale_before: SystemTime) -> io::Result<Option<FileLock>> {
    make_folder_of(&path)?;
    let made = owner_only().write(true).create_new(true).open(&path);
    let file = match made {
        Ok(file) => lock_file(&file).then_some(file),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            take_over(&path, stale_before)?
        }
        Err(error) => return Err(error),
    };
    let Some(file) = file else {
        return Ok(None);
    };
    let held = Held { file, path };
    // A person who wonders finds here whom to ask. It also says that the lock is not stale.
    held.file.set_len(0)?;
    write!(&held.file, "{} aad-core", std::process::id())?;
    Ok(Some(FileLock::new(held)))
}

/// The file that is there, if its holder has died long ago.
fn take_over(path: &Path, stale_before: SystemTime) -> io::Result<Option<File>> {
    let file = match owner_only().read(true).write(true).open(path) {
        Ok(file) => file,
        // It was released just now.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let is_stale = || Ok::<_, io::Error>(file.metadata()?.modified()? < stale_before);
    // Looked at again once it is locked: two may find the same stale file.
    let free = is_stale()? && lock_file(&file) && is_stale()? && !is_removed(&file)?;
    Ok(free.then_some(file))
}

fn lock_file(file: &File) -> bool {
    match file.try_lock() {
        Ok(()) => true,
        Err(TryLockError::WouldBlock) => false,
        // On file systems without locks, such as some of the network (they say so in several ways:
        // EOPNOTSUPP, ENOSYS, ENOLCK), the file alone must do.
        Err(TryLockError::Error(error)) => {
            tracing::debug!(%error, "no lock but the file itself");
            true
        }
    }
}

/// Whether the file has no name any more: its holder released it after we had opened it.
fn is_removed(file: &File) -> io::Result<bool> {
    #[cfg(unix)]
    return Ok(std::os::unix::fs::MetadataExt::nlink(&file.metadata()?) == 0);
    #[cfg(not(unix))]
    return file.metadata().map(|_| false);
}

struct Held {
    file: File,
    path: PathBuf,
}

impl Drop for Held {
    /// Removes the name first: after the lock it might be somebody else's.
    fn drop(&mut self) {
        if !is_removed(&self.file).unwrap_or(true) {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
