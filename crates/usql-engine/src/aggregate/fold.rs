//! Aggregates of our own, as functions of DataFusion.
//!
//! They are here where DataFusion has none (decimals in the form in which we keep them, some DISTINCT ones), and where
//! a window slides: what leaves a window is not subtracted, which would leave traces of it in floating point and would
//! never get rid of an infinity. See [`Sliding`].

mod distinct;
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
        Accumulator, AggregateUDF, AggregateUDFImpl, Signature, Volatility,
        function::{AccumulatorArgs, StateFieldsArgs},
        utils::AggregateOrderSensitivity,
    },
};

use distinct::Distinct;
use sliding::Sliding;
use summary::{ExactSum, Greatest, Least, Mean, Spread, Sum, Summary};

/// What is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Fold {
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

    fn is_decimal(self) -> bool {
        matches!(self, Self::DecimalSum | Self::DecimalMin | Self::DecimalMax)
    }

    /// An accumulator that only grows, or one that also forgets what came first.
    fn accumulator(self, slides: bool) -> Box<dyn Accumulator> {
        fn of<S: Summary>(whole: S, slides: bool) -> Box<dyn Accumulator> {
            if slides {
                Box::new(Sliding::new(whole))
            } else {
                Box::new(Growing(whole))
            }
        }
        match self {
            Self::DecimalSum => of(ExactSum::default(), slides),
            Self::DecimalMin => of(Least::default(), slides),
            Self::DecimalMax => of(Greatest::default(), slides),
            Self::Sum => of(Sum::default(), slides),
            Self::Mean => of(Mean::default(), slides),
            Self::Spread { is_sample, is_root } => of(Spread::new(is_sample, is_root), slides),
        }
    }

    fn state_types(self) -> Vec<DataType> {
        match self {
            Self::DecimalSum => ExactSum::state_types(),
            Self::DecimalMin => Least::state_types(),
            Self::DecimalMax => Greatest::state_types(),
            Self::Sum => Sum::state_types(),
            Self::Mean => Mean::state_types(),
            Self::Spread { .. } => Spread::state_types(),
        }
    }
}

impl AggregateUDFImpl for FoldFunction {
    fn name(&self) -> &str {
        match self.fold {
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
        Ok(if self.fold.is_decimal() {
            DataType::FixedSizeBinary(16)
        } else {
            DataType::Float64
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
        let whole = self.fold.accumulator(false);
        if args.is_distinct {
            let ty = args.expr_fields[0].data_type().clone();
            return Ok(Box::new(Distinct::new(ty, whole)));
        }
        Ok(whole)
    }

    fn create_sliding_accumulator(&self, _: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        Ok(self.fold.accumulator(true))
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
        self.0.read(&values[0], |row| whole = whole.join(&row));
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
