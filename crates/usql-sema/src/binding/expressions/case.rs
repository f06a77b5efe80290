//! `CASE`, as the conditional expressions that it abbreviates.

use rowan::ast::AstNode;
use usql_syntax::ast::{self, BinaryOperator};

use super::sql::compared;
use crate::{
    binding::Binder,
    csharp::{self, Operand, implicit},
    diagnostics::{Location, sink::Reported},
    expression::{Expression, MAX_DEPTH},
    types::Type,
};

/// `CASE WHEN c THEN x ELSE y END` is `c ? x : y`; `CASE a WHEN b ..` compares with `==`; without ELSE it is null.
///
/// What is not needed while the parts are bound is done elsewhere: a CASE may be 400 levels deep in others, and its
/// frame is on the stack as often.
pub(super) fn bind(binder: &mut Binder<'_, '_>, case: &ast::CaseExpr) -> Result<Operand, Reported> {
    let subject = case
        .operand()
        .map(|operand| binder.operand(&operand))
        .transpose();
    let branches: Vec<Branch> = case
        .branches()
        .map(|branch| Branch::bind(binder, &branch))
        .collect();
    let otherwise = case
        .otherwise()
        .map(|otherwise| binder.operand(&otherwise))
        .transpose()?;
    let location = binder.checker.location(case.syntax());
    let otherwise = otherwise.unwrap_or(Operand::Null(location));
    conditionals(binder, location, subject?.as_ref(), branches, otherwise)
}

/// `WHEN when THEN then`
struct Branch {
    at: Location,
    when: Result<Operand, Reported>,
    then: Result<Operand, Reported>,
}

impl Branch {
    fn bind(binder: &mut Binder<'_, '_>, branch: &ast::WhenBranch) -> Self {
        let at = binder.checker.location(branch.syntax());
        Self {
            at,
            when: binder.part(branch.condition(), at),
            then: binder.part(branch.result(), at),
        }
    }

    fn depth(&self) -> usize {
        let depth = |part: &Result<Operand, Reported>| part.as_ref().map_or(1, depth);
        depth(&self.when).max(depth(&self.then))
    }
}

fn depth(operand: &Operand) -> usize {
    match operand {
        Operand::Typed(expression) => expression.depth(),
        Operand::Null(_) => 1,
    }
}

/// The last branch is in the conditional expression of the one before it, and so on.
fn conditionals(
    binder: &mut Binder<'_, '_>,
    location: Location,
    subject: Option<&Operand>,
    branches: Vec<Branch>,
    mut otherwise: Operand,
) -> Result<Operand, Reported> {
    let deepest = branches.iter().map(Branch::depth).max().unwrap_or(1);
    let depth = deepest.max(depth(&otherwise)) + branches.len();
    if depth > MAX_DEPTH {
        let what = format!(
            "a CASE of {} branches, {depth} levels deep,",
            branches.len()
        );
        return Err(binder.checker.unsupported(location, &what));
    }
    if let Some(subject) = subject {
        compared(binder, subject, branches.len(), location)?;
    }
    for Branch { at, when, then } in branches.into_iter().rev() {
        let (when, then) = (when?, then?);
        let condition: Result<Expression, _> = match subject {
            Some(subject) => csharp::binary(BinaryOperator::Equal, subject.clone(), when, None, at),
            None => implicit(when, Type::BOOL),
        };
        let condition = binder.csharp(at, condition)?;
        let conditional = csharp::conditional(condition, then, otherwise, at);
        otherwise = binder.csharp(at, conditional)?.into();
    }
    Ok(otherwise)
}
