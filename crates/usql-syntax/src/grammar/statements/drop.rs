//! `DROP kind [IF EXISTS] name`.

use super::if_exists;
use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::names::{name, object_name};
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[DROP_KW]),
    parse: drop,
};

/// Objects with a name of up to three parts, and those with a simple one.
const OBJECTS: TokenSet = TokenSet::new(&[
    ASSEMBLY_KW,
    FUNCTION_KW,
    PACKAGE_KW,
    PROCEDURE_KW,
    TABLE_KW,
    TYPE_KW,
    VIEW_KW,
]);
const SIMPLE_OBJECTS: TokenSet = TokenSet::new(&[CREDENTIAL_KW, SCHEMA_KW]);

fn drop(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    if p.eat(DATABASE_KW) {
        if_exists(p);
        name(p);
        return DROP_DATABASE_STATEMENT;
    }
    if p.eat(DATA_KW) {
        p.expect(SOURCE_KW);
        if_exists(p);
        name(p);
    } else if p.eat(STATISTICS_KW) {
        if_exists(p);
        name(p);
        p.expect(ON_KW);
        object_name(p);
    } else if p.eat_any(SIMPLE_OBJECTS) {
        if_exists(p);
        name(p);
    } else {
        p.expect_any(OBJECTS);
        if_exists(p);
        object_name(p);
    }
    OTHER_STATEMENT
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check;
    use expect_test::expect;

    #[test]
    fn databases() {
        check(
            "DROP DATABASE IF EXISTS a;",
            &expect![[r#"
                DROP_DATABASE_STATEMENT DROP DATABASE IF EXISTS
                  NAME a
                  ;"#]],
        );
    }

    #[test]
    fn other_objects() {
        check(
            "DROP STATISTICS IF EXISTS a ON b.c;",
            &expect![[r#"
                OTHER_STATEMENT DROP STATISTICS IF EXISTS
                  NAME a
                  ON
                  OBJECT_NAME
                    NAME b
                    .
                    NAME c
                  ;"#]],
        );
    }
}
