//! What a person types to find and restore what was deleted.

use adls_fs::LakePath;
use clap::{Args, Subcommand};

/// `adl fs trash ...`
#[derive(Debug, Subcommand)]
pub(crate) enum TrashCommand {
    /// List what was deleted and can be restored.
    Ls {
        /// What its path has in it. The more of it, the sooner it is found.
        hint: String,
        /// At most so many.
        #[arg(long, value_name = "N")]
        limit: Option<usize>,
    },
    /// Bring a file or folder back.
    Restore(Restore),
}

#[derive(Args, Debug)]
pub(crate) struct Restore {
    /// Where it was.
    pub(crate) path: LakePath,
    /// Which of several that were there, as `adl fs trash ls` names them.
    #[arg(long)]
    pub(crate) token: Option<String>,
    /// Bring it here instead.
    #[arg(long, value_name = "PATH")]
    pub(crate) to: Option<LakePath>,
    /// Replace a file that is there.
    #[arg(long, conflicts_with = "copy")]
    pub(crate) overwrite: bool,
    /// If something is there, bring it beside that, under a name that the store chooses.
    #[arg(long)]
    pub(crate) copy: bool,
}
