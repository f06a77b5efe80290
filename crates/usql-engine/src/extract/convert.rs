//! The cells of one column become an Arrow array.

use std::sync::Arc;

use datafusion::arrow::{
    array::{
        ArrayRef, BinaryBuilder, BooleanBuilder, FixedSizeBinaryBuilder, PrimitiveBuilder,
        StringBuilder,
    },
    datatypes::{
        ArrowPrimitiveType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
        UInt8Type, UInt16Type, UInt32Type, UInt64Type,
    },
};
use usql_sema::{Scalar, Type};

use super::{
    format::TextFormat,
    record::{Cell, Form, decode},
};
use crate::{
    dotnet::{self, Fault, integer::Integer},
    limits::MAX_STRING,
};

/// Cells of whole rows, row by row.
pub(super) struct Cells<'a> {
    /// The text that the cells point into, which starts at `base` of the buffer.
    pub(super) text: &'a str,
    pub(super) base: usize,
    pub(super) cells: &'a [Cell],
    /// Cells a row.
    pub(super) width: usize,
    pub(super) format: &'a TextFormat,
}

/// The first cell of a column that is not a value of its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CellFailure {
    pub(super) row: usize,
    pub(super) fault: CellFault,
}

/// Why a cell is not a value of its column's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CellFault {
    Null,
    Invalid,
    OutOfRange,
    TooLong,
}

impl From<Fault> for CellFault {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Invalid => Self::Invalid,
            Fault::OutOfRange => Self::OutOfRange,
        }
    }
}

/// Converts the cells at a position of every row.
pub(super) fn column(
    cells: &Cells<'_>,
    position: usize,
    ty: Type,
) -> Result<ArrayRef, CellFailure> {
    let column = Column {
        cells,
        position,
        ty,
    };
    let format = cells.format;
    match ty.scalar() {
        Scalar::Bool => column.boolean(),
        Scalar::SByte => column.primitive::<Int8Type>(i8::parse),
        Scalar::Byte => column.primitive::<UInt8Type>(u8::parse),
        Scalar::Short => column.primitive::<Int16Type>(i16::parse),
        Scalar::UShort => column.primitive::<UInt16Type>(u16::parse),
        Scalar::Int => column.primitive::<Int32Type>(i32::parse),
        Scalar::UInt => column.primitive::<UInt32Type>(u32::parse),
        Scalar::Long => column.primitive::<Int64Type>(i64::parse),
        Scalar::ULong => column.primitive::<UInt64Type>(u64::parse),
        Scalar::Char => column
            .primitive::<UInt16Type>(|text| dotnet::character::parse(text, format.char_format)),
        Scalar::Float => column.primitive::<Float32Type>(dotnet::float::parse_float),
        Scalar::Double => column.primitive::<Float64Type>(dotnet::float::parse_double),
        Scalar::DateTime => {
            column.primitive::<Int64Type>(|text| dotnet::datetime::parse(text, format.current_year))
        }
        Scalar::Decimal => {
            column.sixteen_bytes(|text| dotnet::decimal::parse(text).map(|value| value.serialize()))
        }
        Scalar::Guid => column.sixteen_bytes(dotnet::guid::parse),
        Scalar::String => column.string(),
        Scalar::Bytes => column.bytes(),
        Scalar::TimeSpan
        | Scalar::Enum(_)
        | Scalar::Array(_)
        | Scalar::Map(..)
        | Scalar::Sequence(_)
        | Scalar::Pair(..)
        | Scalar::Record(_)
        | Scalar::Class(_) => {
            unreachable!("the checker refuses an EXTRACT of what files do not have")
        }
    }
}

struct Column<'a> {
    cells: &'a Cells<'a>,
    position: usize,
    ty: Type,
}

