//! What can be enumerated.

use crate::{
    binding::Binder,
    csharp::{CSharpError, Operand},
    diagnostics::sink::Reported,
    expression::{CollectionOperation as Operation, Expression},
    types::{Element, Scalar, Type},
};

/// A collection on its way into an operation.
pub(super) struct Source {
    pub(super) list: Expression,
    /// What enumerating it gives.
    pub(super) element: Type,
}

/// A collection, the characters of a string, or the elements of a group.
pub(super) fn of(binder: &mut Binder<'_, '_>, operand: Operand) -> Result<Source, Reported> {
    let location = operand.location();
    let name = operand.type_name();
    let list = match operand {
        Operand::Typed(value) => match value.ty.scalar() {
            Scalar::String => characters(value),
            // What GroupBy makes of the elements with a key has both that key and those elements.
            Scalar::Pair(_, elements) if elements.ty().scalar().is_collection() => {
                Some(Expression::collection(
                    Operation::Value,
                    vec![value],
                    Vec::new(),
                    elements.ty(),
                    location,
                ))
            }
            _ => Some(value),
        },
        Operand::Null(_) => None,
    };
    let found = list.and_then(|list| {
        let element = list.ty.scalar().element()?;
        Some(Source { list, element })
    });
    found.ok_or_else(|| {
        let text = format!(
            "Could not find an implementation of the query pattern for source type '{name}'."
        );
        binder
            .checker
            .sink
            .csharp(location, &CSharpError::new(1936, text))
    })
}

/// The same, of what is said to have elements of some type: also what C# enumerates as objects only.
pub(super) fn cast(binder: &mut Binder<'_, '_>, operand: Operand) -> Result<Source, Reported> {
    match operand {
        Operand::Typed(list) => match list.ty.scalar() {
            Scalar::Class(class) if let Some(element) = class.element() => Ok(Source {
                list,
                element: Type::of(element),
            }),
            _ => of(binder, list.into()),
        },
        null => of(binder, null),
    }
}

/// The characters of a string, as `ToCharArray` gives them.
pub(super) fn characters(text: Expression) -> Option<Expression> {
    let location = text.location;
    let element = Element::of(Type::of(Scalar::Char))?;
    let ty = Type::of(Scalar::Sequence(element));
    Some(Expression::collection(
        Operation::Characters,
        vec![text],
        Vec::new(),
        ty,
        location,
    ))
}
