//! `REFERENCE [SYSTEM] ASSEMBLY [database.]name`.

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::sources::rowset_name;
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[REFERENCE_KW]),
    parse: reference_assembly,
};

fn reference_assembly(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    p.eat(SYSTEM_KW);
    p.expect(ASSEMBLY_KW);
    // `@name` is an assembly that the script declares.
    rowset_name(p);
    REFERENCE_ASSEMBLY_STATEMENT
}
