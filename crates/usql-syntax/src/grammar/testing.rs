//! Trees as text, for the tests beside the rules.

use crate::{SyntaxNode, parse};
use expect_test::Expect;
use rowan::NodeOrToken;

/// Checks the trees of the statements of `text`, which has no errors.
pub(super) fn check(text: &str, expected: &Expect) {
    let parse = parse(text);
    assert_eq!(parse.diagnostics(), &[], "{text}");
    let mut shown = String::new();
    for statement in parse.syntax().children() {
        show(&statement, 0, &mut shown);
        shown.push('\n');
    }
    expected.assert_eq(shown.trim_end());
}

/// Checks the tree of one expression.
pub(super) fn check_expression(text: &str, expected: &Expect) {
    let script = format!("DECLARE @x = {text};");
    let parse = parse(&script);
    assert_eq!(parse.diagnostics(), &[], "{text}");
    let statement = parse.syntax().first_child().unwrap();
    let mut shown = String::new();
    flat(&statement.first_child().unwrap(), &mut shown);
    expected.assert_eq(&shown);
}

/// One line a node, with the tokens before its first child; what follows a child stands on a line of its own.
fn show(node: &SyntaxNode, depth: usize, out: &mut String) {
    out.push_str(&format!("{}{:?}", "  ".repeat(depth), node.kind()));
    let mut behind_child = false;
    for child in node.children_with_tokens() {
        match child {
            NodeOrToken::Node(child) => {
                out.push('\n');
                show(&child, depth + 1, out);
                behind_child = true;
            }
            NodeOrToken::Token(token) if token.kind().is_trivia() => {}
            NodeOrToken::Token(token) if behind_child => {
                out.push_str(&format!("\n{}{}", "  ".repeat(depth + 1), token.text()));
                behind_child = false;
            }
            NodeOrToken::Token(token) => out.push_str(&format!(" {}", token.text())),
        }
    }
}

/// `[KIND child child]`, on one line.
fn flat(node: &SyntaxNode, out: &mut String) {
    let kind = format!("{:?}", node.kind());
    out.push('[');
    out.push_str(
        kind.strip_suffix("_EXPR")
            .unwrap_or(&kind)
            .to_ascii_lowercase()
            .as_str(),
    );
    for child in node.children_with_tokens() {
        match child {
            NodeOrToken::Node(child) => {
                out.push(' ');
                flat(&child, out);
            }
            NodeOrToken::Token(token) if token.kind().is_trivia() => {}
            NodeOrToken::Token(token) => out.push_str(&format!(" {}", token.text())),
        }
    }
    out.push(']');
}
