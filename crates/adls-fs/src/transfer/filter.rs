//! What is transferred of what is found.

use crate::{Glob, LakePath};

/// Patterns of what to take and what to leave.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) include: Vec<Glob>,
    pub(crate) exclude: Vec<Glob>,
    /// What the caller asked for; all that is there if `None`.
    pub(crate) only: Option<Glob>,
}

impl Filter {
    /// Whether a file is taken, by its path from what is transferred.
    pub(crate) fn takes(&self, path: &LakePath) -> bool {
        self.enters(path)
            && self.only.as_ref().is_none_or(|it| it.matches(path))
            && (self.include.is_empty() || self.include.iter().any(|it| is_about(it, path)))
    }

    /// Whether folders count by themselves, also if nothing is in them.
    pub(crate) fn takes_folders(&self) -> bool {
        self.only.is_none() && self.include.is_empty()
    }

    /// Whether a folder is looked into.
    pub(crate) fn enters(&self, path: &LakePath) -> bool {
        !self.exclude.iter().any(|it| is_about(it, path))
    }
}

fn is_about(pattern: &Glob, path: &LakePath) -> bool {
    if pattern.as_str().contains('/') {
        return pattern.matches(path);
    }
    let name = path
        .name()
        .and_then(|name| LakePath::root().join(name).ok());
    name.is_some_and(|name| pattern.matches(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(include: &[&str], exclude: &[&str], paths: &[&str]) -> Vec<String> {
        let patterns = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
        let filter = Filter {
            include: patterns(include),
            exclude: patterns(exclude),
            only: None,
        };
        let taken = paths
            .iter()
            .filter(|path| filter.takes(&path.parse().unwrap()));
        taken.map(|path| (*path).to_owned()).collect()
    }

    #[test]
    fn a_name_is_meant_anywhere_and_a_path_from_the_top() {
        let paths = ["/a.csv", "/x/a.csv", "/x/b.tsv", "/y/a.csv"];
        assert_eq!(taken(&[], &[], &paths), paths);
        assert_eq!(
            taken(&["*.csv"], &[], &paths),
            ["/a.csv", "/x/a.csv", "/y/a.csv"]
        );
        assert_eq!(taken(&["x/*"], &[], &paths), ["/x/a.csv", "/x/b.tsv"]);
        assert_eq!(taken(&["**/a.csv", "*.tsv"], &[], &paths), paths);
        assert_eq!(taken(&["*.csv"], &["y/**"], &paths), ["/a.csv", "/x/a.csv"]);
        assert_eq!(taken(&[], &["a.csv"], &paths), ["/x/b.tsv"]);
    }
}
