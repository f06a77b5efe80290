//! What can be wrong, how bad it is, and what to do about it.

use std::fmt;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Work that was broken off or is yet to be done; the lake does it by itself.
    Unfinished,
    /// Somebody changed the folder; the lake goes by what is there.
    Foreign,
    /// The lake contradicts itself.
    Damage,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unfinished => "unfinished",
            Self::Foreign => "foreign",
            Self::Damage => "damage",
        })
    }
}

/// What can be wrong. `Display` says it in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Problem {
    /// A change of names was begun and not ended.
    OpenPlan,
    /// An append was begun and not ended.
    OpenAppend,
    /// A spool file that no row names.
    SpoolLeftover,
    /// What a job spilled before its process died.
    SpillLeftover,
    /// Something in the trash that no row names.
    TrashLeftover,
    /// Space that is yet to be freed.
    Discarded,
    /// Rows of a directory that was removed.
    Detached,

    /// Something on the host that the lake has not looked at yet.
    Unknown,
    /// A file that somebody edited.
    Edited,
    /// A row whose bytes somebody removed.
    Gone,
    /// A file where the row has a directory, or the other way round.
    OtherKind,
    /// Something that cannot be a file of the lake.
    Skipped,
    /// A folder among those of jobs that belongs to none.
    FolderOfNoJob,

    /// A row that cannot be read.
    Unreadable,
    /// A name for a node that has no row.
    NameOfNothing,
    /// A name for a node that has another name, or a second one for the same node.
    NameOfAnother,
    /// A name in a directory that has no row, or in a file.
    NameInNothing,
    /// A node that no name leads to.
    Nameless,
    /// A directory that is inside itself.
    Cycle,
    /// An account whose root has no row.
    Rootless,
    /// A published length that is not that of the bytes that the row describes.
    Length,
    /// An ACL that cannot be: named entries without a mask, or defaults of a file.
    Acl,
    /// A lease or an expiry of a directory.
    NoFile,
    /// An expiry in the list of those due that the file does not have.
    ExpiryOfNothing,
    /// An expiry that is not in the list of those due.
    ExpiryUnlisted,
    /// Unpublished bytes of no file, or that do not follow its published ones.
    SpoolOfNothing,
    /// Unpublished bytes that are not there.
    SpoolGone,
    /// A removed directory that has no row, or that a name leads to.
    DetachedNothing,
    /// A row of the trash for something that is not in it.
    TrashOfNothing,
    /// Something in the trash that nobody can find there.
    TrashUnlisted,
    /// A place in the order of jobs for no job, or a second one for the same.
    OrderOfNothing,
    /// A job that is not in the order of jobs.
    JobUnlisted,
    /// A job whose state, result and history contradict each other.
    JobState,
    /// An unfinished job without its script.
    ScriptGone,
    /// A script of no job.
    ScriptOfNothing,
    /// A row of a catalog for what is in something that is not there.
    CatalogOfNothing,
    /// A directory that differs from its rows, though it was compared and has not changed since.
    Unnoticed,
}

impl Problem {
    /// How bad it is.
    pub fn severity(self) -> Severity {
        match self {
            Self::OpenPlan
            | Self::OpenAppend
            | Self::SpoolLeftover
            | Self::SpillLeftover
            | Self::TrashLeftover
            | Self::Discarded
            | Self::Detached => Severity::Unfinished,
            Self::Unknown
            | Self::Edited
            | Self::Gone
            | Self::OtherKind
            | Self::Skipped
            | Self::FolderOfNoJob => Severity::Foreign,
            _ => Severity::Damage,
        }
    }

    /// What to do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Self::OpenPlan
            | Self::OpenAppend
            | Self::SpoolLeftover
            | Self::SpillLeftover
            | Self::TrashLeftover => "nothing: the lake settles it when it is served again",
            Self::FolderOfNoJob => "delete it if nobody needs what is in it",
            Self::JobState => "do not rely on what the job says of itself; submit it again",
            Self::ScriptGone => "cancel the job, and submit it again",
            Self::Discarded | Self::Detached => "nothing: the lake frees the space by and by",
            Self::Unknown | Self::Edited => {
                "nothing: the lake takes it as it is when somebody asks for it"
            }
            Self::Gone | Self::OtherKind => {
                "put the bytes back before the lake is served, or let it forget the row"
            }
            Self::Skipped => "move it elsewhere, or leave it: the lake does not touch it",
            Self::Rootless => "restore `.lake` from a backup",
            Self::SpoolGone => {
                "repair: what was published stays, and the writer must send the rest again"
            }
            Self::ExpiryUnlisted
            | Self::JobUnlisted
            | Self::Acl
            | Self::NoFile
            | Self::Length
            | Self::Unnoticed
            | Self::ExpiryOfNothing => "repair: it is set right, nothing is lost",
            Self::Nameless => {
                "repair: it gets its name back, or goes if the name is taken; no bytes are removed"
            }
            _ => {
                "repair: the row goes; bytes that it described are taken as files that somebody put there"
            }
        }
    }

    /// The name of the problem for programs.
    pub fn code(self) -> String {
        let mut code = String::new();
        for letter in format!("{self:?}").chars() {
            if letter.is_uppercase() && !code.is_empty() {
                code.push('-');
            }
            code.push(letter.to_ascii_lowercase());
        }
        code
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OpenPlan => "a change was broken off",
            Self::OpenAppend => "an append was broken off",
            Self::SpoolLeftover => "unpublished bytes belong to nobody",
            Self::SpillLeftover => "a job that was broken off left temporary files",
            Self::TrashLeftover => "something in the trash has no row",
            Self::Discarded => "space is yet to be freed",
            Self::Detached => "rows of a removed directory are yet to go",
            Self::Unknown => "the lake has not looked at this yet",
            Self::Edited => "somebody edited this file",
            Self::Gone => "the bytes are gone",
            Self::OtherKind => "the host has a file for a directory or a directory for a file",
            Self::Skipped => "this can be no file of the lake",
            Self::FolderOfNoJob => "the folder of a job belongs to no job",
            Self::Unreadable => "the row cannot be read",
            Self::NameOfNothing => "the name leads to nothing",
            Self::NameOfAnother => "the name leads to a node that has another name",
            Self::NameInNothing => "the name is in no directory",
            Self::Nameless => "no name leads to this row",
            Self::Cycle => "the directory is inside itself",
            Self::Rootless => "the account has no root",
            Self::Length => "the published length is not that of the bytes",
            Self::Acl => "the ACL has named entries without a mask, or is a file's with defaults",
            Self::NoFile => "a directory has a lease or an expiry",
            Self::ExpiryOfNothing => "the list of expiries names a file that does not expire then",
            Self::ExpiryUnlisted => "the list of expiries lacks this file",
            Self::SpoolOfNothing => "unpublished bytes follow no published ones",
            Self::SpoolGone => "unpublished bytes are gone",
            Self::DetachedNothing => "a directory is said to be removed and is not there or named",
            Self::TrashOfNothing => "the trash lists something that is not in it",
            Self::TrashUnlisted => "the trash holds something that it does not list",
            Self::OrderOfNothing => "the order of jobs names no job or one twice",
            Self::JobUnlisted => "the order of jobs lacks this job",
            Self::JobState => "the job's state contradicts its result or its history",
            Self::ScriptGone => "the script of an unfinished job is gone",
            Self::ScriptOfNothing => "the script belongs to no job",
            Self::CatalogOfNothing => "the catalog has no such account, database or schema",
            Self::Unnoticed => "the directory differs from its rows and nobody changed it",
        })
    }
}
