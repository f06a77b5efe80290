//! `CREATE DATABASE [IF NOT EXISTS] name` and `DROP DATABASE [IF EXISTS] name`.

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::names::name;
use crate::grammar::statements::{if_exists, if_not_exists};
use crate::parser::Parser;

pub(super) const CREATE: Rule = Rule {
    first: TokenSet::new(&[DATABASE_KW]),
    parse: create,
};
pub(super) const DROP: Rule = Rule {
    first: TokenSet::new(&[DATABASE_KW]),
    parse: drop,
};

fn create(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    if_not_exists(p);
    name(p);
    CREATE_DATABASE_STATEMENT
}

fn drop(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    if_exists(p);
    name(p);
    DROP_DATABASE_STATEMENT
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check;
    use expect_test::expect;

    #[test]
    fn a_database_is_created() {
        check(
            "CREATE DATABASE IF NOT EXISTS [a b];",
            &expect![[r#"
                CREATE_DATABASE_STATEMENT CREATE DATABASE IF NOT EXISTS
                  NAME [a b]
                  ;"#]],
        );
    }

    #[test]
    fn a_database_is_dropped() {
        check(
            "DROP DATABASE IF EXISTS a;",
            &expect![[r#"
                DROP_DATABASE_STATEMENT DROP DATABASE IF EXISTS
                  NAME a
                  ;"#]],
        );
    }
}
