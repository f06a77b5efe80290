//! `PROCESS rowset PRODUCE columns [READONLY] [REQUIRED] USING processor`.

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::clauses::{column_dependencies, optional_alias, produce_clause, using_clause};
use crate::grammar::sources::input_rowset;
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[PROCESS_KW]),
    parse: process,
};

fn process(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    input_rowset(p);
    optional_alias(p);
    produce_clause(p);
    column_dependencies(p, &[READONLY_KW, REQUIRED_KW]);
    using_clause(p);
    PROCESS_QUERY
}
