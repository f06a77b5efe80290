//! What CREATE and DROP work on. One file each, one line in each table.

mod container;
mod other;
mod table_type;
mod view;

use super::{Rule, if_exists, routine};
use crate::SyntaxKind::{self, DROP_STATEMENT};
use crate::TokenSet;
use crate::grammar::names::object_name;
use crate::parser::Parser;

/// What can be created.
pub(super) const CREATE: &[Rule] = &[
    container::CREATE_DATABASE,
    container::CREATE_SCHEMA,
    view::CREATE,
    table_type::CREATE,
    routine::CREATE,
    other::CREATE,
];

/// What can be dropped.
pub(super) const DROP: &[Rule] = &[container::DROP, DROP_OBJECT, other::DROP];

/// What is in a schema and has nothing but its name behind `DROP`.
const DROP_OBJECT: Rule = Rule {
    first: TokenSet::new(&[
        SyntaxKind::FUNCTION_KW,
        SyntaxKind::PROCEDURE_KW,
        SyntaxKind::TABLE_KW,
        SyntaxKind::TYPE_KW,
        SyntaxKind::VIEW_KW,
    ]),
    parse: drop_object,
};

fn drop_object(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    if_exists(p);
    object_name(p);
    DROP_STATEMENT
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check;
    use expect_test::expect;

    #[test]
    fn the_schema_may_be_empty() {
        check(
            "DROP TABLE IF EXISTS a..b;",
            &expect![[r#"
                DROP_STATEMENT DROP TABLE IF EXISTS
                  OBJECT_NAME
                    NAME a
                    .
                    NAME
                    .
                    NAME b
                  ;"#]],
        );
    }
}
