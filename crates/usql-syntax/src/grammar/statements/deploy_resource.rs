//! `DEPLOY RESOURCE path, ..`.

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::expressions::expression;
use crate::grammar::{Rule, comma_separated};
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[DEPLOY_KW]),
    parse: deploy_resource,
};

fn deploy_resource(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    p.expect(RESOURCE_KW);
    comma_separated(p, expression);
    DEPLOY_RESOURCE_STATEMENT
}
