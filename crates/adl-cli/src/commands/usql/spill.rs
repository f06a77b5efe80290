//! Where a local run puts what does not fit into memory.
//!
//! A run removes its folder when it ends, however it ends. One that was killed cannot, so the next run does: the
//! system has taken the killed one's lock away.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use tempfile::{Builder, TempDir};

/// What the folders of runs begin with.
const PREFIX: &str = "adl-usql-";

/// Locked while the run lives.
const LOCK: &str = "lock";

/// A run's folder for temporary files.
pub(super) struct SpillFolder {
    // Unlocked before the folder is removed: some systems keep files that are open.
    _lock: File,
    folder: TempDir,
}

impl SpillFolder {
    /// Makes a folder among the system's temporary files, and removes those of runs that were killed.
    pub(super) fn new() -> io::Result<Self> {
        Self::new_in(&tempfile::env::temp_dir())
    }

    fn new_in(parent: &Path) -> io::Result<Self> {
        remove_abandoned(parent)?;
        let folder = Builder::new().prefix(PREFIX).tempdir_in(parent)?;
        // The lock is taken before it has its name, so that nobody finds it without its owner.
        let unnamed = folder.path().join("unnamed");
        let lock = File::create_new(&unnamed)?;
        lock.lock()?;
        fs::rename(unnamed, folder.path().join(LOCK))?;
        Ok(Self {
            _lock: lock,
            folder,
        })
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

fn remove_abandoned(parent: &Path) -> io::Result<()> {
    for entry in fs::read_dir(parent)? {
        let entry = entry?;
        let is_of_a_run = entry.file_name().to_string_lossy().starts_with(PREFIX);
        // Another person's folder, or one that was removed meanwhile, is none of our business.
        if is_of_a_run && File::open(entry.path().join(LOCK)).is_ok_and(|lock| is_free(&lock)) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    Ok(())
}

fn is_free(lock: &File) -> bool {
    lock.try_lock().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_run_has_spilled_is_removed_by_the_next_and_what_others_spill_is_not() {
        let parent = tempfile::tempdir().unwrap();
        let names = || fs::read_dir(parent.path()).unwrap().count();
        let running = SpillFolder::new_in(parent.path()).unwrap();
        fs::write(running.path().join("rows"), "spilled").unwrap();
        // Death takes the lock and leaves the folder.
        let SpillFolder { _lock, folder } = SpillFolder::new_in(parent.path()).unwrap();
        let killed = folder.keep();
        drop(_lock);
        fs::create_dir(parent.path().join("another program's")).unwrap();
        let next = SpillFolder::new_in(parent.path()).unwrap();
        assert!(!killed.exists() && running.path().join("rows").exists());
        drop(next);
        drop(running);
        assert_eq!(names(), 1);
    }
}
