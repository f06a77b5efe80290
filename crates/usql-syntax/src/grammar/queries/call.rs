//! `function(arguments)` and `@function(arguments)`: a table-valued function, perhaps a script-bound one.

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::expressions::argument_list;
use crate::grammar::names::NAME_FIRST;
use crate::grammar::sources::rowset_name;
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: NAME_FIRST.union(TokenSet::new(&[VARIABLE])),
    parse: call,
};

fn call(p: &mut Parser<'_>) -> SyntaxKind {
    rowset_name(p);
    argument_list(p);
    CALL_QUERY
}
