//! What a person types to see and change who may do what to a file.

use std::str::FromStr;

use adls_fs::{Acl, AclKey, Error, Principal};
use clap::{Args, Subcommand};

use super::StoreAccount;

/// `adl fs acl ...`
#[derive(Debug, Subcommand)]
pub(crate) enum AclCommand {
    /// Show owner, group and who may do what.
    Show {
        #[command(flatten)]
        account: StoreAccount,
        /// The file or folder.
        path: String,
    },
    /// Replace all entries: what is not given is gone, except for the owner, the group and others.
    Set {
        #[command(flatten)]
        account: StoreAccount,
        /// The file or folder.
        path: String,
        /// Entries between commas, such as `user::rwx,user:ID:r-x,default:group:ID:r-x`.
        entries: Acl,
    },
    /// Add entries or change them; the others stay.
    Modify {
        #[command(flatten)]
        account: StoreAccount,
        /// The file or folder.
        path: String,
        /// Entries between commas, such as `user:ID:r-x,default:group:ID:r-x`.
        entries: Acl,
    },
    /// Remove entries.
    #[command(override_usage = "adl fs acl remove [OPTIONS] <PATH> <ENTRIES|--defaults|--all>")]
    Remove {
        #[command(flatten)]
        account: StoreAccount,
        /// The file or folder.
        path: String,
        #[command(flatten)]
        removed: Removed,
    },
}

/// Which entries to remove.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct Removed {
    /// Users and groups between commas, such as `user:ID,default:group:ID`.
    #[arg(value_delimiter = ',')]
    pub(crate) entries: Vec<AclKey>,
    /// What new files and folders in this folder get.
    #[arg(long)]
    pub(crate) defaults: bool,
    /// All but the owner, the group and others.
    #[arg(long)]
    pub(crate) all: bool,
}

/// An owner, a group or both: `OWNER`, `:GROUP`, `OWNER:GROUP`.
#[derive(Clone, Debug)]
pub(crate) enum Owners {
    Owner(Principal),
    Group(Principal),
    Both(Principal, Principal),
}

impl FromStr for Owners {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text.split_once(':') {
            None => text.parse().map(Self::Owner),
            Some(("", group)) => group.parse().map(Self::Group),
            Some((owner, group)) => Ok(Self::Both(owner.parse()?, group.parse()?)),
        }
    }
}
