//! What a person typed. Nothing here has looked at the world yet.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::memory;

pub(crate) mod fs;
mod sign_in;
pub(crate) mod usql;

pub(crate) use sign_in::{Account, Login, Logout};

/// A whole data lake on this machine, and a client for it.
#[derive(Debug, Parser)]
#[command(
    name = "adl",
    version,
    arg_required_else_help = true,
    after_help = "\
Which lake a command talks to, and as whom; `adl account show` tells:
  1. the lake of --root (or ADL_ROOT), a folder that `adl serve` serves;
  2. else, if AZURE_TENANT_ID is set, the cloud, as whom the AZURE_* variables name;
  3. else where `adl login` signed in, as who signed in;
  4. else the lake of ./lake.
At a local lake, a command runs as who signed in to that lake, or else as the lake's own client.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 not signed in or not allowed,
5 the job or script did not succeed, 130 interrupted."
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options that every command takes.
#[derive(Args, Debug)]
pub(crate) struct Global {
    /// The folder of a local lake.
    #[arg(long, global = true, env = "ADL_ROOT", value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,
    /// How to print results.
    #[arg(long, global = true, value_enum, default_value_t = Format::Table)]
    output: Format,
    /// Print results for programs: the same as --output=json.
    #[arg(long, global = true, conflicts_with = "output")]
    json: bool,
    /// Say more on standard error; twice for every request.
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

impl Global {
    pub(crate) fn format(&self) -> Format {
        match self.json {
            true => Format::Json,
            false => self.output,
        }
    }
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Table,
    /// For programs.
    Json,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve a data lake: AAD, Data Lake Analytics and Data Lake Store on one port.
    Serve(Serve),
    /// Print the variables that point unmodified programs at a served lake.
    #[command(after_help = "Example: eval \"$(adl env)\"")]
    Env {
        /// For which shell.
        #[arg(long, value_enum, default_value_t = Shell::Sh)]
        shell: Shell,
    },
    /// Check a lake that nobody serves: whether its database and its folder agree.
    ///
    /// Prints what it finds and what to do about it: damage, what somebody changed in the folder (the lake goes by what
    /// is there), and what was broken off (the lake settles it when it is served). Fails if there is damage.
    Fsck(Fsck),
    /// U-SQL jobs.
    #[command(subcommand)]
    Job(Job),
    /// Files of the store.
    Fs(fs::Arguments),
    /// U-SQL scripts on this machine, without a server: check, run, explain.
    Usql(usql::Arguments),
    /// Sign in, so that later commands run as that person or application.
    Login(Login),
    /// Sign out, and forget the tokens.
    Logout(Logout),
    /// Who is signed in.
    #[command(subcommand)]
    Account(Account),
}

/// Options of `adl serve`.
#[derive(Args, Debug)]
pub(crate) struct Serve {
    /// Port for http and the CONNECT proxy; 0 for a free one.
    #[arg(long, default_value_t = 7170, value_name = "N")]
    pub(crate) port: u16,
    /// Port for https; 0 for a free one.
    #[arg(long, default_value_t = 7171, value_name = "N")]
    pub(crate) https_port: u16,
    /// Address to listen on. Anything but loopback lets others reach the lake.
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDRESS")]
    pub(crate) listen: IpAddr,
    /// What an acknowledged write survives: the death of the process, or a power loss.
    #[arg(long, value_enum, default_value_t = Durability::Process)]
    pub(crate) durability: Durability,
    /// How long what was deleted can be restored: a number with d, h, m or s, or 0 to keep nothing.
    #[arg(long, default_value = "1d", value_name = "TIME", value_parser = time_span)]
    pub(crate) trash_retention: Duration,
    /// How many jobs run at a time; by default one for each core, but at least 3 and at most 20.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) running_jobs: Option<u16>,
    /// How many more jobs may wait for their turn; further ones are refused with 429.
    #[arg(long, value_name = "N")]
    pub(crate) queued_jobs: Option<u16>,
    /// How much memory the sorts, joins and groups of all running jobs may hold together; each has an equal part, and
    /// spills below DIR/.lake/spill beyond it. By default half of the machine's.
    #[arg(long, value_name = "SIZE", value_parser = memory::bytes)]
    pub(crate) memory: Option<u64>,
    /// Let requests in without a token.
    #[arg(long)]
    pub(crate) insecure_no_auth: bool,
    /// Give whoever reaches the lake a token of its ordinary client, as a virtual machine does: for programs that sign
    /// in with a managed identity.
    #[arg(long)]
    pub(crate) instance_metadata: bool,
    /// Who can sign in, instead of DIR/.lake/directory.toml, which explains itself.
    #[arg(long, value_name = "FILE")]
    pub(crate) directory: Option<PathBuf>,
    /// Print secrets instead of masking them.
    #[arg(long)]
    pub(crate) show_secrets: bool,
}

/// Options of `adl fsck`.
#[derive(Args, Debug)]
pub(crate) struct Fsck {
    /// Settle what was broken off, and repair what can be repaired without a guess. No bytes are removed.
    #[arg(long)]
    pub(crate) repair: bool,
}

/// What an acknowledged write survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Durability {
    /// The death of the process, kill -9 included.
    Process,
    /// A power loss too; slower.
    Power,
}

