//! Whatever the text, its tokens spell it, and none of them is empty; a token by itself parses, too.

#![no_main]

use libfuzzer_sys::fuzz_target;
use usql_syntax::{SyntaxToken, parse};

fuzz_target!(|text: &str| {
    let parse = parse(text);
    let mut spelt = String::with_capacity(text.len());
    let tree = parse.syntax();
    let tokens = tree.descendants_with_tokens().filter_map(|element| element.into_token());
    for (position, token) in tokens.enumerate() {
        assert!(!token.text().is_empty());
        spelt.push_str(token.text());
        // What one token says by itself, without those around it.
        if position < 32 {
            alone(&token);
        }
    }
    assert_eq!(spelt, text);
});

fn alone(token: &SyntaxToken) {
    let parse = parse(token.text());
    assert_eq!(parse.syntax().text(), token.text());
    parse.diagnostics().iter().for_each(|error| drop(error.message()));
}
