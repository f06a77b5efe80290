//! `MIN(x)`: the least value, null over nothing.

use super::{AggregateFunction, AggregateId, Typing};
use crate::{
    environment::Settings,
    types::{Scalar, Type},
};

pub(super) static MIN: AggregateFunction = AggregateFunction {
    id: AggregateId("MIN"),
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
