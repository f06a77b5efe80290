//! `AVG(x)`: the mean, null over nothing.

use super::{AggregateFunction, AggregateId, Typing};
use crate::{
    environment::{AvgIntegral, Settings},
    types::{Scalar, Type},
};

pub(super) static AVG: AggregateFunction = AggregateFunction {
    id: AggregateId("AVG"),
    counts_rows: false,
    in_windows: true,
    typing,
};

/// The sum of integers is truncated to a `long?`, unless the setting asks for the mean as `double?`.
fn typing(argument: Scalar, settings: Settings) -> Option<Typing> {
    let operand = match argument {
        Scalar::Decimal => Scalar::Decimal,
        Scalar::Float | Scalar::Double | Scalar::ULong => Scalar::Double,
        integer if integer.is_integer() => match settings.avg_integral {
            AvgIntegral::Long => Scalar::Long,
            AvgIntegral::Double => Scalar::Double,
        },
        _ => return None,
    };
    Some(Typing {
        operand,
        result: Type::nullable(operand),
    })
}
