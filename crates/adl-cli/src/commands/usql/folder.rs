//! A plain folder as the lake that a script reads and writes.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use usql_engine::{FileError, Files, Input};
use usql_sema::{CompileEnvironment, Entry, Expression, FileInfo, LakePath, ListError, Value};

/// The first store account of a served lake.
const STORE_ACCOUNT: &str = "lakestore";

/// What files are called until they appear under their own names.
const STAGED: &str = ".adl-staged-";

/// The folder, and what was read from it and written to it.
pub(super) struct Folder {
    root: PathBuf,
    /// The root of a served lake has a folder for each account.
    has_accounts: bool,
    /// Outputs are kept here instead of being written, each with its path; none if they are written.
    kept: Option<Mutex<Vec<Kept>>>,
    counters: Arc<Counters>,
    staged: AtomicU64,
    made: Made,
}

/// The folders that were made for outputs, outer ones first. Several outputs may need the same.
type Made = Arc<Mutex<Vec<PathBuf>>>;

/// An output in memory.
type Kept = (LakePath, Vec<u8>);

/// How many bytes went through so far.
#[derive(Default)]
pub(super) struct Counters {
    pub(super) read: AtomicU64,
    pub(super) written: AtomicU64,
}

impl Folder {
    /// A folder whose outputs are written, or kept in memory.
    pub(super) fn new(root: &Path, in_memory: bool) -> Self {
        Self {
            root: root.to_owned(),
            has_accounts: root.join(".lake").is_dir(),
            kept: in_memory.then(Mutex::default),
            counters: Arc::default(),
            staged: AtomicU64::new(0),
            made: Made::default(),
        }
    }

    /// What a compilation asks, with values for the script's parameters.
    pub(super) fn environment<'a>(
        &'a self,
        parameters: &'a [(String, String)],
    ) -> impl CompileEnvironment + 'a {
        Environment {
            folder: self,
            parameters,
        }
    }

    pub(super) fn counters(&self) -> &Counters {
        &self.counters
    }

    /// The outputs that were kept in memory.
    pub(super) fn kept(&self) -> Vec<Kept> {
        let kept = self
            .kept
            .as_ref()
            .map(|kept| kept.lock().expect("nobody panics with it"));
        kept.map(|mut kept| std::mem::take(&mut *kept))
            .unwrap_or_default()
    }

    /// Where a file is on this machine; none where no name of it may hold the path.
    fn place(&self, path: &LakePath) -> Option<PathBuf> {
        let mut place = self.root.clone();
        if self.has_accounts {
            place.push(path.account().unwrap_or(STORE_ACCOUNT));
        }
        for segment in path.path().split('/').filter(|segment| !segment.is_empty()) {
            // On Windows these would lead elsewhere, to another folder, drive or stream.
            if cfg!(windows) && segment.contains(['\\', ':']) {
                return None;
            }
            place.push(segment);
        }
        Some(place)
    }
}

struct Environment<'a> {
    folder: &'a Folder,
    parameters: &'a [(String, String)],
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
        let entries = self.folder.place(directory).map(fs::read_dir);
        // What is not there or may not be read has nothing in it, as on the service.
        let Some(Ok(entries)) = entries else {
            return Ok(());
        };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut names: Vec<String> = names
            .filter(|name| name.starts_with(prefix) && !name.starts_with(STAGED))
            .collect();
        names.sort_unstable();
        for name in names {
            let path = self.folder.place(directory).map(|place| place.join(&name));
            let Some(Ok(metadata)) = path.map(fs::metadata) else {
                continue;
            };
            let entry = match metadata.is_dir() {
                true => Entry::Directory(&name),
                false => Entry::File(&name, info(&metadata)),
            };
            if each(entry).is_break() {
                break;
            }
        }
        Ok(())
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

fn info(metadata: &fs::Metadata) -> FileInfo {
    let mut info = FileInfo::of_length(metadata.len());
    if let Ok(modified) = metadata.modified() {
        // Not every file system remembers the creation.
        let created = metadata.created().unwrap_or(modified);
        info = info.with_modified(modified).with_created(created);
    }
    info
}

impl Files for Folder {
    type Staged = Staged;

