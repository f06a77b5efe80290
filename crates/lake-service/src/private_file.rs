//! Files that only their owner may read.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use crate::error::{Error, ErrorKind, Result};

/// Replaces the file at `path` in one step; nobody else can ever open it, not even halfway.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    replace(path, bytes).map_err(|e| {
        Error::new(
            ErrorKind::Io,
            format!("`{}` cannot be written", path.display()),
        )
        .caused_by(e)
    })
}

/// Lets nobody but the owner into a folder, whatever the permissions of the files in it.
///
/// A file system without permissions is the owner's choice, so it is only warned about.
pub(crate) fn close_folder(path: &Path) {
    #[cfg(unix)]
    if let Err(error) =
        fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o700))
    {
        tracing::warn!(%error, path = %path.display(), "other users of this machine may read the keys of the lake");
    }
    #[cfg(not(unix))]
    let _ = path;
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let new = Path::new(&name);
    // What an earlier crash left here may have other permissions.
    match fs::remove_file(new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(new, path)
}
