#![doc = include_str!("../README.md")]

pub mod aggregates;
mod binding;
pub mod catalog;
mod checker;
mod csharp;
pub mod decimal;
pub mod diagnostics;
pub mod environment;
pub mod expression;
pub mod extractors;
pub mod file_set;
mod files;
mod folding;
pub mod functions;
pub mod outputters;
mod parameters;
pub mod path;
pub mod plan;
mod queries;
pub mod regex;
mod routines;
mod sources;
mod statements;
#[cfg(test)]
mod support;
mod table_types;
pub mod text_format;
pub mod types;
pub mod value;
mod views;

pub use checker::check;
pub use diagnostics::{Diagnostic, Location, Severity};
pub use environment::{
    AvgIntegral, CompileEnvironment, EmptyUnquotedString, Entry, JobInfo, ListError, Settings,
};
pub use expression::{Expression, ExpressionKind};
pub use file_set::{Census, FileInfo, FileSet, InputFile, Origin};
pub use path::LakePath;
pub use plan::{Output, Plan, Rowset, RowsetId, RowsetKind};
pub use types::{Class, Column, Element, Enumeration, Record, Scalar, Schema, Type};
pub use value::Value;
