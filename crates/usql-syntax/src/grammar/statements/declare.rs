//! `DECLARE [EXTERNAL|CONST] @v [type] = expression`, and the script-bound objects.

use super::{rest_of_statement, routine};
use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::expressions::expression;
use crate::grammar::types::type_ref;
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[DECLARE_KW]),
    parse: declare,
};

/// What else than a variable or a routine can be declared. The list is the service's own (U-SQL release notes, spring 2018).
const OBJECTS: TokenSet =
    TokenSet::new(&[DOTNET_KW, JVM_KW, PYTHON_KW, TYPE_KW, VIEW_KW, ASSEMBLY_KW]);

fn declare(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    if p.at_any(routine::FIRST) {
        return routine::declare(p);
    }
    if p.eat_any(OBJECTS) {
        rest_of_statement(p);
        return OTHER_STATEMENT;
    }
    p.eat_any(TokenSet::new(&[CONST_KW, EXTERNAL_KW]));
    p.expect(VARIABLE);
    if !p.at(EQ) {
        type_ref(p);
    }
    p.expect(EQ);
    expression(p);
    DECLARE_STATEMENT
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check;
    use expect_test::expect;

    #[test]
    fn variables() {
        check(
            r#"DECLARE EXTERNAL @a string = "x";"#,
            &expect![[r#"
                DECLARE_STATEMENT DECLARE EXTERNAL @a
                  TYPE_REF
                    TYPE_SEGMENT string
                  =
                  LITERAL_EXPR "x"
                  ;"#]],
        );
        check(
            "DECLARE CONST @b = 1;",
            &expect![[r#"
                DECLARE_STATEMENT DECLARE CONST @b =
                  LITERAL_EXPR 1
                  ;"#]],
        );
    }

    #[test]
    fn other_script_bound_objects_stay_tokens() {
        check(
            "DECLARE ASSEMBLY @a FROM 0x00;",
            &expect![[r#"
                OTHER_STATEMENT DECLARE ASSEMBLY
                  TOKEN_TREE @a FROM 0x00
                  ;"#]],
        );
    }
}
