//! Whether a principal may do something to a node.

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

/// Fails unless the principal may remove `child` from `parent`, which it may write to.
pub(crate) fn require_removal(
    principal: &Principal,
    parent: &Node,
    child: &Node,
    path: impl fmt::Display,
) -> Result<()> {
    require(principal, parent, Rwx::WRITE.union(Rwx::EXECUTE), &path)?;
    let owns = [&parent.owner, &child.owner].contains(&&principal.object_id);
    if principal.superuser || !parent.acl.sticky || owns {
        return Ok(());
    }
    Err(forbidden(
        principal,
        "ownership, since the directory is sticky,",
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

/// The POSIX rule: the first class that the principal is in decides. All groups that it is in are
/// one class, where it is enough that one of them grants.
fn allows(list: &AccessList, principal: &Principal, node: &Node, wanted: Rwx) -> bool {
    let masked = |permission: Rwx| match list.mask {
        Some(mask) => permission.intersection(mask),
        None => permission,
    };
    if principal.object_id == node.owner {
        return list.owner.contains(wanted);
    }
    if let Some(permission) = list.users.get(&principal.object_id) {
        return masked(*permission).contains(wanted);
    }
    let in_group = |group: &str| principal.groups.iter().any(|mine| mine == group);
    let owning = in_group(&node.group).then_some(&list.group);
    let named = list.groups.iter().filter(|(id, _)| in_group(id));
    let mut groups = owning
        .into_iter()
        .chain(named.map(|(_, permission)| permission))
        .peekable();
    if groups.peek().is_some() {
        return groups.any(|permission| masked(*permission).contains(wanted));
    }
    list.other.contains(wanted)
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
        acl.modify(&entries);
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
    fn a_group_must_grant_all_that_is_wanted_by_itself() {
        let node = node(0o700, "group:red:r--,group:blue:-w-");
        let groups = ["red", "blue"].map(String::from);
        let principal = Principal::new("x").with_groups(groups);
        let both = Rwx::READ.union(Rwx::WRITE);
        let error = require(&principal, &node, both, "/n").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Forbidden);
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