/// A shell's way to set a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shell {
    /// sh, bash, zsh
    Sh,
    /// fish
    Fish,
    /// PowerShell
    Powershell,
    /// cmd.exe
    Cmd,
}

/// Where jobs run.
#[derive(Args, Debug)]
pub(crate) struct AnalyticsAccount {
    /// The Data Lake Analytics account; the local lake knows its own.
    #[arg(long, env = "ADL_ANALYTICS_ACCOUNT", value_name = "NAME")]
    pub(crate) account: Option<String>,
}

/// `adl job ...`
#[derive(Debug, Subcommand)]
pub(crate) enum Job {
    /// Submit a U-SQL script.
    Submit {
        #[command(flatten)]
        account: AnalyticsAccount,
        /// The script's file; `-` reads standard input.
        script: PathBuf,
        /// The job's name; the file's name by default.
        #[arg(long)]
        name: Option<String>,
        /// How many analytics units to use.
        #[arg(long, default_value_t = 1, value_name = "N")]
        degree_of_parallelism: u32,
        /// The lower, the sooner.
        #[arg(long, default_value_t = 1000, value_name = "N")]
        priority: i32,
        /// Wait for the job to end, showing each state.
        #[arg(long)]
        wait: bool,
    },
    /// Compile a U-SQL script without running it.
    Build {
        #[command(flatten)]
        account: AnalyticsAccount,
        /// The script's file; `-` reads standard input.
        script: PathBuf,
    },
    /// Show one job.
    Show {
        #[command(flatten)]
        account: AnalyticsAccount,
        /// The job's id.
        id: uuid::Uuid,
    },
    /// List jobs, newest first.
    List {
        #[command(flatten)]
        account: AnalyticsAccount,
        /// Only jobs with this name.
        #[arg(long)]
        name: Option<String>,
        /// Only jobs in this state, such as Running.
        #[arg(long)]
        state: Option<String>,
        /// Only jobs with this result, such as Failed.
        #[arg(long)]
        result: Option<String>,
        /// At most so many.
        #[arg(long, default_value_t = 100, value_name = "N")]
        top: usize,
    },
    /// Wait for a job to end, showing each state.
    Wait {
        #[command(flatten)]
        account: AnalyticsAccount,
        /// The job's id.
        id: uuid::Uuid,
    },
    /// Cancel a job.
    Cancel {
        #[command(flatten)]
        account: AnalyticsAccount,
        /// The job's id.
        id: uuid::Uuid,
    },
}
/// A span of time: `7d`, `12h`, `30m`, `45s` or `0`.
fn time_span(text: &str) -> Result<Duration, String> {
    let split = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let seconds = match unit {
        "d" => 24 * 60 * 60,
        "h" => 60 * 60,
        "m" => 60,
        "s" => 1,
        "" if number == "0" => 0,
        _ => return Err("use a number with d, h, m or s, such as 7d".to_owned()),
    };
    let number: u32 = number
        .parse()
        .map_err(|_| "the number is too large or missing")?;
    Ok(Duration::from_secs(u64::from(number) * seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_span_is_a_number_and_a_unit() {
        let seconds = |text| time_span(text).map(|span| span.as_secs()).ok();
        assert_eq!(seconds("7d"), Some(7 * 86400));
        assert_eq!(
            (seconds("2h"), seconds("3m"), seconds("4s")),
            (Some(7200), Some(180), Some(4))
        );
        assert_eq!((seconds("0"), seconds("0d")), (Some(0), Some(0)));
        for wrong in ["", "7", "d", "-1d", "1w", "1d2h", "99999999999d", "1.5h"] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }
}
