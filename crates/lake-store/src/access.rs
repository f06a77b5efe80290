//! Whether a principal may do something to a node: the one place that decides it.
//!
//! The rules are those of "Access control in Azure Data Lake Storage Gen1".

use std::fmt;

use crate::node::Node;
use crate::{AccessList, Error, ErrorKind, Principal, Result, Rwx};

/// Fails unless the principal has all of `wanted` on the node.
pub(crate) fn require(
    principal: &Principal,
    node: &Node,
    wanted: Rwx,
    path: impl fmt::Display,
) -> Result<()> {
    if principal.superuser || allows(&node.acl.access, principal, node, wanted) {
        return Ok(());
    }
    Err(forbidden(
        principal,
        format_args!("{wanted} on `{}`", node.name),
        path,
    ))
}

/// Fails unless the principal owns the node.
pub(crate) fn require_owner(
    principal: &Principal,
    node: &Node,
    path: impl fmt::Display,
) -> Result<()> {
    if principal.superuser || principal.object_id == node.owner {
        return Ok(());
    }
    Err(forbidden(principal, "ownership", path))
}

/// Fails unless the principal may add names to a directory and remove them.
pub(crate) fn require_entry(
    principal: &Principal,
    directory: &Node,
    path: impl fmt::Display,
) -> Result<()> {
    let wanted = Rwx::WRITE.union(Rwx::EXECUTE);
    require(principal, directory, wanted, path)
}

/// Fails unless the principal may remove `child` from `parent`.
pub(crate) fn require_removal(
    principal: &Principal,
    parent: &Node,
    child: &Node,
    path: impl fmt::Display,
) -> Result<()> {
    require_entry(principal, parent, &path)?;
    require_sticky(principal, parent, child, path)
}

/// Fails if the sticky bit of `parent` keeps the principal from removing `child`.
///
/// The service's documentation names the owner of the child. The owner of the directory could
/// take the bit away, and HDFS, from which the service has its rules, lets that one too.
pub(crate) fn require_sticky(
    principal: &Principal,
    parent: &Node,
    child: &Node,
    path: impl fmt::Display,
) -> Result<()> {
    let owns = [&parent.owner, &child.owner].contains(&&principal.object_id);
    if !parent.acl.sticky || owns || principal.superuser {
        return Ok(());
    }
    let what = "ownership, since the directory is sticky,";
    Err(forbidden(principal, what, path))
}

/// Fails unless the principal may give the node to a group: an owner to one of its own groups.
pub(crate) fn require_giving_to(
    principal: &Principal,
    node: &Node,
    group: &str,
    path: impl fmt::Display,
) -> Result<()> {
    require_owner(principal, node, &path)?;
    if principal.superuser || principal.is_in(group) {
        return Ok(());
    }
    Err(forbidden(
        principal,
        format_args!("membership of `{group}`"),
        path,
    ))
}

/// Fails unless the principal is a superuser.
pub(crate) fn require_superuser(principal: &Principal, path: impl fmt::Display) -> Result<()> {
    if principal.superuser {
        return Ok(());
    }
    Err(forbidden(principal, "the superuser's rights", path))
}

fn forbidden(principal: &Principal, what: impl fmt::Display, path: impl fmt::Display) -> Error {
    let who = principal.upn.as_deref().unwrap_or(&principal.object_id);
    Error::new(
        ErrorKind::Forbidden,
        format!("`{who}` needs {what} for `{path}`"),
    )
    .with_path(path)
}

