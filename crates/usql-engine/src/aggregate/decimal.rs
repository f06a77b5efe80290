//! SUM, MIN and MAX over decimals, which DataFusion cannot add or order in the form in which we keep them.

use std::sync::Arc;

use datafusion::{
    arrow::{
        array::{ArrayRef, AsArray},
        datatypes::DataType,
    },
    common::ScalarValue,
    error::Result,
    logical_expr::{
        Accumulator, AggregateUDF, AggregateUDFImpl, Signature, Volatility,
        function::AccumulatorArgs, utils::AggregateOrderSensitivity,
    },
};
use rust_decimal::Decimal;

use crate::{error::RuntimeError, eval::decimals::decode};

/// What is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Sum,
    Min,
    Max,
}

#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct DecimalAggregate {
    kind: Kind,
    signature: Signature,
}

impl DecimalAggregate {
    pub(super) fn udaf(kind: Kind) -> Arc<AggregateUDF> {
        Arc::new(AggregateUDF::new_from_impl(Self {
            kind,
            signature: Signature::any(1, Volatility::Immutable),
        }))
    }
}

impl AggregateUDFImpl for DecimalAggregate {
    fn name(&self) -> &str {
        match self.kind {
            Kind::Sum => "decimal_sum",
            Kind::Min => "decimal_min",
            Kind::Max => "decimal_max",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::FixedSizeBinary(16))
    }

    fn accumulator(&self, _: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(DecimalAccumulator {
            kind: self.kind,
            value: None,
        }))
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        AggregateOrderSensitivity::Insensitive
    }
}

fn overflow_error() -> RuntimeError {
    let message = "Value was either too large or too small for a Decimal.";
    RuntimeError::exception("OverflowException", message, None)
}

#[derive(Debug)]
struct DecimalAccumulator {
    kind: Kind,
    value: Option<Decimal>,
}

impl Accumulator for DecimalAccumulator {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        for value in values[0]
            .as_fixed_size_binary()
            .iter()
            .flatten()
            .map(decode)
        {
            self.value = Some(match (self.value, self.kind) {
                (None, _) => value,
                (Some(sum), Kind::Sum) => sum.checked_add(value).ok_or_else(overflow_error)?,
                (Some(least), Kind::Min) => least.min(value),
                (Some(greatest), Kind::Max) => greatest.max(value),
            });
        }
        Ok(())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.update_batch(states)
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![self.evaluate()?])
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let bytes = self.value.map(|value| value.serialize().to_vec());
        Ok(ScalarValue::FixedSizeBinary(16, bytes))
    }

    fn size(&self) -> usize {
        size_of_val(self)
    }
}
