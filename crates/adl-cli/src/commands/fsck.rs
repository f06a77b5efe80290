//! `adl fsck`: whether a lake's database and its folder agree.

use std::path::Path;

use anyhow::{Context as _, Result};
use lake_store::{Ambient, Finding, Severity, repair, verify};
use serde_json::{Value, json};

use crate::arguments::{Format, Fsck};
use crate::exit::Damaged;
use crate::print::{self, Printer, note};

/// Looks at a lake that nobody serves, and repairs it if that was asked for. Damage that is left is a failure.
pub(crate) fn run(options: &Fsck, root: &Path, printer: &Printer) -> Result<()> {
    let cannot = || format!("cannot check {}", root.display());
    if options.repair {
        let repaired = repair(root, Ambient::system()).with_context(cannot)?;
        for finding in &repaired {
            note(format_args!(
                "repaired: {}: {}",
                finding.place, finding.problem
            ));
        }
    }
    let mut found = verify(root, Ambient::system()).with_context(cannot)?;
    found.sort_by_key(|finding| std::cmp::Reverse(finding.problem.severity()));
    match printer.format() {
        Format::Table if found.is_empty() => print::line("sound")?,
        Format::Table => found.iter().try_for_each(explain)?,
        Format::Json => {
            let findings: Vec<_> = found.iter().map(describe).collect();
            printer.list(&[], &findings)?;
        }
    }
    let damage = |finding: &&Finding| finding.problem.severity() == Severity::Damage;
    match found.iter().filter(damage).count() {
        0 => Ok(()),
        count => Err(Damaged(count).into()),
    }
}

/// Three lines for people.
fn explain(finding: &Finding) -> Result<()> {
    let problem = finding.problem;
    print::text(format_args!(
        "{}: {}\n  {problem}\n  {}",
        problem.severity(),
        finding.place,
        problem.advice()
    ))
}

fn describe(finding: &Finding) -> Value {
    json!({
        "severity": finding.problem.severity().to_string(),
        "problem": finding.problem.code(),
        "place": finding.place,
        "meaning": finding.problem.to_string(),
        "advice": finding.problem.advice(),
        "repairable": finding.can_be_repaired(),
    })
}
