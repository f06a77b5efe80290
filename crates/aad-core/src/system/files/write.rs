//! Writing files that only their user can read.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Replaces a file by way of a new one beside it, which takes its name when it is on the disk.
pub(super) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    make_folder_of(path)?;
    let beside = beside(path);
    let replaced = write_new(&beside, content).and_then(|file| {
        std::fs::rename(&beside, path)?;
        // It is as old as its name. A program may have looked at the old file while this one was
        // being written, and it looks again only at one that is younger than that (msal-extensions
        // 1.3, `_reload_if_necessary`; it was seen to undo changes).
        let _ = file.set_modified(now());
        Ok(())
    });
    if replaced.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    replaced
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.to_owned().into_os_string();
    name.push(".tmp");
    name.into()
}

fn write_new(path: &Path, content: &[u8]) -> io::Result<File> {
    let create = || owner_only().write(true).create_new(true).open(path);
    let mut file = match create() {
        // A process that died left it.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            std::fs::remove_file(path)?;
            create()?
        }
        created => created?,
    };
    file.write_all(content)?;
    file.sync_all()?;
    Ok(file)
}

#[expect(
    clippy::disallowed_methods,
    reason = "files are dated by the system's clock"
)]
fn now() -> SystemTime {
    SystemTime::now()
}

/// Files made with it can be read by their user only. On Windows the folder decides.
#[cfg_attr(not(unix), allow(unused_mut))]
pub(super) fn owner_only() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

pub(super) fn make_folder_of(path: &Path) -> io::Result<()> {
    let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    else {
        return Ok(());
    };
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}
