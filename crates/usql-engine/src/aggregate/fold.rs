//! Aggregates of our own, as functions of DataFusion.
//!
//! They are here where DataFusion has none (decimals in the form in which we keep them, some DISTINCT ones), and where
//! a window slides: what leaves a window is not subtracted, which would leave traces of it in floating point and would
//! never get rid of an infinity. See [`Sliding`].

mod distinct;
mod grouped;
mod sliding;
mod summary;

use std::{fmt::Debug, sync::Arc};

use datafusion::{
    arrow::{
        array::ArrayRef,
        datatypes::{DataType, Field, FieldRef},
    },
    common::ScalarValue,
    error::Result,
    logical_expr::{
        Accumulator, AggregateUDF, AggregateUDFImpl, GroupsAccumulator, Signature, Volatility,
        function::{AccumulatorArgs, StateFieldsArgs},
        utils::AggregateOrderSensitivity,
    },
};

use distinct::Distinct;
use grouped::Grouped;
use sliding::Sliding;
use summary::{ExactSum, Greatest, Least, Mean, Spread, Sum, Summary, WideSum};

/// What is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Fold {
    LongSum,
    DecimalSum,
    DecimalMin,
    DecimalMax,
    /// Of doubles, as the three below.
    Sum,
    Mean,
    /// Of a sample or of a population, or the root of that.
    Spread {
        is_sample: bool,
        is_root: bool,
    },
}

/// Makes something of the summary of no rows, whose type depends on what is computed.
macro_rules! with_none {
    ($fold:expr, $none:ident => $made:expr) => {
        match $fold {
            Fold::LongSum => {
                let $none = WideSum::default();
                $made
            }
            Fold::DecimalSum => {
                let $none = ExactSum::default();
                $made
            }
            Fold::DecimalMin => {
                let $none = Least::default();
                $made
            }
            Fold::DecimalMax => {
                let $none = Greatest::default();
                $made
            }
            Fold::Sum => {
                let $none = Sum::default();
                $made
            }
            Fold::Mean => {
                let $none = Mean::default();
                $made
            }
            Fold::Spread { is_sample, is_root } => {
                let $none = Spread::new(is_sample, is_root);
                $made
            }
        }
    };
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct FoldFunction {
    fold: Fold,
    signature: Signature,
}

impl Fold {
    /// The fold as a function.
    pub(super) fn udaf(self) -> Arc<AggregateUDF> {
        Arc::new(AggregateUDF::new_from_impl(FoldFunction {
            fold: self,
            signature: Signature::any(1, Volatility::Immutable),
        }))
    }

    /// Adds rows up.
    fn growing(self) -> Box<dyn Accumulator> {
        with_none!(self, none => Box::new(Growing(none)))
    }

    /// Adds rows up and forgets those that came first.
    fn sliding(self) -> Box<dyn Accumulator> {
        with_none!(self, none => Box::new(Sliding::new(none)))
    }

    /// Adds up the rows of many groups.
    fn grouped(self) -> Box<dyn GroupsAccumulator> {
        with_none!(self, none => Box::new(Grouped::new(none)))
    }

    fn state_types(self) -> Vec<DataType> {
        fn of<S: Summary>(_: &S) -> Vec<DataType> {
            S::state_types()
        }
        with_none!(self, none => of(&none))
    }
}

impl AggregateUDFImpl for FoldFunction {
    fn name(&self) -> &str {
        match self.fold {
            Fold::LongSum => "long_sum",
            Fold::DecimalSum => "decimal_sum",
            Fold::DecimalMin => "decimal_min",
            Fold::DecimalMax => "decimal_max",
            Fold::Sum => "double_sum",
            Fold::Mean => "double_mean",
            Fold::Spread { .. } => "double_spread",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(match self.fold {
            Fold::LongSum => DataType::Int64,
            Fold::DecimalSum | Fold::DecimalMin | Fold::DecimalMax => DataType::FixedSizeBinary(16),
            Fold::Sum | Fold::Mean | Fold::Spread { .. } => DataType::Float64,
        })
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        let types = if args.is_distinct {
            vec![Distinct::state_type(args.input_fields[0].data_type())]
        } else {
            self.fold.state_types()
        };
        let fields = types.into_iter().enumerate();
        let fields =
            fields.map(|(position, ty)| Field::new(format!("{}[{position}]", args.name), ty, true));
        Ok(fields.map(Arc::new).collect())
    }

    fn accumulator(&self, args: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        let whole = self.fold.growing();
        if args.is_distinct {
            let ty = args.expr_fields[0].data_type().clone();
            return Ok(Box::new(Distinct::new(ty, whole)));
        }
        Ok(whole)
    }

    fn groups_accumulator_supported(&self, args: AccumulatorArgs<'_>) -> bool {
        !args.is_distinct
    }

    fn create_groups_accumulator(
        &self,
        _: AccumulatorArgs<'_>,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(self.fold.grouped())
    }

    fn create_sliding_accumulator(&self, _: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        Ok(self.fold.sliding())
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        AggregateOrderSensitivity::Insensitive
    }
}

/// All rows so far, summed up.
#[derive(Debug)]
struct Growing<S>(S);

impl<S: Summary> Accumulator for Growing<S> {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let mut whole = self.0.clone();
        self.0.read(&values[0], |_, row| whole = whole.join(&row));
        self.0 = whole;
        Ok(())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        for part in self.0.parts(states) {
            self.0 = self.0.join(&part);
        }
        Ok(())
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(self.0.state())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(self.0.result()?)
    }

    fn size(&self) -> usize {
        size_of_val(self)
    }
}
