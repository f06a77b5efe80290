//! Arithmetic of `decimal` with the scales that .NET Framework gives to results.
//!
//! A decimal prints all its places, so 1.10 and 1.1 differ where they are written. The numbers are `rust_decimal`'s;
//! it forgets the scale of a zero, which .NET keeps: `x + 0.00m` is how C# programs ask for two places.

use rust_decimal::Decimal;

/// The sum; none where it is too large.
#[must_use]
pub fn sum(left: Decimal, right: Decimal) -> Option<Decimal> {
    Some(with_places(left.checked_add(right)?, left, right))
}

/// The difference; none where it is too large.
#[must_use]
pub fn difference(left: Decimal, right: Decimal) -> Option<Decimal> {
    Some(with_places(left.checked_sub(right)?, left, right))
}

/// The product; none where it is too large.
#[must_use]
pub fn product(left: Decimal, right: Decimal) -> Option<Decimal> {
    let mut product = left.checked_mul(right)?;
    let is_short = |number: Decimal| number.mantissa().unsigned_abs() <= u128::from(u32::MAX);
    // A zero that comes of longer numbers has no places in .NET either.
    if product.is_zero() && is_short(left) && is_short(right) {
        product.rescale((left.scale() + right.scale()).min(Decimal::MAX_SCALE));
    }
    Some(product)
}

/// The quotient; none where the divisor is zero or the quotient too large.
///
/// The difference of the scales is kept where that is exact, and no other trailing zeros.
#[must_use]
pub fn quotient(left: Decimal, right: Decimal) -> Option<Decimal> {
    let mut quotient = left.checked_div(right)?.normalize();
    let preferred = left.scale().saturating_sub(right.scale());
    if quotient.scale() < preferred {
        quotient.rescale(preferred);
    }
    Some(quotient)
}

/// The remainder, with the sign of the dividend; none where the divisor is zero.
#[must_use]
pub fn remainder(left: Decimal, right: Decimal) -> Option<Decimal> {
    let rest = left.checked_rem(right)?;
    // .NET gives a dividend back that is less than the divisor, and subtracts otherwise.
    if left.abs() < right.abs() {
        return Some(left);
    }
    Some(with_places(rest, left, right))
}

/// With as many places as the operand that has more, as far as there is room.
fn with_places(mut number: Decimal, left: Decimal, right: Decimal) -> Decimal {
    let places = left.scale().max(right.scale());
    if number.scale() < places && (number.is_zero() || left.is_zero() || right.is_zero()) {
        number.rescale(places);
    }
    number
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::*;

    #[track_caller]
    fn check(
        operation: fn(Decimal, Decimal) -> Option<Decimal>,
        left: &str,
        right: &str,
        expected: &str,
    ) {
        let number = |text| Decimal::from_str(text).unwrap();
        let found = operation(number(left), number(right)).map(|number| number.to_string());
        assert_eq!(found.as_deref(), Some(expected), "of {left} and {right}");
    }

    #[test]
    fn a_zero_has_places_too() {
        check(sum, "255", "0.00", "255.00");
        check(sum, "0", "1.5", "1.5");
        check(sum, "1.10", "-1.1", "0.00");
        check(difference, "0.00", "3", "-3.00");
        check(product, "1.10", "0", "0.00");
        check(product, "12345678901.23", "0.0", "0");
    }

    #[test]
    fn a_zero_without_room_for_its_places_adds_none() {
        let most = "79228162514264337593543950335";
        check(sum, most, "0.00", most);
        check(
            sum,
            "7922816251426433759354395033",
            "0.00",
            "7922816251426433759354395033.0",
        );
    }

    #[test]
    fn quotients_keep_the_places_of_an_exact_result() {
        check(quotient, "1.00", "2", "0.50");
        check(quotient, "1", "4", "0.25");
        check(quotient, "7", "3.33333", "2.1000021000021000021000021");
    }

    #[test]
    fn a_remainder_is_the_dividend_or_has_the_places_of_both() {
        check(remainder, "1", "2.00", "1");
        check(remainder, "0.00", "1", "0.00");
        check(remainder, "5", "2.50", "0.00");
        check(remainder, "-7.5", "2", "-1.5");
    }
}
