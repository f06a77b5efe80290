//! `new`.

use super::{argument_list, expression};
use crate::SyntaxKind::{self, *};
use crate::grammar::comma_separated;
use crate::grammar::types::type_ref;
use crate::parser::Parser;

/// Parses `new type(..) {..}`, `new type[n] {..}`, `new[] {..}` and `new {..}`.
pub(super) fn new(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    if p.at(L_BRACE) {
        initializer(p);
        return NEW_EXPR;
    }
    if p.at(L_BRACKET) {
        let rank = p.start();
        p.bump();
        while p.eat(COMMA) {}
        p.expect(R_BRACKET);
        rank.complete(p, ARRAY_RANK);
        initializer(p);
        return NEW_EXPR;
    }
    type_ref(p);
    if p.at(L_PAREN) {
        argument_list(p);
    } else if p.at(L_BRACKET) {
        p.bump();
        comma_separated(p, expression);
        p.expect(R_BRACKET);
    } else if !p.at(L_BRACE) {
        p.error();
    }
    if p.at(L_BRACE) {
        initializer(p);
    }
    NEW_EXPR
}

/// Parses `{element, ..}`; a comma may follow the last element.
fn initializer(p: &mut Parser<'_>) {
    p.nested(elements);
}

fn elements(p: &mut Parser<'_>) {
    let initializer = p.start();
    p.expect(L_BRACE);
    while !p.at(R_BRACE) {
        element(p);
        if !p.eat(COMMA) {
            break;
        }
    }
    p.expect(R_BRACE);
    initializer.complete(p, INITIALIZER);
}

/// Parses `expression`, `name = value` or `{..}`.
fn element(p: &mut Parser<'_>) {
    if p.at(L_BRACE) {
        initializer(p);
    } else if p.current() == IDENT && p.nth(1) == EQ {
        let assign = p.start();
        let name = p.start();
        p.bump();
        name.complete(p, NAME);
        p.bump();
        if p.at(L_BRACE) {
            initializer(p);
        } else {
            expression(p);
        }
        assign.complete(p, ASSIGN_ELEMENT);
    } else {
        expression(p);
    }
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check_expression;
    use expect_test::expect;

    #[test]
    fn objects_arrays_and_maps() {
        check_expression(
            "new DateTime(2012, 1, 1)",
            &expect![
                "[new new [type_ref [type_segment DateTime]] [argument_list ( [argument [literal 2012]] , [argument [literal 1]] , [argument [literal 1]] )]]"
            ],
        );
        check_expression(
            "new int[3]",
            &expect!["[new new [type_ref [type_segment int]] [ [literal 3] ]]"],
        );
        check_expression(
            "new[] { 1, 2 }",
            &expect!["[new new [array_rank [ ]] [initializer { [literal 1] , [literal 2] }]]"],
        );
        check_expression(
            r#"new SQL.MAP<string, int> { { "a", 1 }, }"#,
            &expect![[
                r#"[new new [type_ref [type_segment SQL] . [type_segment MAP [type_arguments < [type_ref [type_segment string]] , [type_ref [type_segment int]] >]]] [initializer { [initializer { [literal "a"] , [literal 1] }] , }]]"#
            ]],
        );
        check_expression(
            "new A { B = 1, C = { 2 } }",
            &expect![
                "[new new [type_ref [type_segment A]] [initializer { [assign_element [name B] = [literal 1]] , [assign_element [name C] = [initializer { [literal 2] }]] }]]"
            ],
        );
    }
}
