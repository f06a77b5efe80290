//! `COUNT(x)` counts what is not null, `COUNT(*)` and `COUNT()` count rows; 0 over nothing.

use super::{AggregateFunction, AggregateId, Typing};
use crate::{
    environment::Settings,
    types::{Scalar, Type},
};

pub(super) static COUNT: AggregateFunction = AggregateFunction {
    id: AggregateId("COUNT"),
    counts_rows: true,
    in_windows: true,
    typing,
};

/// The reference gives `long?`, although there is no input whose count is null.
fn typing(argument: Scalar, _: Settings) -> Option<Typing> {
    Some(Typing {
        operand: argument,
        result: Type::nullable(Scalar::Long),
    })
}
