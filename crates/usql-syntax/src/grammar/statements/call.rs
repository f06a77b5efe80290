//! `procedure(arguments)`.

use crate::SyntaxKind::{self, *};
use crate::grammar::Rule;
use crate::grammar::expressions::argument_list;
use crate::grammar::names::{NAME_FIRST, object_name};
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: NAME_FIRST,
    parse: call,
};

fn call(p: &mut Parser<'_>) -> SyntaxKind {
    object_name(p);
    argument_list(p);
    CALL_STATEMENT
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check;
    use expect_test::expect;

    #[test]
    fn arguments_may_be_default() {
        check(
            "a.b(1, DEFAULT);",
            &expect![[r#"
                CALL_STATEMENT
                  OBJECT_NAME
                    NAME a
                    .
                    NAME b
                  ARGUMENT_LIST (
                    ARGUMENT
                      LITERAL_EXPR 1
                    ,
                    ARGUMENT DEFAULT
                    )
                  ;"#]],
        );
    }
}
