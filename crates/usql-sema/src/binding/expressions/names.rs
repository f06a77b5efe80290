//! Columns and variables.

use rowan::ast::AstNode;
use usql_syntax::ast;

use crate::{
    binding::Binder,
    csharp::{CSharpError, Operand},
    diagnostics::sink::Reported,
    expression::Expression,
};

/// A simple name is a parameter of a lambda, or a column.
pub(super) fn name(binder: &mut Binder<'_, '_>, name: &ast::NameExpr) -> Result<Operand, Reported> {
    let location = binder.checker.location(name.syntax());
    let text = name.name().unwrap_or_default();
    if let Some(local) = binder.locals.find(&text) {
        let local = local.clone();
        binder.checker.copied(&local, 1, location)?;
        return Ok(Expression { location, ..local }.into());
    }
    if binder.locals.unassigned(&text).is_some() {
        let message = format!("Use of unassigned local variable '{text}'");
        let error = CSharpError::new(165, message);
        return Err(binder.checker.sink.csharp(location, &error));
    }
    binder
        .scope
        .find(None, &text, location, &mut binder.checker.sink)
        .map(Operand::Typed)
}

/// A scalar variable stands for its value, which the plan then has in its place.
pub(super) fn variable(
    binder: &mut Binder<'_, '_>,
    variable: &ast::VariableExpr,
) -> Result<Operand, Reported> {
    let location = binder.checker.location(variable.syntax());
    let name = variable.name().unwrap_or_default();
    if variable.is_system() {
        return Err(binder
            .checker
            .unsupported(location, &format!("the system variable {name}")));
    }
    binder.checker.scalar(&name, location).map(Operand::Typed)
}
