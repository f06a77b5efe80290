//! `adl fs acl`, `chmod` and `chown`.

use adls_fs::{AclKey, AclKind, AclScope, AclStatus, FileSystem, LakePath, Rights, TreeChange};
use anyhow::Result;
use serde_json::{Value, json};

use super::tree;
use crate::arguments::Format;
use crate::arguments::fs::{AclCommand, Change, Chmod, Chown, Owners, Recursion, Removed};
use crate::print::{self, Printer};

pub(super) async fn run(files: &FileSystem, command: AclCommand, printer: &Printer) -> Result<()> {
    match command {
        AclCommand::Show { path } => show(&files.acl(&path).await?, printer),
        AclCommand::Set(Change {
            path,
            entries,
            recursion,
        }) => {
            if recursion.recursive {
                let change = TreeChange::SetAcl(entries);
                return tree::change(files, &path, change, &recursion, printer).await;
            }
            Ok(files.set_acl(&path, &entries).await?)
        }
        AclCommand::Modify(Change {
            path,
            entries,
            recursion,
        }) => {
            if recursion.recursive {
                let change = TreeChange::ModifyAcl(entries);
                return tree::change(files, &path, change, &recursion, printer).await;
            }
            Ok(files.modify_acl(&path, &entries).await?)
        }
        AclCommand::Remove {
            path,
            removed,
            recursion,
        } => remove(files, &path, removed, &recursion, printer).await,
    }
}

async fn remove(
    files: &FileSystem,
    path: &LakePath,
    removed: Removed,
    recursion: &Recursion,
    printer: &Printer,
) -> Result<()> {
    if recursion.recursive {
        let change = match removed {
            Removed { all: true, .. } => TreeChange::RemoveAcl,
            Removed { defaults: true, .. } => TreeChange::RemoveDefaultAcl,
            Removed { entries, .. } => TreeChange::RemoveAclEntries(entries),
        };
        return tree::change(files, path, change, recursion, printer).await;
    }
    if removed.all {
        files.remove_acl(path).await?;
    } else if removed.defaults {
        files.remove_default_acl(path).await?;
    } else {
        files.remove_acl_entries(path, &removed.entries).await?;
    }
    Ok(())
}

pub(super) async fn change_permission(
    files: &FileSystem,
    arguments: &Chmod,
    printer: &Printer,
) -> Result<()> {
    let Chmod {
        permission,
        path,
        files: of_files,
        recursion,
    } = arguments;
    if recursion.recursive {
        let change = TreeChange::SetPermission {
            directories: *permission,
            files: of_files.unwrap_or(*permission),
        };
        return tree::change(files, path, change, recursion, printer).await;
    }
    Ok(files.set_permission(path, *permission).await?)
}

pub(super) async fn change_owners(
    files: &FileSystem,
    arguments: &Chown,
    printer: &Printer,
) -> Result<()> {
    let Chown {
        owners,
        path,
        recursion,
    } = arguments;
    if recursion.recursive {
        let change = match owners.clone() {
            Owners::Owner(owner) => TreeChange::SetOwner(owner),
            Owners::Group(group) => TreeChange::SetGroup(group),
            Owners::Both(owner, group) => TreeChange::SetOwnerAndGroup(owner, group),
        };
        return tree::change(files, path, change, recursion, printer).await;
    }
    match owners {
        Owners::Owner(owner) => files.set_owner(path, owner).await?,
        Owners::Group(group) => files.set_group(path, group).await?,
        Owners::Both(owner, group) => files.set_owner_and_group(path, owner, group).await?,
    }
    Ok(())
}

/// For programs.
pub(super) fn shape(status: &AclStatus) -> Value {
    let entries = status.acl.iter().map(entry);
    json!({
        "owner": status.owner.as_str(),
        "group": status.group.as_str(),
        "permission": status.permission.to_string(),
        "entries": entries.collect::<Vec<_>>(),
    })
}

fn entry((key, rights): (&AclKey, Rights)) -> String {
    format!("{key}:{rights}")
}

/// For people, as getfacl prints: with what the mask leaves of an entry behind it.
fn show(status: &AclStatus, printer: &Printer) -> Result<()> {
    if printer.format() == Format::Json {
        return printer.one(&shape(status));
    }
    let (owner, group) = (status.owner.as_str(), status.group.as_str());
    let permission = status.permission;
    let mut shown = format!("# owner: {owner}\n# group: {group}\n# permission: {permission}");
    for (key, rights) in status.acl.iter() {
        shown.push('\n');
        shown.push_str(&entry((key, rights)));
        let left = rights & mask_over(status, key);
        if left != rights {
            shown.push_str(&format!("  # effective: {left}"));
        }
    }
    print::text(shown)
}

/// The mask that limits an entry.
fn mask_over(status: &AclStatus, key: &AclKey) -> Rights {
    let limited = matches!(
        key.kind,
        AclKind::User(_) | AclKind::OwningGroup | AclKind::Group(_)
    );
    let mask = match key.scope {
        AclScope::Access => AclKey::access(AclKind::Mask),
        AclScope::Default => AclKey::default_for_children(AclKind::Mask),
    };
    let mask = limited.then(|| status.acl.get(&mask)).flatten();
    mask.unwrap_or(Rights::ALL)
}
