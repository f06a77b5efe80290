//! Constants: values known when the script is compiled.

use rust_decimal::Decimal;

use crate::types::{Enumeration, Scalar, Type};

/// A constant. Its type is that of the expression it stands in; `Null` fits every nullable type.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// null
    Null,
    /// `true` or `false`
    Bool(bool),
    /// `sbyte`
    SByte(i8),
    /// `byte`
    Byte(u8),
    /// `short`
    Short(i16),
    /// `ushort`
    UShort(u16),
    /// `int`
    Int(i32),
    /// `uint`
    UInt(u32),
    /// `long`
    Long(i64),
    /// `ulong`
    ULong(u64),
    /// One UTF-16 code unit.
    Char(u16),
    /// `float`
    Float(f32),
    /// `double`
    Double(f64),
    /// `decimal`, with its own scale.
    Decimal(Decimal),
    /// `string`
    String(String),
    /// `byte[]`
    Bytes(Vec<u8>),
    /// The sixteen bytes in the order in which a Guid is written.
    Guid([u8; 16]),
    /// Ticks of 100 ns since 0001-01-01T00:00:00.
    DateTime(i64),
    /// Ticks of 100 ns.
    TimeSpan(i64),
    /// The number of a name of an enumeration.
    Enum(Enumeration, i32),
}

impl Value {
    /// `default(T)`: null where the type has it, otherwise zero.
    #[must_use]
    pub fn default_of(ty: Type) -> Self {
        if ty.is_nullable() {
            return Self::Null;
        }
        match ty.scalar() {
            Scalar::Bool => Self::Bool(false),
            Scalar::SByte => Self::SByte(0),
            Scalar::Byte => Self::Byte(0),
            Scalar::Short => Self::Short(0),
            Scalar::UShort => Self::UShort(0),
            Scalar::Int => Self::Int(0),
            Scalar::UInt => Self::UInt(0),
            Scalar::Long => Self::Long(0),
            Scalar::ULong => Self::ULong(0),
            Scalar::Char => Self::Char(0),
            Scalar::Float => Self::Float(0.0),
            Scalar::Double => Self::Double(0.0),
            Scalar::Decimal => Self::Decimal(Decimal::ZERO),
            Scalar::Guid => Self::Guid([0; 16]),
            Scalar::DateTime => Self::DateTime(0),
            Scalar::TimeSpan => Self::TimeSpan(0),
            Scalar::Enum(enumeration) => Self::Enum(enumeration, 0),
            // Reference types are always nullable, and no expression has a default pair.
            Scalar::String
            | Scalar::Bytes
            | Scalar::Array(_)
            | Scalar::Map(..)
            | Scalar::Sequence(_)
            | Scalar::Pair(..)
            | Scalar::Record(_)
            | Scalar::Class(_) => Self::Null,
        }
    }

    /// The type of the value; null has none of its own.
    #[must_use]
    pub const fn scalar(&self) -> Option<Scalar> {
        Some(match self {
            Self::Null => return None,
            Self::Bool(_) => Scalar::Bool,
            Self::SByte(_) => Scalar::SByte,
            Self::Byte(_) => Scalar::Byte,
            Self::Short(_) => Scalar::Short,
            Self::UShort(_) => Scalar::UShort,
            Self::Int(_) => Scalar::Int,
            Self::UInt(_) => Scalar::UInt,
            Self::Long(_) => Scalar::Long,
            Self::ULong(_) => Scalar::ULong,
            Self::Char(_) => Scalar::Char,
            Self::Float(_) => Scalar::Float,
            Self::Double(_) => Scalar::Double,
            Self::Decimal(_) => Scalar::Decimal,
            Self::String(_) => Scalar::String,
            Self::Bytes(_) => Scalar::Bytes,
            Self::Guid(_) => Scalar::Guid,
            Self::DateTime(_) => Scalar::DateTime,
            Self::TimeSpan(_) => Scalar::TimeSpan,
            Self::Enum(enumeration, _) => Scalar::Enum(*enumeration),
        })
    }
}
