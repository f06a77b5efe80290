//! U-SQL names and types: from a syntax tree to a checked plan; no DataFusion, no I/O.
//!
//! [`check()`] turns a parsed script into a [`Plan`] or into every [`Diagnostic`] that can be found in one go.
//! The plan leaves nothing to infer: every expression has a type, every C# promotion is a
//! [`Convert`](ExpressionKind::Convert) node, every operator says on which scalar it works, and comparisons
//! carry C#'s null semantics instead of SQL's.
//!
//! Reading order: what a value is ([`types`], [`value`], [`decimal`](rust_decimal)), what a program is
//! ([`expression`], [`plan`]), what can be called ([`functions`], [`aggregates`], [`extractors`],
//! [`outputters`]), and what can go wrong ([`diagnostics`]).

pub mod aggregates;
mod binding;
mod checker;
mod csharp;
pub mod diagnostics;
pub mod environment;
pub mod expression;
pub mod extractors;
mod files;
pub mod functions;
pub mod outputters;
mod parameters;
pub mod path;
pub mod plan;
mod queries;
mod sources;
mod statements;
pub mod text_format;
pub mod types;
pub mod value;

pub use checker::check;
pub use diagnostics::{Diagnostic, Location, Severity};
pub use environment::{AvgIntegral, CompileEnvironment, EmptyUnquotedString, Settings};
pub use expression::{Expression, ExpressionKind};
pub use path::LakePath;
pub use plan::{Output, Plan, Rowset, RowsetId, RowsetKind};
pub use types::{Column, Scalar, Schema, Type};
pub use value::Value;
