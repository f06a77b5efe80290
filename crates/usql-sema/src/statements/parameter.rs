//! The values of `DECLARE EXTERNAL` variables that the caller gives instead of their defaults.

use usql_syntax::ast::{AstNode, DeclareStatement};

use crate::{
    binding::{Aggregation, Binder, scope::Scope},
    checker::Checker,
    csharp::constant,
    diagnostics::{Location, codes, sink::Reported},
    expression::Expression,
    types::{Scalar, Type},
    value::Value,
};

/// The value that a text stands for: as a string, as a literal without its suffix, or as what `Parse` of the type takes.
pub(super) fn value(
    checker: &mut Checker<'_>,
    text: &str,
    ty: Type,
    location: Location,
) -> Result<Expression, Reported> {
    let is_null = ty.is_lifted() && text == "null";
    if let Some(value) = is_null
        .then_some(Value::Null)
        .or_else(|| simple(text, ty.scalar()))
    {
        return Ok(constant(value, ty, location));
    }
    if matches!(
        ty.scalar(),
        Scalar::DateTime | Scalar::TimeSpan | Scalar::Guid
    ) {
        return parsed(checker, text, ty, location);
    }
    let message = format!("'{text}' is not a value of type {ty}.");
    Err(checker
        .sink
        .error(&codes::PARAMETER_VALUE, location, message))
}

fn simple(text: &str, scalar: Scalar) -> Option<Value> {
    let number = text.trim();
    Some(match scalar {
        Scalar::Bool => Value::Bool(number.to_ascii_lowercase().parse().ok()?),
        Scalar::SByte => Value::SByte(number.parse().ok()?),
        Scalar::Byte => Value::Byte(number.parse().ok()?),
        Scalar::Short => Value::Short(number.parse().ok()?),
        Scalar::UShort => Value::UShort(number.parse().ok()?),
        Scalar::Int => Value::Int(number.parse().ok()?),
        Scalar::UInt => Value::UInt(number.parse().ok()?),
        Scalar::Long => Value::Long(number.parse().ok()?),
        Scalar::ULong => Value::ULong(number.parse().ok()?),
        Scalar::Float => Value::Float(number.parse().ok()?),
        Scalar::Double => Value::Double(number.parse().ok()?),
        Scalar::Decimal => Value::Decimal(number.parse().ok()?),
        Scalar::Char => {
            let mut units = text.encode_utf16();
            let unit = units.next()?;
            units.next().is_none().then_some(Value::Char(unit))?
        }
        Scalar::String => Value::String(text.to_owned()),
        _ => return None,
    })
}

/// `DateTime.Parse(text)`
fn parsed(
    checker: &mut Checker<'_>,
    text: &str,
    ty: Type,
    location: Location,
) -> Result<Expression, Reported> {
    let text = text.replace('"', "\"\"");
    let script = format!("DECLARE @p = {}.Parse(@\"{text}\");", ty.scalar());
    let parse = usql_syntax::parse(&script);
    let declare = parse.script().statements().next();
    let call = declare
        .and_then(|statement| DeclareStatement::cast(statement.syntax().clone()))
        .and_then(|declare| declare.value());
    let Some(call) = call else {
        return Err(checker.missing(location));
    };
    let scope = Scope::default();
    let mut binder = Binder::new(checker, &scope, Aggregation::Forbid("in a parameter"));
    let value = binder.converted(&call, ty)?;
    // The place is the declaration, and not in the script that was made here.
    Ok(Expression {
        location,
        ..value.without_locations()
    })
}
