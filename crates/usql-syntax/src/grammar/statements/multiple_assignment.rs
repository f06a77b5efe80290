//! `(@a, @b) = function(arguments)`: a table-valued function with several results.

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::queries::query_with_fetch;
use crate::grammar::{Rule, comma_separated};
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[L_PAREN]),
    parse: multiple_assignment,
};

fn multiple_assignment(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    comma_separated(p, |p| {
        p.expect(VARIABLE);
    });
    p.expect(R_PAREN);
    p.expect(EQ);
    query_with_fetch(p);
    MULTIPLE_ASSIGNMENT_STATEMENT
}
