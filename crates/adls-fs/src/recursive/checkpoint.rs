//! How far a run has come, as a text that outlives it.

use std::fmt;
use std::str::FromStr;

use percent_encoding::percent_decode_str;

use crate::options::DirectoryOrder;
use crate::path::encode;
use crate::{Error, ErrorKind, FileType, LakePath, Result};

/// Where a [`crate::TreeRun`] is: everything before it is surely done with.
///
/// It is a line of text, to be kept wherever the program keeps such things, from which another
/// process goes on later ([`crate::TreeOptions::with_resume`]). It names the tree and the change,
/// and a run of another one refuses it. What it leads to need not be there any more.
///
/// ```
/// use adls_fs::{Checkpoint, FileSystem, LakePath, Result, TreeChange, TreeOptions};
///
/// # async fn example(files: FileSystem, tree: LakePath, change: TreeChange, kept: &str) -> Result<()> {
/// let checkpoint: Checkpoint = kept.parse()?;
/// let options = TreeOptions::default().with_resume(checkpoint);
/// let report = files.change_tree_opts(&tree, change, options)?.finish().await?;
/// println!("{} files in this run", report.progress.files);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    pub(super) work: Work,
    /// The last path that is done with, and what it was; `None` at the beginning.
    pub(crate) last: Option<(LakePath, FileType)>,
}

/// What a run is to do, as a checkpoint keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Work {
    pub(super) root: LakePath,
    pub(super) change: String,
    pub(super) order: DirectoryOrder,
    pub(super) dry_run: bool,
}

const VERSION: &str = "adls-tree-1";

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Work {
            root,
            change,
            order,
            dry_run,
        } = &self.work;
        let order = match order {
            DirectoryOrder::First => "first",
            DirectoryOrder::Last => "last",
        };
        let mode = if *dry_run { "dry-run" } else { "change" };
        let (root, change) = (encode(root.as_str()), encode(change));
        write!(f, "{VERSION} {mode} {order} {root} {change}")?;
        match &self.last {
            None => Ok(()),
            Some((path, FileType::Directory)) => write!(f, " directory {}", encode(path.as_str())),
            Some((path, _)) => write!(f, " file {}", encode(path.as_str())),
        }
    }
}

impl FromStr for Checkpoint {
    type Err = Error;

    /// Reads what [`fmt::Display`] wrote; white space around it does not matter.
    fn from_str(text: &str) -> Result<Self> {
        read(text).ok_or_else(|| {
            let message = "this is no checkpoint of a run over a tree, or not a whole one";
            Error::new(ErrorKind::Request, message)
        })
    }
}

fn read(text: &str) -> Option<Checkpoint> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [VERSION, mode, order, root, change, last @ ..] = &words[..] else {
        return None;
    };
    let decode = |text: &str| {
        let decoded = percent_decode_str(text).decode_utf8();
        decoded.ok().map(|text| text.into_owned())
    };
    let path = |text: &str| decode(text)?.parse::<LakePath>().ok();
    let root = path(root)?;
    let last = match last {
        [] => None,
        ["file", last] => Some((path(last)?, FileType::File)),
        ["directory", last] => Some((path(last)?, FileType::Directory)),
        _ => return None,
    };
    if let Some((last, _)) = &last
        && !last.is_within(&root)
    {
        return None;
    }
    let work = Work {
        root,
        change: decode(change)?,
        order: match *order {
            "first" => DirectoryOrder::First,
            "last" => DirectoryOrder::Last,
            _ => return None,
        },
        dry_run: match *mode {
            "change" => false,
            "dry-run" => true,
            _ => return None,
        },
    };
    Some(Checkpoint { work, last })
}

impl Checkpoint {
    /// Fails unless it is one of this work.
    pub(super) fn require(&self, work: &Work) -> Result<()> {
        if self.work == *work {
            return Ok(());
        }
        let described = |work: &Work| {
            let dry = if work.dry_run { " in a dry run" } else { "" };
            let order = match work.order {
                DirectoryOrder::First => "first",
                DirectoryOrder::Last => "last",
            };
            let (root, change) = (&work.root, &work.change);
            format!("`{change}` on {root}, directories {order}{dry}")
        };
        let message = format!(
            "the checkpoint is one of {}, and the run is {}",
            described(&self.work),
            described(work)
        );
        Err(Error::new(ErrorKind::Request, message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_is_a_line_of_text_and_back() {
        for last in [
            None,
            Some(("/a b/c%\n+d", FileType::File)),
            Some(("/a b", FileType::Directory)),
        ] {
            let checkpoint = Checkpoint {
                work: Work {
                    root: "/a b".parse().unwrap(),
                    change: "modify ACL user:e v e:r-x".to_owned(),
                    order: DirectoryOrder::Last,
                    dry_run: last.is_some(),
                },
                last: last.map(|(path, file_type)| (path.parse().unwrap(), file_type)),
            };
            let text = checkpoint.to_string();
            assert!(!text.contains('\n'), "{text}");
            assert_eq!(text.parse::<Checkpoint>().unwrap(), checkpoint, "{text}");
        }
    }

    #[test]
    fn what_is_no_whole_checkpoint_is_refused() {
        let whole = "adls-tree-1 change first %2Fa change file %2Fa%2Fb";
        assert!(whole.parse::<Checkpoint>().is_ok());
        for flawed in [
            "",
            "adls-tree-2 change first %2Fa change file %2Fa%2Fb",
            "adls-tree-1 change first %2Fa",
            "adls-tree-1 change first %2Fa change file",
            "adls-tree-1 change first %2Fa change link %2Fa%2Fb",
            // Half of the last path would be a place from which something is left out.
            "adls-tree-1 change first %2Fa%2Fb change file %2Fa",
            "adls-tree-1 change first %2Fa change file %2Fab",
            "adls-tree-1 change first %2Fa change file %2Fa%2F..%2Fb",
        ] {
            assert!(flawed.parse::<Checkpoint>().is_err(), "{flawed}");
        }
    }
}
