//! `TRUNCATE TABLE name [PARTITION (..)]`.

use super::rest_of_statement;
use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::names::object_name;
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[TRUNCATE_KW]),
    parse: truncate,
};

fn truncate(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    p.expect(TABLE_KW);
    object_name(p);
    rest_of_statement(p);
    OTHER_STATEMENT
}
