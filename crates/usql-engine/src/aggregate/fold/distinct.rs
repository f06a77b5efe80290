//! DISTINCT, where DataFusion does not have it: each value is aggregated once.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    sync::Arc,
};

use datafusion::{
    arrow::{
        array::{Array, ArrayRef, AsArray},
        datatypes::{DataType, Field, Float64Type, Int64Type},
    },
    common::ScalarValue,
    error::Result,
    logical_expr::Accumulator,
};

use crate::eval::decimals;

/// The different values so far, and what they go into at the end.
#[derive(Debug)]
pub(super) struct Distinct {
    ty: DataType,
    /// By what makes values equal; ordered, so that a sum of doubles is always the same.
    values: BTreeMap<u128, ScalarValue>,
    whole: Box<dyn Accumulator>,
}

impl Distinct {
    pub(super) fn new(ty: DataType, whole: Box<dyn Accumulator>) -> Self {
        Self {
            ty,
            values: BTreeMap::new(),
            whole,
        }
    }

    pub(super) fn state_type(ty: &DataType) -> DataType {
        DataType::List(Arc::new(Field::new_list_field(ty.clone(), true)))
    }

    /// What equal values have in common: decimals are equal by value, and a zero equals its negative.
    fn key(&self, values: &ArrayRef, row: usize) -> u128 {
        match &self.ty {
            DataType::Int64 => {
                let value = values.as_primitive::<Int64Type>().value(row);
                u128::from(value.cast_unsigned())
            }
            DataType::Float64 => {
                let value = values.as_primitive::<Float64Type>().value(row);
                let value = if value == 0.0 { 0.0 } else { value };
                u128::from(if value.is_nan() { f64::NAN } else { value }.to_bits())
            }
            _ => {
                let value = decimals::decode(values.as_fixed_size_binary().value(row));
                u128::from_be_bytes(value.normalize().serialize())
            }
        }
    }
}

impl Accumulator for Distinct {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let values = &values[0];
        for row in (0..values.len()).filter(|row| values.is_valid(*row)) {
            let key = self.key(values, row);
            if let Entry::Vacant(place) = self.values.entry(key) {
                place.insert(ScalarValue::try_from_array(values, row)?);
            }
        }
        Ok(())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        for values in states[0].as_list::<i32>().iter().flatten() {
            self.update_batch(&[values])?;
        }
        Ok(())
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let values: Vec<ScalarValue> = self.values.values().cloned().collect();
        let list = ScalarValue::new_list(&values, &self.ty, true);
        Ok(vec![ScalarValue::List(list)])
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        if !self.values.is_empty() {
            let values = ScalarValue::iter_to_array(self.values.values().cloned())?;
            self.whole.update_batch(&[values])?;
            self.values.clear();
        }
        self.whole.evaluate()
    }

    fn size(&self) -> usize {
        let entry = size_of::<u128>() + size_of::<ScalarValue>() + 16;
        size_of_val(self) + self.values.len() * entry + self.whole.size()
    }
}
