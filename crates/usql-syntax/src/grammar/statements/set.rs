//! `SET @@name = expression`.

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::expressions::expression;
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[SET_KW]),
    parse: set,
};

fn set(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    p.expect(SYSTEM_VARIABLE);
    p.expect(EQ);
    expression(p);
    SET_STATEMENT
}