impl Column<'_> {
    fn len(&self) -> usize {
        self.cells.cells.len() / self.cells.width
    }

    /// Gives every cell's text, or none for null, to `value`, and null again for what `silent` forgives.
    #[inline]
    fn each(
        &self,
        mut value: impl FnMut(Option<&str>) -> Result<(), CellFault>,
    ) -> Result<(), CellFailure> {
        let silent = self.cells.format.silent && self.ty.is_nullable();
        let is_string = self.ty.scalar() == Scalar::String;
        let mut scratch = String::new();
        let rows = self.cells.cells.chunks_exact(self.cells.width);
        for (row, cells) in rows.enumerate() {
            let text = self.text(&cells[self.position], is_string, &mut scratch);
            let result = match text {
                None if !self.ty.is_nullable() => Err(CellFault::Null),
                text => value(text),
            };
            match result {
                Ok(()) => {}
                Err(_) if silent => {
                    value(None).map_err(|fault| CellFailure { row, fault })?;
                }
                Err(fault) => return Err(CellFailure { row, fault }),
            }
        }
        Ok(())
    }

    /// The text of a cell, none for null.
    ///
    /// The documentation of `nullEscape` compares the raw field, but its table makes a quoted empty field null
    /// under `nullEscape: ""` and leaves an unquoted one an empty string; the table is followed.
    #[inline]
    fn text<'t>(
        &'t self,
        cell: &Cell,
        is_string: bool,
        scratch: &'t mut String,
    ) -> Option<&'t str> {
        let format = self.cells.format;
        let base = self.cells.base;
        let raw = &self.cells.text[cell.start as usize - base..cell.end as usize - base];
        if raw.is_empty() {
            let null = if is_string {
                format.empty_string_is_null
            } else {
                true
            };
            return if null { None } else { Some(raw) };
        }
        if let Some(null) = &format.null_escape {
            let quoted_empty = null.is_empty() && raw == "\"\"" && format.quoting;
            if raw == null || quoted_empty {
                return None;
            }
        }
        Some(match cell.form {
            Form::Plain => raw,
            Form::Quoted => &raw[1..raw.len() - 1],
            Form::QuotedEncoded => {
                decode(format, &raw[1..raw.len() - 1], true, scratch);
                scratch
            }
            Form::Encoded => {
                decode(format, raw, false, scratch);
                scratch
            }
        })
    }

    fn primitive<T: ArrowPrimitiveType>(
        &self,
        parse: impl Fn(&[u8]) -> Result<T::Native, Fault>,
    ) -> Result<ArrayRef, CellFailure> {
        let mut builder = PrimitiveBuilder::<T>::with_capacity(self.len());
        self.each(|text| {
            match text {
                Some(text) => builder.append_value(parse(text.as_bytes())?),
                None => builder.append_null(),
            }
            Ok(())
        })?;
        Ok(Arc::new(builder.finish()))
    }

    fn boolean(&self) -> Result<ArrayRef, CellFailure> {
        let mut builder = BooleanBuilder::with_capacity(self.len());
        self.each(|text| {
            match text {
                Some(text) => builder.append_value(dotnet::boolean::parse(text.as_bytes())?),
                None => builder.append_null(),
            }
            Ok(())
        })?;
        Ok(Arc::new(builder.finish()))
    }

    fn sixteen_bytes(
        &self,
        parse: impl Fn(&[u8]) -> Result<[u8; 16], Fault>,
    ) -> Result<ArrayRef, CellFailure> {
        let mut builder = FixedSizeBinaryBuilder::with_capacity(self.len(), 16);
        self.each(|text| {
            match text {
                Some(text) => builder
                    .append_value(parse(text.as_bytes())?)
                    .expect("sixteen bytes were given"),
                None => builder.append_null(),
            }
            Ok(())
        })?;
        Ok(Arc::new(builder.finish()))
    }

    fn string(&self) -> Result<ArrayRef, CellFailure> {
        let bytes = self.cells.text.len() / self.cells.width;
        let mut builder = StringBuilder::with_capacity(self.len(), bytes);
        self.each(|text| {
            match text {
                Some(text) if text.len() > MAX_STRING => return Err(CellFault::TooLong),
                Some(text) => builder.append_value(text),
                None => builder.append_null(),
            }
            Ok(())
        })?;
        Ok(Arc::new(builder.finish()))
    }

    fn bytes(&self) -> Result<ArrayRef, CellFailure> {
        let mut builder = BinaryBuilder::with_capacity(self.len(), self.cells.text.len());
        let mut bytes = Vec::new();
        self.each(|text| {
            match text {
                Some(text) => {
                    bytes.clear();
                    dotnet::bytes::parse(text.as_bytes(), &mut bytes)?;
                    builder.append_value(&bytes);
                }
                None => builder.append_null(),
            }
            Ok(())
        })?;
        Ok(Arc::new(builder.finish()))
    }
}
