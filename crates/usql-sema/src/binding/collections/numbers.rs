//! `Sum`, `Average`, `Min` and `Max` of elements: what the numbers become.

use super::{Source, sequence, widened};
use crate::{
    binding::Binder,
    diagnostics::{Location, sink::Reported},
    expression::{CollectionOperation as Operation, Expression},
    types::{Scalar, Type},
};

/// The scalar whose overload of `Sum` and `Average` takes numbers of this one.
fn summed(scalar: Scalar) -> Option<Scalar> {
    Some(match scalar {
        Scalar::SByte | Scalar::Byte | Scalar::Short | Scalar::UShort | Scalar::Char => Scalar::Int,
        Scalar::UInt => Scalar::Long,
        Scalar::Int | Scalar::Long | Scalar::Float | Scalar::Double | Scalar::Decimal => scalar,
        _ => return None,
    })
}

/// Types one of the four.
pub(super) fn bind(
    binder: &mut Binder<'_, '_>,
    operation: Operation,
    source: Source,
    location: Location,
) -> Result<Expression, Reported> {
    let element = source.element;
    let scalar = element.scalar();
    let kept = match operation {
        Operation::Sum | Operation::Average => summed(scalar),
        _ => is_ordered(scalar).then_some(scalar),
    };
    let Some(kept) = kept else {
        let what = format!("the {operation:?} of elements of type {element}");
        return Err(binder.checker.unsupported(location, &what));
    };
    let to = Type::of(kept).or_nullable(element.is_nullable());
    let list = if kept == scalar {
        source.list
    } else {
        let lambda = binder.made_lambda(element, location, |_, value| Ok(widened(value, to)))?;
        let ty = sequence(binder, to, location)?;
        Expression::collection(
            Operation::Select,
            vec![source.list],
            vec![lambda],
            ty,
            location,
        )
    };
    let result = match (&operation, kept) {
        (Operation::Average, Scalar::Int | Scalar::Long) => {
            Type::of(Scalar::Double).or_nullable(to.is_nullable())
        }
        _ => to,
    };
    Ok(Expression::collection(
        operation,
        vec![list],
        Vec::new(),
        result,
        location,
    ))
}

/// Whether values of a type have an order.
pub(super) const fn is_ordered(scalar: Scalar) -> bool {
    !scalar.is_composite() && !matches!(scalar, Scalar::Bytes)
}
