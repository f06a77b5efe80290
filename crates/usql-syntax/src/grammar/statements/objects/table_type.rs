//! `CREATE TYPE [IF NOT EXISTS] name AS TABLE (columns)`.

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::names::object_name;
use crate::grammar::statements::if_not_exists;
use crate::grammar::types::table_type;
use crate::parser::Parser;

pub(super) const CREATE: Rule = Rule {
    first: TokenSet::new(&[TYPE_KW]),
    parse: create,
};

fn create(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    if_not_exists(p);
    object_name(p);
    p.expect(AS_KW);
    table_type(p);
    CREATE_TYPE_STATEMENT
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check;
    use expect_test::expect;

    #[test]
    fn a_table_type_is_a_list_of_columns() {
        check(
            "CREATE TYPE a AS TABLE (b int?, [c d] SQL.ARRAY<string>);",
            &expect![[r#"
                CREATE_TYPE_STATEMENT CREATE TYPE
                  OBJECT_NAME
                    NAME a
                  AS
                  TABLE_TYPE TABLE (
                    COLUMN_DEFINITION_LIST
                      COLUMN_DEFINITION
                        NAME b
                        TYPE_REF
                          TYPE_SEGMENT int
                          ?
                      ,
                      COLUMN_DEFINITION
                        NAME [c d]
                        TYPE_REF
                          TYPE_SEGMENT SQL
                          .
                          TYPE_SEGMENT ARRAY
                            TYPE_ARGUMENTS <
                              TYPE_REF
                                TYPE_SEGMENT string
                              >
                    )
                  ;"#]],
        );
    }
}