    fn open(&self, path: &LakePath) -> Result<Arc<dyn Input>, FileError> {
        let place = self.place(path).ok_or_else(|| unusable(path))?;
        let file = File::open(place).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        Ok(Arc::new(OpenFile {
            file,
            length,
            counters: Arc::clone(&self.counters),
        }))
    }

    fn stage(&self, path: &LakePath) -> Result<Staged, FileError> {
        let counters = Arc::clone(&self.counters);
        if self.kept.is_some() {
            let place = Place::Memory(path.clone(), Vec::new());
            return Ok(Staged { place, counters });
        }
        let target = self.place(path).ok_or_else(|| unusable(path))?;
        if target.is_dir() {
            return Err(FileError::new("it is a folder"));
        }
        let number = self.staged.fetch_add(1, Ordering::Relaxed);
        let name = format!("{STAGED}{}-{number}", std::process::id());
        let staged = StagedFile::create(target, &name, Arc::clone(&self.made)).map_err(failed)?;
        Ok(Staged {
            place: Place::File(staged),
            counters,
        })
    }

    fn publish(&self, staged: Vec<Staged>) -> Result<(), FileError> {
        let mut files = Vec::new();
        for staged in staged {
            match staged.place {
                Place::File(file) => files.push(file),
                Place::Memory(path, bytes) => {
                    if let Some(kept) = &self.kept {
                        kept.lock()
                            .expect("nobody panics with it")
                            .push((path, bytes));
                    }
                }
            }
        }
        publish(files).map_err(failed)
    }
}

fn failed(error: io::Error) -> FileError {
    FileError::new(error.to_string()).with_source(error)
}

fn unusable(path: &LakePath) -> FileError {
    FileError::new(format!("'{path}' is no name for a file on this system"))
}

/// An input.
struct OpenFile {
    file: File,
    length: u64,
    counters: Arc<Counters>,
}

impl Input for OpenFile {
    fn len(&self) -> u64 {
        self.length
    }

    fn modified(&self) -> Option<i64> {
        self.file
            .metadata()
            .ok()
            .map(|metadata| info(&metadata).modified)
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

/// An output on its way.
pub(super) struct Staged {
    place: Place,
    counters: Arc<Counters>,
}

enum Place {
    File(StagedFile),
    Memory(LakePath, Vec<u8>),
}

impl Write for Staged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = match &mut self.place {
            Place::File(file) => file.writer.write(bytes)?,
            Place::Memory(_, kept) => kept.write(bytes)?,
        };
        self.counters
            .written
            .fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.place {
            Place::File(file) => file.writer.flush(),
            Place::Memory(..) => Ok(()),
        }
    }
}

/// A file beside the one that it is going to be. Dropping it removes it, with the folders that were made for it.
struct StagedFile {
    writer: BufWriter<File>,
    staged: PathBuf,
    target: PathBuf,
    made: Made,
    is_published: bool,
}

impl StagedFile {
    fn create(target: PathBuf, name: &str, made: Made) -> io::Result<Self> {
        let folder = target.parent().unwrap_or(Path::new("")).to_owned();
        let missing = folder
            .ancestors()
            .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists());
        let mut missing: Vec<PathBuf> = missing.map(Path::to_owned).collect();
        missing.reverse();
        made.lock().expect("nobody panics with it").extend(missing);
        let staged = folder.join(name);
        let file = fs::create_dir_all(&folder).and_then(|()| File::create_new(&staged));
        let file = file.inspect_err(|_| remove_folders(&made))?;
        Ok(Self {
            writer: BufWriter::with_capacity(1 << 16, file),
            staged,
            target,
            made,
            is_published: false,
        })
    }
}

impl Drop for StagedFile {
    fn drop(&mut self) {
        if !self.is_published {
            // What cannot be removed has a name that says what it is.
            let _ = fs::remove_file(&self.staged);
            remove_folders(&self.made);
        }
    }
}

/// Removes the folders that were made, innermost first, as far as they are empty. The last output takes them all.
fn remove_folders(made: &Made) {
    for folder in made.lock().expect("nobody panics with it").iter().rev() {
        let _ = fs::remove_dir(folder);
    }
}

