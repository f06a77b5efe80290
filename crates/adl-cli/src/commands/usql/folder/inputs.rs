//! What a script reads: the folder as its compilation sees it, and its files.

use std::fs::{self, File};
use std::io;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use usql_engine::Input;
use usql_sema::{CompileEnvironment, Entry, Expression, FileInfo, LakePath, ListError, Value};

use super::journal::PREFIX;
use super::{Counters, Folder};

/// What a compilation may ask.
pub(super) struct Environment<'a> {
    folder: &'a Folder,
    parameters: &'a [(String, String)],
}

impl<'a> Environment<'a> {
    pub(super) fn new(folder: &'a Folder, parameters: &'a [(String, String)]) -> Self {
        Self { folder, parameters }
    }
}

impl CompileEnvironment for Environment<'_> {
    fn file(&self, path: &LakePath) -> Option<FileInfo> {
        let metadata = fs::metadata(self.folder.place(path)?).ok()?;
        metadata.is_file().then(|| info(&metadata))
    }

    fn list(
        &self,
        directory: &LakePath,
        prefix: &str,
        each: &mut dyn FnMut(Entry<'_>) -> ControlFlow<()>,
    ) -> Result<(), ListError> {
        let Some(place) = self.folder.place(directory) else {
            return Ok(());
        };
        // What is not there or may not be read has nothing in it, as on the service.
        let Ok(entries) = fs::read_dir(&place) else {
            return Ok(());
        };
        let mut found: Vec<(String, bool)> = Vec::new();
        for entry in entries.flatten() {
            if let Ok(name) = entry.file_name().into_string()
                && name.starts_with(prefix)
                && !name.starts_with(PREFIX)
            {
                found.push((name, entry.file_type().is_ok_and(|kind| kind.is_dir())));
            }
        }
        found.sort_unstable();
        for (name, is_directory) in found {
            let entry = match is_directory {
                true => Some(Entry::Directory(&name)),
                false => entry(&place, &name),
            };
            if entry.is_some_and(|entry| each(entry).is_break()) {
                break;
            }
        }
        Ok(())
    }

    fn entry<'n>(
        &self,
        directory: &LakePath,
        name: &'n str,
    ) -> Result<Option<Entry<'n>>, ListError> {
        // Names are told apart by their case, which these hosts do not do when they are asked for one.
        if cfg!(any(windows, target_vendor = "apple")) {
            let mut found = None;
            self.list(directory, name, &mut |entry| {
                found = match entry {
                    Entry::File(is, info) if is == name => Some(Entry::File(name, info)),
                    Entry::Directory(is) if is == name => Some(Entry::Directory(name)),
                    _ => return ControlFlow::Continue(()),
                };
                ControlFlow::Break(())
            })?;
            return Ok(found);
        }
        let place = self.folder.place(directory);
        Ok(place.and_then(|place| entry(&place, name)))
    }

    fn evaluate(&self, expression: &Expression) -> Option<Value> {
        usql_engine::constant(expression)
    }

    /// The last one that was given counts.
    fn parameter(&self, name: &str) -> Option<String> {
        let mut given = self.parameters.iter().rev();
        let (_, value) = given.find(|(known, _)| known == name)?;
        Some(value.clone())
    }
}

/// What a folder has under a name, where that can be looked at.
fn entry<'n>(folder: &Path, name: &'n str) -> Option<Entry<'n>> {
    let metadata = fs::metadata(folder.join(name)).ok()?;
    Some(match metadata.is_dir() {
        true => Entry::Directory(name),
        false => Entry::File(name, info(&metadata)),
    })
}

fn info(metadata: &fs::Metadata) -> FileInfo {
    let mut info = FileInfo::of_length(metadata.len());
    if let Ok(modified) = metadata.modified() {
        // Not every file system remembers the creation.
        let created = metadata.created().unwrap_or(modified);
        info = info.with_modified(modified).with_created(created);
    }
    info
}

/// An input, as it was when it was opened.
pub(super) struct OpenFile {
    file: File,
    info: FileInfo,
    counters: Arc<Counters>,
}

impl OpenFile {
    pub(super) fn open(place: &Path, counters: Arc<Counters>) -> io::Result<Self> {
        let file = File::open(place)?;
        let info = info(&file.metadata()?);
        Ok(Self {
            file,
            info,
            counters,
        })
    }
}

impl Input for OpenFile {
    fn len(&self) -> u64 {
        self.info.length
    }

    fn modified(&self) -> Option<i64> {
        Some(self.info.modified)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        #[cfg(unix)]
        let count = std::os::unix::fs::FileExt::read_at(&self.file, buffer, offset)?;
        #[cfg(windows)]
        let count = std::os::windows::fs::FileExt::seek_read(&self.file, buffer, offset)?;
        self.counters
            .read
            .fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
