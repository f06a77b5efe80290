//! `CREATE object ..`.

use super::{dispatch, objects};
use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[CREATE_KW]),
    parse: create,
};

fn create(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    dispatch(p, objects::CREATE)
}
