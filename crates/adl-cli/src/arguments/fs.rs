//! What a person types to work with files of the store.

use adls_fs::{Glob, LakePath, Permission};
use clap::{Args, Subcommand};

mod acl;
mod moment;
mod transfer;
mod trash;

pub(crate) use acl::{AclCommand, Change, Owners, Recursion, Removed};
pub(crate) use moment::{ExpiryChoice, Moment};
pub(crate) use transfer::{Get, How, Put, When};
pub(crate) use trash::{Restore, TrashCommand};

/// `adl fs ...`
#[derive(Args, Debug)]
#[command(after_help = "\
With --json a result is an object, and a list an object a line, as they come:
  ls, stat, find, rm --dry-run
    path, name, type (file, directory), length, modified, accessed, expires,
    permission, owner, group
  du
    path, bytes, files, directories
  trash ls
    path, token, type, created
  put, get
    transferred, bytes, resumed, skipped, failed, failures, seconds
  acl, chmod and chown with --recursive
    event planned: path, type, before, after
    event failed: path, type, error
    event end, the last: complete, dry_run, directories, files, failed, seconds
Times are RFC 3339, lengths bytes.

Patterns: `*` and `?` stand for anything in one name, `**` for any number of
directories, {a,b} for either, [a-z] for one of these.")]
pub(crate) struct Arguments {
    /// The Data Lake Store account; the local lake knows its own.
    #[arg(long, global = true, env = "ADL_STORE_ACCOUNT", value_name = "NAME")]
    pub(crate) account: Option<String>,
    #[command(subcommand)]
    pub(crate) command: Fs,
}

/// What to do with files.
#[derive(Debug, Subcommand)]
pub(crate) enum Fs {
    /// List a folder.
    Ls(Ls),
    /// Show what the store knows of a file or folder.
    Stat(Paths),
    /// Write files to standard output.
    Cat(Paths),
    /// Write the beginning of a file to standard output.
    Head(Part),
    /// Write the end of a file to standard output.
    Tail(Part),
    /// List what matches a pattern.
    #[command(visible_alias = "glob")]
    Find(Find),
    /// Sum up what is in folders and all below them.
    Du(Paths),
    /// Sum up what is in the account or a folder, and its limits, as the store counts it.
    Df(Folder),
    /// Show the checksum of a file: the store's own, or CRC-32C over its bytes.
    Checksum(Paths),
    /// Ask whether who runs this has rights on a file or folder; exit code 4 if not.
    Access(Access),
    /// Upload files and folders.
    Put(Put),
    /// Download files and folders.
    Get(Get),
    /// Make a folder, and its parents.
    Mkdir(Mkdir),
    /// Set the time of files to now, and make empty ones where nothing is.
    Touch(Paths),
    /// Delete files and folders. For some days `adl fs trash` brings them back.
    Rm(Rm),
    /// Move or rename.
    Mv(Mv),
    /// Copy a file within the lake. Its bytes come here and go back.
    Cp(Cp),
    /// Join files into one without moving their bytes. The sources are gone afterwards.
    Concat(Concat),
    /// Show or change who may do what to a file or folder.
    #[command(subcommand)]
    Acl(AclCommand),
    /// Set the permission bits of a file or folder.
    Chmod(Chmod),
    /// Give a file or folder to an owner, a group or both.
    Chown(Chown),
    /// Let the store delete a file by itself at some time, or not any more.
    Expiry(Expire),
    /// Set when a file or folder was written or read.
    Times(SetTimes),
    /// What was deleted.
    #[command(subcommand)]
    Trash(TrashCommand),
}

/// Files or folders.
#[derive(Args, Debug)]
pub(crate) struct Paths {
    /// Files or folders.
    #[arg(required = true)]
    pub(crate) paths: Vec<LakePath>,
}

#[derive(Args, Debug)]
pub(crate) struct Folder {
    /// The folder.
    #[arg(default_value = "/")]
    pub(crate) path: LakePath,
}

