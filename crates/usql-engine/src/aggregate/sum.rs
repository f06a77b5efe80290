//! `SUM(x)`: null over nothing; integers wrap, as C#'s do.

use datafusion::functions_aggregate::sum::sum_udaf;
use usql_sema::Scalar;

use super::{
    Call, Lowered,
    decimal::{DecimalAggregate, Kind},
};
use crate::error::RuntimeError;

pub(super) fn lower(call: &Call) -> Result<Lowered, RuntimeError> {
    call.refuse_distinct_decimals("SUM")?;
    let (argument, scalar) = call.argument()?;
    Ok(Lowered::One(match scalar {
        Scalar::Decimal => call.call(DecimalAggregate::udaf(Kind::Sum), argument),
        _ => call.call(sum_udaf(), argument),
    }))
}
