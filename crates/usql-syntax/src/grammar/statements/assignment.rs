//! `@rowset = query`.

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::queries::query_with_fetch;
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[VARIABLE]),
    parse: assignment,
};

fn assignment(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    p.expect(EQ);
    query_with_fetch(p);
    ASSIGNMENT_STATEMENT
}
