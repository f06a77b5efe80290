//! Expressions, and the values in them.

use std::fmt::{self, Display, Formatter};

use super::{Listed, list};
use crate::{
    expression::{
        BinaryOperation, Collection, Expression, ExpressionKind, Lambda, Overflow, UnaryOperation,
    },
    types::Scalar,
    value::Value,
};

impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExpressionKind::Column(position) => write!(f, "#{position}"),
            ExpressionKind::Constant(Value::Null) => write!(f, "null:{}", self.ty),
            ExpressionKind::Constant(value) => write!(f, "{value}"),
            ExpressionKind::Convert { operand, overflow } => {
                write!(f, "{}{}({operand})", checked(*overflow), self.ty)
            }
            ExpressionKind::Unary { operation, operand } => write!(f, "{operation}{operand}"),
            ExpressionKind::Binary {
                operation,
                scalar,
                left,
                right,
            } => {
                write!(f, "({left} {} {right})", Typed(*operation, *scalar))
            }
            ExpressionKind::Conditional {
                condition,
                then,
                otherwise,
            } => {
                write!(f, "({condition} ? {then} : {otherwise})")
            }
            ExpressionKind::Coalesce { left, right } => write!(f, "({left} ?? {right})"),
            ExpressionKind::IsNull(operand) => write!(f, "is_null({operand})"),
            ExpressionKind::In { operand, list } => {
                write!(f, "({operand} in {})", Listed("(", list, ")"))
            }
            ExpressionKind::Like {
                operand,
                pattern,
                escape,
            } => {
                write!(f, "({operand} like {pattern}")?;
                escape.map_or(Ok(()), |escape| write!(f, " escape {escape:?}"))?;
                f.write_str(")")
            }
            ExpressionKind::Call {
                function,
                arguments,
            } => {
                write!(f, "`{function}`{}", Listed("(", arguments, ")"))
            }
            ExpressionKind::Collection(collection) => {
                let Collection {
                    operation,
                    operands,
                    lambdas,
                } = collection.as_ref();
                write!(f, "{operation:?}{}", Listed("(", operands, ")"))?;
                lambdas.iter().try_for_each(|lambda| write!(f, "{lambda}"))
            }
            ExpressionKind::Parameter(number) => write!(f, "${number}"),
        }
    }
}

/// `{$0, $1 => ..}`
impl Display for Lambda {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        let parameters = self.first..self.first + self.arity;
        list(f, parameters.map(|number| format!("${number}")))?;
        write!(f, " => {}}}", self.body)
    }
}

impl Display for UnaryOperation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Negate(overflow) => write!(f, "{}-", checked(*overflow)),
            Self::Complement => f.write_str("~"),
            Self::Not => f.write_str("!"),
        }
    }
}

/// An operator with the scalar that it works on: `+int`, `&&`.
struct Typed(BinaryOperation, Scalar);

impl Display for Typed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(operation, scalar) = self;
        let symbol = operation.symbol();
        match operation {
            BinaryOperation::Add(overflow)
            | BinaryOperation::Subtract(overflow)
            | BinaryOperation::Multiply(overflow) => {
                write!(f, "{}{symbol}{scalar}", checked(*overflow))
            }
            BinaryOperation::And
            | BinaryOperation::Or
            | BinaryOperation::AndAlso
            | BinaryOperation::OrElse => f.write_str(symbol),
            _ => write!(f, "{symbol}{scalar}"),
        }
    }
}

/// As a script would write it, with the suffix of its type.
impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::SByte(value) => write!(f, "{value}sb"),
            Self::Byte(value) => write!(f, "{value}b"),
            Self::Short(value) => write!(f, "{value}s"),
            Self::UShort(value) => write!(f, "{value}us"),
            Self::Int(value) => write!(f, "{value}"),
            Self::UInt(value) => write!(f, "{value}u"),
            Self::Long(value) => write!(f, "{value}L"),
            Self::ULong(value) => write!(f, "{value}uL"),
            Self::Char(unit) => match char::from_u32(u32::from(*unit)) {
                Some(character) => write!(f, "{character:?}"),
                None => write!(f, "'\\u{unit:04x}'"),
            },
            Self::Float(value) => write!(f, "{value:?}f"),
            Self::Double(value) => write!(f, "{value:?}"),
            Self::Decimal(value) => write!(f, "{value}m"),
            Self::String(value) => write!(f, "{value:?}"),
            Self::Bytes(value) => write!(f, "bytes{value:02x?}"),
            Self::Guid(value) => write!(f, "guid{value:02x?}"),
            Self::DateTime(ticks) => write!(f, "ticks({ticks})"),
            Self::TimeSpan(ticks) => write!(f, "span({ticks})"),
            Self::Enum(enumeration, number) => {
                write!(f, "{}.{}", enumeration.name(), enumeration.text(*number))
            }
        }
    }
}

const fn checked(overflow: Overflow) -> &'static str {
    match overflow {
        Overflow::Wrap => "",
        Overflow::Raise => "checked ",
    }
}
