//! A plain folder as the lake that a script reads and writes.

mod inputs;
mod journal;
mod outputs;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, Weak};

use lake_store::Ambient;
use usql_engine::{FileError, Files, Input};
use usql_sema::{CompileEnvironment, LakePath};

use inputs::{Environment, OpenFile};
use journal::Journal;
use outputs::{Kept, Staged};

/// The first store account of a served lake.
const STORE_ACCOUNT: &str = "lakestore";

/// The folder, and what was read from it and written to it.
pub(super) struct Folder {
    root: PathBuf,
    /// The root of a served lake has a folder for each account.
    has_accounts: bool,
    outputs: Outputs,
    counters: Arc<Counters>,
}

/// What becomes of outputs.
enum Outputs {
    /// They stay in memory.
    Kept(Mutex<Vec<Kept>>),
    /// They become files. All that are on their way share a journal.
    Written {
        ambient: Ambient,
        journal: Mutex<Weak<Journal>>,
    },
}

/// How many bytes went through so far.
#[derive(Default)]
pub(super) struct Counters {
    pub(super) read: AtomicU64,
    pub(super) written: AtomicU64,
}

impl Folder {
    /// A folder that outputs are written to.
    pub(super) fn writing(root: &Path) -> Self {
        Self::over(
            root,
            Outputs::Written {
                ambient: Ambient::system(),
                journal: Mutex::default(),
            },
        )
    }

    /// A folder that nothing is written to: outputs are kept in memory.
    pub(super) fn reading(root: &Path) -> Self {
        Self::over(root, Outputs::Kept(Mutex::default()))
    }

    fn over(root: &Path, outputs: Outputs) -> Self {
        Self {
            root: root.to_owned(),
            has_accounts: root.join(".lake").is_dir(),
            outputs,
            counters: Arc::default(),
        }
    }

    /// What a compilation asks, with values for the script's parameters.
    pub(super) fn environment<'a>(
        &'a self,
        parameters: &'a [(String, String)],
    ) -> impl CompileEnvironment + 'a {
        Environment::new(self, parameters)
    }

    pub(super) fn counters(&self) -> &Counters {
        &self.counters
    }

    /// The outputs that were kept in memory.
    pub(super) fn kept(&self) -> Vec<Kept> {
        match &self.outputs {
            Outputs::Kept(kept) => {
                std::mem::take(&mut *kept.lock().expect("nobody panics with it"))
            }
            Outputs::Written { .. } => Vec::new(),
        }
    }

    /// Where a file is on this machine; none where no name of it may hold the path.
    fn place(&self, path: &LakePath) -> Option<PathBuf> {
        Some(self.root.join(self.relative(path)?))
    }

    /// The same from the root on, with `/` on every host.
    fn relative(&self, path: &LakePath) -> Option<String> {
        let account = (self.has_accounts).then(|| path.account().unwrap_or(STORE_ACCOUNT));
        let names = path.path().split('/').filter(|name| !name.is_empty());
        let names: Vec<&str> = account.into_iter().chain(names).collect();
        let is_usable = |name: &&str| !cfg!(windows) || is_own_name_on_windows(name);
        names.iter().all(is_usable).then(|| names.join("/"))
    }
}

/// Whether Windows takes a name for what it says. Others lead to another folder, drive, stream, device or file.
/// See <https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file>.
fn is_own_name_on_windows(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end();
    let is_numbered = |device: &str| {
        let number = stem.get(device.len()..).unwrap_or_default();
        (stem.get(..device.len())).is_some_and(|stem| stem.eq_ignore_ascii_case(device))
            && matches!(
                number,
                "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"
            )
    };
    let mut devices = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"].into_iter();
    let is_device = devices.any(|device| stem.eq_ignore_ascii_case(device))
        || is_numbered("COM")
        || is_numbered("LPT");
    let is_wrong = |each: char| each < ' ' || r#"<>:"\|?*"#.contains(each);
    !is_device && !name.ends_with(['.', ' ']) && !name.chars().any(is_wrong)
}

/// Ends what runs over a folder have begun that were killed. Gives the outputs that have their names now.
///
/// # Errors
/// Some output cannot get its name; then no output of that run has.
pub(super) fn recover(root: &Path) -> io::Result<Vec<String>> {
    journal::recover(Ambient::system().disk(), root)
}

impl Files for Folder {
    type Staged = Staged;

    fn open(&self, path: &LakePath) -> Result<Arc<dyn Input>, FileError> {
        let place = self.place(path).ok_or_else(|| unusable(path))?;
        let file = OpenFile::open(&place, Arc::clone(&self.counters)).map_err(failed)?;
        Ok(Arc::new(file))
    }

    fn stage(&self, path: &LakePath) -> Result<Staged, FileError> {
        let counters = Arc::clone(&self.counters);
        let (ambient, journal) = match &self.outputs {
            Outputs::Kept(_) => return Ok(Staged::in_memory(path.clone(), counters)),
            Outputs::Written { ambient, journal } => (ambient, journal),
        };
        let target = self.relative(path).ok_or_else(|| unusable(path))?;
        let mut shared = journal.lock().expect("nobody panics with it");
        let journal = match shared.upgrade() {
            Some(journal) => journal,
            None => Arc::new(Journal::begin(ambient, &self.root).map_err(failed)?),
        };
        *shared = Arc::downgrade(&journal);
        Staged::in_file(&journal, &target, counters).map_err(failed)
    }

    fn publish(&self, staged: Vec<Staged>) -> Result<(), FileError> {
        let kept = outputs::publish(staged).map_err(failed)?;
        if let Outputs::Kept(all) = &self.outputs {
            all.lock().expect("nobody panics with it").extend(kept);
        }
        Ok(())
    }
}

fn failed(error: io::Error) -> FileError {
    FileError::new(error.to_string()).with_source(error)
}

fn unusable(path: &LakePath) -> FileError {
    FileError::new(format!("'{path}' is no name for a file on this system"))
}

#[cfg(test)]
mod tests {
    use super::is_own_name_on_windows;

    #[test]
    fn names_that_windows_takes_for_something_else_are_refused_there() {
        for name in [
            "a.csv",
            "console.csv",
            "com10.csv",
            "nul_.csv",
            ".hidden",
            "é 😀",
            "COM",
        ] {
            assert!(is_own_name_on_windows(name), "{name}");
        }
        for name in [
            "a\\b", "c:", "a:stream", "NUL", "nul.csv", "Com1.txt", "LPT9", "com¹", "con .x", "a.",
            "a ", "what?", "*", "<", "a\u{1}b", "\"",
        ] {
            assert!(!is_own_name_on_windows(name), "{name}");
        }
    }
}
