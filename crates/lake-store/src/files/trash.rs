//! What was deleted: found again and restored.

use uuid::Uuid;

use super::FileSpace;
use crate::database::{TRASHED, decode};
use crate::host_name::host_name;
use crate::intent::{Change, Plan, Step};
use crate::mutation::Mutation;
use crate::node::{Content, Node, Stamp};
use crate::trash::{Trashed, keys_after};
use crate::walk::Found;
use crate::{Error, ErrorKind, FileKind, LakePath, Principal, Result, Timestamp, access};

/// Rows that one search looks at, so that a search for something rare ends too.
const SEARCHED: usize = 100_000;

/// Something in the trash.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeletedItem {
    /// Names it for [`FileSpace::restore`]. Tokens are in the order of deletion.
    pub token: Uuid,
    /// Where it was.
    pub path: LakePath,
    /// A file, or a directory with all that was in it.
    pub kind: FileKind,
    /// The object id of its owner.
    pub owner: String,
    /// When it was created.
    pub created: Timestamp,
    /// When it was deleted.
    pub deleted: Timestamp,
    /// The object id of the one who deleted it.
    pub deleted_by: String,
}

/// What [`FileSpace::deleted`] found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeletedItems {
    /// In the order of deletion.
    pub items: Vec<DeletedItem>,
    /// Where to go on; none when the whole trash was searched.
    pub next: Option<Uuid>,
    /// How many items were looked at.
    pub searched: usize,
}

/// Options of [`FileSpace::deleted`].
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct DeletedOptions {
    /// Only items whose path has this text in it.
    pub hint: String,
    /// Only items after this one.
    pub after: Option<Uuid>,
    /// At most that many; without it all.
    pub limit: Option<usize>,
}

impl DeletedOptions {
    /// Only items whose path has this text in it.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Only items after this one.
    #[must_use]
    pub fn with_after(mut self, after: Option<Uuid>) -> Self {
        self.after = after;
        self
    }

    /// At most that many.
    #[must_use]
    pub fn with_limit(mut self, limit: Option<usize>) -> Self {
        self.limit = limit;
        self
    }
}

/// What to do when something is where an item is to be restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Taken {
    /// Fail.
    #[default]
    Fail,
    /// Let a file replace a file.
    Replace,
    /// Take the name with `_1`, `_2` and so on after it, whichever is free.
    Rename,
}

impl FileSpace {
    /// What is in the trash: of the items that the principal owned or deleted, and for a superuser
    /// of all, those whose path has the hint in it.
    ///
    /// A page may have fewer items than the limit and still not be the last: see
    /// [`DeletedItems::next`].
    pub fn deleted(&self, principal: &Principal, options: &DeletedOptions) -> Result<DeletedItems> {
        let limit = options.limit.unwrap_or(usize::MAX);
        let table = self.root.database().read()?.open_table(TRASHED)?;
        let mut found = DeletedItems::default();
        let mut last = options.after;
        for row in table.range(keys_after(self.space.node, options.after))? {
            if found.searched == SEARCHED {
                found.next = last;
                break;
            }
            let trashed: Trashed = decode(row?.1.value())?;
            let matches = trashed.is_shown_to(principal) && trashed.path.contains(&options.hint);
            if matches && found.items.len() == limit {
                found.next = last;
                break;
            }
            found.searched += 1;
            last = Some(trashed.token);
            if matches {
                found.items.push(item(trashed)?);
            }
        }
        Ok(found)
    }

    /// Restores an item with all that it had: identity, owner, ACL, and for a directory all that was
    /// in it. Gives where it is now. Missing directories are made.
    ///
    /// Needs to have owned or deleted it, and write and execute on the directory of the
    /// destination; to replace a file, the right to remove it.
    ///
    /// [`ErrorKind::NotFound`] if it is not in the trash any more, or is not the principal's;
    /// [`ErrorKind::InvalidArgument`] if it is of another kind; [`ErrorKind::AlreadyExists`] if
    /// something is at the destination that `taken` does not cope with.
    pub fn restore(
        &self,
        principal: &Principal,
        token: Uuid,
        kind: FileKind,
        destination: &LakePath,
        taken: Taken,
    ) -> Result<LakePath> {
        let id = self.trashed(principal, token)?.node;
        // Whoever began to append to the file before it was deleted is done first.
        let _appends = self.root.lock_appends(id);
        let mutation = self.root.mutate()?;
        let trashed = self.trashed(principal, token)?;
        if trashed.kind != kind {
            let message = format!("the deleted item `{token}` is not of the kind that was named");
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        }
        let node = self.trashed_node(&trashed)?;
        let mut plan = Plan::default();
        let (path, directory) =
            self.plan_place(&mutation, &mut plan, principal, kind, destination, taken)?;
        plan_return(&mut plan, &trashed, node, &directory, &path);
        mutation.run(&plan)?;
        Ok(path)
    }

