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
            |outcome| matches!(outcome, Outcome::Explained(_)),
            |outcome| matches!(outcome, Outcome::LacksInput),
            |outcome| matches!(outcome, Outcome::Wrong(_)),
        ];
        for group in &GROUPS {
            let cells = kinds.map(|kind| self.count(group, kind).to_string());
            writeln!(table, "| {} | {} |", group.name, cells.join(" | ")).expect("a string grows");
        }
        table
    }

    /// Why scripts did not run, most first, in Markdown lists.
    pub(crate) fn misses(&self) -> String {
        let kinds: [(&str, Reason); 4] = [
            (
                "Refused, by the first thing that is not supported",
                |outcome| {
                    let Outcome::Refused(message) = outcome else {
                        return None;
                    };
                    let reason = nameless(message);
                    let short = reason.strip_suffix(" is not supported.");
                    Some(short.unwrap_or(&reason).to_owned())
                },
            ),
            ("Failed, and rightly", |outcome| match outcome {
                Outcome::Explained(why) => Some(why.clone()),
                _ => None,
            }),
            ("Reads what nobody has any more", |outcome| {
                matches!(outcome, Outcome::LacksInput).then(String::new)
            }),
            ("Wrong", |outcome| match outcome {
                Outcome::Wrong(what) => Some(what.clone()),
                _ => None,
            }),
        ];
        let mut page = String::new();
        for (title, reason) in kinds {
            page += &self.list(title, reason);
        }
        page
    }

    /// The scripts that have a reason, by reason.
    fn list(&self, title: &str, reason: Reason) -> String {
        let mut reasons: BTreeMap<String, Vec<&Script>> = BTreeMap::new();
        for (script, outcome) in &self.0 {
            if let Some(reason) = reason(outcome) {
                reasons.entry(reason).or_default().push(script);
            }
        }
        if reasons.is_empty() {
            return String::new();
        }
        let mut reasons: Vec<_> = reasons.into_iter().collect();
        reasons.sort_by_key(|(_, scripts)| std::cmp::Reverse(scripts.len()));
        let mut list = format!("\n{title}:\n\n");
        for (reason, scripts) in reasons {
            let places = places(&scripts);
            let colon = if reason.is_empty() { "" } else { ": " };
            writeln!(list, "- **{}** {reason}{colon}{places}", scripts.len())
                .expect("a string grows");
        }
        list
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

/// Why a script did not run, if it is of one kind.
type Reason = fn(&Outcome) -> Option<String>;

/// Scripts by the folder or page that they are from.
fn places(scripts: &[&Script]) -> String {
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (folder, name) in scripts.iter().map(|script| script.place()) {
        folders.entry(folder).or_default().push(name);
    }
    let folders = folders.iter().map(|(folder, names)| {
        let names = names.join(", ");
        if folder.is_empty() {
            names
        } else {
            format!("`{folder}` {names}")
        }
    });
    folders.collect::<Vec<_>>().join("; ")
}

/// A message with its names taken out, so that like counts with like.
fn nameless(message: &str) -> String {
    let mut text = String::new();
    for (position, part) in message.split('\'').enumerate() {
        text.push_str(if position % 2 == 0 { part } else { "…" });
    }
    text
}
