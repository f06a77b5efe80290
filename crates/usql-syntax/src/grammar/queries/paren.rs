//! `(query)`.

use super::query_with_fetch;
use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[L_PAREN]),
    parse: paren,
};

fn paren(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    query_with_fetch(p);
    p.expect(R_PAREN);
    PAREN_QUERY
}
