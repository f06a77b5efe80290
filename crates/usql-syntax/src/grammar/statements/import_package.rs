//! `IMPORT PACKAGE name [(arguments)] [AS alias]`.

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::clauses::optional_alias;
use crate::grammar::expressions::argument_list;
use crate::grammar::names::object_name;
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[IMPORT_KW]),
    parse: import_package,
};

fn import_package(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    p.expect(PACKAGE_KW);
    object_name(p);
    if p.at(L_PAREN) {
        argument_list(p);
    }
    optional_alias(p);
    OTHER_STATEMENT
}
