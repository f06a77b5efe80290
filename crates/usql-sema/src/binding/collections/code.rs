//! The bodies of lambdas: an expression, or statements that come down to one.
//!
//! A name that is given a value is that value in what follows; `if` is a conditional expression, so one of its branches
//! has to return. What else C# has (loops, assignments in branches) is refused.

use rowan::ast::AstNode;
use usql_syntax::ast::{CallExpr, Code, CodeBlock, Expr, LambdaExpr, LocalCode};

use crate::{
    binding::{Binder, calls, types::type_of},
    csharp::{self, CSharpError, Operand, constant, implicit},
    diagnostics::{Location, sink::Reported},
    expression::{Expression, ExpressionKind},
    functions::{self, FunctionKind, Owner},
    types::{Scalar, Type},
    value::Value,
};

/// How many statements a body may have: each makes the expression deeper.
const MAX_STATEMENTS: usize = 100;

/// The body of a lambda.
#[derive(Clone)]
pub(super) enum Body {
    Expression(Expr),
    Block(CodeBlock),
}

/// The body of a lambda.
pub(super) fn body_of(
    binder: &mut Binder<'_, '_>,
    lambda: &LambdaExpr,
    location: Location,
) -> Result<Body, Reported> {
    let block = || lambda.block().map(Body::Block);
    let body = lambda.body().map(Body::Expression).or_else(block);
    body.ok_or_else(|| binder.checker.missing(location))
}

impl Binder<'_, '_> {
    /// Binds a body. What a block returns is converted to the type that is wanted of it, if one is known.
    pub(super) fn body(&mut self, body: &Body, wanted: Option<Type>) -> Result<Operand, Reported> {
        match body {
            Body::Expression(expression) => self.operand(expression),
            Body::Block(block) => {
                let location = self.checker.location(block.syntax());
                let statements: Vec<Code> = block.statements().collect();
                if block
                    .syntax()
                    .descendants()
                    .filter(|node| Code::can_cast(node.kind()))
                    .count()
                    > MAX_STATEMENTS
                {
                    return Err(self
                        .checker
                        .unsupported(location, "a lambda with as many statements"));
                }
                Statements {
                    binder: self,
                    wanted,
                    location,
                }
                .value(&statements)
            }
        }
    }
}

/// Statements on their way into an expression.
struct Statements<'s, 'b, 'a> {
    binder: &'s mut Binder<'b, 'a>,
    wanted: Option<Type>,
    location: Location,
}

impl Statements<'_, '_, '_> {
    /// What statements return.
    fn value(&mut self, statements: &[Code]) -> Result<Operand, Reported> {
        let Some((first, rest)) = statements.split_first() else {
            let text = "Not all code paths return a value in lambda expression";
            let error = CSharpError::new(1643, text);
            return Err(self.binder.checker.sink.csharp(self.location, &error));
        };
        let location = self.binder.checker.location(first.syntax());
        match first {
            Code::Return(code) => {
                let value = self.binder.part(code.value(), location)?;
                match self.wanted {
                    Some(ty) => {
                        let at = value.location();
                        let value = implicit(value, ty);
                        self.binder.csharp(at, value).map(Operand::Typed)
                    }
                    None => Ok(value),
                }
            }
            Code::Local(local) => self.local(local, rest, location),
            Code::Assign(code) => {
                let name = code.name().map(|name| name.text()).unwrap_or_default();
                let value = self.binder.part(code.value(), location)?;
                let known = self.binder.locals.find(&name).map(|known| known.ty);
                let Some(ty) = known.or_else(|| self.binder.locals.unassigned(&name)) else {
                    let text = format!("The name '{name}' does not exist in the current context");
                    let error = CSharpError::new(103, text);
                    return Err(self.binder.checker.sink.csharp(location, &error));
                };
                let value = self.binder.csharp(location, implicit(value, ty))?;
                self.named(name, value, rest, location)
            }
            Code::If(code) => {
                let condition = self.binder.condition(code.condition(), location)?;
                let then: Vec<Code> = code.then().into_iter().collect();
                let otherwise: Vec<Code> = code.otherwise().into_iter().collect();
                let with_rest = |branch: &[Code]| [branch, rest].concat();
                let (then, otherwise) = match (returns(&then), returns(&otherwise)) {
                    (true, true) => (then, otherwise),
                    (true, false) => (then, with_rest(&otherwise)),
                    (false, true) => (with_rest(&then), otherwise),
                    (false, false) => {
                        let what = "an if of which no branch returns";
                        return Err(self.binder.checker.unsupported(location, what));
                    }
                };
                let (then, otherwise) = (self.apart(&then)?, self.apart(&otherwise)?);
                let value = csharp::conditional(condition, then, otherwise, location);
                self.binder.csharp(location, value).map(Operand::Typed)
            }
            Code::Block(block) => {
                let inner: Vec<Code> = block.statements().chain(rest.iter().cloned()).collect();
                self.value(&inner)
            }
            Code::Expression(code) if is_attempt(code.expr().as_ref()) => {
                self.binder.part(code.expr(), location)?;
                self.value(rest)
            }
            Code::Expression(_) | Code::Other(_) => Err(self
                .binder
                .checker
                .unsupported(location, "this statement in a lambda")),
        }
    }

    /// A branch, whose assignments are its own.
    fn apart(&mut self, statements: &[Code]) -> Result<Operand, Reported> {
        let (wanted, location) = (self.wanted, self.location);
        self.binder.with_locals(Vec::new(), |binder| {
            Statements {
                binder,
                wanted,
                location,
            }
            .value(statements)
        })
    }

    fn local(
        &mut self,
        local: &LocalCode,
        rest: &[Code],
        location: Location,
    ) -> Result<Operand, Reported> {
        let name = local.name().map(|name| name.text()).unwrap_or_default();
        let is_var = local.ty().is_some_and(|ty| ty.text() == "var");
        let value = local
            .value()
            .map(|value| self.binder.operand(&value))
            .transpose()?;
        if is_var {
            let value = match value {
                Some(value) => self.binder.with_type(value)?,
                None => return Err(self.binder.checker.missing(location)),
            };
            return self.named(name, value, rest, location);
        }
        let ty = type_of(self.binder.checker, local.ty(), location)?;
        match value {
            Some(value) => {
                let value = self.binder.csharp(location, implicit(value, ty))?;
                self.named(name, value, rest, location)
            }
            None => {
                let (wanted, around) = (self.wanted, self.location);
                self.binder.with_unassigned(name, ty, |binder| {
                    Statements {
                        binder,
                        wanted,
                        location: around,
                    }
                    .value(rest)
                })
            }
        }
    }

    /// What is returned where a name stands for a value, which is computed once.
    fn named(
        &mut self,
        name: String,
        value: Expression,
        rest: &[Code],
        location: Location,
    ) -> Result<Operand, Reported> {
        let (wanted, around) = (self.wanted, self.location);
        let value = self
            .binder
            .let_in(vec![(name, value)], location, |binder| {
                let value = Statements {
                    binder,
                    wanted,
                    location: around,
                }
                .value(rest)?;
                binder.with_type(value)
            })?;
        Ok(value.into())
    }
}

