//! Types: `int?`, `byte[]`, `SQL.MAP<string, SQL.ARRAY<int>>`.

use super::comma_separated;
use super::names::{is_member_name, is_name, member_name, name};
use crate::SyntaxKind::*;
use crate::TokenSet;
use crate::parser::Parser;

const TYPE_FIRST: TokenSet = super::names::NAME_FIRST.union(TokenSet::new(&[BUILTIN_TYPE]));

/// Whether a type begins here.
pub(super) fn at_type(p: &mut Parser<'_>) -> bool {
    p.at_any(TYPE_FIRST) || is_name(p.current())
}

/// Parses a type.
pub(super) fn type_ref(p: &mut Parser<'_>) {
    p.nested(|p| type_with(p, true));
}

/// Parses `TABLE '(' name type, .. ')'`.
pub(super) fn table_type(p: &mut Parser<'_>) {
    let table = p.start();
    p.expect(TABLE_KW);
    p.expect(L_PAREN);
    let columns = p.start();
    comma_separated(p, |p| {
        let column = p.start();
        name(p);
        type_ref(p);
        column.complete(p, COLUMN_DEFINITION);
    });
    columns.complete(p, COLUMN_DEFINITION_LIST);
    p.expect(R_PAREN);
    table.complete(p, TABLE_TYPE);
}

/// Parses a type behind `is` or `as`, where `?` may also begin a conditional expression.
pub(super) fn tested_type(p: &mut Parser<'_>) {
    p.nested(|p| type_with(p, false));
}

fn type_with(p: &mut Parser<'_>, question_is_nullable: bool) {
    let ty = p.start();
    let builtin = p.current() == BUILTIN_TYPE;
    segment(p);
    while !builtin && p.eat(DOT) {
        segment(p);
    }
    if question_is_nullable
        || (p.current() == QUESTION && !super::expressions::begins_operand(p.nth(1)))
    {
        p.eat(QUESTION);
    }
    while p.at(L_BRACKET) && matches!(p.nth(1), R_BRACKET | COMMA) {
        let rank = p.start();
        p.bump();
        while p.eat(COMMA) {}
        p.expect(R_BRACKET);
        rank.complete(p, ARRAY_RANK);
    }
    ty.complete(p, TYPE_REF);
}

fn segment(p: &mut Parser<'_>) {
    let segment = p.start();
    if p.at(BUILTIN_TYPE) {
        p.bump();
    } else {
        member_name(p);
        if p.at(LESS) {
            type_arguments(p);
        }
    }
    segment.complete(p, TYPE_SEGMENT);
}

/// Parses `<type, ..>`.
pub(super) fn type_arguments(p: &mut Parser<'_>) {
    let arguments = p.start();
    p.expect(LESS);
    comma_separated(p, type_ref);
    p.expect(GREATER);
    arguments.complete(p, TYPE_ARGUMENTS);
}

/// How the tokens ahead read as a type.
#[derive(Clone, Copy)]
pub(super) struct TypeAhead {
    /// The distance to the token behind the type.
    pub(super) end: usize,
    /// Whether it can be nothing but a type: `int`, `T?`, `T[]`, `T<U>`.
    pub(super) surely: bool,
}

/// Looks ahead over a type that begins `from` tokens from here, without taking it.
pub(super) fn type_ahead(p: &Parser<'_>, from: usize) -> Option<TypeAhead> {
    // The budget keeps `a < b < c < ..` linear: no real type is this long.
    let mut budget = 200;
    scan_type(p, from, &mut budget)
}

/// Looks ahead over `<type, ..>` that begins `from` tokens from here; gives the distance behind it.
pub(super) fn type_arguments_ahead(p: &Parser<'_>, from: usize) -> Option<usize> {
    let mut budget = 200;
    scan_arguments(p, from, &mut budget)
}

fn scan_type(p: &Parser<'_>, from: usize, budget: &mut u32) -> Option<TypeAhead> {
    let mut at = from;
    let mut surely = false;
    loop {
        *budget = budget.checked_sub(1)?;
        match p.nth(at) {
            BUILTIN_TYPE => surely = true,
            kind if is_name(kind) || (at > from && is_member_name(kind)) => {}
            _ => return None,
        }
        at += 1;
        if p.nth(at) == LESS {
            at = scan_arguments(p, at, budget)?;
            surely = true;
        }
        if p.nth(at) != DOT {
            break;
        }
        at += 1;
    }
    if p.nth(at) == QUESTION {
        at += 1;
        surely = true;
    }
    while p.nth(at) == L_BRACKET && matches!(p.nth(at + 1), R_BRACKET | COMMA) {
        at += 1;
        while p.nth(at) == COMMA {
            *budget = budget.checked_sub(1)?;
            at += 1;
        }
        if p.nth(at) != R_BRACKET {
            return None;
        }
        at += 1;
        surely = true;
    }
    Some(TypeAhead { end: at, surely })
}

fn scan_arguments(p: &Parser<'_>, from: usize, budget: &mut u32) -> Option<usize> {
    let mut at = from;
    loop {
        // Steps over `<` and over each `,`.
        at = scan_type(p, at + 1, budget)?.end;
        match p.nth(at) {
            COMMA => {}
            GREATER => return Some(at + 1),
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check;
    use expect_test::expect;

    #[test]
    fn types_of_columns() {
        check(
            r#"@a = EXTRACT a int?, b byte[], c SQL.MAP<string, SQL.ARRAY<int>>, d A.[B]? FROM "x" USING y;"#,
            &expect![[r#"
                ASSIGNMENT_STATEMENT @a =
                  EXTRACT_QUERY EXTRACT
                    COLUMN_DEFINITION_LIST
                      COLUMN_DEFINITION
                        NAME a
                        TYPE_REF
                          TYPE_SEGMENT int
                          ?
                      ,
                      COLUMN_DEFINITION
                        NAME b
                        TYPE_REF
                          TYPE_SEGMENT byte
                          ARRAY_RANK [ ]
                      ,
                      COLUMN_DEFINITION
                        NAME c
                        TYPE_REF
                          TYPE_SEGMENT SQL
                          .
                          TYPE_SEGMENT MAP
                            TYPE_ARGUMENTS <
                              TYPE_REF
                                TYPE_SEGMENT string
                              ,
                              TYPE_REF
                                TYPE_SEGMENT SQL
                                .
                                TYPE_SEGMENT ARRAY
                                  TYPE_ARGUMENTS <
                                    TYPE_REF
                                      TYPE_SEGMENT int
                                    >
                              >
                      ,
                      COLUMN_DEFINITION
                        NAME d
                        TYPE_REF
                          TYPE_SEGMENT A
                          .
                          TYPE_SEGMENT [B]
                          ?
                    EXTRACT_PATHS FROM
                      LITERAL_EXPR "x"
                    USING_CLAUSE USING
                      NAME_EXPR y
                  ;"#]],
        );
    }
}
