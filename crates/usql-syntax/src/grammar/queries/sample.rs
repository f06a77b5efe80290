//! `SAMPLE rowset [ON columns] UNIFORM|UNIVERSE|DISTINCT|ANY (..) [WITH WEIGHT AS name]`.

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::clauses::columns_clause;
use crate::grammar::clauses::{alias, parentheses};
use crate::grammar::sources::input_rowset;
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[SAMPLE_KW]),
    parse: sample,
};

fn sample(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    input_rowset(p);
    if p.at(ON_KW) {
        columns_clause(p, ON_KW);
    }
    p.expect_any(TokenSet::new(&[
        ANY_KW,
        UNIFORM_KW,
        UNIVERSE_KW,
        DISTINCT_KW,
    ]));
    parentheses(p);
    if p.eat(WITH_KW) {
        p.expect(WEIGHT_KW);
        alias(p);
    }
    SAMPLE_QUERY
}

/// Parses `SAMPLE ANY|UNIFORM (n)` behind a query.
pub(super) fn clause(p: &mut Parser<'_>) {
    let clause = p.start();
    p.expect(SAMPLE_KW);
    p.expect_any(TokenSet::new(&[ANY_KW, UNIFORM_KW]));
    parentheses(p);
    clause.complete(p, SAMPLE_CLAUSE);
}