/// Whether statements return on every way.
fn returns(statements: &[Code]) -> bool {
    let inner = |code: Option<Code>| code.is_some_and(|code| returns(&[code]));
    statements.iter().any(|statement| match statement {
        Code::Return(_) => true,
        Code::Block(block) => returns(&block.statements().collect::<Vec<_>>()),
        Code::If(code) => inner(code.then()) && inner(code.otherwise()),
        _ => false,
    })
}

fn is_attempt(expression: Option<&Expr>) -> bool {
    let Some(Expr::Call(call)) = expression else {
        return false;
    };
    matches!(call.callee(), Some(Expr::Member(member)) if member.name().as_deref() == Some("TryParse"))
}

/// Binds `T.TryParse(text, out x)`, which gives `x` a value.
pub(in crate::binding) fn attempt(
    binder: &mut Binder<'_, '_>,
    scalar: Scalar,
    call: &CallExpr,
    location: Location,
) -> Result<Expression, Reported> {
    let function = functions::find(Owner::Scalar(scalar), "TryParse", FunctionKind::Attempt);
    let arguments: Vec<_> = call.arguments().collect();
    let (Some(function), [text, into]) = (function, arguments.as_slice()) else {
        let what = format!("this overload of {}.TryParse", scalar.name());
        return Err(binder.checker.unsupported(location, &what));
    };
    let at = binder.checker.location(into.syntax());
    let name = match into.expr() {
        Some(Expr::Name(name)) if into.is_out() => name.name().unwrap_or_default(),
        _ => {
            let text = "Argument 2 must be passed with the 'out' keyword";
            return Err(binder
                .checker
                .sink
                .csharp(at, &CSharpError::new(1620, text)));
        }
    };
    let Some(ty) = binder
        .locals
        .unassigned(&name)
        .filter(|_| binder.locals.find(&name).is_none())
    else {
        let what = format!("out {name}, which is no variable of the lambda without a value,");
        return Err(binder.checker.unsupported(at, &what));
    };
    if ty != Type::of(scalar) {
        let text = format!(
            "Argument 2: cannot convert from 'out {ty}' to 'out {}'",
            scalar.name()
        );
        return Err(binder
            .checker
            .sink
            .csharp(at, &CSharpError::new(1503, text)));
    }
    let text = binder.part(text.expr(), location)?;
    let parsed = calls::resolved(binder, function, vec![text], location)?;
    let zero = constant(Value::default_of(ty), ty, location);
    let kind = ExpressionKind::Coalesce {
        left: Box::new(parsed.clone()),
        right: Box::new(zero),
    };
    binder
        .locals
        .assign(&name, Expression { kind, ty, location });
    let null = Operand::Null(location);
    let present = csharp::binary(
        usql_syntax::ast::BinaryOperator::NotEqual,
        parsed.into(),
        null,
        None,
        location,
    );
    binder.csharp(location, present)
}
