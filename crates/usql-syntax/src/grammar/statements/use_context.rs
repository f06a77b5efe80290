//! `USE [DATABASE|SCHEMA] name`.

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::names::name;
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[USE_KW]),
    parse: use_context,
};

fn use_context(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    p.eat_any(TokenSet::new(&[DATABASE_KW, SCHEMA_KW]));
    name(p);
    USE_STATEMENT
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check;
    use expect_test::expect;

    #[test]
    fn databases_and_schemas() {
        check(
            "USE a;",
            &expect![[r#"
                USE_STATEMENT USE
                  NAME a
                  ;"#]],
        );
        check(
            "USE DATABASE a;",
            &expect![[r#"
                USE_STATEMENT USE DATABASE
                  NAME a
                  ;"#]],
        );
        check(
            "USE SCHEMA a;",
            &expect![[r#"
                USE_STATEMENT USE SCHEMA
                  NAME a
                  ;"#]],
        );
    }
}
