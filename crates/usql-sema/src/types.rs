//! The types of scalar expressions, nullability, and the columns of a rowset.

mod class;
mod element;
mod enumeration;
mod record;

use std::fmt;

pub use class::Class;
pub use element::Element;
pub use enumeration::Enumeration;
pub use record::Record;

/// The type of a scalar expression, under its U-SQL (and C#) name.
///
/// Scalar is U-SQL's word for what is not a rowset. So the collections are among them (docs/adr/0021);
/// [`is_composite`](Self::is_composite) tells them from the simple types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scalar {
    /// `bool`
    Bool,
    /// `sbyte`, 8 bits with a sign.
    SByte,
    /// `byte`, 8 bits without a sign.
    Byte,
    /// `short`, 16 bits with a sign.
    Short,
    /// `ushort`, 16 bits without a sign.
    UShort,
    /// `int`, 32 bits with a sign.
    Int,
    /// `uint`, 32 bits without a sign.
    UInt,
    /// `long`, 64 bits with a sign.
    Long,
    /// `ulong`, 64 bits without a sign.
    ULong,
    /// `char`, one UTF-16 code unit.
    Char,
    /// `float`, IEEE 754 single.
    Float,
    /// `double`, IEEE 754 double.
    Double,
    /// `decimal`, a 96-bit integer with a scale of 0 to 28 of each value's own.
    Decimal,
    /// `string`, a reference type: always nullable.
    String,
    /// `byte[]`, a reference type: always nullable.
    Bytes,
    /// `Guid`
    Guid,
    /// `DateTime`, ticks of 100 ns since 0001-01-01T00:00:00.
    DateTime,
    /// `TimeSpan`, ticks of 100 ns. Expressions and rowsets have it; files do not: it is none of U-SQL's built-in types.
    TimeSpan,
    /// An enumeration of .NET, as `TimeSpan` not in files.
    Enum(Enumeration),
    /// `SQL.ARRAY<T>`, a reference type.
    Array(Element),
    /// `SQL.MAP<K, V>`, a reference type.
    Map(Element, Element),
    /// What else C# enumerates: `T[]`, `List<T>`, `IEnumerable<T>`. No column of a rowset has it.
    Sequence(Element),
    /// `KeyValuePair<K, V>`, the element of a map. No column of a rowset has it.
    Pair(Element, Element),
    /// An object of an anonymous type, a reference type. No column of a rowset has it.
    Record(Record),
    /// An object of a class, a reference type. No column of a rowset has it.
    Class(Class),
}

impl Scalar {
    /// Every simple type, in the order of the declaration.
    pub const ALL: [Self; 18] = [
        Self::Bool,
        Self::SByte,
        Self::Byte,
        Self::Short,
        Self::UShort,
        Self::Int,
        Self::UInt,
        Self::Long,
        Self::ULong,
        Self::Char,
        Self::Float,
        Self::Double,
        Self::Decimal,
        Self::String,
        Self::Bytes,
        Self::Guid,
        Self::DateTime,
        Self::TimeSpan,
    ];

