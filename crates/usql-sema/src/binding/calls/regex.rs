//! Patterns that are known when the script is compiled.

use crate::{
    binding::Binder,
    diagnostics::sink::Reported,
    expression::{Expression, ExpressionKind},
    functions::{Function, FunctionKind, Owner},
    regex::{Pattern, Problem},
    types::{Class, Scalar},
    value::Value,
};

/// Says what is not built here of the pattern that a call is given. One that .NET refuses raises where it is used.
pub(super) fn check(
    binder: &mut Binder<'_, '_>,
    function: &Function,
    arguments: &[Expression],
) -> Result<(), Reported> {
    let position = match (function.owner(), function.kind()) {
        (Owner::Scalar(Scalar::Class(Class::Regex)), FunctionKind::Constructor) => 0,
        (Owner::Scalar(Scalar::Class(Class::Regex)), FunctionKind::Static) => 1,
        _ => return Ok(()),
    };
    let Some(pattern) = arguments.get(position) else {
        return Ok(());
    };
    let constants = arguments.iter().map(|argument| match &argument.kind {
        ExpressionKind::Constant(value) => Some(value),
        _ => None,
    });
    let mut options = 0;
    for constant in constants.skip(position + 1).flatten() {
        if let Value::Enum(_, number) = constant {
            options = *number;
        }
    }
    let ExpressionKind::Constant(Value::String(text)) = &pattern.kind else {
        return Ok(());
    };
    match Pattern::parse(text, options) {
        Err(Problem::Unsupported(what)) => Err(binder.checker.unsupported(pattern.location, &what)),
        Ok(_) | Err(Problem::Invalid(_)) => Ok(()),
    }
}
