//! `function(arguments)`: a table-valued function.

use crate::SyntaxKind::{self, *};
use crate::grammar::Rule;
use crate::grammar::expressions::argument_list;
use crate::grammar::names::{NAME_FIRST, object_name};
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: NAME_FIRST,
    parse: call,
};

fn call(p: &mut Parser<'_>) -> SyntaxKind {
    object_name(p);
    argument_list(p);
    CALL_QUERY
}
