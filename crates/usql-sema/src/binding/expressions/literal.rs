//! Literals.

use rowan::ast::AstNode;
use usql_syntax::ast::{LiteralError, LiteralExpr, LiteralValue};

use crate::{
    binding::Binder,
    csharp::{CSharpError, Operand, constant},
    diagnostics::{Location, sink::Reported},
    types::{Scalar, Type},
    value::Value,
};

/// A literal has the value and the type that C# gives it.
pub(super) fn bind(
    binder: &mut Binder<'_, '_>,
    literal: &LiteralExpr,
) -> Result<Operand, Reported> {
    let location = binder.checker.location(literal.syntax());
    let (value, scalar) = match literal.value() {
        Ok(LiteralValue::Null) => return Ok(Operand::Null(location)),
        Ok(LiteralValue::Bool(value)) => (Value::Bool(value), Scalar::Bool),
        Ok(LiteralValue::Char(unit)) => (Value::Char(unit), Scalar::Char),
        Ok(LiteralValue::String(text)) => (Value::String(text), Scalar::String),
        Ok(LiteralValue::Int(number)) => (Value::Int(number), Scalar::Int),
        Ok(LiteralValue::UInt(number)) => (Value::UInt(number), Scalar::UInt),
        Ok(LiteralValue::Long(number)) => (Value::Long(number), Scalar::Long),
        Ok(LiteralValue::ULong(number)) => (Value::ULong(number), Scalar::ULong),
        Ok(LiteralValue::Float(number)) => (Value::Float(number), Scalar::Float),
        Ok(LiteralValue::Double(number)) => (Value::Double(number), Scalar::Double),
        Ok(LiteralValue::Decimal(digits)) => (decimal(binder, &digits, location)?, Scalar::Decimal),
        Err(error) => return Err(refused(binder, error, location)),
    };
    Ok(constant(value, Type::of(scalar), location).into())
}

/// A decimal keeps the zeros that are written: `1.10m` has scale 2.
fn decimal(
    binder: &mut Binder<'_, '_>,
    digits: &str,
    location: Location,
) -> Result<Value, Reported> {
    let parsed = if digits.contains(['e', 'E']) {
        rust_decimal::Decimal::from_scientific(digits)
    } else {
        digits.parse()
    };
    parsed
        .map(Value::Decimal)
        .map_err(|_| refused(binder, LiteralError::RealTooLarge, location))
}

fn refused(binder: &mut Binder<'_, '_>, error: LiteralError, location: Location) -> Reported {
    let error = match error {
        LiteralError::IntegerTooLarge => CSharpError::new(1021, "Integral constant is too large"),
        LiteralError::RealTooLarge => CSharpError::new(
            594,
            "Floating-point constant is outside the range of its type",
        ),
        LiteralError::UnknownEscape => CSharpError::new(1009, "Unrecognized escape sequence"),
        LiteralError::NotOneCharacter => {
            CSharpError::new(1012, "Too many or no characters in character literal")
        }
        LiteralError::LoneSurrogate => {
            return binder
                .checker
                .unsupported(location, "half of a surrogate pair in a string");
        }
        _ => return binder.checker.unsupported(location, "this literal"),
    };
    binder.checker.sink.csharp(location, &error)
}
