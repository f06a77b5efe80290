//! Matches on their way into an array: the groups of all of them side by side.

use std::sync::Arc;

use datafusion::arrow::{
    array::{ArrayRef, BooleanBuilder, Int32Builder, StringBuilder, StructArray},
    datatypes::DataType,
};
use usql_sema::{Class, Scalar};

use crate::{dotnet::regex::Captures, eval::Result, storage};

/// Some matches.
pub(super) struct Found {
    names: StringBuilder,
    successes: BooleanBuilder,
    indices: Int32Builder,
    values: StringBuilder,
    groups: i32,
    /// Where the groups of each match begin.
    offsets: Vec<i32>,
    text: String,
}

impl Found {
    pub(super) fn new() -> Self {
        Self {
            names: StringBuilder::new(),
            successes: BooleanBuilder::new(),
            indices: Int32Builder::new(),
            values: StringBuilder::new(),
            groups: 0,
            offsets: vec![0],
            text: String::new(),
        }
    }

    /// A match.
    pub(super) fn matched(&mut self, names: &[String], text: &[u16], captures: &Captures) {
        for (name, captured) in names.iter().zip(captures) {
            self.group(name, text, *captured);
        }
        self.offsets.push(self.groups);
    }

    /// That there is no match.
    pub(super) fn nothing(&mut self) {
        self.group("0", &[], None);
        self.offsets.push(self.groups);
    }

    fn group(&mut self, name: &str, text: &[u16], captured: Option<(usize, usize)>) {
        let (from, to) = captured.unwrap_or_default();
        self.names.append_value(name);
        self.successes.append_value(captured.is_some());
        self.indices.append_value(from as i32);
        self.text.clear();
        push(&text[from..to], &mut self.text);
        self.values.append_value(&self.text);
        self.groups += 1;
    }

    /// How many there are.
    pub(super) fn count(&self) -> i32 {
        self.offsets.len() as i32 - 1
    }

    /// The groups, and where those of each match begin.
    pub(super) fn finish(mut self) -> Result<(ArrayRef, Vec<i32>)> {
        let DataType::Struct(fields) = storage::data_type(Scalar::Class(Class::Group)) else {
            return Err(super::bug());
        };
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.names.finish()),
            Arc::new(self.successes.finish()),
            Arc::new(self.indices.finish()),
            Arc::new(self.values.finish()),
        ];
        let groups = StructArray::try_new(fields, columns, None)?;
        Ok((Arc::new(groups), self.offsets))
    }
}

/// Adds UTF-16 to a string; half a pair has no other form and becomes U+FFFD.
pub(super) fn push(units: &[u16], out: &mut String) {
    let characters = char::decode_utf16(units.iter().copied());
    out.extend(characters.map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER)));
}
