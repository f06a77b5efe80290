//! `ALTER TABLE ..`, `ALTER DATA SOURCE ..` and their like: only the kind and the name are parsed.

use super::rest_of_statement;
use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::names::object_name;
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[ALTER_KW, RENAME_KW, UPDATE_KW]),
    parse: alter,
};

fn alter(p: &mut Parser<'_>) -> SyntaxKind {
    let verb = p.current();
    p.bump();
    match verb {
        UPDATE_KW => {
            p.expect(STATISTICS_KW);
            super::if_exists(p);
        }
        ALTER_KW if p.eat(DATA_KW) => {
            p.expect(SOURCE_KW);
        }
        _ => {
            p.expect_any(TokenSet::new(&[TABLE_KW, ASSEMBLY_KW, CREDENTIAL_KW]));
        }
    }
    object_name(p);
    rest_of_statement(p);
    OTHER_STATEMENT
}
