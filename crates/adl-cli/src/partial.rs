//! A file that is there when it is whole.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// A file beside its target, nobody else's, that goes unless it is finished: also when its command is interrupted.
pub(crate) struct Partial<'t> {
    target: &'t Path,
    path: PathBuf,
    finished: bool,
}

impl<'t> Partial<'t> {
    /// Creates the file under the first free name. Drop the handle before the value: Windows keeps open files.
    pub(crate) fn create(target: &'t Path) -> io::Result<(Self, File)> {
        let mut number = 0_u32;
        loop {
            let mut path = target.as_os_str().to_owned();
            path.push(format!(".{number}.part"));
            let path = PathBuf::from(path);
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => {
                    let partial = Self {
                        target,
                        path,
                        finished: false,
                    };
                    return Ok((partial, file));
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// Gives the file its name.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        fs::rename(&self.path, self.target)?;
        self.finished = true;
        Ok(())
    }
}

impl Drop for Partial<'_> {
    fn drop(&mut self) {
        if !self.finished {
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn two_files_for_one_target_do_not_meet() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a");
        let (first, mut one) = Partial::create(&target).unwrap();
        let (second, mut two) = Partial::create(&target).unwrap();
        one.write_all(b"one").unwrap();
        two.write_all(b"two").unwrap();
        drop((one, two));
        first.finish().unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"one");
        second.finish().unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"two");
        assert_eq!(names(folder.path()), ["a"]);
    }

    #[test]
    fn what_is_not_finished_goes_and_leaves_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a");
        fs::write(&target, "before").unwrap();
        fs::write(folder.path().join("a.0.part"), "of a person").unwrap();
        let (partial, file) = Partial::create(&target).unwrap();
        assert_eq!(names(folder.path()), ["a", "a.0.part", "a.1.part"]);
        drop((file, partial));
        assert_eq!(names(folder.path()), ["a", "a.0.part"]);
        assert_eq!(fs::read(&target).unwrap(), b"before");
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("no/a");
        let created = Partial::create(&target);
        assert_eq!(created.err().unwrap().kind(), io::ErrorKind::NotFound);
    }
}
