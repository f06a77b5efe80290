//! `CREATE ..`. Databases have their grammar; of other objects only the kind and the name are parsed.

use super::{if_not_exists, rest_of_statement};
use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::names::{name, object_name};
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[CREATE_KW]),
    parse: create,
};

/// Objects that can be created, but DATABASE and those of two words.
const OBJECTS: TokenSet = TokenSet::new(&[
    ASSEMBLY_KW,
    CREDENTIAL_KW,
    FUNCTION_KW,
    PACKAGE_KW,
    PROCEDURE_KW,
    SCHEMA_KW,
    STATISTICS_KW,
    TABLE_KW,
    TYPE_KW,
    VIEW_KW,
]);

fn create(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    if p.eat(DATABASE_KW) {
        if_not_exists(p);
        name(p);
        return CREATE_DATABASE_STATEMENT;
    }
    if p.eat(EXTERNAL_KW) {
        p.expect(TABLE_KW);
    } else if p.eat(DATA_KW) {
        p.expect(SOURCE_KW);
    } else if p.eat(CLUSTERED_KW) {
        p.expect(INDEX_KW);
    } else {
        p.expect_any(OBJECTS);
    }
    if_not_exists(p);
    object_name(p);
    rest_of_statement(p);
    OTHER_STATEMENT
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check;
    use expect_test::expect;

    #[test]
    fn databases() {
        check(
            "CREATE DATABASE IF NOT EXISTS [a b];",
            &expect![[r#"
                CREATE_DATABASE_STATEMENT CREATE DATABASE IF NOT EXISTS
                  NAME [a b]
                  ;"#]],
        );
    }

    #[test]
    fn other_objects_have_a_name_and_tokens() {
        check(
            "CREATE TABLE IF NOT EXISTS a.b (c int, INDEX i CLUSTERED (c) DISTRIBUTED BY HASH (c));",
            &expect![[r#"
                OTHER_STATEMENT CREATE TABLE IF NOT EXISTS
                  OBJECT_NAME
                    NAME a
                    .
                    NAME b
                  TOKEN_TREE ( c int , INDEX i CLUSTERED ( c ) DISTRIBUTED BY HASH ( c ) )
                  ;"#]],
        );
    }
}
