//! `USING [alias =] namespace`.

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::names::name;
use crate::grammar::types::type_ref;
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[USING_KW]),
    parse: using,
};

fn using(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    if p.nth(1) == EQ {
        name(p);
        p.bump();
    }
    type_ref(p);
    USING_STATEMENT
}
