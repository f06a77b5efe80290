//! What is known of some rows of an aggregate. Summaries of rows that follow each other can be joined.

use std::{fmt::Debug, sync::Arc};

use datafusion::{
    arrow::{
        array::{ArrayRef, AsArray, Decimal128Array, Int64Array},
        datatypes::{
            DataType, Decimal128Type, Decimal256Type, Float64Type, Int64Type, UInt8Type, i256,
        },
    },
    common::ScalarValue,
};
use rust_decimal::Decimal;

use crate::{
    error::RuntimeError,
    eval::decimals::{KEY_PRECISION, KEY_SCALE, decode},
};

/// What is known of some rows.
pub(super) trait Summary: Clone + Debug + Send + Sync + 'static {
    /// Both, where `later` comes after this one.
    fn join(&self, later: &Self) -> Self;

    /// Each row of an argument that is not null, as a summary of its own.
    fn read(&self, values: &ArrayRef, row: impl FnMut(usize, Self));

    /// The aggregate of these rows.
    fn result(&self) -> Result<ScalarValue, RuntimeError>;

    /// The columns in which a summary travels from one part of an aggregation to the next.
    fn state_types() -> Vec<DataType>;

    /// The summary in these columns.
    fn state(&self) -> Vec<ScalarValue>;

    /// The summaries in these columns, one a row.
    fn parts(&self, states: &[ArrayRef]) -> Vec<Self>;

    /// The aggregates of groups; never of none.
    fn results(groups: &[Self]) -> datafusion::error::Result<ArrayRef> {
        let results: Result<Vec<_>, _> = groups.iter().map(Self::result).collect();
        ScalarValue::iter_to_array(results?)
    }

    /// The summaries of groups in the columns of their state; never of none.
    fn states(groups: &[Self]) -> datafusion::error::Result<Vec<ArrayRef>> {
        let states: Vec<Vec<ScalarValue>> = groups.iter().map(Self::state).collect();
        let columns = 0..Self::state_types().len();
        let column = |column: usize| {
            ScalarValue::iter_to_array(states.iter().map(|state| state[column].clone()))
        };
        columns.map(column).collect()
    }
}

/// The sum of integers, in which no sum of `long`s overflows; it is an error if the sum of all is no `long`.
///
/// The reference says so of AVG, and .NET's own `Sum` does the same.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct WideSum {
    sum: i128,
    is_any: bool,
}

/// A sum of fewer than 2^63 `long`s has no more digits.
const WIDE: (u8, i8) = (38, 0);

impl WideSum {
    fn long(self) -> Result<Option<i64>, RuntimeError> {
        let sum = self.is_any.then(|| i64::try_from(self.sum)).transpose();
        sum.map_err(|_| {
            let message = "Arithmetic operation resulted in an overflow.";
            RuntimeError::exception("OverflowException", message, None)
        })
    }

    fn wide(self) -> Option<i128> {
        self.is_any.then_some(self.sum)
    }
}

impl Summary for WideSum {
    fn join(&self, later: &Self) -> Self {
        Self {
            sum: self.sum.wrapping_add(later.sum),
            is_any: self.is_any || later.is_any,
        }
    }

    fn read(&self, values: &ArrayRef, mut row: impl FnMut(usize, Self)) {
        let values = values.as_primitive::<Int64Type>();
        for (position, value) in values.iter().enumerate() {
            if let Some(value) = value {
                let one = Self {
                    sum: value.into(),
                    is_any: true,
                };
                row(position, one);
            }
        }
    }

    fn result(&self) -> Result<ScalarValue, RuntimeError> {
        self.long().map(ScalarValue::Int64)
    }

    fn state_types() -> Vec<DataType> {
        vec![DataType::Decimal128(WIDE.0, WIDE.1)]
    }

    fn state(&self) -> Vec<ScalarValue> {
        vec![ScalarValue::Decimal128(self.wide(), WIDE.0, WIDE.1)]
    }

    fn parts(&self, states: &[ArrayRef]) -> Vec<Self> {
        let sums = states[0].as_primitive::<Decimal128Type>().iter();
        sums.map(|sum| Self {
            sum: sum.unwrap_or_default(),
            is_any: sum.is_some(),
        })
        .collect()
    }

    fn results(groups: &[Self]) -> datafusion::error::Result<ArrayRef> {
        let sums: Result<Int64Array, _> = groups.iter().map(|group| group.long()).collect();
        Ok(Arc::new(sums?))
    }

    fn states(groups: &[Self]) -> datafusion::error::Result<Vec<ArrayRef>> {
        let sums: Decimal128Array = groups.iter().map(|group| group.wide()).collect();
        let sums = sums.with_precision_and_scale(WIDE.0, WIDE.1)?;
        Ok(vec![Arc::new(sums)])
    }
}

