//! Names of a disk, and their changes in order.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub(super) type Names = BTreeMap<PathBuf, u64>;

#[derive(Clone, Debug)]
pub(super) enum Change {
    Add(PathBuf, u64),
    Remove(PathBuf),
    Rename(PathBuf, PathBuf),
}

impl Change {
    pub(super) fn apply(&self, names: &mut Names) {
        match self {
            Self::Add(path, id) => drop(names.insert(path.clone(), *id)),
            Self::Remove(path) => drop(names.remove(path)),
            Self::Rename(from, to) => {
                let moved: Vec<_> = names
                    .extract_if(.., |path, _| path.starts_with(from))
                    .collect();
                for (path, id) in moved {
                    let rest = path.strip_prefix(from).unwrap_or(&path);
                    let path = match rest.as_os_str().is_empty() {
                        true => to.clone(),
                        false => to.join(rest),
                    };
                    names.insert(path, id);
                }
            }
        }
    }

    pub(super) fn directories(&self) -> impl Iterator<Item = &Path> {
        let (first, second) = match self {
            Self::Add(path, _) | Self::Remove(path) => (path, None),
            Self::Rename(from, to) => (from, Some(to)),
        };
        std::iter::once(first)
            .chain(second)
            .filter_map(|path| path.parent())
    }
}