    /// The keyword or type name that a script writes, without type arguments.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::SByte => "sbyte",
            Self::Byte => "byte",
            Self::Short => "short",
            Self::UShort => "ushort",
            Self::Int => "int",
            Self::UInt => "uint",
            Self::Long => "long",
            Self::ULong => "ulong",
            Self::Char => "char",
            Self::Float => "float",
            Self::Double => "double",
            Self::Decimal => "decimal",
            Self::String => "string",
            Self::Bytes => "byte[]",
            Self::Guid => "Guid",
            Self::DateTime => "DateTime",
            Self::TimeSpan => "TimeSpan",
            Self::Enum(enumeration) => enumeration.name(),
            Self::Array(_) => "SQL.ARRAY",
            Self::Map(..) => "SQL.MAP",
            Self::Sequence(_) => "IEnumerable",
            Self::Pair(..) => "KeyValuePair",
            Self::Record(_) => "AnonymousType",
            Self::Class(class) => class.name(),
        }
    }

    /// The name of the .NET type, without its namespace: `Int32`, `String`.
    #[must_use]
    pub const fn clr_name(self) -> &'static str {
        match self {
            Self::Bool => "Boolean",
            Self::SByte => "SByte",
            Self::Byte => "Byte",
            Self::Short => "Int16",
            Self::UShort => "UInt16",
            Self::Int => "Int32",
            Self::UInt => "UInt32",
            Self::Long => "Int64",
            Self::ULong => "UInt64",
            Self::Char => "Char",
            Self::Float => "Single",
            Self::Double => "Double",
            Self::Decimal => "Decimal",
            Self::String => "String",
            Self::Bytes => "Byte[]",
            Self::Guid => "Guid",
            Self::DateTime => "DateTime",
            Self::TimeSpan => "TimeSpan",
            Self::Enum(enumeration) => enumeration.name(),
            Self::Array(_) => "SqlArray",
            Self::Map(..) => "SqlMap",
            Self::Sequence(_) => "IEnumerable",
            Self::Pair(..) => "KeyValuePair",
            Self::Record(_) => "AnonymousType",
            Self::Class(class) => class.name(),
        }
    }

    /// Finds a simple type, an enumeration or a class by the name a script may give it: `int`, `Int32` or `System.Int32`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let short = name.strip_prefix("System.").unwrap_or(name);
        Self::ALL
            .into_iter()
            .chain(Enumeration::ALL.map(Self::Enum))
            .chain(Class::ALL.map(Self::Class))
            .find(|scalar| scalar.name() == name || scalar.clr_name() == short)
    }

    /// Whether values live on the heap in C#, so that null is always among them.
    #[must_use]
    pub const fn is_reference(self) -> bool {
        matches!(
            self,
            Self::String
                | Self::Bytes
                | Self::Array(_)
                | Self::Map(..)
                | Self::Sequence(_)
                | Self::Record(_)
                | Self::Class(_)
        )
    }

    /// Whether values are objects, or made of other values. Such types have no order and no equality but with null.
    #[must_use]
    pub const fn is_composite(self) -> bool {
        self.is_collection() || matches!(self, Self::Pair(..) | Self::Record(_) | Self::Class(_))
    }

    /// Whether values have elements.
    #[must_use]
    pub const fn is_collection(self) -> bool {
        matches!(self, Self::Array(_) | Self::Map(..) | Self::Sequence(_))
    }

    /// Whether a column of a rowset may have it.
    #[must_use]
    pub const fn is_column_type(self) -> bool {
        !matches!(
            self,
            Self::Sequence(_) | Self::Pair(..) | Self::Record(_) | Self::Class(_)
        )
    }

    /// What enumerating a collection gives: the elements, or the pairs of a map.
    #[must_use]
    pub fn element(self) -> Option<Type> {
        match self {
            Self::Array(element) | Self::Sequence(element) => Some(element.ty()),
            Self::Map(key, value) => Some(Type::of(Self::Pair(key, value))),
            _ => None,
        }
    }

    /// Whether the built-in extractors and outputters know it.
    #[must_use]
    pub const fn is_file_type(self) -> bool {
        !self.is_composite() && !matches!(self, Self::TimeSpan | Self::Enum(_))
    }

    /// Whether it is one of the eight integer types (`char` is not among them).
    #[must_use]
    pub const fn is_integer(self) -> bool {
        matches!(
            self,
            Self::SByte
                | Self::Byte
                | Self::Short
                | Self::UShort
                | Self::Int
                | Self::UInt
                | Self::Long
                | Self::ULong
        )
    }

    /// Whether arithmetic is defined on it: integers, `char`, `float`, `double`, `decimal`.
    #[must_use]
    pub const fn is_numeric(self) -> bool {
        self.is_integer()
            || matches!(
                self,
                Self::Char | Self::Float | Self::Double | Self::Decimal
            )
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self {
            Self::Array(element) | Self::Sequence(element) => write!(f, "<{}>", element.ty()),
            Self::Map(key, value) | Self::Pair(key, value) => {
                write!(f, "<{}, {}>", key.ty(), value.ty())
            }
            Self::Record(record) => {
                let fields = record.fields().iter();
                let fields: Vec<String> = fields.map(|(name, ty)| format!("{ty} {name}")).collect();
                write!(f, "<{}>", fields.join(", "))
            }
            _ => Ok(()),
        }
    }
}

/// A scalar type and whether null is among its values.
///
/// ```
/// use usql_sema::{Scalar, Type};
///
/// assert_eq!(Type::nullable(Scalar::Int).to_string(), "int?");
/// assert_eq!(Type::of(Scalar::String).to_string(), "string");
/// assert!(Type::of(Scalar::String).is_nullable(), "a reference type always is");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Type {
    scalar: Scalar,
    nullable: bool,
}

impl Type {
    /// `bool`, the type of every condition.
    pub const BOOL: Self = Self::of(Scalar::Bool);
    /// `string`
    pub const STRING: Self = Self::of(Scalar::String);

    /// `T`: never null, unless `T` is a reference type.
    #[must_use]
    pub const fn of(scalar: Scalar) -> Self {
        Self {
            scalar,
            nullable: scalar.is_reference(),
        }
    }

    /// `T?`
    #[must_use]
    pub const fn nullable(scalar: Scalar) -> Self {
        Self {
            scalar,
            nullable: true,
        }
    }

    /// This type, nullable when `nullable` says so or when it was before.
    #[must_use]
    pub const fn or_nullable(self, nullable: bool) -> Self {
        Self {
            scalar: self.scalar,
            nullable: self.nullable || nullable,
        }
    }

    /// The type without its nullability.
    #[must_use]
    pub const fn scalar(self) -> Scalar {
        self.scalar
    }

    /// Whether null is among the values: `T?`, and the reference types.
    #[must_use]
    pub const fn is_nullable(self) -> bool {
        self.nullable
    }

    /// Whether it is C#'s `Nullable<T>`: nullable without being a reference type.
    #[must_use]
    pub const fn is_lifted(self) -> bool {
        self.nullable && !self.scalar.is_reference()
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}{}",
            self.scalar,
            if self.is_lifted() { "?" } else { "" }
        )
    }
}

/// A named, typed column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The name as written, without quotes; case-sensitive.
    pub name: String,
    /// The type of every value in the column.
    pub ty: Type,
}

impl Column {
    /// A column.
    #[must_use]
    pub fn new(name: impl Into<String>, ty: Type) -> Self {
        Self {
            name: name.into(),
            ty,
        }
    }
}

/// The columns of a rowset, in order.
///
/// The plan names columns by position. Names are unique in what a script names (a rowset variable, an output)
/// but not inside a query: the rows of a join carry the columns of both sides, whatever they are called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    columns: Vec<Column>,
}

impl Schema {
    /// The columns, in order.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }
}

impl FromIterator<Column> for Schema {
    fn from_iter<I: IntoIterator<Item = Column>>(columns: I) -> Self {
        Self {
            columns: columns.into_iter().collect(),
        }
    }
}

impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        for (position, column) in self.columns.iter().enumerate() {
            let comma = if position == 0 { "" } else { ", " };
            write!(f, "{comma}{} {}", column.name, column.ty)?;
        }
        f.write_str(")")
    }
}