/// The sum of decimals, exact whatever their number, order and scales: in units of 10 to the -28.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ExactSum {
    units: i256,
    /// The largest of the scales, which that of the sum is; none without rows.
    scale: Option<u8>,
}

impl ExactSum {
    /// The decimal nearest to the sum, as .NET rounds: half to even, with as many places as fit.
    fn decimal(self, scale: u8) -> Result<Decimal, RuntimeError> {
        for scale in (0..=scale).rev() {
            let unit = i256::from_i128(10_i128.pow(28 - u32::from(scale)));
            let (quotient, rest) = (self.units.wrapping_div(unit), self.units.wrapping_rem(unit));
            let twice = rest.wrapping_abs().wrapping_mul(i256::from_i128(2));
            let is_odd = quotient.wrapping_rem(i256::from_i128(2)) != i256::ZERO;
            let rounds_up = twice > unit || (twice == unit && is_odd);
            let away = i256::from_i128(if self.units < i256::ZERO { -1 } else { 1 });
            let rounded = if rounds_up {
                quotient.wrapping_add(away)
            } else {
                quotient
            };
            let fits = rounded.to_i128().and_then(|mantissa| {
                Decimal::try_from_i128_with_scale(mantissa, scale.into()).ok()
            });
            if let Some(sum) = fits {
                return Ok(sum);
            }
        }
        let message = "Value was either too large or too small for a Decimal.";
        Err(RuntimeError::exception("OverflowException", message, None))
    }
}

impl Summary for ExactSum {
    fn join(&self, later: &Self) -> Self {
        Self {
            units: self.units.wrapping_add(later.units),
            scale: self.scale.max(later.scale),
        }
    }

    fn read(&self, values: &ArrayRef, mut row: impl FnMut(usize, Self)) {
        for (position, value) in decimals(values) {
            let unit = i256::from_i128(10_i128.pow(28 - value.scale()));
            let one = Self {
                units: i256::from_i128(value.mantissa()).wrapping_mul(unit),
                scale: Some(value.scale() as u8),
            };
            row(position, one);
        }
    }

    fn result(&self) -> Result<ScalarValue, RuntimeError> {
        let sum = self.scale.map(|scale| self.decimal(scale)).transpose()?;
        Ok(decimal_value(sum))
    }

    fn state_types() -> Vec<DataType> {
        vec![
            DataType::Decimal256(KEY_PRECISION, KEY_SCALE),
            DataType::UInt8,
        ]
    }

    fn state(&self) -> Vec<ScalarValue> {
        vec![
            ScalarValue::Decimal256(Some(self.units), KEY_PRECISION, KEY_SCALE),
            ScalarValue::UInt8(self.scale),
        ]
    }

    fn parts(&self, states: &[ArrayRef]) -> Vec<Self> {
        let units = states[0].as_primitive::<Decimal256Type>();
        let scales = states[1].as_primitive::<UInt8Type>();
        let parts = units.iter().zip(scales);
        parts
            .map(|(units, scale)| Self {
                units: units.unwrap_or_default(),
                scale,
            })
            .collect()
    }
}

/// The least of decimals; of equal ones the first.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Least(Option<Decimal>);

/// The greatest of decimals; of equal ones the first.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Greatest(Option<Decimal>);

macro_rules! extreme {
    ($name:ident, $replaces:tt) => {
        impl Summary for $name {
            fn join(&self, later: &Self) -> Self {
                match (self.0, later.0) {
                    (Some(first), Some(second)) if second $replaces first => *later,
                    (None, _) => *later,
                    _ => *self,
                }
            }

            fn read(&self, values: &ArrayRef, mut row: impl FnMut(usize, Self)) {
                decimals(values).for_each(|(position, value)| row(position, Self(Some(value))));
            }

            fn result(&self) -> Result<ScalarValue, RuntimeError> {
                Ok(decimal_value(self.0))
            }

            fn state_types() -> Vec<DataType> {
                vec![DataType::FixedSizeBinary(16)]
            }

            fn state(&self) -> Vec<ScalarValue> {
                vec![decimal_value(self.0)]
            }

            fn parts(&self, states: &[ArrayRef]) -> Vec<Self> {
                let values = states[0].as_fixed_size_binary().iter();
                values.map(|value| Self(value.map(decode))).collect()
            }
        }
    };
}

extreme!(Least, <);
extreme!(Greatest, >);

/// The sum of doubles.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sum(Mean);

/// The mean of doubles: their sum, divided by their number.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Mean {
    sum: f64,
    count: f64,
}

impl Summary for Sum {
    fn join(&self, later: &Self) -> Self {
        Self(self.0.join(&later.0))
    }

    fn read(&self, values: &ArrayRef, mut row: impl FnMut(usize, Self)) {
        self.0
            .read(values, |position, one| row(position, Self(one)));
    }

