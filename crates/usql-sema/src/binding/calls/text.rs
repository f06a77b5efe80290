//! `string.Concat(..)` and `string.Format(..)`, as the concatenations that they abbreviate.

use usql_syntax::ast::BinaryOperator;

use super::{display_string, resolved};
use crate::{
    binding::Binder,
    csharp::{self, Operand, constant},
    diagnostics::{Location, sink::Reported},
    expression::{Expression, ExpressionKind},
    functions::{self, FunctionKind, Owner},
    types::{Scalar, Type},
    value::Value,
};

const INT: Type = Type::of(Scalar::Int);

/// `string.Concat(a, b, ..)`: the texts of all, null as nothing.
pub(super) fn concat(
    binder: &mut Binder<'_, '_>,
    arguments: Vec<Operand>,
    location: Location,
) -> Result<Operand, Reported> {
    let texts: Vec<_> = arguments
        .into_iter()
        .map(|argument| text(binder, argument, location))
        .collect();
    let texts = texts.into_iter().collect::<Result<_, _>>()?;
    joined(binder, texts, location).map(Operand::Typed)
}

/// `string.Format("{0,10:N2}", a)`, of a format that is known.
pub(super) fn format(
    binder: &mut Binder<'_, '_>,
    arguments: Vec<Operand>,
    location: Location,
) -> Result<Operand, Reported> {
    let mut arguments = arguments.into_iter();
    let format = match arguments.next() {
        Some(Operand::Typed(format)) => binder.checker.folded(format),
        _ => {
            return Err(binder
                .checker
                .unsupported(location, "string.Format of no format"));
        }
    };
    let ExpressionKind::Constant(Value::String(format)) = format.kind else {
        let what = "string.Format of a format that is not a constant string";
        return Err(binder.checker.unsupported(location, what));
    };
    let arguments: Vec<Operand> = arguments.collect();
    let Some(pieces) = pieces(&format) else {
        let what = format!("the format \"{format}\", which raises FormatException in .NET,");
        return Err(binder.checker.unsupported(location, &what));
    };
    let mut texts = Vec::new();
    for piece in pieces {
        texts.push(match piece {
            Piece::Literal(literal) => string(&literal, location),
            Piece::Hole(hole) => {
                let Some(argument) = arguments.get(hole.index) else {
                    let what = format!(
                        "the format \"{format}\", which has no argument {},",
                        hole.index
                    );
                    return Err(binder.checker.unsupported(location, &what));
                };
                filled(binder, &hole, argument.clone(), location)?
            }
        });
    }
    joined(binder, texts, location).map(Operand::Typed)
}

#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Hole(Hole),
}

/// `{index,width:format}`
#[derive(Debug, PartialEq, Eq)]
struct Hole {
    index: usize,
    /// The least width; negative to align to the left.
    width: i32,
    format: String,
}

/// The pieces of a composite format; none where .NET refuses it.
fn pieces(format: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = format;
    while let Some(character) = rest.chars().next() {
        let doubled = rest[character.len_utf8()..].starts_with(character);
        match character {
            '{' | '}' if doubled => {
                literal.push(character);
                rest = &rest[2..];
            }
            '{' => {
                let end = rest.find('}')?;
                if !literal.is_empty() {
                    pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                }
                pieces.push(Piece::Hole(hole(&rest[1..end])?));
                rest = &rest[end + 1..];
            }
            '}' => return None,
            _ => {
                literal.push(character);
                rest = &rest[character.len_utf8()..];
            }
        }
    }
    if !literal.is_empty() {
        pieces.push(Piece::Literal(literal));
    }
    Some(pieces)
}

