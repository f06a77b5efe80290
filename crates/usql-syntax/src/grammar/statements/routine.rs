//! `CREATE FUNCTION|PROCEDURE name ..` and `DECLARE FUNCTION|PROCEDURE @name ..`.

use super::{if_not_exists, statement_list};
use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::expressions::expression;
use crate::grammar::names::object_name;
use crate::grammar::types::{at_type, table_type, type_ref};
use crate::grammar::{Rule, comma_separated};
use crate::parser::Parser;

/// What says which kind of routine it is.
pub(super) const FIRST: TokenSet = TokenSet::new(&[FUNCTION_KW, PROCEDURE_KW]);

pub(super) const CREATE: Rule = Rule {
    first: FIRST,
    parse: create,
};

fn create(p: &mut Parser<'_>) -> SyntaxKind {
    let kind = p.current();
    p.bump();
    if_not_exists(p);
    object_name(p);
    definition(p, kind)
}

/// Parses a script-bound routine from its kind on.
pub(super) fn declare(p: &mut Parser<'_>) -> SyntaxKind {
    let kind = p.current();
    p.bump();
    p.expect(VARIABLE);
    definition(p, kind)
}

/// Parses `(parameters) [RETURNS ..] [AS] BEGIN .. END`.
fn definition(p: &mut Parser<'_>, kind: SyntaxKind) -> SyntaxKind {
    parameters(p);
    if kind == FUNCTION_KW {
        returns(p);
    }
    p.eat(AS_KW);
    p.expect(BEGIN_KW);
    p.nested(body);
    p.expect(END_KW);
    ROUTINE_STATEMENT
}

fn parameters(p: &mut Parser<'_>) {
    let list = p.start();
    p.expect(L_PAREN);
    if !p.at(R_PAREN) {
        comma_separated(p, parameter);
    }
    p.expect(R_PAREN);
    list.complete(p, PARAMETER_LIST);
}

/// Parses `@name type [= default]`.
fn parameter(p: &mut Parser<'_>) {
    let parameter = p.start();
    p.expect(VARIABLE);
    if p.at(TABLE_KW) {
        table_type(p);
    } else {
        type_ref(p);
        if p.eat(EQ) {
            expression(p);
        }
    }
    parameter.complete(p, PARAMETER);
}

fn returns(p: &mut Parser<'_>) {
    let clause = p.start();
    p.expect(RETURNS_KW);
    if p.eat(L_PAREN) {
        comma_separated(p, returned);
        p.expect(R_PAREN);
    } else {
        returned(p);
    }
    clause.complete(p, RETURNS_CLAUSE);
}

/// Parses `@rowset [type]`. The documentation asks for the type; the examples that ran go without.
fn returned(p: &mut Parser<'_>) {
    let rowset = p.start();
    p.expect(VARIABLE);
    if p.at(TABLE_KW) {
        table_type(p);
    } else if at_type(p) {
        type_ref(p);
    }
    rowset.complete(p, RETURNED_ROWSET);
}

/// Parses the statements, and the `RETURN;` that many examples end with.
fn body(p: &mut Parser<'_>) {
    let block = p.start();
    p.in_block(|p| statement_list(p, TokenSet::new(&[RETURN_KW, END_KW])));
    if p.eat(RETURN_KW) {
        p.expect(SEMICOLON);
    }
    block.complete(p, STATEMENT_BLOCK);
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check;
    use expect_test::expect;

    #[test]
    fn a_function_has_parameters_results_and_statements() {
        check(
            "CREATE FUNCTION IF NOT EXISTS a.f(@n int = 1, @t TABLE(x int), @u dbo.T) RETURNS (@r TABLE(y int), @s) \
             AS BEGIN @r = g(); RETURN; END;",
            &expect![[r#"
                ROUTINE_STATEMENT CREATE FUNCTION IF NOT EXISTS
                  OBJECT_NAME
                    NAME a
                    .
                    NAME f
                  PARAMETER_LIST (
                    PARAMETER @n
                      TYPE_REF
                        TYPE_SEGMENT int
                      =
                      LITERAL_EXPR 1
                    ,
                    PARAMETER @t
                      TABLE_TYPE TABLE (
                        COLUMN_DEFINITION_LIST
                          COLUMN_DEFINITION
                            NAME x
                            TYPE_REF
                              TYPE_SEGMENT int
                        )
                    ,
                    PARAMETER @u
                      TYPE_REF
                        TYPE_SEGMENT dbo
                        .
                        TYPE_SEGMENT T
                    )
                  RETURNS_CLAUSE RETURNS (
                    RETURNED_ROWSET @r
                      TABLE_TYPE TABLE (
                        COLUMN_DEFINITION_LIST
                          COLUMN_DEFINITION
                            NAME y
                            TYPE_REF
                              TYPE_SEGMENT int
                        )
                    ,
                    RETURNED_ROWSET @s
                    )
                  AS BEGIN
                  STATEMENT_BLOCK
                    ASSIGNMENT_STATEMENT @r =
                      CALL_QUERY
                        OBJECT_NAME
                          NAME g
                        ARGUMENT_LIST ( )
                      ;
                    RETURN ;
                  END ;"#]],
        );
    }

    #[test]
    fn a_procedure_is_script_bound() {
        check(
            "DECLARE PROCEDURE @p() BEGIN END;",
            &expect![[r#"
            ROUTINE_STATEMENT DECLARE PROCEDURE @p
              PARAMETER_LIST ( )
              BEGIN
              STATEMENT_BLOCK
              END ;"#]],
        );
    }
}
