//! `((Func<string, bool>)(x => ..))(y)` and `@f(y)`: lambdas that are called. The call is the body, bound where it stands.

use rowan::ast::AstNode;
use usql_syntax::ast::{CallExpr, Expr, LambdaExpr, TypeRef};

use super::{code::body_of, expressions, lambda::lambda_of};
use crate::{
    binding::{
        Aggregation, Binder,
        locals::{Locals, Parameter},
        scope::Scope,
        types::type_of,
    },
    checker::Checker,
    csharp::{CSharpError, implicit},
    diagnostics::{Location, sink::Reported},
    expression::{CollectionOperation as Operation, Expression, Lambda},
    types::Type,
};

/// Calls what is neither a name nor a member: a lambda that a cast gives a type.
pub(in crate::binding) fn invocation(
    binder: &mut Binder<'_, '_>,
    callee: &Expr,
    call: &CallExpr,
) -> Result<Expression, Reported> {
    let location = binder.checker.location(call.syntax());
    if let Expr::Variable(variable) = callee {
        let name = variable.name().unwrap_or_default();
        if let Some((number, function)) = binder.checker.function(&name) {
            let arguments = expressions(binder, call)?;
            return function.call(binder, &arguments, Place::Declared(number), location);
        }
    }
    let Some((ty, lambda)) = typed_lambda(callee) else {
        return Err(binder.checker.unsupported(location, "this call"));
    };
    let function = Function::of(binder, &ty, lambda, location)?;
    let arguments = expressions(binder, call)?;
    function.call(binder, &arguments, Place::Here, location)
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
#[derive(Clone)]
pub(crate) struct Function {
    parameters: Vec<Type>,
    result: Type,
    lambda: LambdaExpr,
}

impl Function {
    /// The value of a `DECLARE @f Func<..> = ..`.
    pub(crate) fn declared(
        checker: &mut Checker<'_>,
        ty: &TypeRef,
        value: &Expr,
        location: Location,
    ) -> Result<Self, Reported> {
        let scope = Scope::default();
        let mut binder = Binder::new(checker, &scope, Aggregation::Forbid("in a DECLARE"));
        let lambda = lambda_of(&mut binder, value)?;
        Self::of(&mut binder, ty, lambda, location)
    }

    /// A lambda of type `Func<parameters.., result>`.
    fn of(
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
    fn call(
        &self,
        binder: &mut Binder<'_, '_>,
        arguments: &[Expr],
        place: Place,
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
        let named = names.into_iter().zip(values).collect();
        match place {
            Place::Here => self.result(binder, named, location),
            // Nothing but its parameters is in sight in the body of a function that is declared elsewhere.
            Place::Declared(number) => {
                let next = binder.locals.next();
                let scope = Scope::default();
                binder.checker.enter(number, location)?;
                let forbid = Aggregation::Forbid("in a function");
                let mut inner = Binder::new(binder.checker, &scope, forbid);
                inner.locals = Locals::from(next);
                let value = self.result(&mut inner, named, location);
                binder.checker.leave(value, location)
            }
        }
    }

    /// The body with names for values.
    fn result(
        &self,
        binder: &mut Binder<'_, '_>,
        named: Vec<(String, Expression)>,
        location: Location,
    ) -> Result<Expression, Reported> {
        let body = body_of(binder, &self.lambda, location)?;
        binder.let_in(named, location, |binder| {
            let body = binder.body(&body, Some(self.result))?;
            let at = body.location();
            binder.csharp(at, implicit(body, self.result))
        })
    }
}

/// Where the lambda of a function stands.
#[derive(Clone, Copy)]
enum Place {
    /// Where it is called.
    Here,
    /// In a DECLARE, by its number.
    Declared(usize),
}

impl Binder<'_, '_> {
    /// Binds what names some values.
    ///
    /// Constants are no exception: the service takes no constant from a function that is called.
    pub(super) fn let_in(
        &mut self,
        values: Vec<(String, Expression)>,
        location: Location,
        inner: impl FnOnce(&mut Self) -> Result<Expression, Reported>,
    ) -> Result<Expression, Reported> {
        let first = self.locals.next();
        let arity = values.len();
        let parameters = values
            .iter()
            .map(|(name, value)| Parameter {
                name: name.clone(),
                ty: value.ty,
                location: value.location,
            })
            .collect();
        let body = self.within(parameters, inner)?;
        let ty = body.ty;
        let operands = values.into_iter().map(|(_, value)| value).collect();
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
