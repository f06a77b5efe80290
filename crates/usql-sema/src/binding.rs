//! From syntax to typed expressions: scopes, names, operators, calls.

pub(crate) mod arguments;
mod calls;
mod collections;
mod expressions;
pub(crate) mod grouping;
mod job_info;
mod locals;
mod members;
pub(crate) mod scope;
pub(crate) mod types;
pub(crate) mod windows;

use usql_syntax::ast;

pub(crate) use collections::Function;

use crate::{
    checker::Checker,
    csharp::{CSharpError, Operand, implicit},
    diagnostics::{Location, codes, sink::Reported},
    expression::{Expression, ExpressionKind, Overflow},
    types::Type,
    value::Value,
};
use grouping::Aggregates;
use locals::Locals;
use scope::Scope;
use windows::Windows;

/// Binds expressions over the columns of a scope.
pub(crate) struct Binder<'b, 'a> {
    /// The script around the expressions.
    pub(crate) checker: &'b mut Checker<'a>,
    scope: &'b Scope,
    aggregation: Aggregation<'b>,
    /// Where window functions go; they are errors without.
    windows: Option<&'b mut Windows>,
    /// What `checked(..)` or `unchecked(..)` around the expression says.
    overflow: Option<Overflow>,
    /// The names that lambdas and queries around the expression give.
    locals: Locals,
}

/// What an aggregate in an expression means.
pub(crate) enum Aggregation<'b> {
    /// It joins the others of its query.
    Collect(&'b mut Aggregates),
    /// It is an error; the text says where.
    Forbid(&'static str),
}

impl<'b, 'a> Binder<'b, 'a> {
    /// A binder for expressions over a scope.
    pub(crate) fn new(
        checker: &'b mut Checker<'a>,
        scope: &'b Scope,
        aggregation: Aggregation<'b>,
    ) -> Self {
        Self {
            checker,
            scope,
            aggregation,
            windows: None,
            overflow: None,
            locals: Locals::default(),
        }
    }

    /// Lets the expressions have window functions, which join the others of their query.
    pub(crate) fn with_windows(mut self, windows: &'b mut Windows) -> Self {
        self.windows = Some(windows);
        self
    }

    /// Binds an expression that may be the literal `null`.
    pub(crate) fn operand(&mut self, expression: &ast::Expr) -> Result<Operand, Reported> {
        expressions::bind(self, expression)
    }

    /// Binds a part of an expression. A script without syntax errors has all its parts.
    fn part(&mut self, part: Option<ast::Expr>, around: Location) -> Result<Operand, Reported> {
        match part {
            Some(part) => self.operand(&part),
            None => Err(self.checker.missing(around)),
        }
    }

    /// Binds an expression that has to have a type of its own; `what` is what would be without one.
    pub(crate) fn typed(
        &mut self,
        expression: &ast::Expr,
        what: &str,
    ) -> Result<Expression, Reported> {
        match self.operand(expression)? {
            Operand::Typed(expression) => Ok(expression),
            Operand::Null(location) => {
                let message = format!("The type of '{what}' is unknown: null has none.");
                Err(self
                    .checker
                    .sink
                    .error(&codes::UNTYPED_NULL, location, message))
            }
        }
    }

    /// Binds an expression and converts it implicitly, as an assignment does.
    pub(crate) fn converted(
        &mut self,
        expression: &ast::Expr,
        to: Type,
    ) -> Result<Expression, Reported> {
        let operand = self.operand(expression)?;
        let location = operand.location();
        let converted = implicit(operand, to);
        self.csharp(location, converted)
    }

    /// Binds a condition: a `bool`, which a `bool?` is not.
    pub(crate) fn condition(
        &mut self,
        condition: Option<ast::Expr>,
        around: Location,
    ) -> Result<Expression, Reported> {
        match condition {
            Some(condition) => self.converted(&condition, Type::BOOL),
            None => Err(self.checker.missing(around)),
        }
    }

    /// Binds an expression whose value has to be known now.
    pub(crate) fn constant(&mut self, expression: &ast::Expr, ty: Type) -> Result<Value, Reported> {
        let expression = self.converted(expression, ty)?;
        let expression = self.checker.folded(expression);
        match expression.kind {
            ExpressionKind::Constant(value) => Ok(value),
            _ if !expression.mentions_a_column() => {
                let value = self.checker.environment.evaluate(&expression);
                value.ok_or_else(|| self.checker.not_constant(expression.location))
            }
            _ => Err(self.checker.not_constant(expression.location)),
        }
    }

    /// Reports the error of a C# rule.
    fn csharp<T>(
        &mut self,
        location: Location,
        result: Result<T, CSharpError>,
    ) -> Result<T, Reported> {
        result.map_err(|error| self.checker.sink.csharp(location, &error))
    }
}
