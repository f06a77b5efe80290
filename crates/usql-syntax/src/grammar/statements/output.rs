//! `OUTPUT rowset TO path [EXPIRATION ..] [ORDER BY .. [FETCH]] USING outputter`.

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::clauses::{order_by_fetch, using_clause};
use crate::grammar::expressions::expression;
use crate::grammar::sources::input_rowset;
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[OUTPUT_KW]),
    parse: output,
};

fn output(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    input_rowset(p);
    let to = p.start();
    p.expect(TO_KW);
    expression(p);
    to.complete(p, TO_CLAUSE);
    if p.at(EXPIRATION_KW) {
        let expiration = p.start();
        p.bump();
        expression(p);
        expiration.complete(p, EXPIRATION_CLAUSE);
    }
    order_by_fetch(p);
    using_clause(p);
    OUTPUT_STATEMENT
}