/// Gives every file its name, or none: until the last one has it, what was there before is kept aside.
fn publish(mut files: Vec<StagedFile>) -> io::Result<()> {
    for file in &mut files {
        file.writer.flush()?;
    }
    let mut replaced = Vec::new();
    for position in 0..files.len() {
        let moved = replace(&files[position]);
        match moved {
            Ok(before) => {
                files[position].is_published = true;
                replaced.push(before);
            }
            Err(error) => {
                for (file, before) in files.iter_mut().zip(replaced).rev() {
                    take_back(file, before);
                }
                return Err(error);
            }
        }
    }
    for before in replaced.into_iter().flatten() {
        let _ = fs::remove_file(before);
    }
    Ok(())
}

/// Moves a file to its place. Gives where the one is now that was there.
fn replace(file: &StagedFile) -> io::Result<Option<PathBuf>> {
    // A folder could be moved aside as a file can, and a rename would take its place.
    if fs::symlink_metadata(&file.target).is_ok_and(|there| there.is_dir()) {
        let message = format!("'{}' is a folder", file.target.display());
        return Err(io::Error::new(io::ErrorKind::IsADirectory, message));
    }
    let mut name = file.staged.file_name().unwrap_or_default().to_owned();
    name.push("-before");
    let before = file.staged.with_file_name(name);
    let kept = match fs::hard_link(&file.target, &before) {
        Ok(()) => Some(before),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        // Not every file system has links.
        Err(_) => fs::rename(&file.target, &before).map(|()| Some(before))?,
    };
    match fs::rename(&file.staged, &file.target) {
        Ok(()) => Ok(kept),
        Err(error) => {
            if let Some(before) = kept {
                let _ = fs::rename(before, &file.target);
            }
            Err(error)
        }
    }
}

/// Puts back what was there before.
fn take_back(file: &mut StagedFile, before: Option<PathBuf>) {
    let _ = match before {
        Some(before) => fs::rename(before, &file.target),
        None => fs::remove_file(&file.target),
    };
    remove_folders(&file.made);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stage(folder: &Path, path: &str, name: &str) -> StagedFile {
        stage_with(&Made::default(), folder, path, name)
    }

    fn stage_with(made: &Made, folder: &Path, path: &str, name: &str) -> StagedFile {
        let target = folder.join(path);
        let mut staged = StagedFile::create(target, name, Arc::clone(made)).unwrap();
        write!(staged.writer, "new {path}").unwrap();
        staged
    }

    /// Every file below a folder with its text, and every folder.
    fn contents(folder: &Path) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            match path.is_dir() {
                true => {
                    found.push((name.clone(), String::new()));
                    let inner = contents(&path).into_iter();
                    found.extend(inner.map(|(inner, text)| (format!("{name}/{inner}"), text)));
                }
                false => found.push((name, fs::read_to_string(path).unwrap())),
            }
        }
        found.sort();
        found
    }

    #[test]
    fn files_appear_together_and_replace_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a"), "old a").unwrap();
        let files = vec![
            stage(folder.path(), "a", ".1"),
            stage(folder.path(), "d/e/b", ".2"),
        ];
        publish(files).unwrap();
        let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let expected = [
            pair("a", "new a"),
            pair("d", ""),
            pair("d/e", ""),
            pair("d/e/b", "new d/e/b"),
        ];
        assert_eq!(contents(folder.path()), expected);
    }

    #[test]
    fn nothing_is_left_of_files_that_never_appear() {
        let folder = tempfile::tempdir().unwrap();
        let made = Made::default();
        let first = stage_with(&made, folder.path(), "d/e/b", ".1");
        let second = stage_with(&made, folder.path(), "d/c", ".2");
        drop(first);
        drop(second);
        assert_eq!(contents(folder.path()), []);
    }

    #[test]
    fn if_one_cannot_appear_none_does() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a"), "old a").unwrap();
        let files = vec![
            stage(folder.path(), "a", ".1"),
            stage(folder.path(), "d/b", ".2"),
            stage(folder.path(), "c", ".3"),
        ];
        // A folder that came in between: no file can take its name.
        fs::create_dir_all(folder.path().join("c/inside")).unwrap();
        publish(files).unwrap_err();
        let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let expected = [pair("a", "old a"), pair("c", ""), pair("c/inside", "")];
        assert_eq!(contents(folder.path()), expected);
    }
}
