//! Repository chores: `cargo xtask <command>`.
//!
//! One file a command. A check names what is wrong and where, and exits with 1.

use std::process::ExitCode;

use anyhow::{Result, bail};

mod arrows;
mod budget;
mod features;
mod fuzz;
mod gen_data;
mod interop;
mod package;
mod shell;
mod test;
mod tidy;
mod usql_corpus;
mod usql_hostile;

const HELP: &str = "\
cargo xtask <command>

  test                  every test of the workspace: unit, conformance, whole-program, examples
  arrows                crates depend on each other only as ARCHITECTURE.md says
  budget [--write]      package counts of the SDK crates against xtask/budget.toml
  features              each light crate compiles as a user may pick it
  tidy                  what fmt and clippy do not see: files, docs, decisions
  package               every published crate can be packaged
  gen-data --rows N [--seed S] [--out FILE]
                        a SearchLog-like TSV, the same for the same seed
  interop browser       people sign in at `adl serve` with Chromium, through old libraries and ours
  interop gen1 [--java-sdk DIR] [WORD]
                        unmodified clients of Data Lake Store and their own tests against `adl serve`: Python's,
                        Java's (whose tests are in a clone), Hadoop's and Spark's; WORD chooses suites by name
  interop identity      unmodified adal, msal and azure-identity sign in at `adl serve`,
                        our credentials at the npm package oidc-provider, and beside
                        Python's azure-identity in the same surroundings
  interop keyring       tokens sealed with a key in gnome-keyring
  interop main-job      an unmodified Python program runs the main job against `adl serve`
  interop replay --recordings DIR --tools DIR
                        replays recorded traffic of the real services against `adl serve`
  interop usql          U-SQL scripts give what DuckDB computes from their equivalents
  interop ws-trust --fixtures DIR
                        documents of federation servers, as peers read them and as we do
  usql-corpus DIR [--filter TEXT] [--lines] [--write]
                        the public U-SQL scripts that usql_corpus.py lays out in DIR, run in a lake of their own;
                        docs/reference/conformance.md has to say what comes out, or is written
  usql-hostile DIR [MUTATIONS [SEED]]
                        every prefix of the U-SQL scripts below DIR, so many changes of one character, and scripts
                        that are nested 100,000 deep or 10 MB long, through lexer, parser, formatter and checker
  fuzz [NAME] [SECONDS] every fuzz target, or this one, for a minute or so long";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            shell::complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[&str]) -> Result<()> {
    match args {
        ["test", rest @ ..] => test::run(rest),
        ["arrows"] => arrows::check(),
        ["budget"] => budget::check(),
        ["budget", "--write"] => budget::write(),
        ["features"] => features::check(),
        ["tidy"] => tidy::check(),
        ["package"] => package::check(),
        ["gen-data", rest @ ..] => gen_data::run(rest),
        ["interop", rest @ ..] => interop::run(rest),
        ["usql-corpus", rest @ ..] => usql_corpus::run(rest),
        ["usql-hostile", rest @ ..] => usql_hostile::run(rest),
        ["fuzz"] => fuzz::run(None, "60"),
        ["fuzz", name] => fuzz::run(Some(name), "60"),
        ["fuzz", name, seconds] => fuzz::run(Some(name), seconds),
        [] | ["help" | "--help" | "-h"] => {
            shell::say(HELP);
            Ok(())
        }
        [other, ..] => bail!("no command `{other}`\n\n{HELP}"),
    }
}
