//! `CultureInfo.InvariantCulture` and its like as an argument: everything is under en-US, from which the invariant
//! culture differs in the standard formats of times and in currency only.

use usql_syntax::ast;

use crate::{
    binding::{
        Binder,
        members::{Receiver, dotted_path, without_namespace},
    },
    csharp::Operand,
    diagnostics::{Location, sink::Reported},
    expression::ExpressionKind,
    types::Scalar,
    value::Value,
};

/// A culture that an argument names.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Culture {
    /// That of the service's machines, en-US.
    Current,
    Invariant,
}

fn named(argument: &ast::Argument) -> Option<Culture> {
    let path = dotted_path(&argument.expr()?)?;
    match without_namespace(&path) {
        "CultureInfo.CurrentCulture" | "CultureInfo.CurrentUICulture" => Some(Culture::Current),
        "CultureInfo.InvariantCulture"
        | "NumberFormatInfo.InvariantInfo"
        | "DateTimeFormatInfo.InvariantInfo" => Some(Culture::Invariant),
        _ => None,
    }
}

/// The arguments of a call without the culture among them, which is said apart.
///
/// `ParseExact` always takes one; its `null` is the current one.
pub(super) fn without_provider(
    list: Option<ast::ArgumentList>,
    method: &str,
) -> (Vec<ast::Argument>, Option<Culture>) {
    let mut arguments: Vec<_> = list.into_iter().flat_map(|list| list.arguments()).collect();
    let culture = arguments.iter().find_map(named);
    arguments.retain(|argument| named(argument).is_none());
    let is_null = |argument: &ast::Argument| match argument.expr() {
        Some(ast::Expr::Literal(literal)) => literal.value() == Ok(ast::LiteralValue::Null),
        _ => false,
    };
    if method == "ParseExact" && arguments.len() == 3 && is_null(&arguments[2]) {
        arguments.pop();
    }
    (arguments, culture)
}

/// Refuses what the invariant culture prints otherwise than en-US.
pub(super) fn same_as_en_us(
    binder: &mut Binder<'_, '_>,
    receiver: &Receiver,
    method: &str,
    arguments: &[Operand],
    location: Location,
) -> Result<(), Reported> {
    if !matches!(method, "ToString" | "Format") {
        return Ok(());
    }
    let is_time = matches!(receiver, Receiver::Value(value)
        if value.ty().is_some_and(|ty| ty.scalar() == Scalar::DateTime));
    let format = arguments.iter().find_map(|argument| match argument {
        Operand::Typed(expression) => match &expression.kind {
            ExpressionKind::Constant(Value::String(format)) => Some(format.as_str()),
            _ => None,
        },
        Operand::Null(_) => None,
    });
    let is_same = match format {
        // Currency and percent have another sign and another place for it.
        Some(format) if !is_time => {
            !format.starts_with(['c', 'C', 'p', 'P']) && method == "ToString"
        }
        Some(format) => format.len() > 1,
        None => !is_time && arguments.is_empty(),
    };
    if is_same {
        Ok(())
    } else {
        let what = format!("{method} under the invariant culture, where it differs from en-US,");
        Err(binder.checker.unsupported(location, &what))
    }
}
