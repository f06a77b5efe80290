//! Outputs that appear together, also if the process is killed between two of them.
//!
//! A journal is a file in the root of the folder. Whatever a run makes is in it before it is made; when all outputs are
//! written, one more line says so, and then they get their names. The next run over the folder looks for journals that
//! nobody holds: without that line it removes what was made, with it the outputs get the names that they lack.

mod log;
#[cfg(test)]
mod tests;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use lake_store::{Ambient, Disk, DiskFile, HostKind, OpenMode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use log::{Line, Log};

/// What everything is called that a run makes until it has its own name. No file set has such files.
pub(super) const PREFIX: &str = ".adl-run-";

/// A file and the name that it gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Move {
    pub(super) staged: String,
    pub(super) target: String,
}

impl Move {
    /// Where the file is kept that the output replaces, until all outputs have their names.
    fn before(&self) -> String {
        format!("{}-before", self.staged)
    }
}

/// What a run has begun in a folder. Dropping it removes all that did not become an output.
pub(super) struct Journal {
    disk: Arc<dyn Disk>,
    root: PathBuf,
    place: PathBuf,
    id: String,
    log: Mutex<Log>,
}

impl Journal {
    /// Begins a journal. The root is made if it is not there, and stays.
    pub(super) fn begin(ambient: &Ambient, root: &Path) -> io::Result<Self> {
        fs::create_dir_all(root)?;
        let (id, disk) = (ambient.uuid().simple().to_string(), ambient.disk());
        let place = root.join(format!("{PREFIX}{id}"));
        let file = disk.open(&place, OpenMode::Create)?;
        // Not every file system has locks. Without one nobody takes the journal for one of a dead process.
        let _ = file.try_lock();
        let log = Mutex::new(Log::new(file));
        Ok(Self {
            disk: Arc::clone(disk),
            root: root.to_owned(),
            place,
            id,
            log,
        })
    }

    /// Makes a file that nobody takes for an output, with the folders that the output needs.
    pub(super) fn stage(&self, target: &str) -> io::Result<(Box<dyn DiskFile>, Move)> {
        let mut log = self.log();
        let mut folder = String::new();
        let (folders, _) = target.rsplit_once('/').unwrap_or(("", target));
        for name in folders.split('/').filter(|name| !name.is_empty()) {
            folder = inside(&folder, name);
            if self.kind(&folder)?.is_none() {
                log.append(Line::Folder(folder.clone()))?;
                present(self.disk.create_dir(&self.root.join(&folder)))?;
            }
        }
        let name = format!("{PREFIX}{}-{}", self.id, log.files().len());
        let staged = inside(&folder, &name);
        log.append(Line::File(staged.clone()))?;
        let file = self.disk.open(&self.root.join(&staged), OpenMode::Create)?;
        let target = target.to_owned();
        Ok((file, Move { staged, target }))
    }

    /// Forgets a file that is not going to be an output.
    pub(super) fn discard(&self, each: &Move) {
        // While outputs get their names, a file that is gone is one that has its name.
        if !self.log().is_publishing() {
            let _ = self.remove(&each.staged);
        }
    }

    /// Gives all files their names, or none.
    pub(super) fn publish(&self, moves: Vec<Move>) -> io::Result<()> {
        for each in &moves {
            self.check_target(&each.target)?;
        }
        self.log().append(Line::Publish(moves))?;
        self.finish()
    }

    /// Does what is left of publishing.
    fn finish(&self) -> io::Result<()> {
        let mut log = self.log();
        let Some(moves) = log.moves() else {
            return Ok(());
        };
        for (position, each) in moves.iter().enumerate() {
            // The last one cannot be followed by a failure, so nothing has to be kept of what it replaces.
            let is_last = position + 1 == moves.len();
            if let Err(error) = self.put(each, is_last) {
                for each in moves.iter().rev() {
                    self.take_back(each)?;
                }
                log.append(Line::Withdraw)?;
                return Err(error);
            }
        }
        log.set_published();
        Ok(())
    }

    /// Gives a file its name, unless that is done.
    fn put(&self, each: &Move, is_last: bool) -> io::Result<()> {
        if self.kind(&each.staged)?.is_none() {
            return Ok(());
        }
        self.check_target(&each.target)?;
        if !is_last && self.kind(&each.target)?.is_some() && self.kind(&each.before())?.is_none() {
            self.rename(&each.target, &each.before())?;
        }
        self.rename(&each.staged, &each.target)
    }

    /// Undoes [`put`](Self::put). A process that dies in the middle leaves what can be put again.
    fn take_back(&self, each: &Move) -> io::Result<()> {
        if self.kind(&each.staged)?.is_none() {
            self.rename(&each.target, &each.staged)?;
        }
        if self.kind(&each.before())?.is_some() {
            self.rename(&each.before(), &each.target)?;
        }
        Ok(())
    }

    /// A rename would give a file the place of an empty folder on some hosts.
    fn check_target(&self, target: &str) -> io::Result<()> {
        if self.kind(target)? == Some(HostKind::Directory) {
            let message = format!("'/{target}' is a folder");
            return Err(io::Error::new(io::ErrorKind::IsADirectory, message));
        }
        Ok(())
    }

    /// Removes what did not become an output, the folders if nothing else is in them, and at last the journal.
    fn clear(&self) -> io::Result<()> {
        let log = self.log();
        for each in log.moves().iter().flatten() {
            self.remove(&each.before())?;
        }
        for staged in log.files() {
            self.remove(staged)?;
        }
        for folder in log.folders().iter().rev() {
            let _ = self.disk.remove_dir(&self.root.join(folder));
        }
        absent(self.disk.remove_file(&self.place))
    }

    fn kind(&self, path: &str) -> io::Result<Option<HostKind>> {
        match self.disk.metadata(&self.root.join(path)) {
            Ok(metadata) => Ok(Some(metadata.kind)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let (from, to) = (self.root.join(from), self.root.join(to));
        self.disk.rename(&from, &to)
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        absent(self.disk.remove_file(&self.root.join(path)))
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().expect("nobody panics with it")
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        // The next run does what fails here.
        if !self.log().is_publishing() {
            let _ = self.clear();
        }
    }
}

/// Ends what processes have begun in a folder that were killed. Gives the outputs that have their names now.
///
/// # Errors
/// An output cannot get its name. Then none of that run has, and the error says why.
pub(super) fn recover(disk: &Arc<dyn Disk>, root: &Path) -> io::Result<Vec<String>> {
    let mut published = Vec::new();
    let entries = match disk.entries(root) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(published),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let Ok(name) = entry?.name.into_string() else {
            continue;
        };
        let id = name
            .strip_prefix(PREFIX)
            .and_then(|id| Uuid::try_parse(id).ok());
        let (Some(id), place) = (id, root.join(&name)) else {
            continue;
        };
        let file = match disk.open(&place, OpenMode::Write) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            file => file?,
        };
        // Whoever holds it lives. Where there are no locks nobody knows, and it stays.
        if !file.try_lock().unwrap_or(false) || disk.metadata(&place).is_err() {
            continue;
        }
        let journal = Journal {
            disk: Arc::clone(disk),
            root: root.to_owned(),
            place,
            id: id.simple().to_string(),
            log: Mutex::new(Log::read(file)?),
        };
        journal.finish()?;
        published.extend(journal.log().published());
    }
    Ok(published)
}

/// `folder/name`
fn inside(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}

/// Removing what is not there is fine.
fn absent(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Making what another has made is fine.
fn present(made: io::Result<()>) -> io::Result<()> {
    match made {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}
