//! Operators between operands, by how tightly they bind.

use super::{expression_list, operand};
use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::types::tested_type;
use crate::parser::{CompletedMarker, Parser};

pub(super) const LOOSEST: u8 = ASSIGNMENT;
const ASSIGNMENT: u8 = 0;
const CONDITIONAL: u8 = 1;
const COALESCE: u8 = 2;
const OR: u8 = 3;
const AND: u8 = 4;
pub(super) const BIT_OR: u8 = 5;
const BIT_XOR: u8 = 6;
const BIT_AND: u8 = 7;
const EQUALITY: u8 = 8;
const RELATION: u8 = 9;
const SHIFT: u8 = 10;
const SUM: u8 = 11;
const PRODUCT: u8 = 12;
pub(super) const TIGHTEST: u8 = 13;

/// The operators of each level.
const OPERATORS: [TokenSet; TIGHTEST as usize] = {
    let mut sets = [TokenSet::EMPTY; TIGHTEST as usize];
    // C# parses `a = b` anywhere; the documentation has `WHERE DeptID = 200` in a branch that is not taken.
    sets[ASSIGNMENT as usize] = TokenSet::new(&[EQ]);
    sets[CONDITIONAL as usize] = TokenSet::new(&[QUESTION]);
    sets[COALESCE as usize] = TokenSet::new(&[QUESTION_QUESTION]);
    sets[OR as usize] = TokenSet::new(&[OR_KW, PIPE_PIPE]);
    sets[AND as usize] = TokenSet::new(&[AND_KW, AMP_AMP]);
    sets[BIT_OR as usize] = TokenSet::new(&[PIPE]);
    sets[BIT_XOR as usize] = TokenSet::new(&[CARET]);
    sets[BIT_AND as usize] = TokenSet::new(&[AMP]);
    sets[EQUALITY as usize] = TokenSet::new(&[EQ_EQ, NOT_EQ]);
    sets[RELATION as usize] = TokenSet::new(&[
        LESS, GREATER, LESS_EQ, GREATER_EQ, IS_CSHARP, AS_CSHARP, IN_KW, BETWEEN_KW, LIKE_KW,
        IS_KW, NOT_KW,
    ]);
    // `>>` as well: two `>` that touch.
    sets[SHIFT as usize] = TokenSet::new(&[SHIFT_LEFT]);
    sets[SUM as usize] = TokenSet::new(&[PLUS, MINUS]);
    sets[PRODUCT as usize] = TokenSet::new(&[STAR, SLASH, PERCENT]);
    sets
};

/// The operators of each level and of all that bind tighter.
const FROM_LEVEL: [TokenSet; TIGHTEST as usize + 1] = {
    let mut sets = [TokenSet::EMPTY; TIGHTEST as usize + 1];
    let mut level = TIGHTEST as usize;
    while level > 0 {
        level -= 1;
        sets[level] = sets[level + 1].union(OPERATORS[level]);
    }
    sets
};

/// Parses the operators behind `left` that bind at least as tightly as `level`, with their operands.
pub(super) fn chain(p: &mut Parser<'_>, mut left: CompletedMarker, level: u8) -> CompletedMarker {
    while let Some(found) = operator_level(p, level) {
        let outer = left.precede(p);
        let kind = match found {
            CONDITIONAL => conditional(p),
            ASSIGNMENT | COALESCE => binary(p, found),
            RELATION => relation(p),
            _ => binary(p, found + 1),
        };
        left = outer.complete(p, kind);
        if !p.grow() {
            break;
        }
    }
    left
}

/// The level of the operator here, if it binds at least as tightly as `level`.
fn operator_level(p: &mut Parser<'_>, level: u8) -> Option<u8> {
    if !p.at_any(FROM_LEVEL[usize::from(level)]) {
        return None;
    }
    let kind = p.current();
    if kind == GREATER && is_shift_right(p) {
        return (level <= SHIFT).then_some(SHIFT);
    }
    if kind == NOT_KW && !matches!(p.nth(1), IN_KW | BETWEEN_KW | LIKE_KW) {
        return None;
    }
    (level..TIGHTEST).find(|&level| OPERATORS[usize::from(level)].contains(kind))
}

fn is_shift_right(p: &Parser<'_>) -> bool {
    p.nth(1) == GREATER && p.is_joint()
}

fn binary(p: &mut Parser<'_>, right: u8) -> SyntaxKind {
    if p.current() == GREATER && is_shift_right(p) {
        p.bump();
    }
    p.bump();
    operand(p, right);
    BINARY_EXPR
}

