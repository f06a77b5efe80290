//! `VAR(x)`, `VARP(x)` and their roots `STDEV(x)`, `STDEVP(x)`: of a sample and of a whole population.
//!
//! Null over nothing; that of a sample is null over one value, too.

use super::{AggregateFunction, AggregateId, Typing};
use crate::{
    environment::Settings,
    types::{Scalar, Type},
};

pub(super) static STDEV: AggregateFunction = spread("STDEV");
pub(super) static STDEVP: AggregateFunction = spread("STDEVP");
pub(super) static VAR: AggregateFunction = spread("VAR");
pub(super) static VARP: AggregateFunction = spread("VARP");

const fn spread(name: &'static str) -> AggregateFunction {
    AggregateFunction {
        id: AggregateId(name),
        counts_rows: false,
        in_windows: true,
        typing,
    }
}

fn typing(argument: Scalar, _: Settings) -> Option<Typing> {
    let is_number = argument.is_numeric() && argument != Scalar::Char;
    is_number.then(|| Typing {
        operand: Scalar::Double,
        result: Type::nullable(Scalar::Double),
    })
}