#[derive(Args, Debug)]
pub(crate) struct Ls {
    #[command(flatten)]
    pub(crate) folder: Folder,
    /// Show all that the store knows of each.
    #[arg(long, short)]
    pub(crate) long: bool,
    /// List all that is below the folder.
    #[arg(long, short = 'R')]
    pub(crate) recursive: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Part {
    /// The file.
    pub(crate) path: LakePath,
    /// How many lines.
    #[arg(long, short = 'n', value_name = "N", default_value_t = 10)]
    pub(crate) lines: u64,
    /// How many bytes, instead of lines.
    #[arg(long, short = 'c', value_name = "N", conflicts_with = "lines")]
    pub(crate) bytes: Option<u64>,
}

#[derive(Args, Debug)]
pub(crate) struct Find {
    /// The pattern, such as '/data/**/*.csv', in quotes or else the shell may expand it.
    pub(crate) pattern: Glob,
    /// Only files, or only directories.
    #[arg(long = "type", short = 't', value_enum)]
    pub(crate) kind: Option<Kind>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Kind {
    #[value(alias = "f")]
    File,
    #[value(alias = "d")]
    Directory,
}

#[derive(Args, Debug)]
pub(crate) struct Access {
    /// The rights: some of r, w and x, such as rx or r-x.
    pub(crate) rights: AskedRights,
    /// The file or folder.
    pub(crate) path: LakePath,
}

/// Rights as a person writes them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AskedRights(pub(crate) adls_fs::Rights);

impl std::str::FromStr for AskedRights {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        use adls_fs::Rights;
        let mut rights = Rights::NONE;
        for letter in text.chars() {
            rights = rights
                | match letter {
                    'r' => Rights::READ,
                    'w' => Rights::WRITE,
                    'x' => Rights::EXECUTE,
                    '-' => Rights::NONE,
                    _ => return Err(format!("{letter:?} is none of r, w and x")),
                };
        }
        match rights {
            Rights::NONE => Err("name some of r, w and x".to_owned()),
            rights => Ok(Self(rights)),
        }
    }
}

#[derive(Args, Debug)]
pub(crate) struct Mkdir {
    /// Folders.
    #[arg(required = true)]
    pub(crate) paths: Vec<LakePath>,
    /// The permission bits of the folder, such as 750; what its parent hands down by default.
    #[arg(long, short)]
    pub(crate) mode: Option<Permission>,
}

#[derive(Args, Debug)]
pub(crate) struct Rm {
    /// What to delete.
    #[arg(required = true)]
    pub(crate) paths: Vec<LakePath>,
    /// Delete folders with all they hold.
    #[arg(long, short)]
    pub(crate) recursive: bool,
    /// Delete nothing and list what would be gone.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Mv {
    /// From here.
    pub(crate) from: LakePath,
    /// To here; into it, if it is a folder.
    pub(crate) to: LakePath,
    /// Replace a file that is there.
    #[arg(long)]
    pub(crate) overwrite: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Cp {
    /// The file.
    pub(crate) from: LakePath,
    /// The copy; if it is a folder, the copy is in it under the same name.
    pub(crate) to: LakePath,
    /// Replace a file that is there.
    #[arg(long)]
    pub(crate) overwrite: bool,
    /// Let the same people have the copy: its permission bits and ACL are those of the file.
    #[arg(long)]
    pub(crate) keep_acl: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Concat {
    /// The file to append to; made if it is not there.
    pub(crate) target: LakePath,
    /// The files to append, in this order.
    #[arg(required = true)]
    pub(crate) sources: Vec<LakePath>,
    /// Delete the folder that holds the sources, and all else in it.
    #[arg(long)]
    pub(crate) delete_source_directory: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Chmod {
    /// Octal digits, such as 750; with the sticky bit 1750.
    pub(crate) permission: Permission,
    /// The file or folder.
    pub(crate) path: LakePath,
    /// Other bits for the files in a folder, such as 640.
    #[arg(long, value_name = "PERMISSION", requires = "recursive")]
    pub(crate) files: Option<Permission>,
    #[command(flatten)]
    pub(crate) recursion: Recursion,
}

#[derive(Args, Debug)]
pub(crate) struct Chown {
    /// Object ids: `OWNER`, `:GROUP` or `OWNER:GROUP`.
    pub(crate) owners: Owners,
    /// The file or folder.
    pub(crate) path: LakePath,
    #[command(flatten)]
    pub(crate) recursion: Recursion,
}

#[derive(Args, Debug)]
pub(crate) struct Expire {
    /// The file.
    pub(crate) path: LakePath,
    #[command(flatten)]
    pub(crate) choice: ExpiryChoice,
}

#[derive(Args, Debug)]
pub(crate) struct SetTimes {
    /// The file or folder.
    pub(crate) path: LakePath,
    /// When it was last written, such as 2017-05-26T20:35:27Z.
    #[arg(long, value_name = "TIME", required_unless_present = "accessed")]
    pub(crate) modified: Option<Moment>,
    /// When it was last read.
    #[arg(long, value_name = "TIME")]
    pub(crate) accessed: Option<Moment>,
}
