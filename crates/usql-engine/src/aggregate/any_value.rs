//! `ANY_VALUE(x)`: null over nothing.

use super::{Call, Lowered, any_value};
use crate::error::RuntimeError;

pub(super) fn lower(call: &Call) -> Result<Lowered, RuntimeError> {
    let (argument, _) = call.argument()?;
    Ok(Lowered::One(any_value(argument)))
}
