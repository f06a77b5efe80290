//! How U-SQL types are stored in Arrow (docs/adr/0003). The plan keeps the U-SQL type; nothing is derived back.

use std::sync::Arc;

use datafusion::{
    arrow::datatypes::{DataType, Field, Fields, Schema as ArrowSchema, SchemaRef},
    common::ScalarValue,
};
use usql_sema::{Class, Scalar, Schema, Type, Value};

/// The Arrow type that stores a scalar.
pub(crate) fn data_type(scalar: Scalar) -> DataType {
    match scalar {
        Scalar::Bool => DataType::Boolean,
        Scalar::SByte => DataType::Int8,
        Scalar::Byte => DataType::UInt8,
        Scalar::Short => DataType::Int16,
        Scalar::UShort | Scalar::Char => DataType::UInt16,
        Scalar::Int | Scalar::Enum(_) => DataType::Int32,
        Scalar::UInt => DataType::UInt32,
        Scalar::Long | Scalar::DateTime | Scalar::TimeSpan => DataType::Int64,
        Scalar::ULong => DataType::UInt64,
        Scalar::Float => DataType::Float32,
        Scalar::Double => DataType::Float64,
        Scalar::Decimal | Scalar::Guid => DataType::FixedSizeBinary(16),
        Scalar::String => DataType::Utf8,
        Scalar::Bytes => DataType::Binary,
        Scalar::Array(element) | Scalar::Sequence(element) => {
            DataType::List(Arc::new(element_field(element.ty())))
        }
        Scalar::Map(key, value) => {
            let pair = Type::of(Scalar::Pair(key, value));
            DataType::List(Arc::new(element_field(pair)))
        }
        Scalar::Pair(key, value) => DataType::Struct(pair_fields(key.ty(), value.ty())),
        Scalar::Record(record) => {
            let fields = record.fields().iter();
            DataType::Struct(fields.map(|(name, ty)| field(name, *ty)).collect())
        }
        Scalar::Class(class) => of_class(class),
    }
}

/// The Arrow type that stores the objects of a class.
fn of_class(class: Class) -> DataType {
    let list = |of| {
        let element = Type::of(Scalar::Class(of));
        DataType::List(Arc::new(element_field(element)))
    };
    let structure = |fields: &[(&str, Type)]| {
        let fields = fields.iter().map(|(name, ty)| field(name, *ty));
        DataType::Struct(fields.collect())
    };
    match class {
        Class::Regex => structure(&[
            ("pattern", Type::STRING),
            ("options", Type::of(Scalar::Int)),
        ]),
        Class::Group => structure(&[
            ("name", Type::STRING),
            ("success", Type::BOOL),
            ("index", Type::of(Scalar::Int)),
            ("value", Type::STRING),
        ]),
        // A match is its groups, of which the first is the whole.
        Class::Match | Class::GroupCollection => list(Class::Group),
        Class::MatchCollection => list(Class::Match),
    }
}

/// The field of what is in a list.
pub(crate) fn element_field(ty: Type) -> Field {
    field(Field::LIST_FIELD_DEFAULT_NAME, ty)
}

/// The fields of a `KeyValuePair`. A map is a list of them (docs/adr/0021), whose keys differ.
pub(crate) fn pair_fields(key: Type, value: Type) -> Fields {
    [field("key", key), field("value", value)]
        .into_iter()
        .collect()
}

/// A field of a U-SQL type.
pub(crate) fn field(name: &str, ty: Type) -> Field {
    Field::new(name, data_type(ty.scalar()), ty.is_nullable())
}

/// The Arrow schema of a table. Names are positions: a script's own may repeat inside a query.
pub(crate) fn positional(schema: &Schema) -> SchemaRef {
    let fields = schema.columns().iter().enumerate();
    let fields = fields.map(|(position, column)| field(&position.to_string(), column.ty));
    Arc::new(ArrowSchema::new(fields.collect::<Vec<_>>()))
}

/// A constant of a scalar type.
pub(crate) fn scalar_value(value: &Value, scalar: Scalar) -> ScalarValue {
    match value {
        Value::Null => {
            ScalarValue::try_from(data_type(scalar)).expect("every storage type has a null")
        }
        Value::Bool(value) => ScalarValue::Boolean(Some(*value)),
        Value::SByte(value) => ScalarValue::Int8(Some(*value)),
        Value::Byte(value) => ScalarValue::UInt8(Some(*value)),
        Value::Short(value) => ScalarValue::Int16(Some(*value)),
        Value::UShort(value) | Value::Char(value) => ScalarValue::UInt16(Some(*value)),
        Value::Int(value) | Value::Enum(_, value) => ScalarValue::Int32(Some(*value)),
        Value::UInt(value) => ScalarValue::UInt32(Some(*value)),
        Value::Long(value) | Value::DateTime(value) | Value::TimeSpan(value) => {
            ScalarValue::Int64(Some(*value))
        }
        Value::ULong(value) => ScalarValue::UInt64(Some(*value)),
        Value::Float(value) => ScalarValue::Float32(Some(*value)),
        Value::Double(value) => ScalarValue::Float64(Some(*value)),
        Value::Decimal(value) => ScalarValue::FixedSizeBinary(16, Some(value.serialize().to_vec())),
        Value::String(value) => ScalarValue::Utf8(Some(value.clone())),
        Value::Bytes(value) => ScalarValue::Binary(Some(value.clone())),
        Value::Guid(value) => ScalarValue::FixedSizeBinary(16, Some(value.to_vec())),
    }
}
