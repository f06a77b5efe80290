//! `SUM(x)`: null over nothing.

use datafusion::functions_aggregate::sum::sum_udaf;
use usql_sema::Scalar;

use super::{Call, Lowered, Over, fold::Fold};
use crate::error::RuntimeError;

pub(super) fn lower(call: &Call) -> Result<Lowered, RuntimeError> {
    let (argument, scalar) = call.argument()?;
    let function = match (scalar, call.over) {
        (Scalar::Long, _) => Fold::LongSum.udaf(),
        (Scalar::Decimal, _) => Fold::DecimalSum.udaf(),
        (Scalar::Double, Over::Window) => Fold::Sum.udaf(),
        _ => sum_udaf(),
    };
    Ok(Lowered::One(call.call(function, argument)))
}
