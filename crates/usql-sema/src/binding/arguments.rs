//! `USING Extractors.Csv(skipFirstNRows: 1)`: the operator's name and its arguments.

use rowan::ast::AstNode;
use usql_syntax::ast::{self, Expr};

use super::{Aggregation, Binder, members::dotted_path, scope::Scope};
use crate::{
    checker::Checker,
    csharp::Operand,
    diagnostics::{Location, codes, sink::Reported},
    expression::ExpressionKind,
    parameters::{Argument, ArgumentValue, encoding_named, encoding_of},
    text_format::Encoding,
};

/// A call of a built-in operator: `Csv`, and its arguments.
pub(crate) struct OperatorCall {
    /// The name behind the dot.
    pub(crate) name: String,
    /// The arguments, in order.
    pub(crate) arguments: Vec<Argument>,
    /// Where.
    pub(crate) location: Location,
}

/// Reads `family.Name(arguments)`; anything else is code of the user's.
pub(crate) fn operator_call(
    checker: &mut Checker<'_>,
    using: Option<ast::UsingClause>,
    family: &str,
    around: Location,
) -> Result<OperatorCall, Reported> {
    let Some(expression) = using.and_then(|using| using.expr()) else {
        return Err(checker.missing(around));
    };
    let location = checker.location(expression.syntax());
    let Expr::Call(call) = &expression else {
        return Err(checker.unsupported(location, "an operator other than a built-in one"));
    };
    let path = call
        .callee()
        .as_ref()
        .and_then(dotted_path)
        .unwrap_or_default();
    let Some(name) = path
        .strip_prefix(family)
        .and_then(|rest| rest.strip_prefix('.'))
    else {
        let what = format!("the operator {path}, which is none of {family},");
        return Err(checker.unsupported(location, &what));
    };
    let arguments: Vec<_> = call
        .arguments()
        .map(|argument| self::argument(checker, &argument))
        .collect();
    let arguments = arguments.into_iter().collect::<Result<_, _>>()?;
    Ok(OperatorCall {
        name: name.to_owned(),
        arguments,
        location,
    })
}

/// Formats that the service reads and writes besides: Parquet in a public preview, ORC in a private one.
const ELSEWHERE: &[&str] = &["Orc", "Parquet"];

/// Says that there is no operator of this name in `family`, or none here.
pub(crate) fn no_such_operator(
    checker: &mut Checker<'_>,
    family: &str,
    call: &OperatorCall,
) -> Reported {
    if ELSEWHERE.contains(&call.name.as_str()) {
        return checker.unsupported(call.location, &format!("{family}.{}", call.name));
    }
    let kind = family.trim_end_matches('s').to_ascii_lowercase();
    let message = format!("There is no {kind} '{}'.", call.name);
    checker
        .sink
        .error(&codes::UNKNOWN_OPERATOR, call.location, message)
}

fn argument(checker: &mut Checker<'_>, argument: &ast::Argument) -> Result<Argument, Reported> {
    let location = checker.location(argument.syntax());
    let Some(expression) = argument.expr() else {
        return Err(checker.unsupported(location, "this argument"));
    };
    let value = match encoding(checker, &expression)? {
        Some(encoding) => ArgumentValue::Encoding(encoding),
        None => ArgumentValue::Scalar(scalar(checker, &expression)?),
    };
    Ok(Argument {
        name: argument.name().map(|name| name.text()),
        value,
        location,
    })
}

fn scalar(checker: &mut Checker<'_>, expression: &Expr) -> Result<Operand, Reported> {
    let scope = Scope::default();
    Binder::new(checker, &scope, Aggregation::Forbid("in an argument")).operand(expression)
}

/// `Encoding.UTF8` or `Encoding.GetEncoding(1252)`, with or without `System.Text.`, or a variable that stands for one.
pub(crate) fn encoding(
    checker: &mut Checker<'_>,
    expression: &Expr,
) -> Result<Option<Encoding>, Reported> {
    let (callee, call) = match expression {
        Expr::Variable(variable) => {
            let name = variable.name().unwrap_or_default();
            return Ok(checker.encoding(&name));
        }
        Expr::Member(_) => (Some(expression.clone()), None),
        Expr::Call(call) => (call.callee(), Some(call)),
        _ => return Ok(None),
    };
    let path = callee.as_ref().and_then(dotted_path).unwrap_or_default();
    let short = path.strip_prefix("System.Text.").unwrap_or(&path);
    let Some(member) = short.strip_prefix("Encoding.") else {
        return Ok(None);
    };
    let location = checker.location(expression.syntax());
    let encoding = match call {
        None => encoding_named(member),
        Some(call) if member == "GetEncoding" => {
            match call.arguments().next().and_then(|argument| argument.expr()) {
                Some(code) => match scalar(checker, &code)? {
                    Operand::Typed(code) => match code.kind {
                        ExpressionKind::Constant(value) => encoding_of(&value),
                        _ => return Err(checker.not_constant(location)),
                    },
                    Operand::Null(_) => None,
                },
                None => None,
            }
        }
        Some(_) => None,
    };
    match encoding {
        Some(encoding) => Ok(Some(encoding)),
        None => Err(checker.unsupported(location, &format!("the encoding {path}"))),
    }
}
