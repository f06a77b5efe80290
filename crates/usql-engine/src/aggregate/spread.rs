//! `STDEV(x)`, `STDEVP(x)`, `VAR(x)` and `VARP(x)`: null over nothing, and those of a sample over one value.

use std::sync::Arc;

use datafusion::{
    functions_aggregate::{
        stddev::{stddev_pop_udaf, stddev_udaf},
        variance::{var_pop_udaf, var_samp_udaf},
    },
    logical_expr::AggregateUDF,
};

use super::{Call, Lowered, Over, fold::Fold};
use crate::error::RuntimeError;

pub(super) fn stdev(call: &Call) -> Result<Lowered, RuntimeError> {
    lower(call, stddev_udaf, true, true)
}

pub(super) fn stdevp(call: &Call) -> Result<Lowered, RuntimeError> {
    lower(call, stddev_pop_udaf, false, true)
}

pub(super) fn var(call: &Call) -> Result<Lowered, RuntimeError> {
    lower(call, var_samp_udaf, true, false)
}

pub(super) fn varp(call: &Call) -> Result<Lowered, RuntimeError> {
    lower(call, var_pop_udaf, false, false)
}

/// DataFusion's function sums groups up quickly; it has no distinct deviation, and in a window it subtracts.
fn lower(
    call: &Call,
    quick: fn() -> Arc<AggregateUDF>,
    is_sample: bool,
    is_root: bool,
) -> Result<Lowered, RuntimeError> {
    let (argument, _) = call.argument()?;
    let function = if call.distinct || call.over == Over::Window {
        Fold::Spread { is_sample, is_root }.udaf()
    } else {
        quick()
    };
    Ok(Lowered::One(call.call(function, argument)))
}
