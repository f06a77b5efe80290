//! Runs the public U-SQL scripts in a lake of its own and says what became of each.
//!
//! `cargo xtask usql-corpus DIR`; DIR is what `usql_corpus.py` builds.

mod expectations;
mod folder;
mod lake;
mod manifest;
mod outcome;
mod page;
mod printed;
mod report;

use std::path::PathBuf;

use adla_jobs::JobResult;
use anyhow::{Context as _, Result, bail};

use expectations::Expectations;
use lake::Lake;
use manifest::{Script, Scripts};
use outcome::Outcome;
use printed::Printed;
use report::Report;

const USAGE: &str =
    "usql-corpus corpus DIR [--filter TEXT] [--lines] [--write] | folder SCRIPTS DATA OUT";

/// What the command line asks for.
struct Options {
    corpus: PathBuf,
    /// Only scripts with this text in their name or one of their features.
    filter: String,
    /// Whether every script is named with its outcome.
    lines: bool,
    /// Whether the page of the documentation is written; otherwise it has to be as it would be.
    write: bool,
}

impl Options {
    fn parse(mut words: impl Iterator<Item = String>) -> Result<Self> {
        let mut options = Self {
            corpus: words.next().context(USAGE)?.into(),
            filter: String::new(),
            lines: false,
            write: false,
        };
        while let Some(word) = words.next() {
            match word.as_str() {
                "--filter" => options.filter = words.next().context(USAGE)?,
                "--lines" => options.lines = true,
                "--write" => options.write = true,
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

/// What is known beforehand, and the page that is written, below the repository: where `cargo xtask` runs programs.
const EXPECTATIONS: &str = "tests/usql-corpus/expectations.toml";
const PRINTED: &str = "tests/usql-corpus/printed.toml";
const PAGE: &str = "docs/reference/conformance.md";

async fn judge(options: &Options) -> Result<()> {
    let expectations = Expectations::read(EXPECTATIONS.as_ref())?;
    let scripts = manifest::read(&options.corpus, &options.filter)?;
    let mut lake = Lake::over(&options.corpus.join("data")).await?;
    let report = run(options, &mut lake, &scripts, &expectations).await?;
    if options.lines {
        say(&report.lines());
    }
    say(&report.misses());
    say(&report.groups());
    let mut problems = report.faults();
    if options.filter.is_empty() {
        let printed = Printed::read(PRINTED.as_ref())?;
        let printed = printed
            .compare(&mut lake, &options.corpus, scripts.rows())
            .await?;
        say(&printed.page());
        problems.extend_from_slice(&printed.faults);
        problems.extend(report.shortfalls(&expectations.floors));
        let section = format!("{}\n{}{}", report.groups(), printed.page(), report.misses());
        problems.extend(page::settle(PAGE.as_ref(), &section, options.write)?);
    }
    if problems.is_empty() {
        return Ok(());
    }
    bail!("{} problems:\n  {}", problems.len(), problems.join("\n  "));
}

/// Runs the scripts: in `lake` those that touch files only, in a lake of its own each that needs others or changes the
/// catalog.
async fn run(
    options: &Options,
    lake: &mut Lake,
    scripts: &Scripts,
    expectations: &Expectations,
) -> Result<Report> {
    let read = |script: &Script| {
        let path = options.corpus.join(&script.file);
        std::fs::read_to_string(path).with_context(|| script.file.clone())
    };
    let mut report = Vec::new();
    for script in scripts.chosen() {
        let text = read(script)?;
        let mut needs_all = true;
        let job = if script.is_alone() {
            let lake = Lake::over(&options.corpus.join("data")).await?;
            for need in scripts.before(script) {
                let job = lake.run(need.name(), &read(need)?).await?;
                needs_all &= job.is_some_and(|job| job.result() == Some(&JobResult::Succeeded));
            }
            lake.run(script.name(), &text).await?
        } else {
            let job = lake.run(script.name(), &text).await?;
            let written = lake.written()?;
            lake.settle(written.keys().map(String::as_str)).await?;
            job
        };
        let outcome = Outcome::of(script, job.as_ref(), needs_all, expectations);
        report.push((script.clone(), outcome));
    }
    Ok(Report(report))
}

#[expect(clippy::print_stdout, reason = "a chore speaks on standard output")]
fn say(text: &str) {
    println!("{text}");
}
