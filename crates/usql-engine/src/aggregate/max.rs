//! `MAX(x)`: null over nothing.

use datafusion::functions_aggregate::min_max::max_udaf;
use usql_sema::Scalar;

use super::{Call, Lowered, fold::Fold};
use crate::error::RuntimeError;

pub(super) fn lower(call: &Call) -> Result<Lowered, RuntimeError> {
    let (argument, scalar) = call.argument()?;
    let call = Call {
        argument: None,
        distinct: false,
        over: call.over,
    };
    Ok(Lowered::One(match scalar {
        Scalar::Decimal => call.call(Fold::DecimalMax.udaf(), argument),
        _ => call.call(max_udaf(), argument),
    }))
}
