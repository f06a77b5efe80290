//! The operators that come from SQL, in C#'s two-valued logic: IN, BETWEEN, LIKE, IS NULL.

use rowan::ast::AstNode;
use usql_syntax::ast::{self, BinaryOperator, UnaryOperator};

use crate::{
    binding::Binder,
    csharp::{self, Operand, implicit},
    diagnostics::{Location, sink::Reported},
    expression::{Expression, ExpressionKind},
    types::Type,
    value::Value,
};

/// `x IN (a, b)` is `x == a || x == b` with `x` evaluated once, where all meet in one type.
pub(super) fn is_in(
    binder: &mut Binder<'_, '_>,
    operator: &ast::InExpr,
) -> Result<Operand, Reported> {
    let location = binder.checker.location(operator.syntax());
    let operand = binder.part(operator.operand(), location);
    let list: Vec<_> = operator.list().map(|item| binder.operand(&item)).collect();
    let operand = operand?;
    let list: Vec<Operand> = list.into_iter().collect::<Result<_, _>>()?;
    compared(binder, &operand, list.len(), location)?;
    let mut comparisons = Vec::with_capacity(list.len());
    for item in list {
        let at = item.location();
        let equal = csharp::binary(BinaryOperator::Equal, operand.clone(), item, None, at);
        comparisons.push(binder.csharp(at, equal)?);
    }
    let result = match one_type(&comparisons) {
        Some((operand, list)) => {
            let kind = ExpressionKind::In {
                operand: Box::new(operand),
                list,
            };
            Expression {
                kind,
                ty: Type::BOOL,
                location,
            }
        }
        None => any_of(binder, comparisons, location)?,
    };
    negated(binder, result, operator.is_negated(), location)
}

/// The operand and the list, if every comparison compares in the same type.
fn one_type(comparisons: &[Expression]) -> Option<(Expression, Vec<Expression>)> {
    let mut common: Option<Expression> = None;
    let mut list = Vec::with_capacity(comparisons.len());
    for comparison in comparisons {
        let ExpressionKind::Binary { left, right, .. } = &comparison.kind else {
            return None;
        };
        match &common {
            Some(known) if known != left.as_ref() => return None,
            Some(_) => {}
            None => common = Some(left.as_ref().clone()),
        }
        list.push(right.as_ref().clone());
    }
    common.map(|operand| (operand, list))
}

/// Counts that an operand is compared so many times, and is a copy in each.
pub(super) fn compared(
    binder: &mut Binder<'_, '_>,
    operand: &Operand,
    times: usize,
    location: Location,
) -> Result<(), Reported> {
    match operand {
        Operand::Typed(expression) => binder.checker.copied(expression, times, location),
        Operand::Null(_) => Ok(()),
    }
}

/// `a || b || ..`, as a balanced tree: a list may have 20,000 values.
fn any_of(
    binder: &mut Binder<'_, '_>,
    comparisons: Vec<Expression>,
    location: Location,
) -> Result<Expression, Reported> {
    let mut level = comparisons;
    while level.len() > 1 {
        let mut next = Vec::with_capacity(level.len().div_ceil(2));
        let mut rest = level.into_iter();
        while let Some(first) = rest.next() {
            next.push(match rest.next() {
                Some(second) => {
                    let (first, second) = (first.into(), second.into());
                    let or = BinaryOperator::OrElse;
                    let either = csharp::binary(or, first, second, None, location);
                    binder.csharp(location, either)?
                }
                None => first,
            });
        }
        level = next;
    }
    level.pop().ok_or_else(|| binder.checker.missing(location))
}

/// `x BETWEEN a AND b` is `x >= a && x <= b`; the documentation says that `x` is evaluated twice.
pub(super) fn between(
    binder: &mut Binder<'_, '_>,
    operator: &ast::BetweenExpr,
) -> Result<Operand, Reported> {
    let location = binder.checker.location(operator.syntax());
    let operand = binder.part(operator.operand(), location);
    let low = binder.part(operator.low(), location);
    let high = binder.part(operator.high(), location);
    let (operand, low, high) = (operand?, low?, high?);
    compared(binder, &operand, 2, location)?;
    let from = csharp::binary(
        BinaryOperator::GreaterOrEqual,
        operand.clone(),
        low,
        None,
        location,
    );
    let from = binder.csharp(location, from)?;
    let to = csharp::binary(BinaryOperator::LessOrEqual, operand, high, None, location);
    let to = binder.csharp(location, to)?;
    let both = csharp::binary(BinaryOperator::And, from.into(), to.into(), None, location);
    let both = binder.csharp(location, both)?;
    negated(binder, both, operator.is_negated(), location)
}

pub(super) fn like(
    binder: &mut Binder<'_, '_>,
    operator: &ast::LikeExpr,
) -> Result<Operand, Reported> {
    let location = binder.checker.location(operator.syntax());
    let mut text = |part: Option<ast::Expr>| {
        let operand = binder.part(part, location)?;
        let at = operand.location();
        let text = implicit(operand, Type::STRING);
        binder.csharp(at, text)
    };
    let operand = text(operator.operand());
    let pattern = text(operator.pattern());
    let escape = operator
        .escape()
        .map(|escape| escape_character(binder, &escape))
        .transpose();
    let kind = ExpressionKind::Like {
        operand: Box::new(operand?),
        pattern: Box::new(pattern?),
        escape: escape?,
    };
    let like = Expression {
        kind,
        ty: Type::BOOL,
        location,
    };
    negated(binder, like, operator.is_negated(), location)
}

/// One character, given as a `char` or as a `string`.
fn escape_character(binder: &mut Binder<'_, '_>, escape: &ast::Expr) -> Result<char, Reported> {
    let location = binder.checker.location(escape.syntax());
    let escape = binder.typed(escape, "ESCAPE")?;
    let text = match csharp::to_display_string(escape).kind {
        ExpressionKind::Constant(Value::String(text)) => text,
        _ => return Err(binder.checker.not_constant(location)),
    };
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(character), None) => Ok(character),
        _ => Err(binder
            .checker
            .unsupported(location, "an ESCAPE of other than one character")),
    }
}

/// `x IS NULL`; on a type without null it is known to be false.
pub(super) fn is_null(
    binder: &mut Binder<'_, '_>,
    operator: &ast::IsNullExpr,
) -> Result<Operand, Reported> {
    let location = binder.checker.location(operator.syntax());
    let operand = binder.part(operator.operand(), location)?;
    let null = Operand::Null(location);
    let test = match operand {
        Operand::Null(_) => csharp::constant(Value::Bool(true), Type::BOOL, location),
        typed => {
            let test = csharp::binary(BinaryOperator::Equal, typed, null, None, location);
            binder.csharp(location, test)?
        }
    };
    negated(binder, test, operator.is_negated(), location)
}

fn negated(
    binder: &mut Binder<'_, '_>,
    condition: Expression,
    is_negated: bool,
    location: Location,
) -> Result<Operand, Reported> {
    if !is_negated {
        return Ok(condition.into());
    }
    let negated = csharp::unary(UnaryOperator::Not, condition.into(), None, location);
    binder.csharp(location, negated).map(Operand::Typed)
}