    /// An item of the trash that the principal may restore.
    fn trashed(&self, principal: &Principal, token: Uuid) -> Result<Trashed> {
        let table = self.root.database().read()?.open_table(TRASHED)?;
        let row = table.get((self.space.node.key(), token.as_u128()))?;
        let trashed = row.map(|row| decode::<Trashed>(row.value())).transpose()?;
        trashed
            .filter(|trashed| trashed.is_shown_to(principal))
            .ok_or_else(|| {
                let message = format!("there is no deleted item `{token}`");
                Error::new(ErrorKind::NotFound, message).with_path(token)
            })
    }

    /// The row of an item, as the host has the item now.
    fn trashed_node(&self, trashed: &Trashed) -> Result<Node> {
        let node = self.root.snapshot()?.node(trashed.node)?;
        let host = self.root.metadata(&trashed.host())?;
        let Some(host) = host.filter(|host| node.content.is_kind(host.kind)) else {
            let message = "somebody has removed the bytes of the deleted item from `.lake/trash`";
            return Err(Error::new(ErrorKind::NotFound, message).with_path(&trashed.path));
        };
        Ok(match node.content {
            Content::File { stamp, .. } if stamp != Stamp::from(host) => {
                let modified = node.modified;
                node.with_content(Content::whole(host.into()), modified)
            }
            _ => node,
        })
    }

    /// Plans room for an item: its path, and the directory that it is going to be in.
    fn plan_place(
        &self,
        mutation: &Mutation<'_>,
        plan: &mut Plan,
        principal: &Principal,
        kind: FileKind,
        destination: &LakePath,
        taken: Taken,
    ) -> Result<(LakePath, Found)> {
        let mut path = destination.clone();
        for number in 1_u32.. {
            let walked = mutation.walk(principal, &self.space, &path)?;
            let Some(there) = walked.found() else {
                let parent = self.plan_parent(plan, principal, &walked, &path)?;
                return Ok((path, parent));
            };
            let Some(directory) = walked.directory() else {
                return Err(Error::already_exists(&path));
            };
            match taken {
                Taken::Rename => {
                    let name = destination.name().unwrap_or_default();
                    let parent = destination.parent().unwrap_or(LakePath::ROOT);
                    path = parent.join(&format!("{name}_{number}"))?;
                }
                Taken::Replace if !there.node.is_directory() && kind == FileKind::File => {
                    access::require_removal(principal, &directory.node, &there.node, &path)?;
                    let removal = mutation.removal(there);
                    plan.steps.extend(removal.steps);
                    plan.changes.extend(removal.changes);
                    return Ok((path, directory.clone()));
                }
                Taken::Fail | Taken::Replace => return Err(Error::already_exists(&path)),
            }
        }
        Err(Error::already_exists(destination))
    }
}

fn plan_return(plan: &mut Plan, trashed: &Trashed, mut node: Node, into: &Found, path: &LakePath) {
    node.parent = Some(into.node.id);
    path.name().unwrap_or_default().clone_into(&mut node.name);
    node.version += 1;
    plan.steps.push(Step::Move {
        from: trashed.host(),
        to: into.host.join(&host_name(&node.name, node.id)),
    });
    plan.changes.push(Change::LeaveTrash {
        account: trashed.account,
        token: trashed.token,
    });
    plan.changes.push(Change::Put(Box::new(node)));
}

fn item(trashed: Trashed) -> Result<DeletedItem> {
    Ok(DeletedItem {
        token: trashed.token,
        path: trashed.path.parse()?,
        kind: trashed.kind,
        owner: trashed.owner,
        created: trashed.created,
        deleted: trashed.deleted,
        deleted_by: trashed.deleted_by,
    })
}
