//! Who may do what.

use std::fmt;

use super::tree::{Id, Node, Tree, Walked};
use super::{Memory, missing};
use crate::{Error, ErrorKind, LakePath, Principal, Result, Rights};

impl Memory {
    /// How far a path leads, for this caller.
    pub(super) fn walk<'p>(&self, tree: &Tree, path: &'p LakePath) -> Result<Walked<'p>> {
        tree.walk(path, |directory| {
            self.require(directory, Rights::EXECUTE, path)
        })
    }

    /// What is at a path.
    pub(super) fn find(&self, tree: &Tree, path: &LakePath) -> Result<Id> {
        let found = self.walk(tree, path)?.found();
        found.ok_or_else(|| missing(path))
    }

    /// Whom a new file belongs to, if not to the superuser.
    pub(super) fn owner(&self) -> Option<&Principal> {
        self.caller.as_ref().map(|caller| caller.id())
    }

    pub(super) fn require(&self, node: &Node, wanted: Rights, path: &LakePath) -> Result<()> {
        match &self.caller {
            Some(caller) if !node.acl_status().allows(caller, wanted) => {
                Err(self.forbidden(wanted, path))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn require_owner(&self, node: &Node, path: &LakePath) -> Result<()> {
        match self.owner() {
            Some(owner) if *owner != node.owner => Err(self.forbidden("ownership", path)),
            _ => Ok(()),
        }
    }

    pub(super) fn require_superuser(&self, path: &LakePath) -> Result<()> {
        match self.caller {
            Some(_) => Err(self.forbidden("the superuser's rights", path)),
            None => Ok(()),
        }
    }

    /// Whether this caller may take a node out of its directory.
    pub(super) fn require_removal(&self, tree: &Tree, id: Id, path: &LakePath) -> Result<()> {
        let Some(parent) = tree.parent(id) else {
            let message = "the root directory stays where it is";
            return Err(Error::new(ErrorKind::Request, message));
        };
        let parent = tree.node(parent);
        self.require(parent, Rights::WRITE | Rights::EXECUTE, path)?;
        let owners = [&parent.owner, &tree.node(id).owner];
        match self.owner() {
            Some(caller) if parent.sticky && !owners.contains(&caller) => {
                Err(self.forbidden("ownership, since the directory is sticky,", path))
            }
            _ => Ok(()),
        }
    }

    fn forbidden(&self, what: impl fmt::Display, path: &LakePath) -> Error {
        let who = self.owner().map_or("$superuser", Principal::as_str);
        let message = format!("{who} needs {what} for {path}");
        Error::new(ErrorKind::Forbidden, message)
    }
}
