//! `EXTRACT columns FROM path, .. [SORTED BY] [REQUIRED] USING extractor`.

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::clauses::{column_dependencies, using_clause};
use crate::grammar::expressions::expression;
use crate::grammar::names::{at_name, name};
use crate::grammar::types::type_ref;
use crate::grammar::{Rule, comma_separated};
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[EXTRACT_KW]),
    parse: extract,
};

fn extract(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    let columns = p.start();
    comma_separated(p, column);
    columns.complete(p, COLUMN_DEFINITION_LIST);
    let paths = p.start();
    p.expect(FROM_KW);
    comma_separated(p, expression);
    paths.complete(p, EXTRACT_PATHS);
    column_dependencies(p);
    using_clause(p);
    EXTRACT_QUERY
}

/// Parses `name type`, `name = file property` or `table type '.*'`.
fn column(p: &mut Parser<'_>) {
    let column = p.start();
    name(p);
    if p.eat(EQ) {
        expression(p);
    } else if p.eat(DOT) {
        while at_name(p) {
            name(p);
            p.expect(DOT);
        }
        p.expect(STAR);
    } else {
        type_ref(p);
    }
    column.complete(p, COLUMN_DEFINITION);
}
