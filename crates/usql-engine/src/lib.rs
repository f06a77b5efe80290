//! Runs checked U-SQL plans on Apache DataFusion.
//!
//! [`Engine::run`] takes a plan of `usql-sema` and the [`Files`] that it reads and writes. Reading order:
//! [`files`], [`engine`], then the path of a row: `extract`, `lower` with `eval`, `aggregate` and `window`, `output`.
//! Text forms of values are in [`dotnet`].
#![doc = include_str!("../README.md")]

mod aggregate;
mod constant;
pub mod dotnet;
mod encoding;
pub mod engine;
mod error;
mod eval;
mod extract;
pub mod files;
mod limits;
mod lower;
mod options;
mod output;
mod refusal;
mod report;
mod storage;
mod text;
mod window;

pub use constant::constant;
pub use engine::{Engine, MemoryUse, inputs};
pub use error::{ErrorReport, LESS_AT_A_TIME, RuntimeError, RuntimeErrorKind, codes};
pub use files::{FileError, Files, Input};
pub use options::{Clock, EngineOptions};
pub use refusal::{Refusal, refusals};
pub use report::{Inputs, Operator, RunReport, Stage, StageKind};
