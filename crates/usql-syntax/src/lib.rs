#![doc = include_str!("../README.md")]
//!
//! # How it is made
//! Text -> tokens (`lexer`) -> events (`grammar` on `parser`) -> tree -> typed view ([`ast`]).
//! The grammar never words an error: the parser remembers what each rule asked for at the current token,
//! and that set is the "Expected one of" list.
//!
//! After an error the rest of the statement is skipped, so each statement reports its own first error.
//! Nesting is bounded, which bounds the stack of every walk over the tree as well.
//!
//! # To add a statement
//! 1. Name its node (and new keywords) in `kind.rs`.
//! 2. Add a file to `grammar/statements/` with a `RULE`, and its line to the table in `grammar/statements.rs`.
//! 3. Add a file to `ast/statements/` with the typed node, and its variant to [`ast::Statement`].
//!
//! A query, and an object of CREATE and DROP, is added likewise.

mod error;
mod format;
mod grammar;
mod kind;
mod lexer;
mod line_index;
mod parse;
mod parser;
mod token_set;

pub mod ast;

pub use error::{SYNTAX_ERROR_CODE, SyntaxError};
pub use format::format;
pub use kind::{SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken, Usql};
pub use line_index::{LineIndex, Span};
pub use parse::{Parse, parse};
/// Positions in the text, in bytes.
pub use rowan::{TextRange, TextSize};

use token_set::TokenSet;
