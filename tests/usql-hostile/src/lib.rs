//! Scripts that try to take down what reads them, and what must hold of every script.
//!
//! The tests of this crate take the scripts of `fixtures/scripts` to pieces. Its program does so with scripts of
//! your own, with changes without number and in sizes that a test has no time for.

mod changes;
mod shapes;
mod survive;

pub use changes::{mutations, prefixes};
pub use shapes::{LONG, NESTED, Shape};
pub use survive::{Fate, survive};
