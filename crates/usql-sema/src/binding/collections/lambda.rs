//! Lambdas: `x => x + 1`, `(x, index) => ..`.

use rowan::ast::AstNode;
use usql_syntax::ast::{BinaryOperator, Expr, LambdaExpr};

use super::code::body_of;
use crate::{
    binding::{Binder, locals::Parameter, types::type_of},
    csharp::{self, CSharpError, Operand, constant, implicit, to_display_string},
    diagnostics::{Location, sink::Reported},
    expression::{CollectionOperation as Operation, Expression, Lambda},
    types::{Scalar, Type},
    value::Value,
};

/// What the body of a lambda has to be.
#[derive(Clone, Copy)]
pub(super) enum Wanted {
    /// Of this type, or of one that converts to it.
    Type(Type),
    /// Of any type.
    Typed,
}

impl Binder<'_, '_> {
    /// Binds an argument that is a lambda with as many of these parameters as it names; at least `least`.
    pub(super) fn lambda(
        &mut self,
        argument: &Expr,
        types: &[Type],
        least: usize,
        wanted: Wanted,
    ) -> Result<Lambda, Reported> {
        self.lambda_to(argument, types, least, |binder, body| match wanted {
            Wanted::Type(ty) => {
                let location = body.location();
                binder.csharp(location, implicit(body, ty))
            }
            Wanted::Typed => binder.with_type(body),
        })
    }

    /// The same, with a body that is made into another expression where the parameters are in sight.
    pub(super) fn lambda_to(
        &mut self,
        argument: &Expr,
        types: &[Type],
        least: usize,
        finish: impl FnOnce(&mut Self, Operand) -> Result<Expression, Reported>,
    ) -> Result<Lambda, Reported> {
        let location = self.checker.location(argument.syntax());
        let lambda = lambda_of(self, argument)?;
        let named: Vec<_> = lambda.parameters().collect();
        if named.len() < least || named.len() > types.len() {
            let text = format!("Delegate does not take {} arguments", named.len());
            return Err(self
                .checker
                .sink
                .csharp(location, &CSharpError::new(1593, text)));
        }
        let mut parameters = Vec::with_capacity(named.len());
        for (parameter, ty) in named.iter().zip(types) {
            if let Some(written) = parameter.ty() {
                let at = self.checker.location(written.syntax());
                let written = type_of(self.checker, Some(written), at)?;
                if written != *ty {
                    let what = format!("a parameter of type {written} for values of type {ty}");
                    return Err(self.checker.unsupported(at, &what));
                }
            }
            parameters.push(Parameter {
                name: parameter.name().map(|name| name.text()).unwrap_or_default(),
                ty: *ty,
                location: self.checker.location(parameter.syntax()),
            });
        }
        let first = self.locals.next();
        let arity = parameters.len();
        let body = body_of(self, &lambda, location)?;
        let body = self.within(parameters, |binder| {
            let body = binder.body(&body, None)?;
            finish(binder, body)
        })?;
        Ok(Lambda { first, arity, body })
    }

    /// A lambda over one parameter, made by the checker itself.
    pub(super) fn made_lambda(
        &mut self,
        ty: Type,
        location: Location,
        body: impl FnOnce(&mut Self, Expression) -> Result<Expression, Reported>,
    ) -> Result<Lambda, Reported> {
        // No script can name it: it is no identifier.
        let parameter = Parameter {
            name: String::new(),
            ty,
            location,
        };
        let first = self.locals.next();
        let body = self.within(vec![parameter], |binder| {
            let value = binder
                .locals
                .find("")
                .expect("it was just put there")
                .clone();
            body(binder, value)
        })?;
        Ok(Lambda {
            first,
            arity: 1,
            body,
        })
    }

    /// An operand that has to have a type.
    pub(super) fn with_type(&mut self, operand: Operand) -> Result<Expression, Reported> {
        match operand {
            Operand::Typed(value) => Ok(value),
            Operand::Null(location) => {
                let text = "The type arguments for the method cannot be inferred from the usage. \
                            Try specifying the type arguments explicitly.";
                Err(self
                    .checker
                    .sink
                    .csharp(location, &CSharpError::new(411, text)))
            }
        }
    }

    /// A lambda of two parameters as one of the second, where the first is known.
    pub(super) fn curried(
        &mut self,
        argument: &Expr,
        first: Expression,
        second: Type,
    ) -> Result<Lambda, Reported> {
        let location = self.checker.location(argument.syntax());
        let lambda = lambda_of(self, argument)?;
        let names: Vec<_> = lambda.parameters().map(|one| one.name()).collect();
        let [Some(known), Some(name)] = names.as_slice() else {
            return Err(self
                .checker
                .unsupported(location, "a lambda of other than two parameters here"));
        };
        let parameter = Parameter {
            name: name.text(),
            ty: second,
            location: self.checker.location(name.syntax()),
        };
        let number = self.locals.next();
        let body = body_of(self, &lambda, location)?;
        let known = vec![(known.text(), first)];
        let body = self.with_locals(known, |binder| {
            binder.within(vec![parameter], |binder| {
                let body = binder.body(&body, None)?;
                binder.with_type(body)
            })
        })?;
        Ok(Lambda {
            first: number,
            arity: 1,
            body,
        })
    }

    /// The text of a value, as `string.Join` makes it; of a pair `[key, value]`.
    pub(super) fn text_of(
        &mut self,
        value: Expression,
        location: Location,
    ) -> Result<Expression, Reported> {
        if let Scalar::Pair(key, of_value) = value.ty.scalar() {
            let part = |operation, ty| {
                let pair = vec![value.clone()];
                Expression::collection(operation, pair, Vec::new(), ty, location)
            };
            let parts = [
                text("[", location),
                self.text_of(part(Operation::Key, key.ty()), location)?,
                text(", ", location),
                self.text_of(part(Operation::Value, of_value.ty()), location)?,
                text("]", location),
            ];
            let mut whole = text("", location);
            for part in parts {
                let longer = csharp::binary(
                    BinaryOperator::Add,
                    whole.into(),
                    part.into(),
                    None,
                    location,
                );
                whole = self.csharp(location, longer)?;
            }
            return Ok(whole);
        }
        if value.ty.scalar().is_composite() {
            let what = format!("the text of a {}", value.ty);
            return Err(self.checker.unsupported(location, &what));
        }
        Ok(to_display_string(value))
    }
}

fn text(text: &str, location: Location) -> Expression {
    constant(Value::String(text.to_owned()), Type::STRING, location)
}

/// The lambda that an argument is, in parentheses or not.
pub(super) fn lambda_of(
    binder: &mut Binder<'_, '_>,
    argument: &Expr,
) -> Result<LambdaExpr, Reported> {
    match argument {
        Expr::Lambda(lambda) => Ok(lambda.clone()),
        Expr::Paren(paren) => match paren.inner() {
            Some(inner) => lambda_of(binder, &inner),
            None => {
                let location = binder.checker.location(paren.syntax());
                Err(binder.checker.missing(location))
            }
        },
        other => {
            let location = binder.checker.location(other.syntax());
            Err(binder
                .checker
                .unsupported(location, "a function that is not written as a lambda here"))
        }
    }
}
