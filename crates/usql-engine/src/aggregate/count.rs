//! `COUNT(x)` and `COUNT(*)`.

use super::{Call, Lowered};
use crate::error::RuntimeError;

pub(super) fn lower(call: &Call) -> Result<Lowered, RuntimeError> {
    Ok(Lowered::One(call.count()))
}
