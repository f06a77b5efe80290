//! What sets a finding right.

use redb::ReadableTable as _;
use uuid::Uuid;

use super::Finding;
use crate::data_root::DataRoot;
use crate::database::{
    DETACHED, ENTRIES, EXPIRIES, JOB_ORDER, JOB_SCRIPTS, JOBS, NODES, SPOOLS, TRASHED, encode,
};
use crate::node::Node;
use crate::tree::TreeMut;
use crate::{CatalogEdit, CatalogName, NodeId, Result, catalog};

/// A change of rows that sets a finding right.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Fix {
    RemoveEntry(u128, String),
    PutEntry(u128, String, u128),
    RemoveNode(u128),
    PutNode(Box<Node>),
    RemoveExpiry(i64, u128),
    PutExpiry(i64, u128),
    RemoveSpool(u128),
    RemoveDetached(u128),
    RemoveTrashed(u128, u128),
    /// Takes a node out of the trash, with all that is below it.
    Detach(NodeId),
    RemoveOrder(String, u64),
    PutOrder(String, Uuid),
    RemoveJob(String, u128),
    RemoveScript(String, u128),
    RemoveCatalogRow(String, CatalogName),
}

/// Sets right what can be set right, in one commit.
pub(super) fn apply(root: &DataRoot, findings: &[Finding]) -> Result<()> {
    let mutation = root.mutate()?;
    for finding in findings {
        if let Some(Fix::Detach(id)) = finding.fix {
            mutation.transact(|tree: &mut TreeMut<'_>| tree.detach(id))?;
        }
    }
    let transaction = root.database().write()?;
    {
        let mut entries = transaction.open_table(ENTRIES)?;
        let mut nodes = transaction.open_table(NODES)?;
        let mut expiries = transaction.open_table(EXPIRIES)?;
        let mut order = transaction.open_table(JOB_ORDER)?;
        for fix in findings.iter().filter_map(|finding| finding.fix.as_ref()) {
            match fix {
                Fix::RemoveEntry(parent, name) => {
                    entries.remove((*parent, name.as_str()))?;
                }
                Fix::PutEntry(parent, name, id) => {
                    entries.insert((*parent, name.as_str()), id)?;
                }
                Fix::RemoveNode(id) => drop(nodes.remove(id)?),
                Fix::PutNode(node) => {
                    nodes.insert(node.id.key(), encode(node)?.as_slice())?;
                }
                Fix::RemoveExpiry(due, id) => drop(expiries.remove((*due, *id))?),
                Fix::PutExpiry(due, id) => {
                    expiries.insert((*due, *id), ())?;
                }
                Fix::RemoveSpool(id) => drop(transaction.open_table(SPOOLS)?.remove(id)?),
                Fix::RemoveDetached(id) => drop(transaction.open_table(DETACHED)?.remove(id)?),
                Fix::RemoveTrashed(account, token) => {
                    transaction
                        .open_table(TRASHED)?
                        .remove((*account, *token))?;
                }
                Fix::Detach(_) => {}
                Fix::RemoveOrder(account, number) => {
                    order.remove((account.as_str(), *number))?;
                }
                Fix::PutOrder(account, id) => {
                    let account = account.as_str();
                    let last = order.range((account, 0)..=(account, u64::MAX))?.next_back();
                    let next = last.transpose()?.map_or(0, |(key, _)| key.value().1 + 1);
                    order.insert((account, next), id.as_u128())?;
                }
                Fix::RemoveJob(account, id) => {
                    transaction
                        .open_table(JOBS)?
                        .remove((account.as_str(), *id))?;
                }
                Fix::RemoveScript(account, id) => {
                    transaction
                        .open_table(JOB_SCRIPTS)?
                        .remove((account.as_str(), *id))?;
                }
                Fix::RemoveCatalogRow(account, name) => {
                    let edit = CatalogEdit::Remove(name.clone());
                    catalog::apply(&transaction, account, &[edit])?;
                }
            }
        }
    }
    Ok(transaction.commit()?)
}
