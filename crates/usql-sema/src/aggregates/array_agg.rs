//! `ARRAY_AGG(x)`: all values of a group, null among them, in any order; null over nothing.

use super::{AggregateFunction, AggregateId, Typing};
use crate::{
    environment::Settings,
    types::{Element, Scalar, Type},
};

pub(crate) static ARRAY_AGG: AggregateFunction = AggregateFunction {
    id: AggregateId("ARRAY_AGG"),
    counts_rows: false,
    in_windows: false,
    typing,
};

fn typing(argument: Scalar, _: Settings) -> Option<Typing> {
    let element = Element::of(Type::nullable(argument))?;
    Some(Typing {
        operand: argument,
        result: Type::of(Scalar::Array(element)),
    })
}
