//! Statements of C#, in the block of a lambda.

use super::expression;
use crate::SyntaxKind::*;
use crate::grammar::names::{is_name, name};
use crate::grammar::types::{type_ahead, type_ref};
use crate::parser::Parser;

/// Parses `{statements}`.
pub(super) fn block(p: &mut Parser<'_>) {
    let block = p.start();
    p.expect(L_BRACE);
    statements(p);
    p.expect(R_BRACE);
    block.complete(p, CODE_BLOCK);
}

fn statements(p: &mut Parser<'_>) {
    while !matches!(p.current(), R_BRACE | EOF) {
        let before = p.position();
        statement(p);
        if !p.progressed_since(before) {
            break;
        }
    }
}

fn statement(p: &mut Parser<'_>) {
    p.nested(nested_statement);
}

/// Parses a statement. Those that are not known are kept as tokens, so that the rest of the script is still read.
fn nested_statement(p: &mut Parser<'_>) {
    let is_local = type_ahead(p, 0)
        .is_some_and(|ty| is_name(p.nth(ty.end)) && matches!(p.nth(ty.end + 1), EQ | SEMICOLON));
    match p.current() {
        L_BRACE => block(p),
        OTHER_CSHARP if p.current_text() == "return" => returned(p),
        OTHER_CSHARP if p.current_text() == "if" => branch(p),
        OTHER_CSHARP | SEMICOLON => other(p),
        _ if is_local => local(p),
        kind if is_name(kind) && p.nth(1) == EQ => assign(p),
        kind if is_name(kind) && matches!(p.nth(1), COMPOUND_ASSIGN | PLUS_PLUS | MINUS_MINUS) => {
            other(p);
        }
        _ if type_ahead(p, 0).is_some_and(|ty| is_name(p.nth(ty.end))) => other(p),
        _ => {
            let statement = p.start();
            expression(p);
            p.expect(SEMICOLON);
            statement.complete(p, EXPRESSION_CODE);
        }
    }
}

fn returned(p: &mut Parser<'_>) {
    let statement = p.start();
    p.bump();
    if p.current() != SEMICOLON {
        expression(p);
    }
    p.expect(SEMICOLON);
    statement.complete(p, RETURN_CODE);
}

fn branch(p: &mut Parser<'_>) {
    let statement = p.start();
    p.bump();
    p.expect(L_PAREN);
    expression(p);
    p.expect(R_PAREN);
    self::statement(p);
    if p.current() == OTHER_CSHARP && p.current_text() == "else" {
        p.bump();
        self::statement(p);
    }
    statement.complete(p, IF_CODE);
}

fn local(p: &mut Parser<'_>) {
    let statement = p.start();
    type_ref(p);
    name(p);
    if p.eat(EQ) {
        expression(p);
    }
    p.expect(SEMICOLON);
    statement.complete(p, LOCAL_CODE);
}

fn assign(p: &mut Parser<'_>) {
    let statement = p.start();
    name(p);
    p.expect(EQ);
    expression(p);
    p.expect(SEMICOLON);
    statement.complete(p, ASSIGN_CODE);
}

/// Takes tokens up to a semicolon, or a brace that closes one of them.
fn other(p: &mut Parser<'_>) {
    let statement = p.start();
    let (mut braces, mut parentheses) = (0_usize, 0_usize);
    loop {
        match p.current() {
            EOF => break,
            R_BRACE if braces == 0 => break,
            L_BRACE => braces += 1,
            R_BRACE => braces -= 1,
            L_PAREN => parentheses += 1,
            R_PAREN => parentheses = parentheses.saturating_sub(1),
            _ => {}
        }
        let ends = braces == 0 && parentheses == 0 && matches!(p.current(), SEMICOLON | R_BRACE);
        p.bump();
        if ends {
            break;
        }
    }
    statement.complete(p, OTHER_CODE);
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check_expression;
    use expect_test::expect;

    #[test]
    fn a_block_of_csharp_has_statements() {
        check_expression(
            "(s) => { if (s == null) { return 1; } else x = 2; return 2; }",
            &expect![
                "[lambda [lambda_parameters ( [lambda_parameter [name s]] )] => [code_block { [if_code if ( [binary [name s] == [literal null]] ) [code_block { [return_code return [literal 1] ;] }] else [assign_code [name x] = [literal 2] ;]] [return_code return [literal 2] ;] }]]"
            ],
        );
        check_expression(
            "s => { Int32 dummy; var b = int.TryParse(s, out dummy); f(s); return b; }",
            &expect![
                "[lambda [lambda_parameters [lambda_parameter [name s]]] => [code_block { [local_code [type_ref [type_segment Int32]] [name dummy] ;] [local_code [type_ref [type_segment var]] [name b] = [call [member [name int] . TryParse] [argument_list ( [argument [name s]] , [argument out [name dummy]] )]] ;] [expression_code [call [name f] [argument_list ( [argument [name s]] )]] ;] [return_code return [name b] ;] }]]"
            ],
        );
    }

    #[test]
    fn what_is_no_known_statement_is_kept_as_tokens() {
        check_expression(
            "s => { for (int i = 0; i < 3; i++) { s += i; } x++; int a, b; return s; }",
            &expect![
                "[lambda [lambda_parameters [lambda_parameter [name s]]] => [code_block { [other_code for ( int i = 0 ; i < 3 ; i ++ ) { s += i ; }] [other_code x ++ ;] [other_code int a , b ;] [return_code return [name s] ;] }]]"
            ],
        );
    }
}
