//! What is below a path.

use super::FileSpace;
use crate::host_name::host_name;
use crate::walk::Found;
use crate::{LakePath, Principal, Result, Rwx, access};

/// What is below a path, the path itself included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContentSummary {
    /// Directories.
    pub directories: u64,
    /// Files.
    pub files: u64,
    /// The lengths of the files together.
    pub length: u64,
}

impl FileSpace {
    /// Counts what is below a path. Needs read and execute on every directory there.
    pub fn content_summary(
        &self,
        principal: &Principal,
        path: &LakePath,
    ) -> Result<ContentSummary> {
        let mut summary = ContentSummary::default();
        // A stack and not a recursion: a tree of directories may be deep.
        let mut stack = vec![self.find(principal, path)?];
        while let Some(found) = stack.pop() {
            if !found.node.is_directory() {
                summary.files += 1;
                summary.length += found.node.length();
                continue;
            }
            summary.directories += 1;
            let wanted = Rwx::READ.union(Rwx::EXECUTE);
            access::require(principal, &found.node, wanted, path)?;
            for node in self.children(&found)? {
                let host = found.host.join(&host_name(&node.name, node.id));
                stack.push(Found { node, host });
            }
        }
        Ok(summary)
    }
}
