//! What a person types to move files between this machine and the lake.

use std::path::PathBuf;

use clap::Args;

#[derive(Args, Debug)]
pub(crate) struct Put {
    /// The local file; `-` reads standard input.
    pub(crate) source: PathBuf,
    /// The file in the lake.
    pub(crate) path: String,
    /// Replace the file if there is one.
    #[arg(long)]
    pub(crate) overwrite: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Get {
    /// The file in the lake.
    pub(crate) path: String,
    /// The local file; the same name in the current folder by default.
    pub(crate) target: Option<PathBuf>,
    /// Replace the local file if there is one.
    #[arg(long)]
    pub(crate) overwrite: bool,
}
