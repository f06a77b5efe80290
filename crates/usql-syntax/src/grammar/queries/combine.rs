//! `COMBINE left WITH right ON condition PRODUCE columns .. USING combiner`.

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::clauses::{column_dependencies, optional_alias, produce_clause, using_clause};
use crate::grammar::expressions::expression;
use crate::grammar::sources::input_rowset;
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[COMBINE_KW]),
    parse: combine,
};

fn combine(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    input_rowset(p);
    optional_alias(p);
    p.expect(WITH_KW);
    input_rowset(p);
    optional_alias(p);
    p.expect(ON_KW);
    expression(p);
    produce_clause(p);
    column_dependencies(p, &[SORTED_KW, READONLY_KW, REQUIRED_KW]);
    using_clause(p);
    COMBINE_QUERY
}
