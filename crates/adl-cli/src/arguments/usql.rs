//! What a person types to work with U-SQL scripts on this machine, without a server.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::memory;

/// `adl usql ...`
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  adl usql check report.usql                        what is wrong with a script, under its lines
  adl usql check --json *.usql                      the same for a program
  adl usql run report.usql --root data              run it over the folder ./data
  adl usql run report.usql --param day=2012-02-16   with a value for DECLARE EXTERNAL @day
  adl usql run report.usql --memory                 print the outputs and write nothing
  adl usql explain report.usql --analyze            how it is computed, and where the time goes

The files of a script are those of the folder --root, by default the one you are in: \"/in/log.tsv\" and \"in/log.tsv\"
are both DIR/in/log.tsv, in any account. If the folder is the root of a served lake, they are the files of its accounts.
What a script makes in the catalog is there for that script only, as in a new account; a served lake keeps it.

A script that does not compile, or fails when it runs, ends with exit code 5.")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Usql,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Usql {
    /// Check scripts without running them; every error and warning is drawn under the line that it is about.
    ///
    /// The inputs that a script names have to be in the folder, since they decide what it means.
    /// With --json: an array of objects with file, severity, code, message, description, resolution, line, column,
    /// start and end; positions count characters as .NET does.
    Check {
        /// The scripts' files; `-` reads standard input.
        #[arg(required = true, value_name = "FILE")]
        scripts: Vec<PathBuf>,
        #[command(flatten)]
        parameters: Parameters,
    },
    /// Run a script over a folder; its outputs appear together when all is done, or not at all.
    ///
    /// Ctrl-C stops the run and leaves nothing behind. If the run is killed, the next `adl usql` over the folder removes
    /// what it had begun, or gives all outputs their names if it had begun to do that.
    ///
    /// With --json: an object with seconds, peakMemory, bytesSpilled, outputs (path, rows, bytes, seconds), and inputs:
    /// what each EXTRACT read (paths, foldersListed, namesListed, filesMatched, filesPruned, filesRead, rows, bytes).
    Run {
        /// The script's file; `-` reads standard input.
        #[arg(value_name = "FILE")]
        script: PathBuf,
        #[command(flatten)]
        parameters: Parameters,
        /// Keep the outputs in memory and print them, instead of writing files.
        #[arg(long)]
        memory: bool,
        #[command(flatten)]
        limits: Limits,
    },
    /// Show the checked plan of a script: each output as a tree of the rowsets that it is made of.
    ///
    /// Below the tree it says of each file set how many files are read and how many are pruned.
    Explain {
        /// The script's file; `-` reads standard input.
        #[arg(value_name = "FILE")]
        script: PathBuf,
        #[command(flatten)]
        parameters: Parameters,
        /// Run the script, keep nothing of what it writes, and show rows and time of each operator.
        #[arg(long)]
        analyze: bool,
        #[command(flatten)]
        limits: Limits,
    },
}

/// How much of the machine a run may use.
#[derive(Args, Debug)]
pub(crate) struct Limits {
    /// How much memory sorts, joins and groups may hold; what is more goes to temporary files, or fails where it cannot.
    /// By default half of the machine's.
    #[arg(long, value_name = "SIZE", value_parser = memory::bytes)]
    pub(crate) memory_limit: Option<u64>,
}

/// Values for the script's parameters.
#[derive(Args, Debug)]
pub(crate) struct Parameters {
    /// A value for DECLARE EXTERNAL @NAME, instead of its default. Text is given as it is, without quotes; `null` is no
    /// value.
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parameter)]
    pub(crate) values: Vec<(String, String)>,
}

/// `name=value`, with or without `@`.
fn parameter(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim_start_matches('@').is_empty() => {
            Ok((name.trim_start_matches('@').to_owned(), value.to_owned()))
        }
        _ => Err("write NAME=VALUE".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::parameter;

    #[test]
    fn a_parameter_is_a_name_and_whatever_is_behind_the_first_equals_sign() {
        let given = |text| parameter(text).ok();
        let pair = |name: &str, value: &str| Some((name.to_owned(), value.to_owned()));
        assert_eq!(given("day=2012-02-16"), pair("day", "2012-02-16"));
        assert_eq!(given("@where=a=b"), pair("where", "a=b"));
        assert_eq!(given("empty="), pair("empty", ""));
        assert_eq!(
            (given("day"), given("=1"), given("@=1")),
            (None, None, None)
        );
    }
}
