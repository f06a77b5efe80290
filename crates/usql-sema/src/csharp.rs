//! C#'s rules for expressions: promotions, lifted operators, conversions, constants.
//!
//! Nothing here knows of syntax trees (only their operators' names) or rowsets. Operands go in, a typed expression without implicit
//! conversions comes out, or the error that the C# compiler would report, in its words.
//! The rules are those of the C# 5 language specification, which U-SQL's scalar expressions follow.

mod binary;
mod branches;
mod constant;
mod conversion;
mod known;
mod overload;
mod promotion;
mod time;
mod unary;

use std::fmt;

pub(crate) use binary::binary;
pub(crate) use branches::{coalesce, conditional};
pub(crate) use conversion::{cast, implicit, to_display_string, widened};
pub(crate) use known::Known;
pub(crate) use overload::resolve;
pub(crate) use unary::unary;

use crate::{
    diagnostics::Location,
    expression::{Expression, ExpressionKind},
    types::Type,
    value::Value,
};

/// An operand on its way into an operator.
#[derive(Clone, Debug)]
pub(crate) enum Operand {
    /// An expression with a type.
    Typed(Expression),
    /// The literal `null`, which has no type until its context gives it one.
    Null(Location),
}

impl Operand {
    /// Where the script says so.
    pub(crate) fn location(&self) -> Location {
        match self {
            Self::Typed(expression) => expression.location,
            Self::Null(location) => *location,
        }
    }

    /// The type; the literal `null` has none.
    pub(crate) fn ty(&self) -> Option<Type> {
        match self {
            Self::Typed(expression) => Some(expression.ty),
            Self::Null(_) => None,
        }
    }

    /// The type as C# calls it in its errors.
    pub(crate) fn type_name(&self) -> String {
        type_name(self.ty())
    }
}

/// A type as C# calls it in its errors; the literal `null` has none.
pub(crate) fn type_name(ty: Option<Type>) -> String {
    ty.map_or_else(|| "<null>".to_owned(), |ty| ty.to_string())
}

impl From<Expression> for Operand {
    fn from(expression: Expression) -> Self {
        Self::Typed(expression)
    }
}

/// An error of the C# compiler: its number and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CSharpError {
    number: u16,
    text: String,
}

impl CSharpError {
    /// An error by its number.
    pub(crate) fn new(number: u16, text: impl Into<String>) -> Self {
        Self {
            number,
            text: text.into(),
        }
    }
}

/// `C# error CS0020: Division by constant zero`
impl fmt::Display for CSharpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "C# error CS{:04}: {}", self.number, self.text)
    }
}

/// A constant of a type.
pub(crate) fn constant(value: Value, ty: Type, location: Location) -> Expression {
    Expression {
        kind: ExpressionKind::Constant(value),
        ty,
        location,
    }
}
