//! Objects whose grammar is not written yet: of `CREATE` only the kind and the name are parsed.

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::names::{name, object_name};
use crate::grammar::statements::{if_exists, if_not_exists, rest_of_statement};
use crate::parser::Parser;

pub(super) const CREATE: Rule = Rule {
    first: CREATED,
    parse: create,
};
pub(super) const DROP: Rule = Rule {
    first: DROPPED,
    parse: drop,
};

const CREATED: TokenSet = TokenSet::new(&[
    ASSEMBLY_KW,
    CLUSTERED_KW,
    CREDENTIAL_KW,
    DATA_KW,
    EXTERNAL_KW,
    PACKAGE_KW,
    STATISTICS_KW,
    TABLE_KW,
]);
const DROPPED: TokenSet = TokenSet::new(&[
    ASSEMBLY_KW,
    CREDENTIAL_KW,
    DATA_KW,
    PACKAGE_KW,
    STATISTICS_KW,
]);

fn create(p: &mut Parser<'_>) -> SyntaxKind {
    kind(p);
    if_not_exists(p);
    object_name(p);
    rest_of_statement(p);
    OTHER_STATEMENT
}

fn drop(p: &mut Parser<'_>) -> SyntaxKind {
    let simple = matches!(p.current(), CREDENTIAL_KW | DATA_KW | STATISTICS_KW);
    let statistics = p.current() == STATISTICS_KW;
    kind(p);
    if_exists(p);
    if simple {
        name(p);
    } else {
        object_name(p);
    }
    if statistics {
        p.expect(ON_KW);
        object_name(p);
    }
    OTHER_STATEMENT
}

/// Takes the one or two words that name the kind of object.
fn kind(p: &mut Parser<'_>) {
    let first = p.current();
    p.bump();
    match first {
        CLUSTERED_KW => p.expect(INDEX_KW),
        DATA_KW => p.expect(SOURCE_KW),
        EXTERNAL_KW => p.expect(TABLE_KW),
        _ => true,
    };
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check;
    use expect_test::expect;

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

    #[test]
    fn statistics_are_of_a_table() {
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
