//! PERCENTILE_CONT and PERCENTILE_DISC over the ordered values of a partition.

use std::sync::Arc;

use datafusion::{
    arrow::{
        array::{Array, ArrayRef, AsArray},
        datatypes::{DataType, Field, FieldRef, Float64Type},
    },
    common::ScalarValue,
    error::Result,
    logical_expr::{
        PartitionEvaluator, Signature, Volatility, WindowUDF, WindowUDFImpl,
        function::{PartitionEvaluatorArgs, WindowUDFFieldArgs},
    },
};
use usql_sema::plan::Percentile;

use crate::error::RuntimeError;

/// The percentile as a function of the column that the window is ordered by, nulls last.
pub(crate) fn percentile(kind: Percentile, part: f64) -> Arc<WindowUDF> {
    Arc::new(WindowUDF::from(Function {
        percentile: Exactly { kind, part },
        signature: Signature::any(1, Volatility::Immutable),
    }))
}

#[derive(Debug, Clone, Copy)]
struct Exactly {
    kind: Percentile,
    part: f64,
}

/// Equal where DataFusion may compute one for the other.
impl PartialEq for Exactly {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.part.to_bits() == other.part.to_bits()
    }
}

impl Eq for Exactly {}

impl std::hash::Hash for Exactly {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.part.to_bits().hash(state);
    }
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Function {
    percentile: Exactly,
    signature: Signature,
}

impl WindowUDFImpl for Function {
    fn name(&self) -> &str {
        match self.percentile.kind {
            Percentile::Continuous => "percentile_cont",
            Percentile::Discrete => "percentile_disc",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn partition_evaluator(
        &self,
        _: PartitionEvaluatorArgs<'_>,
    ) -> Result<Box<dyn PartitionEvaluator>> {
        Ok(Box::new(self.percentile))
    }

    fn field(&self, args: WindowUDFFieldArgs<'_>) -> Result<FieldRef> {
        let ty = args
            .input_fields()
            .first()
            .map_or(DataType::Null, |field| field.data_type().clone());
        Ok(Arc::new(Field::new(args.name(), ty, true)))
    }
}

impl PartitionEvaluator for Exactly {
    fn evaluate_all(&mut self, values: &[ArrayRef], rows: usize) -> Result<ArrayRef> {
        let values = values
            .first()
            .ok_or_else(|| RuntimeError::bug("a percentile takes one column"))?;
        let result = match values.len() - values.null_count() {
            0 => ScalarValue::try_new_null(values.data_type())?,
            count => match self.kind {
                Percentile::Continuous => continuous(values, count, self.part),
                Percentile::Discrete => {
                    ScalarValue::try_from_array(values, discrete(count, self.part))?
                }
            },
        };
        result.to_array_of_size(rows)
    }
}

/// The position of the first of `count` values whose cumulative distribution is at least `part`.
fn discrete(count: usize, part: f64) -> usize {
    let reaches = |rank: usize| rank as f64 / count as f64 >= part;
    // The product may be a bit off; what counts is the comparison.
    let mut rank = ((part * count as f64).ceil() as usize).clamp(1, count);
    while rank > 1 && reaches(rank - 1) {
        rank -= 1;
    }
    while rank < count && !reaches(rank) {
        rank += 1;
    }
    rank - 1
}

/// Between the two values around the place where `part` of the way has been gone.
fn continuous(values: &ArrayRef, count: usize, part: f64) -> ScalarValue {
    let values = values.as_primitive::<Float64Type>();
    let place = part * (count - 1) as f64;
    let (below, above) = (place.floor(), place.ceil());
    let (low, high) = (values.value(below as usize), values.value(above as usize));
    let value = if below == above {
        low
    } else {
        low + (high - low) * (place - below)
    };
    ScalarValue::Float64(Some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_discrete_percentile_is_the_first_value_that_reaches_it() {
        for count in 1..60 {
            for hundredth in 0..=100 {
                let part = f64::from(hundredth) / 100.0;
                let first = (1..=count).find(|rank| *rank as f64 / count as f64 >= part);
                assert_eq!(Some(discrete(count, part) + 1), first, "{part} of {count}");
            }
        }
    }
}