/// The first class that the principal is in decides: owner, user by name, groups, others.
///
/// The rights of all its groups are added up. That is the algorithm that the service's
/// documentation gives, though POSIX and HDFS want one group to grant all. Where that algorithm
/// lets the mask limit others too, the text beside it and POSIX do not, and neither is it done here.
fn allows(list: &AccessList, principal: &Principal, node: &Node, wanted: Rwx) -> bool {
    if principal.object_id == node.owner {
        return list.owner.contains(wanted);
    }
    let mask = list.mask.unwrap_or(Rwx::ALL);
    if let Some(permission) = list.users.get(&principal.object_id) {
        return permission.intersection(mask).contains(wanted);
    }
    let owning = principal.is_in(&node.group).then_some(list.group);
    let named = list.groups.iter().filter(|(id, _)| principal.is_in(id));
    let groups = owning.into_iter().chain(named.map(|(_, rights)| *rights));
    match groups.reduce(Rwx::union) {
        Some(rights) => rights.intersection(mask).contains(wanted),
        None => list.other.contains(wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::Content;
    use crate::{Acl, NodeId, Timestamp};

    fn node(permission: u16, entries: &str) -> Node {
        let mut acl = Acl::from_bits(permission);
        let entries = entries.split(',').filter(|entry| !entry.is_empty());
        let entries: Vec<_> = entries.map(|entry| entry.parse().unwrap()).collect();
        if !entries.is_empty() {
            acl.modify(&entries).unwrap();
        }
        let time = Timestamp::from_millis(0);
        Node {
            id: NodeId::from_key(1),
            parent: None,
            name: "n".into(),
            content: Content::Directory { scanned: None },
            created: time,
            modified: time,
            accessed: time,
            owner: "owner".into(),
            group: "staff".into(),
            acl,
            expires: None,
            concurrent: false,
            lease: None,
            replaced: 0,
            version: 1,
        }
    }

    fn rights(node: &Node, principal: &Principal) -> Rwx {
        let has = |bit: &Rwx| require(principal, node, *bit, "/n").is_ok();
        [Rwx::READ, Rwx::WRITE, Rwx::EXECUTE]
            .into_iter()
            .filter(has)
            .fold(Rwx::NONE, Rwx::union)
    }

    #[test]
    fn the_first_class_that_fits_decides() {
        let check = |permission, entries, id: &str, groups: &[&str], expected: &str| {
            let groups = groups.iter().map(ToString::to_string);
            let principal = Principal::new(id).with_groups(groups);
            let rights = rights(&node(permission, entries), &principal);
            assert_eq!(
                rights.to_string(),
                expected,
                "{permission:o} {entries} {id}"
            );
        };
        check(0o751, "", "owner", &[], "rwx");
        check(0o077, "", "owner", &["staff"], "---");
        check(0o750, "", "someone", &["staff"], "r-x");
        check(0o751, "", "someone", &[], "--x");
        check(0o707, "", "someone", &["staff"], "---");
        check(0o700, "user:ann:rw-", "ann", &[], "rw-");
        check(0o700, "user:ann:rw-,mask::r--", "ann", &[], "r--");
        check(0o777, "user:ann:---", "ann", &["staff"], "---");
        check(
            0o700,
            "group:red:r--,group:blue:-w-",
            "x",
            &["red", "blue"],
            "rw-",
        );
        check(
            0o770,
            "group:red:r--,mask::--x",
            "x",
            &["red", "staff"],
            "--x",
        );
    }

    #[test]
    fn the_rights_of_all_groups_add_up_under_the_mask() {
        let principal = Principal::new("x").with_groups(["red", "staff"].map(String::from));
        let check = |entries, expected: &str| {
            let node = node(0o740, entries);
            assert_eq!(rights(&node, &principal).to_string(), expected);
            let all: Rwx = expected.parse().unwrap();
            require(&principal, &node, all, "/n").unwrap();
        };
        check("group:red:-w-,group:blue:--x", "rw-");
        check("group:red:-w-,mask::-wx", "-w-");
    }

    #[test]
    fn a_sticky_directory_lets_only_owners_remove() {
        let mut parent = node(0o1777, "");
        let mut child = node(0o777, "");
        let other = Principal::new("someone");
        assert!(require_removal(&other, &parent, &child, "/n").is_err());
        child.owner = "someone".into();
        require_removal(&other, &parent, &child, "/n").unwrap();
        child.owner = "owner".into();
        parent.acl.sticky = false;
        require_removal(&other, &parent, &child, "/n").unwrap();
    }
}
