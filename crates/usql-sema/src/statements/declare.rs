//! `DECLARE [EXTERNAL|CONST] @name [type] = expression;`

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, DeclareStatement, Expr},
};

use super::{StatementRule, parameter};
use crate::{
    binding::{Aggregation, Binder, Function, arguments, scope::Scope, types::type_of},
    checker::Checker,
    diagnostics::{Location, sink::Reported},
    expression::{Expression, ExpressionKind, MAX_DEPTH},
    text_format::Encoding,
    types::Type,
};

pub(super) const RULE: StatementRule = StatementRule {
    kind: SyntaxKind::DECLARE_STATEMENT,
    check,
};

/// Names a scalar expression. Where the name is used, the expression stands in the plan.
fn check(checker: &mut Checker<'_>, node: &SyntaxNode) {
    let Some(declare) = DeclareStatement::cast(node.clone()) else {
        return;
    };
    let Some(variable) = declare.variable() else {
        return;
    };
    let location = checker.locate(variable.text_range());
    if let (Some(ty), Some(value)) = (declare.ty(), declare.value())
        && ty.name().trim_start_matches("System.") == "Func"
    {
        if let Ok(function) = Function::declared(checker, &ty, &value, location) {
            checker.declare_function(variable.text(), function, location);
        }
        return;
    }
    match encoding(checker, &declare) {
        Ok(None) => {}
        Ok(Some(encoding)) => {
            checker.declare_encoding(variable.text(), encoding, location);
            return;
        }
        Err(reported) => {
            checker.give_up_scalar(variable.text(), reported);
            return;
        }
    }
    let value = value(checker, &declare, location);
    checker.declare(variable.text(), value, declare.is_external(), location);
}

/// The encoding that is declared, if it is one.
fn encoding(
    checker: &mut Checker<'_>,
    declare: &DeclareStatement,
) -> Result<Option<Encoding>, Reported> {
    let name = declare
        .ty()
        .map(|ty| checker.unaliased(&ty.name()).into_owned());
    let may_be = name.is_none_or(|name| name.trim_start_matches("System.Text.") == "Encoding");
    match declare.value() {
        Some(value) if may_be => arguments::encoding(checker, &value),
        _ => Ok(None),
    }
}

fn value(
    checker: &mut Checker<'_>,
    declare: &DeclareStatement,
    location: Location,
) -> Result<Expression, Reported> {
    let ty = declare
        .ty()
        .map(|ty| type_of(checker, Some(ty), location))
        .transpose();
    let Some(expression) = declare.value() else {
        return Err(checker.missing(location));
    };
    let scope = Scope::default();
    let mut binder = Binder::new(checker, &scope, Aggregation::Forbid("in a DECLARE"));
    let name = declare.variable_name().unwrap_or_default();
    let value = match ty? {
        Some(ty) => binder.converted(&expression, ty)?,
        None => binder.typed(&expression, &name)?,
    };
    // What the caller gives is for the script, and for no routine that it calls.
    let is_given = declare.is_external() && !checker.routines.is_open();
    let given = is_given
        .then(|| checker.environment.parameter(name.trim_start_matches('@')))
        .flatten();
    let value = match given {
        Some(text) => parameter::value(checker, &text, value.ty, location)?,
        None => value,
    };
    let value = settled(checker, value)?;
    if declare.is_const() && !matches!(value.kind, ExpressionKind::Constant(_)) {
        return Err(checker.not_constant(value.location));
    }
    Ok(value)
}

/// The value of an expression without columns, of a type.
pub(crate) fn value_of(
    checker: &mut Checker<'_>,
    expression: &Expr,
    ty: Type,
) -> Result<Expression, Reported> {
    let scope = Scope::default();
    let mut binder = Binder::new(checker, &scope, Aggregation::Forbid("in an argument"));
    let value = binder.converted(expression, ty)?;
    settled(checker, value)
}

/// A value as it stands for its variable: as far computed as it can be now.
fn settled(checker: &mut Checker<'_>, value: Expression) -> Result<Expression, Reported> {
    if value.depth() > MAX_DEPTH {
        return Err(checker.unsupported(value.location, "an expression as deep as this"));
    }
    Ok(checker.folded(value))
}
