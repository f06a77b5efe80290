//! Whatever the text, checking it ends, does not panic, and what it says of a place is of a place in the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use usql_sema::{CompileEnvironment, FileInfo, LakePath, Severity, check};
use usql_syntax::parse;

/// Every file is there, and no folder has anything in it.
struct Lake;

impl CompileEnvironment for Lake {
    fn file(&self, _: &LakePath) -> Option<FileInfo> {
        Some(FileInfo::of_length(1))
    }
}

fuzz_target!(|text: &str| {
    let parse = parse(text);
    let length = u32::try_from(text.encode_utf16().count()).expect("a short text");
    match check(&parse, &Lake) {
        Ok(plan) => {
            assert!(parse.diagnostics().is_empty());
            assert!(!plan.outputs().is_empty());
            drop(plan.to_string());
        }
        Err(found) => {
            assert!(found.iter().any(|found| found.severity() == Severity::Error));
            for found in found {
                let at = found.location;
                assert!(at.line >= 1 && at.column >= 1, "{found}");
                assert!(at.start <= at.end && at.end <= length, "{found}");
            }
        }
    }
});
