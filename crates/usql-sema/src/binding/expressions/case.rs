//! `CASE`, as the conditional expressions that it abbreviates.

use rowan::ast::AstNode;
use usql_syntax::ast::{self, BinaryOperator};

use crate::{
    binding::Binder,
    csharp::{self, Operand, implicit},
    diagnostics::sink::Reported,
    expression::{Expression, MAX_DEPTH},
    types::Type,
};

/// `CASE WHEN c THEN x ELSE y END` is `c ? x : y`; `CASE a WHEN b ..` compares with `==`; without ELSE it is null.
pub(super) fn bind(binder: &mut Binder<'_, '_>, case: &ast::CaseExpr) -> Result<Operand, Reported> {
    let location = binder.checker.location(case.syntax());
    let subject = case
        .operand()
        .map(|operand| binder.operand(&operand))
        .transpose();
    let mut branches = Vec::new();
    for branch in case.branches() {
        let at = binder.checker.location(branch.syntax());
        let when = binder.part(branch.condition(), at);
        let then = binder.part(branch.result(), at);
        branches.push((at, when, then));
    }
    let mut otherwise = match case.otherwise() {
        Some(value) => binder.operand(&value)?,
        None => Operand::Null(location),
    };
    let subject = subject?;
    let inner = |operand: &Operand| match operand {
        Operand::Typed(expression) => expression.depth(),
        Operand::Null(_) => 1,
    };
    let branch = |result: &Result<Operand, Reported>| result.as_ref().map_or(1, inner);
    let deepest = branches
        .iter()
        .map(|(_, when, then)| branch(when).max(branch(then)))
        .max();
    let depth = deepest.unwrap_or(1).max(inner(&otherwise)) + branches.len();
    if depth > MAX_DEPTH {
        let what = format!(
            "a CASE of {} branches, {depth} levels deep,",
            branches.len()
        );
        return Err(binder.checker.unsupported(location, &what));
    }
    for (at, when, then) in branches.into_iter().rev() {
        let (when, then) = (when?, then?);
        let condition: Result<Expression, _> = match &subject {
            Some(subject) => csharp::binary(BinaryOperator::Equal, subject.clone(), when, None, at),
            None => implicit(when, Type::BOOL),
        };
        let condition = binder.csharp(at, condition)?;
        let conditional = csharp::conditional(condition, then, otherwise, at);
        otherwise = binder.csharp(at, conditional)?.into();
    }
    Ok(otherwise)
}
