//! What a person types to move files between this machine and the lake.

use std::path::PathBuf;

use adls_fs::Glob;
use adls_fs::transfer::{Overwrite, TransferOptions, Verify};
use clap::{Args, ValueEnum};

/// Options of `adl fs put`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  adl fs put results.csv /data/              one file into a folder
  adl fs put logs /backup/logs --overwrite=if-different --journal logs.journal
  adl fs put 'logs/**/*.gz' /backup          what matches, at its path from `logs`
  producer | adl fs put - /data/stream.csv

A file appears under its name when it is whole. Ctrl-C stops; with --journal, the same command goes on from there.")]
pub(crate) struct Put {
    /// Files, folders or patterns of this machine; `-` reads standard input.
    #[arg(required = true, value_name = "LOCAL")]
    pub(crate) sources: Vec<PathBuf>,
    /// The file or folder in the lake. What is in a folder goes into it; with a slash at its end, or for several
    /// sources, each goes into it by its name.
    #[arg(value_name = "REMOTE")]
    pub(crate) target: String,
    /// Never split a record that ends with this over appends, such as '\n'.
    #[arg(long, value_name = "TEXT")]
    pub(crate) delimiter: Option<String>,
    #[command(flatten)]
    pub(crate) how: How,
}

/// Options of `adl fs get`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  adl fs get /data/results.csv               into the current folder
  adl fs get /data ./data --overwrite=if-different --journal data.journal
  adl fs get '/logs/**/*.csv' ./csv          what matches, at its path from `/logs`
  adl fs get /data/results.csv - | head

A file appears under its name when it is whole. Ctrl-C stops; with --journal, the same command goes on from there.")]
pub(crate) struct Get {
    /// Files, folders or patterns of the lake, and behind them, if there is more than one path, the file or folder of
    /// this machine: `-` writes to standard output, and with a slash at its end each goes into it by its name.
    #[arg(required = true, value_name = "REMOTE")]
    pub(crate) paths: Vec<String>,
    #[command(flatten)]
    pub(crate) how: How,
}

/// What both have in common.
#[derive(Args, Debug)]
pub(crate) struct How {
    /// Replace what is there.
    #[arg(long, value_name = "WHEN", value_enum, num_args = 0..=1, require_equals = true,
        default_missing_value = "always", default_value = "fail")]
    pub(crate) overwrite: When,
    /// Read everything back and compare it, besides its length.
    #[arg(long)]
    verify: bool,
    /// Only files of this name or path; may be given often.
    #[arg(long, value_name = "PATTERN")]
    include: Vec<Glob>,
    /// No files or folders of this name or path; may be given often.
    #[arg(long, value_name = "PATTERN")]
    exclude: Vec<Glob>,
    /// Only say what would be done.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Keep what was done in this file, and go on from there if it is there.
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,
    /// The most requests at once.
    #[arg(long, value_name = "N", default_value_t = 64)]
    concurrency: usize,
    /// Stop at the first file that fails.
    #[arg(long)]
    fail_fast: bool,
}

/// When to replace what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// Never; it is an error.
    Fail,
    /// Never; the file is left out.
    Never,
    /// Always.
    Always,
    /// If its length is another or the source is newer.
    IfDifferent,
    /// If the source is newer.
    IfNewer,
}

impl How {
    pub(crate) fn options(&self) -> TransferOptions {
        let options = TransferOptions::default()
            .with_overwrite(match self.overwrite {
                When::Fail => Overwrite::Fail,
                When::Never => Overwrite::Never,
                When::Always => Overwrite::Always,
                When::IfDifferent => Overwrite::IfDifferent,
                When::IfNewer => Overwrite::IfNewer,
            })
            .with_verify(if self.verify {
                Verify::Content
            } else {
                Verify::Length
            })
            .with_dry_run(self.dry_run)
            .with_concurrency(self.concurrency)
            .with_stop_at_failure(self.fail_fast);
        let options = match &self.journal {
            Some(journal) => options.with_journal(journal),
            None => options,
        };
        let options = self
            .include
            .iter()
            .cloned()
            .fold(options, TransferOptions::include);
        self.exclude
            .iter()
            .cloned()
            .fold(options, TransferOptions::exclude)
    }
}
