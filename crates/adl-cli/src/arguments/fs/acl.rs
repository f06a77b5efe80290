//! What a person types to see and change who may do what to a file.

use std::path::PathBuf;
use std::str::FromStr;

use adls_fs::{Acl, AclKey, Error, LakePath, Principal};
use clap::{Args, Subcommand};

/// `adl fs acl ...`
#[derive(Debug, Subcommand)]
pub(crate) enum AclCommand {
    /// Show owner, group and who may do what.
    Show {
        /// The file or folder.
        path: LakePath,
    },
    /// Replace all entries: what is not given is gone, except for the owner, the group and others.
    Set(Change),
    /// Add entries or change them; the others stay.
    Modify(Change),
    /// Remove entries.
    #[command(override_usage = "adl fs acl remove [OPTIONS] <PATH> <ENTRIES|--defaults|--all>")]
    Remove {
        /// The file or folder.
        path: LakePath,
        #[command(flatten)]
        removed: Removed,
        #[command(flatten)]
        recursion: Recursion,
    },
}

/// Entries for a path.
#[derive(Args, Debug)]
pub(crate) struct Change {
    /// The file or folder.
    pub(crate) path: LakePath,
    /// Entries between commas, such as `user::rwx,user:ID:r-x,default:group:ID:r-x`.
    pub(crate) entries: Acl,
    #[command(flatten)]
    pub(crate) recursion: Recursion,
}

/// How a change goes down a tree, if it does.
#[derive(Args, Debug)]
pub(crate) struct Recursion {
    /// Change all that is below the folder too. Files get no default entries.
    #[arg(long, short = 'R')]
    pub(crate) recursive: bool,
    /// Change nothing and print what would change: path, before and after.
    #[arg(long, requires = "recursive")]
    pub(crate) dry_run: bool,
    /// Go on behind what cannot be changed, and report it; exit code 1 then.
    #[arg(long, requires = "recursive")]
    pub(crate) continue_on_failure: bool,
    /// Keep in this file how far it has come, and go on from there if it is there already.
    #[arg(long, requires = "recursive", value_name = "FILE")]
    pub(crate) checkpoint: Option<PathBuf>,
    /// Change folders after what is in them, for changes that take away the right to go in.
    #[arg(long, requires = "recursive")]
    pub(crate) directories_last: bool,
    /// How many changes at once.
    #[arg(long, requires = "recursive", value_name = "N", default_value_t = 16)]
    pub(crate) concurrency: usize,
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
