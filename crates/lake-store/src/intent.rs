//! Changes of names on the host and of rows, all or none, whatever happens in the middle.
//!
//! A [`Plan`] is a redo log: it is committed, its steps are done on the host, and its changes are
//! committed together with its removal. A plan found when a store opens is done to the end. While
//! it lives, a step that fails is undone with those before it.

use std::io;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::data_root::DataRoot;
use crate::host_path::HostPath;
use crate::node::Node;
use crate::trash::Trashed;
use crate::{CatalogEdit, Error, FileKind, NodeId, Result};

/// A step on the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Step {
    /// Makes a directory; one that is there is fine.
    MakeDirectory(HostPath),
    /// Moves to what is yet to be removed, where the name is new.
    Discard {
        from: HostPath,
        to: HostPath,
        kind: FileKind,
    },
    /// Moves to the trash, where the name is new.
    Trash { from: HostPath, to: HostPath },
    /// Renames. Only the last step may replace a file, as that cannot be undone.
    Move { from: HostPath, to: HostPath },
}

/// A change of rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Change {
    /// Writes the row and the entry of a node.
    Put(Box<Node>),
    /// Removes a node.
    Detach(NodeId),
    /// Moves a node to the trash.
    Trash(Box<Trashed>),
    /// Forgets that something is in the trash, as it is elsewhere now.
    LeaveTrash { account: NodeId, token: Uuid },
    /// Forgets what was being written to a file, as its bytes are replaced.
    ForgetWrites(NodeId),
    /// Says in the row of a job that its outputs are there.
    JobPublished { account: String, id: Uuid },
    /// Changes the catalog of an analytics account.
    Catalog {
        account: String,
        edits: Vec<CatalogEdit>,
    },
}

/// Steps on the host and the changes of rows that belong to them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
    pub(crate) changes: Vec<Change>,
}

impl Step {
    /// Does the step for the first time.
    pub(crate) fn perform(&self, root: &DataRoot) -> Result<()> {
        match self {
            Self::MakeDirectory(path) => root.make_directory(path),
            Self::Discard { from, to, .. } | Self::Trash { from, to } | Self::Move { from, to } => {
                root.rename(from, to)
            }
        }
    }

    /// Undoes the step, which was done a moment ago.
    pub(crate) fn undo(&self, root: &DataRoot) -> Result<()> {
        match self {
            Self::MakeDirectory(path) => {
                let host = path.below(root.path());
                match root.disk().remove_dir(&host) {
                    // A person put something into it: then it stays, and is found.
                    Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(()),
                    result => result.map_err(|e| Error::io("remove", host.display(), e)),
                }
            }
            Self::Discard { from, to, .. } | Self::Trash { from, to } | Self::Move { from, to } => {
                root.rename(to, from)
            }
        }
    }

    /// Does the step unless a process that died has done it.
    ///
    /// The names of the trash, of what is discarded and of the spool are new ones, so that the one end of a move that cannot
    /// have been made by anyone else tells whether it was done.
    pub(crate) fn redo(&self, root: &DataRoot) -> Result<()> {
        let done = match self {
            Self::MakeDirectory(_) => false,
            Self::Discard { from, to, .. } | Self::Trash { from, to } => {
                root.metadata(to)?.is_some() || root.metadata(from)?.is_none()
            }
            Self::Move { from, .. } => root.metadata(from)?.is_none(),
        };
        if done { Ok(()) } else { self.perform(root) }
    }

    /// The directories whose names the step changes.
    pub(crate) fn directories(&self) -> Vec<HostPath> {
        match self {
            Self::MakeDirectory(path) => vec![path.parent()],
            Self::Discard { from, to, .. } | Self::Trash { from, to } | Self::Move { from, to } => {
                vec![from.parent(), to.parent()]
            }
        }
    }
}
