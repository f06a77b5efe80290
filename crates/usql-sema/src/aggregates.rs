//! Aggregates: one file each, registered by one line.

mod any_value;
mod array_agg;
mod avg;
mod count;
mod max;
mod min;
mod spread;
mod sum;

use std::fmt;

pub(crate) use array_agg::ARRAY_AGG;

use crate::{
    environment::Settings,
    types::{Scalar, Type},
};

/// Every aggregate. To add one, add a file and a line here.
const REGISTRY: &[&AggregateFunction] = &[
    &any_value::ANY_VALUE,
    &ARRAY_AGG,
    &avg::AVG,
    &count::COUNT,
    &max::MAX,
    &min::MIN,
    &spread::STDEV,
    &spread::STDEVP,
    &spread::VAR,
    &spread::VARP,
    &sum::SUM,
];

/// The name of an aggregate: `SUM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AggregateId(&'static str);

impl AggregateId {
    /// The name as text, to look an implementation up by.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for AggregateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// An aggregate: its name and how it is typed.
#[derive(Debug)]
pub struct AggregateFunction {
    id: AggregateId,
    /// Whether it is defined without an argument, or with `*`.
    counts_rows: bool,
    /// Whether it may stand before OVER.
    in_windows: bool,
    typing: fn(Scalar, Settings) -> Option<Typing>,
}

impl AggregateFunction {
    /// The name.
    #[must_use]
    pub const fn id(&self) -> AggregateId {
        self.id
    }

    /// Whether `COUNT()` and `COUNT(*)` mean something.
    #[must_use]
    pub const fn counts_rows(&self) -> bool {
        self.counts_rows
    }

    /// Whether it can be computed over a window.
    #[must_use]
    pub const fn in_windows(&self) -> bool {
        self.in_windows
    }

    /// How a call with an argument of this scalar is typed; none when there is no such call.
    #[must_use]
    pub fn typing(&self, argument: Scalar, settings: Settings) -> Option<Typing> {
        // Of collections it can be said only how many there are.
        if argument.is_composite() && !self.counts_rows {
            return None;
        }
        (self.typing)(argument, settings)
    }
}

/// How a call of an aggregate is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Typing {
    /// What the argument is converted to before it is aggregated; the plan has the conversion.
    pub operand: Scalar,
    /// The type of the result.
    pub result: Type,
}

/// Finds an aggregate by its name.
pub(crate) fn named(name: &str) -> Option<&'static AggregateFunction> {
    all().find(|function| function.id.as_str() == name)
}

/// Every aggregate that a script can use.
pub fn all() -> impl Iterator<Item = &'static AggregateFunction> {
    REGISTRY.iter().copied()
}
