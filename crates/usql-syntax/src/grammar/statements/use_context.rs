//! `USE [DATABASE|SCHEMA] name`.

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::names::name;
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[USE_KW]),
    parse: use_context,
};

fn use_context(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    p.eat_any(TokenSet::new(&[DATABASE_KW, SCHEMA_KW]));
    name(p);
    USE_STATEMENT
}
