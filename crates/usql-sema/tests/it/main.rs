//! What checking a script says, sentence by sentence.
//!
//! `check(script, expect![..])` prints the plan, its warnings, or the diagnostics of a script.
//! `UPDATE_EXPECT=1 cargo test -p usql-sema` rewrites what is expected.

mod catalog;
mod collections;
mod constants;
mod diagnostics;
mod expressions;
mod file_sets;
mod hostile;
mod operators;
mod queries;
mod routines;
mod statements;
mod well_typed;
mod windows;

use std::{fmt::Write, ops::ControlFlow};

use expect_test::Expect;
use usql_sema::{
    CompileEnvironment, Diagnostic, Entry, FileInfo, LakePath, ListError, Plan, Settings,
    catalog::{Catalog, CatalogError, Definition, Item},
};

/// A lake in which every input is there, except those whose path begins with `/missing`.
pub(crate) struct Lake(pub(crate) Settings);

impl CompileEnvironment for Lake {
    fn file(&self, path: &LakePath) -> Option<FileInfo> {
        let is_there = !path.path().starts_with("/missing");
        let length = if path.path().starts_with("/large") {
            5 << 30
        } else {
            1
        };
        is_there.then(|| FileInfo::of_length(length))
    }

    /// Two files in `/set`, too many in `/many`, and `/broken` cannot be listed.
    fn list(
        &self,
        directory: &LakePath,
        _: &str,
        each: &mut dyn FnMut(Entry<'_>) -> ControlFlow<()>,
    ) -> Result<(), ListError> {
        let count = match directory.path() {
            "/set" => 2,
            "/many" => 1_000_000,
            "/broken" => return Err(ListError::new("the disk is gone")),
            _ => 0,
        };
        for number in 0..count {
            let name = if number == 1 {
                "xx".to_owned()
            } else {
                format!("x{number}")
            };
            if each(Entry::File(&name, FileInfo::of_length(1))).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn settings(&self) -> Settings {
        self.0
    }

    fn catalog(&self) -> &dyn Catalog {
        &BrokenCatalog
    }

    /// Parameters whose names begin with `given` have the rest of their name for their value.
    fn parameter(&self, name: &str) -> Option<String> {
        name.strip_prefix("given_").map(str::to_owned)
    }
}

/// An empty catalog that has lost what is called `Broken`.
struct BrokenCatalog;

impl Catalog for BrokenCatalog {
    fn find(&self, item: &Item) -> Result<Option<Definition>, CatalogError> {
        match item.name() {
            "Broken" => Err(CatalogError::new("the disk is gone")),
            _ => Ok(None),
        }
    }
}

/// Compares what checking a script gives.
#[track_caller]
pub(crate) fn check(script: &str, expected: Expect) {
    check_with(Settings::default(), script, expected);
}

/// As [`check`], with settings.
#[track_caller]
#[expect(
    clippy::needless_pass_by_value,
    reason = "an expectation is written in place"
)]
pub(crate) fn check_with(settings: Settings, script: &str, expected: Expect) {
    expected.assert_eq(&answer(settings, script));
}

/// Compares the columns that a select list makes of `@t`; see [`select_script`].
#[track_caller]
#[expect(
    clippy::needless_pass_by_value,
    reason = "an expectation is written in place"
)]
pub(crate) fn check_select(items: &str, expected: Expect) {
    let script = select_script(items);
    let answer = answer(Settings::default(), &script);
    let interesting: Vec<&str> = answer
        .lines()
        .filter(|line| !line.contains("= extract /t") && !line.starts_with("output"))
        .collect();
    let mut interesting = interesting.join("\n").replace(", ", ",\n");
    interesting.push('\n');
    expected.assert_eq(&interesting);
}

/// A script that selects items of `@t`, which has a column of many a type, nullable and not.
pub(crate) fn select_script(items: &str) -> String {
    format!(
        "@t = EXTRACT b bool, bn bool?, i8 sbyte, u8 byte, i16 short, u16 ushort, i int, n int?, u uint, l long, \
         ln long?, ul ulong, c char, f float, d double, dn double?, m decimal, mn decimal?, s string, s2 string, \
         t DateTime, tn DateTime?, g Guid, x byte[] FROM \"/t\" USING Extractors.Csv();\n\
         @q = SELECT {items} FROM @t;\nOUTPUT @q TO \"/q\" USING Outputters.Csv();"
    )
}

pub(crate) fn answer(settings: Settings, script: &str) -> String {
    print(&usql_sema::check(
        &usql_syntax::parse(script),
        &Lake(settings),
    ))
}

/// The plan with its warnings, or what is wrong.
pub(crate) fn print(checked: &Result<Plan, Vec<Diagnostic>>) -> String {
    let mut answer = String::new();
    let said = match checked {
        Ok(plan) => {
            well_typed::assert_well_typed(plan);
            answer.push_str(&plan.to_string());
            plan.warnings()
        }
        Err(diagnostics) => diagnostics,
    };
    for diagnostic in said {
        write_diagnostic(&mut answer, diagnostic);
    }
    answer
}

/// `3:5 40..45 E_..: message`
fn write_diagnostic(answer: &mut String, diagnostic: &Diagnostic) {
    let at = diagnostic.location;
    writeln!(
        answer,
        "{at} {}..{} {}: {}",
        at.start, at.end, diagnostic.code.id, diagnostic.message
    )
    .expect("a string grows");
}
