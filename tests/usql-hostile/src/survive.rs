//! What must hold of every script.

use std::ops::ControlFlow;

use usql_sema::{
    CompileEnvironment, Entry, FileInfo, LakePath, ListError, Location, Severity, check,
};
use usql_syntax::{Parse, SyntaxElement, SyntaxKind, format, parse};

/// How far a script got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is not well formed.
    Malformed,
    /// It is well formed, and something else is wrong with it.
    Refused,
    /// It compiles.
    Compiled,
}

/// Takes a script all the way to its plan. Whatever it is, that ends; the tree spells the script, what is said about
/// the script is about places in it, and formatting it changes nothing but white space.
///
/// # Panics
/// Where that does not hold.
pub fn survive(script: &str) -> Fate {
    let _culprit = Culprit(script);
    let parse = parse(script);
    assert_eq!(parse.syntax().text(), script, "the tree spells the script");
    for error in parse.diagnostics() {
        assert_eq!(error.found_text(), &script[error.range()], "{error}");
    }
    if parse.diagnostics().is_empty() {
        formats_to_itself(&parse);
    }
    match check(&parse, &Lake) {
        Ok(plan) => {
            assert!(parse.diagnostics().is_empty(), "malformed, and compiled");
            drop(plan.to_string());
            Fate::Compiled
        }
        Err(found) => {
            let is_error = |found: &usql_sema::Diagnostic| found.severity() == Severity::Error;
            assert!(found.iter().any(is_error), "refused without an error");
            let end = u32::try_from(script.encode_utf16().count()).expect("less than 4 GiB");
            for found in &found {
                assert!(is_inside(found.location, end), "{found}");
            }
            if parse.diagnostics().is_empty() {
                Fate::Refused
            } else {
                Fate::Malformed
            }
        }
    }
}

/// Says which script it was, if it did not survive.
struct Culprit<'a>(&'a str);

impl Drop for Culprit<'_> {
    #[expect(clippy::print_stderr, reason = "a test speaks on standard error")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            let shown: String = self.0.chars().take(20_000).collect();
            eprintln!("the script was:\n{shown}\n-- end of the script");
        }
    }
}

fn is_inside(place: Location, end: u32) -> bool {
    let lines = place.line >= 1 && place.column >= 1 && place.column - 1 <= place.start;
    lines && place.start <= place.end && place.end <= end
}

fn formats_to_itself(original: &Parse) {
    let once = format(original);
    let parsed = parse(&once);
    assert_eq!(parsed.diagnostics(), &[], "formatted: {once}");
    assert!(shape(original).eq(shape(&parsed)), "formatted: {once}");
    assert_eq!(format(&parsed), once, "formatted twice");
}

/// The nodes and tokens of a script, but for white space.
fn shape(parse: &Parse) -> impl Iterator<Item = (SyntaxKind, String)> {
    let elements = parse.syntax().descendants_with_tokens();
    elements.filter_map(|element| match element {
        SyntaxElement::Node(node) => Some((node.kind(), String::new())),
        SyntaxElement::Token(token) if token.kind() == SyntaxKind::WHITESPACE => None,
        // The white space behind a comment is the formatter's.
        SyntaxElement::Token(token) => Some((token.kind(), token.text().trim_end().to_owned())),
    })
}

/// Every file is there, and every folder has a file for February 2015.
struct Lake;

impl CompileEnvironment for Lake {
    fn file(&self, _: &LakePath) -> Option<FileInfo> {
        Some(FileInfo::of_length(1))
    }

    fn list(
        &self,
        folder: &LakePath,
        _: &str,
        each: &mut dyn FnMut(Entry<'_>) -> ControlFlow<()>,
    ) -> Result<(), ListError> {
        let entry = match folder.path().rsplit('/').next() {
            Some("in") => Entry::Directory("2015"),
            Some("2015") => Entry::Directory("02"),
            _ => Entry::File("x_1.csv.gz", FileInfo::of_length(1)),
        };
        // There is nothing left to break off.
        let _ = each(entry);
        Ok(())
    }
}