fn conditional(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    operand(p, CONDITIONAL);
    p.expect(COLON);
    operand(p, CONDITIONAL);
    CONDITIONAL_EXPR
}

fn relation(p: &mut Parser<'_>) -> SyntaxKind {
    match p.current() {
        IS_CSHARP | AS_CSHARP => {
            p.bump();
            tested_type(p);
            TYPE_TEST_EXPR
        }
        IS_KW => {
            p.bump();
            p.eat(NOT_KW);
            p.expect(NULL_KW);
            IS_NULL_EXPR
        }
        NOT_KW | IN_KW | BETWEEN_KW | LIKE_KW => {
            p.eat(NOT_KW);
            sql_relation(p)
        }
        _ => binary(p, SHIFT),
    }
}

fn sql_relation(p: &mut Parser<'_>) -> SyntaxKind {
    if p.eat(IN_KW) {
        expression_list(p);
        IN_EXPR
    } else if p.eat(BETWEEN_KW) {
        operand(p, SHIFT);
        p.expect(AND_KW);
        operand(p, SHIFT);
        BETWEEN_EXPR
    } else {
        p.expect(LIKE_KW);
        operand(p, SHIFT);
        if p.eat(ESCAPE_KW) {
            operand(p, SHIFT);
        }
        LIKE_EXPR
    }
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check_expression;
    use expect_test::expect;

    #[test]
    fn products_bind_tighter_than_sums() {
        check_expression(
            "a + b * c - d",
            &expect!["[binary [binary [name a] + [binary [name b] * [name c]]] - [name d]]"],
        );
    }

    #[test]
    fn comparisons_bind_tighter_than_and_and_and_than_or() {
        check_expression(
            "a == 1 AND b < 2 || c != 3 && d",
            &expect![
                "[binary [binary [binary [name a] == [literal 1]] AND [binary [name b] < [literal 2]]] || [binary [binary [name c] != [literal 3]] && [name d]]]"
            ],
        );
    }

    #[test]
    fn bits_bind_looser_than_comparisons_as_in_csharp() {
        check_expression(
            "a & b == c | d ^ e",
            &expect![
                "[binary [binary [name a] & [binary [name b] == [name c]]] | [binary [name d] ^ [name e]]]"
            ],
        );
    }

    #[test]
    fn two_closing_angles_that_touch_are_a_shift() {
        check_expression(
            "a >> 1 > b",
            &expect!["[binary [binary [name a] > > [literal 1]] > [name b]]"],
        );
        check_expression("a < b", &expect!["[binary [name a] < [name b]]"]);
    }

    #[test]
    fn coalesce_and_conditional_group_to_the_right() {
        check_expression(
            "a ?? b ?? c",
            &expect!["[binary [name a] ?? [binary [name b] ?? [name c]]]"],
        );
        check_expression(
            "a ? b : c ? d : e",
            &expect![
                "[conditional [name a] ? [name b] : [conditional [name c] ? [name d] : [name e]]]"
            ],
        );
    }

    #[test]
    fn the_and_of_between_is_not_the_operator() {
        check_expression(
            "a BETWEEN 1 AND 2 AND b",
            &expect![
                "[binary [between [name a] BETWEEN [literal 1] AND [literal 2]] AND [name b]]"
            ],
        );
    }

    #[test]
    fn sql_relations_can_be_negated() {
        check_expression(
            "a NOT IN (1, 2)",
            &expect!["[in [name a] NOT IN [expr_list ( [literal 1] , [literal 2] )]]"],
        );
        check_expression(
            r#"a NOT LIKE "x%" ESCAPE '!'"#,
            &expect![[r#"[like [name a] NOT LIKE [literal "x%"] ESCAPE [literal '!']]"#]],
        );
        check_expression(
            "a NOT BETWEEN 1 AND 2",
            &expect!["[between [name a] NOT BETWEEN [literal 1] AND [literal 2]]"],
        );
        check_expression("a IS NOT NULL", &expect!["[is_null [name a] IS NOT NULL]"]);
    }

    #[test]
    fn the_type_behind_is_takes_a_question_mark_only_if_it_must() {
        check_expression(
            "a is int ? b : c",
            &expect![
                "[conditional [type_test [name a] is [type_ref [type_segment int]]] ? [name b] : [name c]]"
            ],
        );
        check_expression(
            "a as int? ?? b",
            &expect![
                "[binary [type_test [name a] as [type_ref [type_segment int] ?]] ?? [name b]]"
            ],
        );
    }

    #[test]
    fn an_assignment_is_parsed_as_csharp_parses_it() {
        check_expression("a = b", &expect!["[binary [name a] = [name b]]"]);
    }
}
