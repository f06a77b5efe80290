//! `ARRAY_AGG(x)`: all values, null among them; null over nothing.

use datafusion::functions_aggregate::array_agg::array_agg_udaf;

use super::{Call, Lowered};
use crate::error::RuntimeError;

pub(super) fn lower(call: &Call) -> Result<Lowered, RuntimeError> {
    let (argument, _) = call.argument()?;
    Ok(Lowered::One(call.call(array_agg_udaf(), argument)))
}
