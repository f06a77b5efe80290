//! `MIN(x)`: null over nothing.

use datafusion::functions_aggregate::min_max::min_udaf;
use usql_sema::Scalar;

use super::{Call, Lowered, fold::Fold};
use crate::error::RuntimeError;

pub(super) fn lower(call: &Call) -> Result<Lowered, RuntimeError> {
    let (argument, scalar) = call.argument()?;
    // A value does not become less for being there twice.
    let call = Call {
        argument: None,
        distinct: false,
        over: call.over,
    };
    Ok(Lowered::One(match scalar {
        Scalar::Decimal => call.call(Fold::DecimalMin.udaf(), argument),
        _ => call.call(min_udaf(), argument),
    }))
}
