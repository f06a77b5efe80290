//! `CREATE VIEW [IF NOT EXISTS] name AS query`.

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::names::object_name;
use crate::grammar::queries::query_with_fetch;
use crate::grammar::statements::if_not_exists;
use crate::parser::Parser;

pub(super) const CREATE: Rule = Rule {
    first: TokenSet::new(&[VIEW_KW]),
    parse: create,
};

fn create(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    if_not_exists(p);
    object_name(p);
    p.expect(AS_KW);
    query_with_fetch(p);
    CREATE_VIEW_STATEMENT
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check;
    use expect_test::expect;

    #[test]
    fn a_view_is_a_named_query() {
        check(
            "CREATE VIEW IF NOT EXISTS a.b AS SELECT c FROM d;",
            &expect![[r#"
                CREATE_VIEW_STATEMENT CREATE VIEW IF NOT EXISTS
                  OBJECT_NAME
                    NAME a
                    .
                    NAME b
                  AS
                  SELECT_QUERY SELECT
                    SELECT_LIST
                      SELECT_ITEM
                        NAME_EXPR c
                    FROM_CLAUSE FROM
                      OBJECT_SOURCE
                        OBJECT_NAME
                          NAME d
                  ;"#]],
        );
    }
}
