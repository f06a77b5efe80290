//! `((Func<string, bool>)(x => ..))(y)`: a lambda that is called where it stands.

use rowan::ast::AstNode;
use usql_syntax::ast::{CallExpr, Expr, LambdaExpr, TypeRef};

use super::{expressions, lambda::body_of};
use crate::{
    binding::{Binder, locals::Parameter, types::type_of},
    csharp::{CSharpError, implicit},
    diagnostics::{Location, sink::Reported},
    expression::{CollectionOperation as Operation, Expression, ExpressionKind, Lambda},
    types::Type,
};

/// Calls what is neither a name nor a member: a lambda that a cast gives a type.
pub(in crate::binding) fn invocation(
    binder: &mut Binder<'_, '_>,
    callee: &Expr,
    call: &CallExpr,
) -> Result<Expression, Reported> {
    let location = binder.checker.location(call.syntax());
    let Some((ty, lambda)) = typed_lambda(callee) else {
        return Err(binder.checker.unsupported(location, "this call"));
    };
    let function = Function::of(binder, &ty, lambda, location)?;
    let arguments = expressions(binder, call)?;
    function.call(binder, &arguments, location)
}

/// `(Func<..>)(lambda)`, in parentheses or not.
fn typed_lambda(callee: &Expr) -> Option<(TypeRef, LambdaExpr)> {
    fn lambda(of: &Expr) -> Option<LambdaExpr> {
        match of {
            Expr::Paren(paren) => lambda(&paren.inner()?),
            Expr::Lambda(lambda) => Some(lambda.clone()),
            _ => None,
        }
    }
    match callee {
        Expr::Paren(paren) => typed_lambda(&paren.inner()?),
        Expr::Cast(cast) => Some((cast.ty()?, lambda(&cast.operand()?)?)),
        _ => None,
    }
}

/// A lambda with the type of a delegate.
pub(in crate::binding) struct Function {
    parameters: Vec<Type>,
    result: Type,
    lambda: LambdaExpr,
}

impl Function {
    /// A lambda of type `Func<parameters.., result>`.
    pub(in crate::binding) fn of(
        binder: &mut Binder<'_, '_>,
        ty: &TypeRef,
        lambda: LambdaExpr,
        location: Location,
    ) -> Result<Self, Reported> {
        let name = ty.name();
        if name.trim_start_matches("System.") != "Func" {
            return Err(binder
                .checker
                .unsupported(location, &format!("a function of type {}", ty.text())));
        }
        let types: Vec<_> = ty
            .arguments()
            .map(|argument| type_of(binder.checker, Some(argument), location))
            .collect();
        let mut parameters = types.into_iter().collect::<Result<Vec<_>, _>>()?;
        match parameters.pop() {
            Some(result) => Ok(Self {
                parameters,
                result,
                lambda,
            }),
            None => Err(binder.checker.missing(location)),
        }
    }

    /// Calls it: the body, in which the parameters stand for the arguments.
    pub(in crate::binding) fn call(
        &self,
        binder: &mut Binder<'_, '_>,
        arguments: &[Expr],
        location: Location,
    ) -> Result<Expression, Reported> {
        let names: Vec<_> = self.lambda.parameters().collect();
        if names.len() != self.parameters.len() || arguments.len() != names.len() {
            let text = format!(
                "Delegate 'Func' does not take {} arguments",
                arguments.len()
            );
            return Err(binder
                .checker
                .sink
                .csharp(location, &CSharpError::new(1593, text)));
        }
        let values: Vec<_> = arguments
            .iter()
            .zip(&self.parameters)
            .map(|(argument, ty)| binder.converted(argument, *ty))
            .collect();
        let values = values.into_iter().collect::<Result<Vec<_>, _>>()?;
        let names: Vec<String> = names
            .iter()
            .map(|name| name.name().map(|name| name.text()).unwrap_or_default())
            .collect();
        let body = body_of(binder, &self.lambda, location)?;
        let named = names.into_iter().zip(values).collect();
        binder.let_in(named, location, |binder| {
            let body = binder.operand(&body)?;
            let at = body.location();
            binder.csharp(at, implicit(body, self.result))
        })
    }
}

impl Binder<'_, '_> {
    /// Binds what names some values. A constant stands for itself, so that what is made of it stays constant.
    pub(super) fn let_in(
        &mut self,
        values: Vec<(String, Expression)>,
        location: Location,
        inner: impl FnOnce(&mut Self) -> Result<Expression, Reported>,
    ) -> Result<Expression, Reported> {
        let is_constant = |value: &Expression| matches!(value.kind, ExpressionKind::Constant(_));
        let (constants, computed): (Vec<_>, Vec<_>) = values
            .into_iter()
            .partition(|(_, value)| is_constant(value));
        let first = self.locals.next();
        let arity = computed.len();
        let parameters = computed
            .iter()
            .map(|(name, value)| Parameter {
                name: name.clone(),
                ty: value.ty,
                location: value.location,
            })
            .collect();
        let body = self.within(parameters, |binder| binder.with_locals(constants, inner))?;
        if arity == 0 {
            return Ok(body);
        }
        let ty = body.ty;
        let operands = computed.into_iter().map(|(_, value)| value).collect();
        let lambda = Lambda { first, arity, body };
        Ok(Expression::collection(
            Operation::Let,
            operands,
            vec![lambda],
            ty,
            location,
        ))
    }
}
