//! `ANY_VALUE(x)`: some value of the group, null among them; null over nothing.

use super::{AggregateFunction, AggregateId, Typing};
use crate::{
    environment::Settings,
    types::{Scalar, Type},
};

pub(super) static ANY_VALUE: AggregateFunction = AggregateFunction {
    id: AggregateId("ANY_VALUE"),
    counts_rows: false,
    in_windows: false,
    typing,
};

fn typing(argument: Scalar, _: Settings) -> Option<Typing> {
    Some(Typing {
        operand: argument,
        result: Type::nullable(argument),
    })
}
