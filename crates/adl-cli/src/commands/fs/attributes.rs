//! `adl fs acl`, and what `adl fs chown` does.

use adls_fs::{AclKey, AclKind, AclScope, AclStatus, FileSystem, LakePath, Rights};
use anyhow::Result;
use serde_json::json;

use super::{open, parse};
use crate::arguments::{AclCommand, Format, Owners, Removed};
use crate::connection::Connection;
use crate::print::{self, Printer};

pub(super) async fn acl(
    command: AclCommand,
    connection: &Connection,
    printer: &Printer,
) -> Result<()> {
    match command {
        AclCommand::Show { account, path } => {
            let status = open(connection, account)?.acl(&parse(&path)?).await?;
            show(&status, printer)
        }
        AclCommand::Set {
            account,
            path,
            entries,
        } => {
            let files = open(connection, account)?;
            Ok(files.set_acl(&parse(&path)?, &entries).await?)
        }
        AclCommand::Modify {
            account,
            path,
            entries,
        } => {
            let files = open(connection, account)?;
            Ok(files.modify_acl(&parse(&path)?, &entries).await?)
        }
        AclCommand::Remove {
            account,
            path,
            removed,
        } => remove(&open(connection, account)?, &parse(&path)?, &removed).await,
    }
}

async fn remove(files: &FileSystem, path: &LakePath, removed: &Removed) -> Result<()> {
    if removed.all {
        files.remove_acl(path).await?;
    } else if removed.defaults {
        files.remove_default_acl(path).await?;
    } else {
        files.remove_acl_entries(path, &removed.entries).await?;
    }
    Ok(())
}

pub(super) async fn change_owners(
    files: &FileSystem,
    path: &LakePath,
    owners: &Owners,
) -> Result<()> {
    match owners {
        Owners::Owner(owner) => files.set_owner(path, owner).await?,
        Owners::Group(group) => files.set_group(path, group).await?,
        Owners::Both(owner, group) => files.set_owner_and_group(path, owner, group).await?,
    }
    Ok(())
}

/// For people, as getfacl prints: with what the mask leaves of an entry behind it.
fn show(status: &AclStatus, printer: &Printer) -> Result<()> {
    let (owner, group) = (status.owner.as_str(), status.group.as_str());
    let entry = |(key, rights): (&AclKey, Rights)| format!("{key}:{rights}");
    if printer.format() == Format::Json {
        return printer.one(&json!({
            "owner": owner,
            "group": group,
            "permission": status.permission.to_string(),
            "entries": status.acl.iter().map(entry).collect::<Vec<_>>(),
        }));
    }
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
