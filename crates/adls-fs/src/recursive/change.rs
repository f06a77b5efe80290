//! What to do to everything in a tree.

use std::fmt;

use crate::acl::keys_text;
use crate::{
    Acl, AclKey, AclKind, AclScope, Error, ErrorKind, FileSystem, FileType, LakePath, Permission,
    Principal, Result,
};

/// What [`FileSystem::change_tree`] does to everything in a tree.
///
/// Files get the access entries of an ACL only: what new children get has no meaning for them, and
/// the service refuses it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TreeChange {
    /// As [`FileSystem::set_acl`].
    SetAcl(Acl),
    /// As [`FileSystem::modify_acl`].
    ModifyAcl(Acl),
    /// As [`FileSystem::remove_acl_entries`].
    RemoveAclEntries(Vec<AclKey>),
    /// As [`FileSystem::remove_default_acl`].
    RemoveDefaultAcl,
    /// As [`FileSystem::remove_acl`].
    RemoveAcl,
    /// As [`FileSystem::set_permission`]. What lets people into a directory would let them execute
    /// a file, so that each has its own.
    SetPermission {
        /// For directories.
        directories: Permission,
        /// For files.
        files: Permission,
    },
    /// As [`FileSystem::set_owner`].
    SetOwner(Principal),
    /// As [`FileSystem::set_group`].
    SetGroup(Principal),
    /// As [`FileSystem::set_owner_and_group`].
    SetOwnerAndGroup(Principal, Principal),
}

impl TreeChange {
    /// Fails where the service would refuse it at every path.
    pub(super) fn require_meaning(&self) -> Result<()> {
        let flaw = match self {
            Self::SetAcl(acl) | Self::ModifyAcl(acl) if acl.is_empty() => "no entry is given",
            Self::RemoveAclEntries(keys) if keys.is_empty() => "no entry is given",
            Self::RemoveAclEntries(keys) if !keys.iter().all(is_removable) => {
                "only the entries of users and groups by name can be removed"
            }
            _ => return Ok(()),
        };
        Err(Error::new(ErrorKind::Request, format!("{self}: {flaw}")))
    }

    /// What of this is for a path of this type, if anything is.
    pub(super) fn for_type(&self, file_type: FileType) -> Option<Self> {
        if file_type == FileType::Directory {
            return Some(self.clone());
        }
        match self {
            Self::SetAcl(acl) => access_entries(acl).map(Self::SetAcl),
            Self::ModifyAcl(acl) => access_entries(acl).map(Self::ModifyAcl),
            Self::RemoveAclEntries(keys) => {
                let keys = keys.iter().filter(|key| key.scope == AclScope::Access);
                let keys: Vec<_> = keys.cloned().collect();
                (!keys.is_empty()).then_some(Self::RemoveAclEntries(keys))
            }
            Self::RemoveDefaultAcl => None,
            other => Some(other.clone()),
        }
    }

    /// Does it to one path.
    pub(super) async fn apply(
        &self,
        files: &FileSystem,
        path: &LakePath,
        file_type: FileType,
    ) -> Result<()> {
        match self {
            Self::SetAcl(acl) => files.set_acl(path, acl).await,
            Self::ModifyAcl(entries) => files.modify_acl(path, entries).await,
            Self::RemoveAclEntries(keys) => files.remove_acl_entries(path, keys).await,
            Self::RemoveDefaultAcl => files.remove_default_acl(path).await,
            Self::RemoveAcl => files.remove_acl(path).await,
            Self::SetPermission {
                directories,
                files: of_files,
            } => {
                let permission = match file_type {
                    FileType::Directory => directories,
                    FileType::File => of_files,
                };
                files.set_permission(path, *permission).await
            }
            Self::SetOwner(owner) => files.set_owner(path, owner).await,
            Self::SetGroup(group) => files.set_group(path, group).await,
            Self::SetOwnerAndGroup(owner, group) => {
                files.set_owner_and_group(path, owner, group).await
            }
        }
    }
}

fn is_removable(key: &AclKey) -> bool {
    matches!(key.kind, AclKind::User(_) | AclKind::Group(_))
}

fn access_entries(acl: &Acl) -> Option<Acl> {
    let entries = acl.clone().into_iter();
    let access: Acl = entries
        .filter(|entry| entry.key.scope == AclScope::Access)
        .collect();
    (!access.is_empty()).then_some(access)
}

impl fmt::Display for TreeChange {
    /// In words, such as `modify ACL user:eve:r-x`. Different changes have different texts.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SetAcl(acl) => write!(f, "set ACL {acl}"),
            Self::ModifyAcl(entries) => write!(f, "modify ACL {entries}"),
            Self::RemoveAclEntries(keys) => write!(f, "remove from ACL {}", keys_text(keys)),
            Self::RemoveDefaultAcl => f.write_str("remove default ACL"),
            Self::RemoveAcl => f.write_str("remove ACL"),
            Self::SetPermission { directories, files } => {
                write!(f, "set permission {directories}, of files {files}")
            }
            Self::SetOwner(owner) => write!(f, "set owner {owner}"),
            Self::SetGroup(group) => write!(f, "set group {group}"),
            Self::SetOwnerAndGroup(owner, group) => {
                write!(f, "set owner and group {owner}:{group}")
            }
        }
    }
}
