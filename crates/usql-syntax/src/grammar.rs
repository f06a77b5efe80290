//! The grammar: one rule per construct, from the whole script down to a name.
//!
//! The source is the documented grammar of U-SQL, widened where scripts that are known to have run go beyond it.
//! A statement is one file in `statements/` and one line of its table; a query likewise.

mod clauses;
mod expressions;
mod joins;
mod names;
mod queries;
mod sources;
mod statements;
#[cfg(test)]
mod testing;
mod types;

use crate::parser::Parser;
use crate::{SyntaxKind, TokenSet};

/// A rule that a table offers.
struct Rule {
    /// The tokens that may begin it.
    first: TokenSet,
    /// Parses it and says what node it makes.
    parse: fn(&mut Parser<'_>) -> SyntaxKind,
}

/// The tokens that may begin one of `rules`.
const fn first_of(rules: &[Rule]) -> TokenSet {
    let mut first = TokenSet::EMPTY;
    let mut index = 0;
    while index < rules.len() {
        first = first.union(rules[index].first);
        index += 1;
    }
    first
}

/// Parses a whole script.
pub(crate) fn script(p: &mut Parser<'_>) {
    let script = p.start();
    while p.current() != SyntaxKind::EOF {
        statements::statement_list(p, TokenSet::EMPTY);
        if p.current() != SyntaxKind::EOF {
            statements::stray_token(p);
        }
    }
    script.complete(p, SyntaxKind::SCRIPT);
}

/// Parses `item {',' item}`.
fn comma_separated(p: &mut Parser<'_>, mut item: impl FnMut(&mut Parser<'_>)) {
    loop {
        item(p);
        if !p.eat(SyntaxKind::COMMA) {
            break;
        }
    }
}
