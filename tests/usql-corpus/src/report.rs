//! The tables that a run prints.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::expectations::Floors;
use crate::manifest::{Expected, Script};
use crate::outcome::Outcome;

/// All scripts with what became of them.
pub(crate) struct Report(pub(crate) Vec<(Script, Outcome)>);

/// A group of scripts that the goals speak of.
struct Group {
    name: &'static str,
    holds: fn(&Script) -> bool,
}

const GROUPS: [Group; 4] = [
    Group {
        name: "whole, self-contained examples of the reference",
        holds: Script::is_reference_example,
    },
    Group {
        name: "sample files that are expected to succeed",
        holds: Script::is_good_sample,
    },
    Group {
        name: "whatever is meant to fail",
        holds: |script| script.expected == Expected::Fail,
    },
    Group {
        name: "all whole scripts",
        holds: |_| true,
    },
];

impl Report {
    fn count(&self, group: &Group, wanted: fn(&Outcome) -> bool) -> usize {
        let all = self.0.iter();
        all.filter(|(script, outcome)| (group.holds)(script) && wanted(outcome))
            .count()
    }

    /// The groups in a Markdown table.
    pub(crate) fn groups(&self) -> String {
        let mut table = String::from(
            "| scripts | all | ran | failed as meant | refused | explained | input is lost | wrong |\n\
             |---|---|---|---|---|---|---|---|\n",
        );
        let kinds: [fn(&Outcome) -> bool; 7] = [
            |_| true,
            |outcome| matches!(outcome, Outcome::Ran),
            |outcome| matches!(outcome, Outcome::FailedAsMeant),
            |outcome| matches!(outcome, Outcome::Refused(_)),
            |outcome| matches!(outcome, Outcome::Explained),
            |outcome| matches!(outcome, Outcome::LacksInput),
            |outcome| matches!(outcome, Outcome::Wrong(_)),
        ];
        for group in &GROUPS {
            let cells = kinds.map(|kind| self.count(group, kind).to_string());
            writeln!(table, "| {} | {} |", group.name, cells.join(" | ")).expect("a string grows");
        }
        table
    }

    /// Why scripts are refused, most first, in a Markdown table.
    pub(crate) fn refusals(&self) -> String {
        let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
        for (_, outcome) in &self.0 {
            if let Outcome::Refused(message) = outcome {
                *reasons.entry(nameless(message)).or_default() += 1;
            }
        }
        let mut reasons: Vec<_> = reasons.into_iter().collect();
        reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let mut table = String::from("| refused for | scripts |\n|---|---|\n");
        for (reason, count) in reasons {
            writeln!(table, "| {reason} | {count} |").expect("a string grows");
        }
        table
    }

    /// A line for each script.
    pub(crate) fn lines(&self) -> String {
        let mut lines = String::new();
        for (script, outcome) in &self.0 {
            writeln!(lines, "{}\t{outcome:?}", script.file).expect("a string grows");
        }
        lines
    }

    /// What came out wrong.
    pub(crate) fn faults(&self) -> Vec<String> {
        let faults = self.0.iter().filter_map(|(script, outcome)| match outcome {
            Outcome::Wrong(what) => Some(format!("{}: {what}", script.file)),
            _ => None,
        });
        faults.collect()
    }

    /// Groups of which fewer scripts came out right than should.
    pub(crate) fn shortfalls(&self, floors: &Floors) -> Vec<String> {
        let [reference, samples, fail, all] = &GROUPS;
        let ran: fn(&Outcome) -> bool = |outcome| matches!(outcome, Outcome::Ran);
        let failed: fn(&Outcome) -> bool = |outcome| matches!(outcome, Outcome::FailedAsMeant);
        let floors = [
            (reference, ran, floors.reference_examples),
            (samples, ran, floors.good_samples),
            (fail, failed, floors.meant_to_fail),
            (all, ran, floors.all),
        ];
        let short = floors.into_iter().filter_map(|(group, kind, floor)| {
            let count = self.count(group, kind);
            let name = group.name;
            (count < floor).then(|| format!("{name}: {count} where {floor} should be"))
        });
        short.collect()
    }
}

/// A message with its names taken out, so that like counts with like.
fn nameless(message: &str) -> String {
    let mut text = String::new();
    for (position, part) in message.split('\'').enumerate() {
        text.push_str(if position % 2 == 0 { part } else { "…" });
    }
    text
}
