//! Runs the public U-SQL scripts in a lake of its own and says what became of each.
//!
//! `cargo xtask usql-corpus DIR`; DIR is what `usql_corpus.py` builds.

mod expectations;
mod folder;
mod lake;
mod manifest;
mod outcome;
mod report;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use expectations::Expectations;
use lake::Lake;
use outcome::Outcome;
use report::Report;

const USAGE: &str = "usql-corpus corpus DIR [--filter TEXT] [--lines] | folder SCRIPTS DATA OUT";

/// What the command line asks for.
struct Options {
    corpus: PathBuf,
    /// Only scripts with this text in their name or one of their features.
    filter: String,
    /// Whether every script is named with its outcome.
    lines: bool,
}

impl Options {
    fn parse(mut words: impl Iterator<Item = String>) -> Result<Self> {
        let mut options = Self {
            corpus: words.next().context(USAGE)?.into(),
            filter: String::new(),
            lines: false,
        };
        while let Some(word) = words.next() {
            match word.as_str() {
                "--filter" => options.filter = words.next().context(USAGE)?,
                "--lines" => options.lines = true,
                _ => bail!(USAGE),
            }
        }
        Ok(options)
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (command, words) = words.split_first().context(USAGE)?;
    match (command.as_str(), words) {
        ("corpus", words) => judge(&Options::parse(words.iter().cloned())?).await,
        ("folder", [scripts, data, out]) => {
            folder::run(scripts.as_ref(), data.as_ref(), out.as_ref()).await
        }
        _ => bail!(USAGE),
    }
}

async fn judge(options: &Options) -> Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let expectations = Expectations::read(&here.join("expectations.toml"))?;
    let report = run(options, &expectations).await?;
    if options.lines {
        say(&report.lines());
    }
    say(&report.refusals());
    say(&report.groups());
    let mut problems = report.faults();
    if options.filter.is_empty() {
        problems.extend(report.shortfalls(&expectations.floors));
    }
    if problems.is_empty() {
        return Ok(());
    }
    bail!("{} problems:\n  {}", problems.len(), problems.join("\n  "));
}

async fn run(options: &Options, expectations: &Expectations) -> Result<Report> {
    let scripts = manifest::read(&options.corpus, &options.filter)?;
    let needed: BTreeSet<String> = scripts
        .iter()
        .flat_map(|script| script.needs.iter().cloned())
        .collect();
    let mut lake = Lake::over(&options.corpus.join("data")).await?;
    let mut ran: BTreeSet<String> = BTreeSet::new();
    let mut report = Vec::new();
    for script in scripts {
        let text = std::fs::read_to_string(options.corpus.join(&script.file))
            .with_context(|| script.file.clone())?;
        let job = lake.run(script.name(), &text).await?;
        let needs_all = script.needs.iter().all(|need| ran.contains(need));
        let outcome = Outcome::of(&script, job.as_ref(), needs_all, expectations);
        if matches!(outcome, Outcome::Ran) {
            ran.insert(script.file.clone());
        }
        let written = lake.written()?;
        let paths = written.keys().map(String::as_str).collect();
        lake.settle(paths, needed.contains(&script.file)).await?;
        report.push((script, outcome));
    }
    Ok(Report(report))
}

#[expect(clippy::print_stdout, reason = "a chore speaks on standard output")]
fn say(text: &str) {
    println!("{text}");
}