fn hole(text: &str) -> Option<Hole> {
    let (place, format) = text.split_once(':').unwrap_or((text, ""));
    let (index, width) = place.split_once(',').unwrap_or((place, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (index, width) = (index.trim_end_matches(' '), width.trim_matches(' '));
    let is_placed = is_number(index) && is_number(width.strip_prefix('-').unwrap_or(width));
    if !is_placed || format.contains('{') {
        return None;
    }
    Some(Hole {
        index: index.parse().ok()?,
        width: width
            .parse()
            .ok()
            .filter(|width: &i32| width.abs() < 1_000_000)?,
        format: format.to_owned(),
    })
}

/// The text of an argument in a hole.
fn filled(
    binder: &mut Binder<'_, '_>,
    hole: &Hole,
    argument: Operand,
    location: Location,
) -> Result<Expression, Reported> {
    if let Operand::Typed(value) = &argument {
        binder.checker.copied(value, 1, location)?;
    }
    let text = match argument {
        Operand::Typed(value) if !hole.format.is_empty() => {
            formatted(binder, value, &hole.format, location)?
        }
        argument => text(binder, argument, location)?,
    };
    if hole.width == 0 {
        return Ok(text);
    }
    let name = if hole.width < 0 {
        "PadRight"
    } else {
        "PadLeft"
    };
    let text = csharp::coalesce(text.into(), string("", location).into(), location);
    let text = binder.csharp(location, text)?;
    let width = constant(Value::Int(hole.width.abs()), INT, location);
    method(binder, name, text, width, location)
}

/// `value.ToString(format)`; what has no formats is printed as ever, and null as nothing.
fn formatted(
    binder: &mut Binder<'_, '_>,
    value: Expression,
    format: &str,
    location: Location,
) -> Result<Expression, Reported> {
    let ty = value.ty;
    let owner = Owner::Scalar(ty.scalar());
    let has_formats =
        functions::find(owner, "ToString", FunctionKind::Method).is_some_and(|function| {
            function
                .overloads()
                .iter()
                .any(|s| s.parameters().len() == 2)
        });
    if let Scalar::Enum(_) = ty.scalar() {
        return Err(binder
            .checker
            .unsupported(location, "a format of an enumeration"));
    }
    if !has_formats {
        return text(binder, value.into(), location);
    }
    let format = string(format, location);
    if !ty.is_lifted() {
        return method(binder, "ToString", value, format, location);
    }
    let null = Operand::Null(location);
    let is_null = csharp::binary(
        BinaryOperator::Equal,
        value.clone().into(),
        null,
        None,
        location,
    );
    let is_null = binder.csharp(location, is_null)?;
    let bare = csharp::cast(value.into(), Type::of(ty.scalar()), None, location);
    let bare = binder.csharp(location, bare)?;
    let text = method(binder, "ToString", bare, format, location)?;
    let chosen = csharp::conditional(is_null, string("", location).into(), text.into(), location);
    binder.csharp(location, chosen)
}

/// A call of a method of one argument that is in the registry.
fn method(
    binder: &mut Binder<'_, '_>,
    name: &str,
    receiver: Expression,
    argument: Expression,
    location: Location,
) -> Result<Expression, Reported> {
    let owner = Owner::Scalar(receiver.ty.scalar());
    match functions::find(owner, name, FunctionKind::Method) {
        Some(function) => {
            let arguments = vec![receiver.into(), argument.into()];
            resolved(binder, function, arguments, location)
        }
        None => Err(binder
            .checker
            .unsupported(location, &format!("{owner}.{name}"))),
    }
}

fn text(
    binder: &mut Binder<'_, '_>,
    argument: Operand,
    location: Location,
) -> Result<Expression, Reported> {
    match argument {
        Operand::Typed(value) if value.ty.scalar().is_composite() => {
            let what = format!("the text of a {}", value.ty);
            Err(binder.checker.unsupported(location, &what))
        }
        Operand::Typed(value) => display_string(binder, value, location),
        Operand::Null(at) => Ok(constant(Value::Null, Type::STRING, at)),
    }
}

fn string(text: &str, location: Location) -> Expression {
    constant(Value::String(text.to_owned()), Type::STRING, location)
}

/// `a + b + ..`, as a balanced tree, so that many are not nested deep.
fn joined(
    binder: &mut Binder<'_, '_>,
    texts: Vec<Expression>,
    location: Location,
) -> Result<Expression, Reported> {
    // A single text is a result of its own, which null is not.
    let mut level = texts;
    if level.len() < 2 {
        level.insert(0, string("", location));
    }
    while level.len() > 1 {
        let mut next = Vec::with_capacity(level.len().div_ceil(2));
        let mut rest = level.into_iter();
        while let Some(first) = rest.next() {
            next.push(match rest.next() {
                Some(second) => {
                    let add = BinaryOperator::Add;
                    let both = csharp::binary(add, first.into(), second.into(), None, location);
                    binder.csharp(location, both)?
                }
                None => first,
            });
        }
        level = next;
    }
    level.pop().ok_or_else(|| binder.checker.missing(location))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hole(index: usize, width: i32, format: &str) -> Piece {
        Piece::Hole(Hole {
            index,
            width,
            format: format.to_owned(),
        })
    }

    #[test]
    fn a_format_is_cut_into_its_pieces() {
        let literal = |text: &str| Piece::Literal(text.to_owned());
        assert_eq!(
            pieces("It is {0,-12:N0}{1:HH:mm} {{x}}"),
            Some(vec![
                literal("It is "),
                hole(0, -12, "N0"),
                hole(1, 0, "HH:mm"),
                literal(" {x}"),
            ])
        );
        assert_eq!(pieces(""), Some(vec![]));
        assert_eq!(pieces("{0 , 5 }"), Some(vec![hole(0, 5, "")]));
    }

    #[test]
    fn a_format_that_raises_has_no_pieces() {
        for format in [
            "{",
            "}",
            "{0",
            "{}",
            "{x}",
            "{-1}",
            "{0,}",
            "{0,x}",
            "a}b",
            "{0,9999999}",
        ] {
            assert_eq!(pieces(format), None, "{format}");
        }
    }
}
