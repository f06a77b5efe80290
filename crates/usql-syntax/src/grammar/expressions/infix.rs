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
