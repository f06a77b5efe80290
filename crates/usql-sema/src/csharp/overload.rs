//! Overload resolution: which signature a call means.

use super::{
    CSharpError, Operand,
    conversion::{goes_into, is_implicit},
    implicit,
};
use crate::{
    expression::Expression,
    functions::Signature,
    types::{Scalar, Type},
};

/// Chooses the best applicable signature and converts the arguments to its parameters.
///
/// `first_named` is how many leading arguments do not count in messages: 1 for a method's receiver.
pub(crate) fn resolve(
    name: &str,
    overloads: &'static [Signature],
    arguments: Vec<Operand>,
    first_named: usize,
) -> Result<(&'static Signature, Vec<Expression>), CSharpError> {
    let of_arity: Vec<&Signature> = overloads
        .iter()
        .filter(|signature| signature.parameters().len() == arguments.len())
        .collect();
    if of_arity.is_empty() {
        let count = arguments.len() - first_named;
        return Err(CSharpError::new(
            1501,
            format!("No overload for method '{name}' takes {count} arguments"),
        ));
    }
    let applicable: Vec<&Signature> = of_arity
        .iter()
        .copied()
        .filter(|signature| {
            let mut pairs = arguments.iter().zip(signature.parameters());
            pairs.all(|(argument, parameter)| goes_into(argument, *parameter))
        })
        .collect();
    let Some(best) = best(&applicable, &arguments) else {
        return Err(match applicable.as_slice() {
            [] => misfit(&arguments, of_arity[0].parameters(), first_named),
            _ => CSharpError::new(
                121,
                format!(
                    "The call is ambiguous between the following methods or properties: \
                     '{}' and '{}'",
                    applicable[0].id(),
                    applicable[1].id()
                ),
            ),
        });
    };
    let converted = arguments
        .into_iter()
        .zip(best.parameters())
        .map(|(argument, parameter)| implicit(argument, *parameter))
        .collect::<Result<_, _>>()?;
    Ok((best, converted))
}

/// The signature that beats every other: never worse in an argument, and better in one.
fn best<'a>(applicable: &[&'a Signature], arguments: &[Operand]) -> Option<&'a Signature> {
    let beats = |a: &Signature, b: &Signature| {
        let better = |from: &Signature, to: &Signature| {
            let parameters = from.parameters().iter().zip(to.parameters());
            let mut sides = arguments.iter().zip(parameters);
            sides.any(|(argument, (a, b))| is_better(argument, *a, *b))
        };
        better(a, b) && !better(b, a)
    };
    applicable.iter().copied().find(|candidate| {
        applicable
            .iter()
            .all(|other| candidate.id() == other.id() || beats(candidate, other))
    })
}

/// Whether an argument converts better to `a` than to `b`: exactly, or to the narrower of the two.
fn is_better(argument: &Operand, a: Type, b: Type) -> bool {
    if a == b {
        return false;
    }
    match argument.ty() {
        Some(ty) if ty == a => return true,
        Some(ty) if ty == b => return false,
        _ => {}
    }
    let signed_over_unsigned = matches!(
        (a.scalar(), b.scalar()),
        (
            Scalar::SByte,
            Scalar::Byte | Scalar::UShort | Scalar::UInt | Scalar::ULong
        ) | (Scalar::Short, Scalar::UShort | Scalar::UInt | Scalar::ULong)
            | (Scalar::Int, Scalar::UInt | Scalar::ULong)
            | (Scalar::Long, Scalar::ULong)
    );
    signed_over_unsigned || (is_implicit(a, b) && !is_implicit(b, a))
}

fn misfit(arguments: &[Operand], parameters: &[Type], first_named: usize) -> CSharpError {
    let (index, argument, parameter) = arguments
        .iter()
        .zip(parameters)
        .enumerate()
        .map(|(index, (argument, parameter))| (index, argument, *parameter))
        .find(|(_, argument, parameter)| !goes_into(argument, *parameter))
        .unwrap_or((0, &arguments[0], parameters[0]));
    CSharpError::new(
        1503,
        format!(
            "Argument {}: cannot convert from '{}' to '{parameter}'",
            index + 1 - first_named.min(index),
            argument.type_name()
        ),
    )
}
