//! What was deleted and can be restored.
//!
//! A deleted item keeps its row and all that is below it: it is named by its token in a directory
//! that no path leads to, [`TRASH`], whose bytes are in `.lake/trash`. So it is deleted with one
//! rename and restored with another, whatever its size, and whoever still appends to a file of
//! it finds the file by its id.

use std::ops::{Bound, RangeBounds};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::data_root::{self, DataRoot};
use crate::database::{TRASHED, decode};
use crate::host_path::HostPath;
use crate::intent::{Change, Plan, Step};
use crate::mutation::Mutation;
use crate::walk::Found;
use crate::{FileKind, LakePath, NodeId, Principal, Result, Timestamp};

/// The directory of everything in the trash. It has no row; no random id is this one.
pub(crate) const TRASH: NodeId = NodeId::from_key(1);

/// The row of something in the trash, besides the row of its node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Trashed {
    pub(crate) token: Uuid,
    /// The root of the account.
    pub(crate) account: NodeId,
    pub(crate) node: NodeId,
    pub(crate) kind: FileKind,
    /// Where it was.
    pub(crate) path: String,
    pub(crate) owner: String,
    pub(crate) created: Timestamp,
    pub(crate) deleted: Timestamp,
    /// The object id of the one who deleted it.
    pub(crate) deleted_by: String,
}

impl Trashed {
    pub(crate) fn key(&self) -> (u128, u128) {
        (self.account.key(), self.token.as_u128())
    }

    /// Its name in the trash.
    pub(crate) fn name(&self) -> String {
        self.token.simple().to_string()
    }

    /// Where its bytes are.
    pub(crate) fn host(&self) -> HostPath {
        data_root::trash().join(&self.name())
    }

    /// Whether the principal may see and restore it: who owned it, who deleted it, a superuser.
    pub(crate) fn is_shown_to(&self, principal: &Principal) -> bool {
        principal.superuser || [&self.owner, &self.deleted_by].contains(&&principal.object_id)
    }

    fn is_due(&self, now: Timestamp, retention: Duration) -> bool {
        let age = u128::try_from(now.millis().saturating_sub(self.deleted.millis()));
        age.is_ok_and(|age| age >= retention.as_millis())
    }
}

/// The keys of an account's items whose tokens come after one.
pub(crate) fn keys_after(account: NodeId, after: Option<Uuid>) -> impl RangeBounds<(u128, u128)> {
    let account = account.key();
    let from = match after {
        Some(token) => Bound::Excluded((account, token.as_u128())),
        None => Bound::Included((account, 0)),
    };
    (from, Bound::Included((account, u128::MAX)))
}

impl Mutation<'_> {
    /// The plan that deletes a file or directory: into the trash, unless nothing is kept there.
    pub(crate) fn deletion(
        &self,
        found: &Found,
        account: NodeId,
        path: &LakePath,
        principal: &Principal,
    ) -> Plan {
        let root = self.root();
        if root.trash_retention().is_zero() {
            return self.removal(found);
        }
        let trashed = Trashed {
            token: new_token(root),
            account,
            node: found.node.id,
            kind: found.node.kind(),
            path: path.to_string(),
            owner: found.node.owner.clone(),
            created: found.node.created,
            deleted: root.ambient().timestamp(),
            deleted_by: principal.object_id.clone(),
        };
        Plan {
            steps: vec![Step::Trash {
                from: found.host.clone(),
                to: trashed.host(),
            }],
            changes: vec![Change::Trash(Box::new(trashed))],
        }
    }
}

/// Tokens are in the order of deletion, so that the oldest of an account comes first.
fn new_token(root: &DataRoot) -> Uuid {
    let mut random = [0; 10];
    root.ambient().fill(&mut random);
    let millis = u64::try_from(root.ambient().timestamp().millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// Gives up the oldest item that was kept long enough; false if there is none.
pub(crate) fn give_up_one_due(root: &DataRoot, account: NodeId) -> Result<bool> {
    let mutation = root.mutate()?;
    let table = root.database().read()?.open_table(TRASHED)?;
    let Some(row) = table.range(keys_after(account, None))?.next() else {
        return Ok(false);
    };
    let trashed: Trashed = decode(row?.1.value())?;
    if !trashed.is_due(root.ambient().timestamp(), root.trash_retention()) {
        return Ok(false);
    }
    let discard = Step::Discard {
        from: trashed.host(),
        to: root.new_discarded(),
        kind: trashed.kind,
    };
    // A person may have emptied the trash by hand.
    let there = root.metadata(&trashed.host())?.is_some();
    mutation.run(&Plan {
        steps: there.then_some(discard).into_iter().collect(),
        changes: vec![
            Change::Detach(trashed.node),
            Change::LeaveTrash {
                account,
                token: trashed.token,
            },
        ],
    })?;
    Ok(true)
}
