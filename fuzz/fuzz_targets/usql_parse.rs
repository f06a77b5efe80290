//! Whatever the text, parsing ends, does not panic, and gives a tree that spells the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use usql_syntax::{LineIndex, parse};

fuzz_target!(|text: &str| {
    let parse = parse(text);
    assert_eq!(parse.syntax().text(), text);
    let index = LineIndex::new(text);
    for error in parse.diagnostics() {
        assert_eq!(error.found_text(), &text[error.range()]);
        let span = index.span(error.range());
        assert!(span.line >= 1 && span.column >= 1 && span.start <= span.end);
    }
});
