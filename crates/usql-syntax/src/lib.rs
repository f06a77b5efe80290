#![doc = include_str!("../README.md")]
//!
//! # How it is made
//! Text -> tokens (`lexer`) -> events (`grammar` on `parser`) -> tree -> typed view ([`ast`]).
//! The grammar never words an error: the parser remembers what each rule asked for at the current token,
//! and that set is the "Expected one of" list.

mod error;
mod grammar;
mod kind;
mod lexer;
mod line_index;
mod parse;
mod parser;
mod token_set;

pub mod ast;

pub use error::{SYNTAX_ERROR_CODE, SyntaxError};
pub use kind::{SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken, Usql};
pub use line_index::{LineIndex, Span};
pub use parse::{Parse, parse};
/// Positions in the text, in bytes.
pub use rowan::{TextRange, TextSize};

use token_set::TokenSet;
