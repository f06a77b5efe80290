//! The text of values in Arrow arrays: what outputters write and what `ToString()` gives.

use datafusion::arrow::{
    array::{
        Array, ArrayRef, AsArray, BinaryArray, BooleanArray, FixedSizeBinaryArray, PrimitiveArray,
        StringArray,
    },
    datatypes::{
        Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
        UInt32Type, UInt64Type,
    },
};
use usql_sema::{Enumeration, Scalar};

use crate::{
    dotnet::{self, character::CharFormat, datetime_format::DateTimeFormat, integer::Integer},
    eval::decimals,
};

/// Writes the values of one array. The type is looked at once, not once a value.
pub(crate) enum Writer<'a> {
    Bool(&'a BooleanArray),
    SByte(&'a PrimitiveArray<Int8Type>),
    Byte(&'a PrimitiveArray<UInt8Type>),
    Short(&'a PrimitiveArray<Int16Type>),
    UShort(&'a PrimitiveArray<UInt16Type>),
    Int(&'a PrimitiveArray<Int32Type>),
    UInt(&'a PrimitiveArray<UInt32Type>),
    Long(&'a PrimitiveArray<Int64Type>),
    ULong(&'a PrimitiveArray<UInt64Type>),
    Char(&'a PrimitiveArray<UInt16Type>, CharFormat),
    Float(&'a PrimitiveArray<Float32Type>),
    Double(&'a PrimitiveArray<Float64Type>),
    Decimal(&'a FixedSizeBinaryArray),
    String(&'a StringArray),
    Bytes(&'a BinaryArray),
    Guid(&'a FixedSizeBinaryArray),
    DateTime(&'a PrimitiveArray<Int64Type>, &'a DateTimeFormat),
    TimeSpan(&'a PrimitiveArray<Int64Type>),
    Enum(&'a PrimitiveArray<Int32Type>, Enumeration),
}

impl<'a> Writer<'a> {
    pub(crate) fn new(
        array: &'a ArrayRef,
        scalar: Scalar,
        char_format: CharFormat,
        date_time_format: &'a DateTimeFormat,
    ) -> Self {
        match scalar {
            Scalar::Bool => Self::Bool(array.as_boolean()),
            Scalar::SByte => Self::SByte(array.as_primitive()),
            Scalar::Byte => Self::Byte(array.as_primitive()),
            Scalar::Short => Self::Short(array.as_primitive()),
            Scalar::UShort => Self::UShort(array.as_primitive()),
            Scalar::Int => Self::Int(array.as_primitive()),
            Scalar::UInt => Self::UInt(array.as_primitive()),
            Scalar::Long => Self::Long(array.as_primitive()),
            Scalar::ULong => Self::ULong(array.as_primitive()),
            Scalar::Char => Self::Char(array.as_primitive(), char_format),
            Scalar::Float => Self::Float(array.as_primitive()),
            Scalar::Double => Self::Double(array.as_primitive()),
            Scalar::Decimal => Self::Decimal(array.as_fixed_size_binary()),
            Scalar::String => Self::String(array.as_string()),
            Scalar::Bytes => Self::Bytes(array.as_binary()),
            Scalar::Guid => Self::Guid(array.as_fixed_size_binary()),
            Scalar::DateTime => Self::DateTime(array.as_primitive(), date_time_format),
            Scalar::TimeSpan => Self::TimeSpan(array.as_primitive()),
            Scalar::Enum(enumeration) => Self::Enum(array.as_primitive(), enumeration),
            Scalar::Array(_)
            | Scalar::Map(..)
            | Scalar::Sequence(_)
            | Scalar::Pair(..)
            | Scalar::Record(_)
            | Scalar::Class(_) => {
                unreachable!("the checker refuses the text of a collection")
            }
        }
    }

    /// Writes the value of a row that is not null.
    #[inline]
    pub(crate) fn write(&self, row: usize, out: &mut Vec<u8>) {
        match self {
            Self::Bool(array) => dotnet::boolean::write(array.value(row), out),
            Self::SByte(array) => array.value(row).write(out),
            Self::Byte(array) => array.value(row).write(out),
            Self::Short(array) => array.value(row).write(out),
            Self::UShort(array) => array.value(row).write(out),
            Self::Int(array) => array.value(row).write(out),
            Self::UInt(array) => array.value(row).write(out),
            Self::Long(array) => array.value(row).write(out),
            Self::ULong(array) => array.value(row).write(out),
            Self::Char(array, format) => dotnet::character::write(array.value(row), *format, out),
            Self::Float(array) => dotnet::float::write_float(array.value(row), out),
            Self::Double(array) => dotnet::float::write_double(array.value(row), out),
            Self::Decimal(array) => dotnet::decimal::write(decimals::decode(array.value(row)), out),
            Self::String(array) => out.extend_from_slice(array.value(row).as_bytes()),
            Self::Bytes(array) => dotnet::bytes::write(array.value(row), out),
            Self::Guid(array) => dotnet::guid::write(array.value(row), out),
            Self::DateTime(array, format) => format.write(array.value(row), out),
            Self::TimeSpan(array) => dotnet::time_span::write(array.value(row), out),
            Self::Enum(array, enumeration) => {
                out.extend_from_slice(enumeration.text(array.value(row)).as_bytes());
            }
        }
    }

    /// Whether the row has no value.
    #[inline]
    pub(crate) fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Bool(array) => array.is_null(row),
            Self::SByte(array) => array.is_null(row),
            Self::Byte(array) => array.is_null(row),
            Self::Short(array) => array.is_null(row),
            Self::UShort(array) | Self::Char(array, _) => array.is_null(row),
            Self::Int(array) | Self::Enum(array, _) => array.is_null(row),
            Self::UInt(array) => array.is_null(row),
            Self::Long(array) | Self::DateTime(array, _) | Self::TimeSpan(array) => {
                array.is_null(row)
            }
            Self::ULong(array) => array.is_null(row),
            Self::Float(array) => array.is_null(row),
            Self::Double(array) => array.is_null(row),
            Self::Decimal(array) | Self::Guid(array) => array.is_null(row),
            Self::String(array) => array.is_null(row),
            Self::Bytes(array) => array.is_null(row),
        }
    }
}
