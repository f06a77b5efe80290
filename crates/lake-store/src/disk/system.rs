//! The disk of this machine.

use std::fs::{self, DirBuilder, File, FileType, Metadata, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::time::UNIX_EPOCH;

use super::{Disk, DiskFile, HostEntries, HostEntry, HostKind, HostMetadata, OpenMode};

/// The disk of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemDisk;

impl Disk for SystemDisk {
    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Box<dyn DiskFile>> {
        let file = OpenOptions::new()
            .read(true)
            .write(mode != OpenMode::Read)
            .create(mode == OpenMode::Create)
            .truncate(false)
            .open(path)?;
        Ok(Box::new(SystemFile(file)))
    }

    fn metadata(&self, path: &Path) -> io::Result<HostMetadata> {
        fs::symlink_metadata(path).map(|metadata| describe(&metadata))
    }

    fn entries(&self, path: &Path) -> io::Result<HostEntries> {
        let entry = |entry: io::Result<fs::DirEntry>| {
            let entry = entry?;
            Ok(HostEntry {
                kind: kind(entry.file_type()?),
                name: entry.file_name(),
            })
        };
        Ok(Box::new(fs::read_dir(path)?.map(entry)))
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        fs::create_dir(path)
    }

    fn create_private_dir(&self, path: &Path) -> io::Result<()> {
        #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix sets the mode"))]
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir(path)
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        // Elsewhere a directory cannot be opened; NTFS journals its names.
        if cfg!(unix) {
            File::open(path)?.sync_all()?;
        }
        Ok(())
    }
}

#[derive(Debug)]
struct SystemFile(File);

impl DiskFile for SystemFile {
    #[cfg(unix)]
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(&self.0, buffer, offset)
    }

    #[cfg(windows)]
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        std::os::windows::fs::FileExt::seek_read(&self.0, buffer, offset)
    }

    #[cfg(unix)]
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::write_all_at(&self.0, bytes, offset)
    }

    #[cfg(windows)]
    fn write_at(&self, mut offset: u64, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let written = std::os::windows::fs::FileExt::seek_write(&self.0, bytes, offset)?;
            bytes = &bytes[written..];
            offset += written as u64;
        }
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.0.set_len(length)
    }

    fn metadata(&self) -> io::Result<HostMetadata> {
        self.0.metadata().map(|metadata| describe(&metadata))
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn try_lock(&self) -> io::Result<bool> {
        match self.0.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

fn kind(file_type: FileType) -> HostKind {
    if file_type.is_file() {
        HostKind::File
    } else if file_type.is_dir() {
        HostKind::Directory
    } else if file_type.is_symlink() {
        HostKind::SymbolicLink
    } else {
        HostKind::Special
    }
}

fn describe(metadata: &Metadata) -> HostMetadata {
    let modified =
        metadata
            .modified()
            .ok()
            .map_or(0, |time| match time.duration_since(UNIX_EPOCH) {
                Ok(since) => i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
                Err(before) => -i64::try_from(before.duration().as_nanos()).unwrap_or(i64::MAX),
            });
    HostMetadata {
        kind: kind(metadata.file_type()),
        size: metadata.len(),
        modified,
        inode: inode(metadata),
    }
}

#[cfg(unix)]
fn inode(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}
