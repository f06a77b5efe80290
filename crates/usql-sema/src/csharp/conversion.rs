//! Implicit and explicit conversions.

use super::{CSharpError, Operand, constant, constant::convert_constant};
use crate::{
    diagnostics::Location,
    expression::{Expression, ExpressionKind, Overflow},
    types::{Scalar, Type},
    value::Value,
};

/// Whether C# widens numbers of `from` to `to` without being asked (a type widens to itself).
pub(super) fn widens(from: Scalar, to: Scalar) -> bool {
    use Scalar::{
        Byte, Char, Decimal, Double, Float, Int, Long, SByte, Short, UInt, ULong, UShort,
    };
    let targets: &[Scalar] = match from {
        SByte => &[Short, Int, Long, Float, Double, Decimal],
        Byte => &[
            Short, UShort, Int, UInt, Long, ULong, Float, Double, Decimal,
        ],
        Short => &[Int, Long, Float, Double, Decimal],
        UShort => &[Int, UInt, Long, ULong, Float, Double, Decimal],
        Int => &[Long, Float, Double, Decimal],
        UInt => &[Long, ULong, Float, Double, Decimal],
        Long | ULong => &[Float, Double, Decimal],
        Char => &[UShort, Int, UInt, Long, ULong, Float, Double, Decimal],
        Float => &[Double],
        _ => &[],
    };
    from == to || targets.contains(&to) || is_enumerable_as(from, to)
}

/// Whether a collection is enumerated where a sequence is asked for: as `SQL.ARRAY<int>` is an `IEnumerable<int>`.
fn is_enumerable_as(from: Scalar, to: Scalar) -> bool {
    match to {
        Scalar::Sequence(element) => from.element() == Some(element.ty()),
        _ => false,
    }
}

/// Whether an implicit conversion exists from a type to a type.
pub(super) fn is_implicit(from: Type, to: Type) -> bool {
    widens(from.scalar(), to.scalar()) && (to.is_nullable() || !from.is_nullable())
}

/// Whether the operand goes into the type without a cast; constants that fit go into narrower integers too.
pub(super) fn goes_into(operand: &Operand, to: Type) -> bool {
    match operand {
        Operand::Null(_) => to.is_nullable(),
        Operand::Typed(expression) => {
            is_implicit(expression.ty, to) || narrowed_constant(expression, to.scalar()).is_some()
        }
    }
}

/// Converts without a cast, as an assignment or an argument does.
pub(crate) fn implicit(operand: Operand, to: Type) -> Result<Expression, CSharpError> {
    let expression = match operand {
        Operand::Null(location) if to.is_nullable() => {
            return Ok(constant(Value::Null, to, location));
        }
        Operand::Null(_) => return Err(null_into_value_type(to)),
        Operand::Typed(expression) => expression,
    };
    if is_implicit(expression.ty, to) {
        return Ok(converted(expression, to, Overflow::Wrap));
    }
    if let Some(value) = narrowed_constant(&expression, to.scalar()) {
        return Ok(constant(value, to, expression.location));
    }
    let from = expression.ty;
    Err(match (&expression.kind, is_explicit(from, to)) {
        (ExpressionKind::Constant(value), true)
            if from.scalar().is_integer() && to.scalar().is_integer() =>
        {
            CSharpError::new(
                31,
                format!(
                    "Constant value '{}' cannot be converted to a '{to}'",
                    plain(value)
                ),
            )
        }
        (_, true) => CSharpError::new(
            266,
            format!(
                "Cannot implicitly convert type '{from}' to '{to}'. \
                 An explicit conversion exists (are you missing a cast?)"
            ),
        ),
        (_, false) => CSharpError::new(
            29,
            format!("Cannot implicitly convert type '{from}' to '{to}'"),
        ),
    })
}

