//! Binary numeric promotion: the one type in which two numbers meet.

use super::{Operand, constant, conversion::narrowed_constant};
use crate::{
    expression::Expression,
    types::{Scalar, Type},
    value::Value,
};

/// Why two types have no common one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoPromotion {
    /// One of them is no number, or `decimal` meets binary floating point.
    Inapplicable,
    /// `ulong` meets a signed number: every candidate loses something.
    Ambiguous,
}

/// The type in which two numbers meet.
pub(super) fn promoted(left: Scalar, right: Scalar) -> Result<Scalar, NoPromotion> {
    use Scalar::{Decimal, Double, Float, Int, Long, SByte, Short, UInt, ULong};
    if !left.is_numeric() || !right.is_numeric() {
        return Err(NoPromotion::Inapplicable);
    }
    let is = |scalar| left == scalar || right == scalar;
    let has_signed = [left, right]
        .iter()
        .any(|side| matches!(side, SByte | Short | Int | Long));
    let has_narrow_signed = [left, right]
        .iter()
        .any(|side| matches!(side, SByte | Short | Int));
    Ok(match () {
        () if is(Decimal) && (is(Float) || is(Double)) => return Err(NoPromotion::Inapplicable),
        () if is(Decimal) => Decimal,
        () if is(Double) => Double,
        () if is(Float) => Float,
        () if is(ULong) && has_signed => return Err(NoPromotion::Ambiguous),
        () if is(ULong) => ULong,
        () if is(Long) => Long,
        () if is(UInt) && has_narrow_signed => Long,
        () if is(UInt) => UInt,
        () => Int,
    })
}

/// As [`promoted`], for operands: a constant that fits an unsigned type does not spoil it (`x + 1` on `uint`).
pub(super) fn promoted_operands(
    left: &Expression,
    right: &Expression,
) -> Result<Scalar, NoPromotion> {
    let (left_scalar, right_scalar) = (left.ty.scalar(), right.ty.scalar());
    for (unsigned, other) in [(left_scalar, right), (right_scalar, left)] {
        let wide = matches!(unsigned, Scalar::UInt | Scalar::ULong);
        if wide && narrowed_constant(other, unsigned).is_some() {
            return Ok(unsigned);
        }
    }
    promoted(left_scalar, right_scalar)
}

/// The type that a single number is promoted to: `int` at least.
pub(super) fn promoted_alone(scalar: Scalar) -> Option<Scalar> {
    match scalar {
        Scalar::SByte | Scalar::Byte | Scalar::Short | Scalar::UShort | Scalar::Char => {
            Some(Scalar::Int)
        }
        number if number.is_numeric() => Some(number),
        _ => None,
    }
}

/// Gives a `null` beside a typed operand the type of that operand.
pub(super) fn with_types(left: Operand, right: Operand) -> Option<(Expression, Expression)> {
    let null = |like: &Expression, location| {
        constant(Value::Null, Type::nullable(like.ty.scalar()), location)
    };
    match (left, right) {
        (Operand::Typed(left), Operand::Typed(right)) => Some((left, right)),
        (Operand::Typed(left), Operand::Null(location)) => {
            let right = null(&left, location);
            Some((left, right))
        }
        (Operand::Null(location), Operand::Typed(right)) => Some((null(&right, location), right)),
        (Operand::Null(_), Operand::Null(_)) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_integers_meet_in_int() {
        for small in [
            Scalar::SByte,
            Scalar::Byte,
            Scalar::Short,
            Scalar::UShort,
            Scalar::Char,
        ] {
            assert_eq!(promoted(small, Scalar::Byte), Ok(Scalar::Int));
        }
    }

    #[test]
    fn int_and_uint_meet_in_long_but_long_and_ulong_nowhere() {
        assert_eq!(promoted(Scalar::Int, Scalar::UInt), Ok(Scalar::Long));
        assert_eq!(promoted(Scalar::UShort, Scalar::UInt), Ok(Scalar::UInt));
        assert_eq!(
            promoted(Scalar::Long, Scalar::ULong),
            Err(NoPromotion::Ambiguous)
        );
        assert_eq!(promoted(Scalar::ULong, Scalar::Byte), Ok(Scalar::ULong));
    }

    #[test]
    fn decimal_meets_integers_but_not_binary_fractions() {
        assert_eq!(
            promoted(Scalar::Decimal, Scalar::ULong),
            Ok(Scalar::Decimal)
        );
        assert_eq!(
            promoted(Scalar::Decimal, Scalar::Float),
            Err(NoPromotion::Inapplicable)
        );
        assert_eq!(promoted(Scalar::Float, Scalar::Long), Ok(Scalar::Float));
    }
}
