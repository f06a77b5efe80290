//! Deleting.

use uuid::Uuid;

use super::{FileSpace, Recursion};
use crate::mutation::Mutation;
use crate::node::Node;
use crate::walk::Found;
use crate::{Error, ErrorKind, LakePath, Principal, Result, Rwx, access, reap};

impl FileSpace {
    /// Deletes a file or directory. Needs write and execute on the directory that it is in, all
    /// permissions on each directory that is deleted with something in it, and where one of these
    /// directories is sticky ownership.
    ///
    /// Whatever the size of a directory, it is gone with one rename: into the trash, from where
    /// [`restore`](Self::restore) brings it back until [`crate::Store::reap`] frees its space.
    /// If nothing is kept in the trash, some of the space is freed before this returns, the rest
    /// by later deletions.
    pub fn delete(
        &self,
        principal: &Principal,
        path: &LakePath,
        recursion: Recursion,
    ) -> Result<()> {
        self.delete_if(principal, path, recursion, None)
    }

    /// Deletes like [`delete`](Self::delete), if the file's [context](crate::FileStatus::context_id)
    /// is this one, and is [`ErrorKind::Conflict`] if somebody replaced it.
    pub fn delete_if(
        &self,
        principal: &Principal,
        path: &LakePath,
        recursion: Recursion,
        context_id: Option<Uuid>,
    ) -> Result<()> {
        if recursion == Recursion::All && !principal.superuser {
            // A look at every row below would hold up all writers, so it is done before.
            self.check_tree(principal, path)?;
        }
        let mutation = self.root.mutate()?;
        let found = &self.find_deletable(&mutation, principal, path)?;
        let current = found.node.clone().into_status().context_id();
        if context_id.is_some_and(|wanted| wanted != current) {
            let message = format!("`{path}` is another file by now");
            return Err(Error::new(ErrorKind::Conflict, message).with_path(path));
        }
        if recursion == Recursion::EmptyOnly && !self.is_empty(found)? {
            let message = format!("`{path}` is not empty");
            return Err(Error::new(ErrorKind::DirectoryNotEmpty, message).with_path(path));
        }
        mutation.run(&mutation.deletion(found, self.space.node, path, principal))?;
        drop(mutation);
        if found.node.is_directory()
            && self.root.trash_retention().is_zero()
            && let Err(error) = reap::reap_some(&self.root)
        {
            // The deletion is done; the space can wait.
            tracing::warn!(%error, "cannot free the space of deleted files yet");
        }
        Ok(())
    }

    /// What is at a path, if the principal may remove it from the directory that it is in.
    pub(super) fn find_deletable(
        &self,
        mutation: &Mutation<'_>,
        principal: &Principal,
        path: &LakePath,
    ) -> Result<Found> {
        let walked = mutation.walk(principal, &self.space, path)?;
        let Some(found) = walked.found() else {
            return Err(Error::not_found(path));
        };
        let Some(directory) = walked.directory() else {
            let message = "the root of an account cannot be deleted";
            return Err(Error::new(ErrorKind::InvalidArgument, message).with_path(path));
        };
        access::require_removal(principal, &directory.node, &found.node, path)?;
        Ok(found.clone())
    }

    /// Fails unless the principal may delete a directory with all that is in it.
    pub(super) fn check_tree(&self, principal: &Principal, path: &LakePath) -> Result<()> {
        let mut stack = vec![self.find(principal, path)?.node];
        let tree = self.root.snapshot()?;
        while let Some(node) = stack.pop().filter(Node::is_directory) {
            let mut children = tree.children(node.id, None, None)?.peekable();
            if children.peek().is_some() {
                access::require(principal, &node, Rwx::ALL, path)?;
            }
            for child in children {
                let Some(child) = tree.find(child?.1)? else {
                    continue;
                };
                access::require_sticky(principal, &node, &child, path)?;
                stack.extend(Some(child).filter(Node::is_directory));
            }
        }
        Ok(())
    }

    /// Whether a directory has nothing but expired files. What the lake does not show counts: it
    /// is somebody's.
    fn is_empty(&self, found: &Found) -> Result<bool> {
        if !found.node.is_directory() {
            return Ok(true);
        }
        let folder = found.host.below(self.root.path());
        let entries = self.root.disk().read_dir(&folder);
        let entries = entries.map_err(|error| Error::io("read", folder.display(), error))?;
        if entries.is_empty() {
            return Ok(true);
        }
        let now = self.root.ambient().timestamp();
        let tree = self.root.snapshot()?;
        let mut expired = 0;
        for child in tree.children(found.node.id, None, None)? {
            if !tree.node(child?.1)?.is_expired(now) {
                return Ok(false);
            }
            expired += 1;
        }
        Ok(entries.len() == expired)
    }
}