/// `(T)x`
pub(crate) fn cast(
    operand: Operand,
    to: Type,
    overflow: Option<Overflow>,
    location: Location,
) -> Result<Expression, CSharpError> {
    let expression = match operand {
        Operand::Null(_) if to.is_nullable() => return Ok(constant(Value::Null, to, location)),
        Operand::Null(_) => return Err(null_into_value_type(to)),
        Operand::Typed(expression) => expression,
    };
    let from = expression.ty;
    if !is_explicit(from, to) {
        return Err(CSharpError::new(
            30,
            format!("Cannot convert type '{from}' to '{to}'"),
        ));
    }
    if let (ExpressionKind::Constant(value), None | Some(Overflow::Raise)) =
        (&expression.kind, overflow)
        && *value != Value::Null
        && convert_constant(value, to.scalar(), Overflow::Raise).is_none()
        && from.scalar().is_numeric()
        // Whether a decimal holds a double is known where it is rounded, which is the engine.
        && to.scalar() != Scalar::Decimal
    {
        let value = plain(value);
        return Err(CSharpError::new(
            221,
            format!(
                "Constant value '{value}' cannot be converted to a '{to}' \
                 (use 'unchecked' syntax to override)"
            ),
        ));
    }
    let mut result = converted(expression, to, overflow.unwrap_or(Overflow::Wrap));
    result.location = location;
    Ok(result)
}

/// Whether a cast exists: between numbers and enumerations. Strings are not cast to anything; they are parsed.
fn is_explicit(from: Type, to: Type) -> bool {
    let has_number = |scalar: Scalar| scalar.is_numeric() || matches!(scalar, Scalar::Enum(_));
    from.scalar() == to.scalar() || (has_number(from.scalar()) && has_number(to.scalar()))
}

/// The conversion of an expression for which one exists; a constant converts at once.
///
/// Widening a nullability needs no node, since the nullability of an operand is in its own type.
pub(super) fn converted(expression: Expression, to: Type, overflow: Overflow) -> Expression {
    let location = expression.location;
    // Sequences are stored as the collections that they are made of.
    let same_scalar = expression.ty.scalar() == to.scalar()
        || is_enumerable_as(expression.ty.scalar(), to.scalar());
    match &expression.kind {
        ExpressionKind::Constant(Value::Null) if to.is_nullable() => {
            return constant(Value::Null, to, location);
        }
        ExpressionKind::Constant(value) => {
            if let Some(value) = convert_constant(value, to.scalar(), overflow) {
                return constant(value, to, location);
            }
        }
        _ if same_scalar && (to.is_nullable() || !expression.ty.is_nullable()) => {
            return Expression {
                ty: to,
                ..expression
            };
        }
        _ => {}
    }
    let kind = ExpressionKind::Convert {
        operand: Box::new(expression),
        overflow,
    };
    Expression {
        kind,
        ty: to,
        location,
    }
}

/// A number in a wider type, a conversion that loses nothing.
pub(crate) fn widened(expression: Expression, to: Type) -> Expression {
    converted(expression, to, Overflow::Wrap)
}

/// `x.ToString()` as concatenation calls it: null stays null.
pub(crate) fn to_display_string(expression: Expression) -> Expression {
    if expression.ty.scalar() == Scalar::String {
        return expression;
    }
    converted(expression, Type::STRING, Overflow::Wrap)
}

/// A constant `int` in a narrower or unsigned integer type that holds it; a positive `long` in a `ulong`.
pub(super) fn narrowed_constant(expression: &Expression, to: Scalar) -> Option<Value> {
    let ExpressionKind::Constant(value) = &expression.kind else {
        return None;
    };
    let allowed = match value {
        Value::Int(_) => to.is_integer(),
        Value::Long(_) => to == Scalar::ULong,
        _ => false,
    };
    if allowed {
        convert_constant(value, to, Overflow::Raise)
    } else {
        None
    }
}

fn null_into_value_type(to: Type) -> CSharpError {
    CSharpError::new(
        37,
        format!("Cannot convert null to '{to}' because it is a non-nullable value type"),
    )
}

/// A number as C#'s errors print it.
fn plain(value: &Value) -> String {
    match convert_constant(value, Scalar::String, Overflow::Wrap) {
        Some(Value::String(text)) => text,
        _ => match value {
            Value::Double(number) => number.to_string(),
            Value::Float(number) => number.to_string(),
            _ => String::new(),
        },
    }
}
