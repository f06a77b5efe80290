//! Databases and schemas: `CREATE DATABASE [IF NOT EXISTS] name`, `DROP SCHEMA [IF EXISTS] name`.

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::names::name;
use crate::grammar::statements::{if_exists, if_not_exists};
use crate::parser::Parser;

pub(super) const CREATE_DATABASE: Rule = Rule {
    first: TokenSet::new(&[DATABASE_KW]),
    parse: create_database,
};
pub(super) const CREATE_SCHEMA: Rule = Rule {
    first: TokenSet::new(&[SCHEMA_KW]),
    parse: create_schema,
};
pub(super) const DROP: Rule = Rule {
    first: TokenSet::new(&[DATABASE_KW, SCHEMA_KW]),
    parse: drop,
};

fn create_database(p: &mut Parser<'_>) -> SyntaxKind {
    create(p);
    CREATE_DATABASE_STATEMENT
}

fn create_schema(p: &mut Parser<'_>) -> SyntaxKind {
    create(p);
    CREATE_SCHEMA_STATEMENT
}

fn create(p: &mut Parser<'_>) {
    p.bump();
    if_not_exists(p);
    name(p);
}

fn drop(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    if_exists(p);
    name(p);
    DROP_STATEMENT
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check;
    use expect_test::expect;

    #[test]
    fn containers_are_created() {
        check(
            "CREATE DATABASE IF NOT EXISTS [a b]; CREATE SCHEMA c;",
            &expect![[r#"
                CREATE_DATABASE_STATEMENT CREATE DATABASE IF NOT EXISTS
                  NAME [a b]
                  ;
                CREATE_SCHEMA_STATEMENT CREATE SCHEMA
                  NAME c
                  ;"#]],
        );
    }

    #[test]
    fn containers_are_dropped() {
        check(
            "DROP DATABASE IF EXISTS a; DROP SCHEMA [b c];",
            &expect![[r#"
                DROP_STATEMENT DROP DATABASE IF EXISTS
                  NAME a
                  ;
                DROP_STATEMENT DROP SCHEMA
                  NAME [b c]
                  ;"#]],
        );
    }
}
