//! `AVG(x)`: null over nothing. The type of the converted argument says which of the documented results it is.

use datafusion::functions_aggregate::average::avg_udaf;
use usql_sema::Scalar;

use super::{Call, Lowered, Over, fold::Fold, sum};
use crate::error::RuntimeError;

pub(super) fn lower(call: &Call) -> Result<Lowered, RuntimeError> {
    let (argument, scalar) = call.argument()?;
    if scalar == Scalar::Double {
        let function = match call.over {
            Over::Group => avg_udaf(),
            Over::Window => Fold::Mean.udaf(),
        };
        return Ok(Lowered::One(call.call(function, argument)));
    }
    match sum::lower(call)? {
        Lowered::One(sum) => Ok(Lowered::Ratio {
            sum,
            count: call.count(),
        }),
        ratio @ Lowered::Ratio { .. } => Ok(ratio),
    }
}
