//! What elements are compared by: bytes that are equal, and in order, where the elements are.

use std::sync::Arc;

use datafusion::arrow::{
    array::{ArrayRef, AsArray, Float32Array, Float64Array, StructArray},
    compute::SortOptions,
    datatypes::{Field, Float32Type, Float64Type},
    row::{RowConverter, Rows, SortField},
};
use usql_sema::{Scalar, Type, plan::Direction};

use crate::eval::{Result, decimals};

/// The keys of values of a type, in an order in which null comes first, then NaN.
///
/// As .NET's comparers have it: NaN equals NaN, 0 equals -0, decimals of different scales are equal, strings go by
/// their code points.
pub(super) fn of(array: &ArrayRef, ty: Type, direction: Direction) -> Result<Rows> {
    let array = comparable(array, ty.scalar())?;
    let descending = direction == Direction::Descending;
    let options = SortOptions {
        descending,
        nulls_first: !descending,
    };
    let field = SortField::new_with_options(array.data_type().clone(), options);
    let converter = RowConverter::new(vec![field])?;
    Ok(converter.convert_columns(&[array])?)
}

/// The keys of values that are only asked whether they are equal.
pub(super) fn equal(array: &ArrayRef, ty: Type) -> Result<Rows> {
    of(array, ty, Direction::Ascending)
}

fn comparable(array: &ArrayRef, scalar: Scalar) -> Result<ArrayRef> {
    // The least of all NaNs, in Arrow's total order.
    Ok(match scalar {
        Scalar::Decimal => decimals::key(array)?,
        Scalar::Double => Arc::new(
            array
                .as_primitive::<Float64Type>()
                .unary::<_, Float64Type>(|x| if x.is_nan() { -f64::NAN.abs() } else { x + 0.0 }),
        ) as Arc<Float64Array>,
        Scalar::Float => Arc::new(
            array
                .as_primitive::<Float32Type>()
                .unary::<_, Float32Type>(|x| if x.is_nan() { -f32::NAN.abs() } else { x + 0.0 }),
        ) as Arc<Float32Array>,
        Scalar::Pair(key, value) => {
            let pairs = array.as_struct();
            let parts = [key, value].into_iter().zip(pairs.columns());
            let parts = parts.map(|(part, column)| comparable(column, part.ty().scalar()));
            let parts = parts.collect::<Result<Vec<_>>>()?;
            let fields = parts.iter().enumerate().map(|(position, part)| {
                Field::new(position.to_string(), part.data_type().clone(), true)
            });
            let fields: Vec<Field> = fields.collect();
            Arc::new(StructArray::try_new(fields.into(), parts, None)?)
        }
        _ => Arc::clone(array),
    })
}
