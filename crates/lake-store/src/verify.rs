//! Whether the rows agree with one another and with what the host has.
//!
//! Nothing here settles anything: a verifier that repaired what it looks at could not tell what a
//! crash has left. [`repair`] is a step of its own, asked for by a person.

mod catalog;
mod host;
mod jobs;
mod problem;
mod repair;
mod rows;
#[cfg(test)]
mod tests;

use std::panic::AssertUnwindSafe;
use std::path::Path;

use crate::data_root::DataRoot;
use crate::{Ambient, Error, ErrorKind, Result, Store, StoreOptions, recovery};
use repair::Fix;

pub use problem::{Problem, Severity};

/// Something that a verification found.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Finding {
    /// What is wrong.
    pub problem: Problem,
    /// Where: `account:/path`, a row, or a file of the host.
    pub place: String,
    fix: Option<Fix>,
}

impl Finding {
    fn new(problem: Problem, place: impl Into<String>) -> Self {
        Self {
            problem,
            place: place.into(),
            fix: None,
        }
    }

    fn fixed_by(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// Whether a repair changes anything about it.
    pub fn can_be_repaired(&self) -> bool {
        self.fix.is_some()
    }
}

impl Store {
    /// Compares all rows with one another and with what the host has, and gives what does not fit.
    ///
    /// Changes wait meanwhile, so this is for a store that nobody uses, or for a test. What a
    /// store settles when it opens is not found here; see [`verify`].
    pub fn verify(&self) -> Result<Vec<Finding>> {
        let root = self.data_root();
        let _still = root.mutate()?;
        find(root)
    }
}

/// Compares like [`Store::verify`] what is in a folder that nobody serves, and settles nothing:
/// what a process that died has left is found, too.
///
/// [`ErrorKind::NotFound`] if there is no lake in the folder, [`ErrorKind::Locked`] if a process
/// serves it, [`ErrorKind::Corrupt`] if its database cannot be read at all.
pub fn verify(root: &Path, ambient: Ambient) -> Result<Vec<Finding>> {
    unless_unreadable(|| find(&existing(root, ambient)?))
}

/// Repairs what [`verify`] finds as far as that can be done without a guess, after what a process
/// that died has left was settled, and gives what was found and repaired. Rows that contradict
/// others go; bytes stay, and are files that somebody put there from then on.
///
/// The errors are those of [`verify`].
pub fn repair(root: &Path, ambient: Ambient) -> Result<Vec<Finding>> {
    unless_unreadable(|| repair_all(&existing(root, ambient)?))
}

fn repair_all(root: &DataRoot) -> Result<Vec<Finding>> {
    recovery::recover(root)?;
    let mut repaired = Vec::new();
    // A row that goes may leave others alone; a tree is at most as deep as a path is long.
    for _ in 0..4096 {
        let fixable: Vec<_> = find(root)?
            .into_iter()
            .filter(Finding::can_be_repaired)
            .collect();
        if fixable.is_empty() {
            break;
        }
        repair::apply(root, &fixable)?;
        repaired.extend(fixable);
    }
    Ok(repaired)
}

/// redb panics over some pages that it did not write, such as those of a disk that failed; who
/// looks for damage must not.
fn unless_unreadable<T>(look: impl FnOnce() -> Result<T>) -> Result<T> {
    std::panic::catch_unwind(AssertUnwindSafe(look)).unwrap_or_else(|_| {
        let message = "the lake's database cannot be read: restore `.lake` from a backup, or move \
             it away and start anew with the files that are in the folder";
        Err(Error::new(ErrorKind::Corrupt, message))
    })
}

fn existing(path: &Path, ambient: Ambient) -> Result<DataRoot> {
    let database = path.join(".lake").join("lake.redb");
    if ambient.disk().metadata(&database).is_err() {
        let message = format!("there is no lake in `{}`", path.display());
        return Err(Error::new(ErrorKind::NotFound, message).with_path(path.display()));
    }
    DataRoot::open(path, StoreOptions::default(), ambient)
}

fn find(root: &DataRoot) -> Result<Vec<Finding>> {
    let rows = rows::Rows::read(root)?;
    let mut found = Vec::new();
    rows.check(&mut found)?;
    host::Host::new(root, &rows).check(&mut found)?;
    Ok(found)
}
