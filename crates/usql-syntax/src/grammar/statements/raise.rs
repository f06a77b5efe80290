//! `RAISE ERROR|WARNING expression`.

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::expressions::expression;
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[RAISE_KW]),
    parse: raise,
};

fn raise(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    p.expect_any(TokenSet::new(&[ERROR_KW, WARNING_KW]));
    expression(p);
    RAISE_STATEMENT
}
