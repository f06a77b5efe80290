//! `INSERT INTO table [(columns)] [PARTITION (..)] [ON INTEGRITY VIOLATION ..] query|VALUES`.

use super::rest_of_statement;
use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::names::object_name;
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[INSERT_KW]),
    parse: insert,
};

fn insert(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    p.eat(INTO_KW);
    object_name(p);
    rest_of_statement(p);
    INSERT_STATEMENT
}