    fn result(&self) -> Result<ScalarValue, RuntimeError> {
        Ok(ScalarValue::Float64(
            (self.0.count > 0.0).then_some(self.0.sum),
        ))
    }

    fn state_types() -> Vec<DataType> {
        Mean::state_types()
    }

    fn state(&self) -> Vec<ScalarValue> {
        self.0.state()
    }

    fn parts(&self, states: &[ArrayRef]) -> Vec<Self> {
        self.0.parts(states).into_iter().map(Self).collect()
    }
}

impl Summary for Mean {
    fn join(&self, later: &Self) -> Self {
        Self {
            sum: self.sum + later.sum,
            count: self.count + later.count,
        }
    }

    fn read(&self, values: &ArrayRef, mut row: impl FnMut(usize, Self)) {
        doubles(values).for_each(|(position, sum)| row(position, Self { sum, count: 1.0 }));
    }

    fn result(&self) -> Result<ScalarValue, RuntimeError> {
        let mean = (self.count > 0.0).then(|| self.sum / self.count);
        Ok(ScalarValue::Float64(mean))
    }

    fn state_types() -> Vec<DataType> {
        vec![DataType::Float64, DataType::Float64]
    }

    fn state(&self) -> Vec<ScalarValue> {
        vec![
            ScalarValue::Float64(Some(self.sum)),
            ScalarValue::Float64(Some(self.count)),
        ]
    }

    fn parts(&self, states: &[ArrayRef]) -> Vec<Self> {
        let parts = column(&states[0]).zip(column(&states[1]));
        parts.map(|(sum, count)| Self { sum, count }).collect()
    }
}

/// How far doubles are from their mean: Welford's method, which keeps its digits where the mean is large.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spread {
    is_sample: bool,
    is_root: bool,
    count: f64,
    mean: f64,
    /// The sum of the squares of the distances from the mean.
    squares: f64,
}

impl Spread {
    pub(super) fn new(is_sample: bool, is_root: bool) -> Self {
        Self {
            is_sample,
            is_root,
            count: 0.0,
            mean: 0.0,
            squares: 0.0,
        }
    }
}

impl Summary for Spread {
    /// Chan's formula for two parts.
    fn join(&self, later: &Self) -> Self {
        if self.count == 0.0 {
            return *later;
        }
        if later.count == 0.0 {
            return *self;
        }
        let count = self.count + later.count;
        let distance = later.mean - self.mean;
        Self {
            count,
            mean: self.mean + distance * (later.count / count),
            squares: self.squares
                + later.squares
                + distance * distance * (self.count * later.count / count),
            ..*self
        }
    }

    fn read(&self, values: &ArrayRef, mut row: impl FnMut(usize, Self)) {
        doubles(values).for_each(|(position, value)| {
            let one = Self {
                count: 1.0,
                mean: value,
                // What is infinite has no distance from itself, so that no variance is a number.
                squares: if value.is_finite() { 0.0 } else { f64::NAN },
                ..*self
            };
            row(position, one);
        });
    }

    fn result(&self) -> Result<ScalarValue, RuntimeError> {
        let divisor = self.count - f64::from(u8::from(self.is_sample));
        let variance = (divisor > 0.0).then(|| self.squares / divisor);
        let result = if self.is_root {
            variance.map(f64::sqrt)
        } else {
            variance
        };
        Ok(ScalarValue::Float64(result))
    }

    fn state_types() -> Vec<DataType> {
        vec![DataType::Float64; 3]
    }

    fn state(&self) -> Vec<ScalarValue> {
        [self.count, self.mean, self.squares]
            .map(|number| ScalarValue::Float64(Some(number)))
            .to_vec()
    }

    fn parts(&self, states: &[ArrayRef]) -> Vec<Self> {
        let parts = column(&states[0])
            .zip(column(&states[1]))
            .zip(column(&states[2]));
        parts
            .map(|((count, mean), squares)| Self {
                count,
                mean,
                squares,
                ..*self
            })
            .collect()
    }
}

/// The values other than null, and where they are.
fn decimals(values: &ArrayRef) -> impl Iterator<Item = (usize, Decimal)> {
    let values = values.as_fixed_size_binary().iter().enumerate();
    values.filter_map(|(position, value)| Some((position, decode(value?))))
}

fn decimal_value(value: Option<Decimal>) -> ScalarValue {
    ScalarValue::FixedSizeBinary(16, value.map(|value| value.serialize().to_vec()))
}

/// The values other than null, and where they are.
fn doubles(values: &ArrayRef) -> impl Iterator<Item = (usize, f64)> {
    let values = values.as_primitive::<Float64Type>().iter().enumerate();
    values.filter_map(|(position, value)| Some((position, value?)))
}

/// A column of a state, which has no nulls.
fn column(values: &ArrayRef) -> impl Iterator<Item = f64> {
    values
        .as_primitive::<Float64Type>()
        .values()
        .iter()
        .copied()
}
