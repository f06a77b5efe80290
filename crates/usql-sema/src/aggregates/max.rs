//! `MAX(x)`: the greatest value, null over nothing.

use super::{AggregateFunction, AggregateId, Typing};
use crate::{
    environment::Settings,
    types::{Scalar, Type},
};

pub(super) static MAX: AggregateFunction = AggregateFunction {
    id: AggregateId("MAX"),
    counts_rows: false,
    in_windows: true,
    typing,
};

fn typing(argument: Scalar, _: Settings) -> Option<Typing> {
    let ordered = argument != Scalar::Bytes;
    ordered.then(|| Typing {
        operand: argument,
        result: Type::nullable(argument),
    })
}
