//! `SUM(x)`: null over nothing.

use super::{AggregateFunction, AggregateId, Typing};
use crate::{
    environment::Settings,
    types::{Scalar, Type},
};

pub(super) static SUM: AggregateFunction = AggregateFunction {
    id: AggregateId("SUM"),
    counts_rows: false,
    in_windows: true,
    typing,
};

fn typing(argument: Scalar, _: Settings) -> Option<Typing> {
    let operand = match argument {
        Scalar::Decimal => Scalar::Decimal,
        Scalar::Float | Scalar::Double | Scalar::ULong => Scalar::Double,
        integer if integer.is_integer() => Scalar::Long,
        _ => return None,
    };
    Some(Typing {
        operand,
        result: Type::nullable(operand),
    })
}
