//! What is computed over the rows around each row.

use super::{Aggregate, SortKey};
use crate::{diagnostics::Location, expression::Expression, value::Value};

/// A function over a window of rows, one result for each row.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// What is computed.
    pub function: WindowFunction,
    /// What the rows of a partition have in common; nulls are equal to each other. All rows are one partition without.
    pub partition_by: Vec<Expression>,
    /// The order of the rows in a partition. Of a percentile, it has the one key that WITHIN GROUP gives.
    pub order_by: Vec<SortKey>,
    /// Which rows around the current one count; all of the partition without.
    pub frame: Option<Frame>,
    /// Where the script says so.
    pub location: Location,
}

/// A function over a window. Expressions are over the columns of the input.
#[derive(Clone, Debug, PartialEq)]
pub enum WindowFunction {
    /// An aggregate over the frame; never a distinct one.
    Aggregate(Aggregate),
    /// The position in the partition, from 1; a `long?`, as all ranks.
    RowNumber,
    /// One more than the number of rows before this one and its equals in the order.
    Rank,
    /// One more than the number of different rows before this one in the order.
    DenseRank,
    /// The group of the row, from 1, where the partition is cut into so many groups, the larger ones first.
    Tile(u64),
    /// The part of the partition's rows that come before this one or are equal to it in the order; a `double?`.
    CumulativeDistribution,
    /// The rank, less one, as a part of the other rows; 0 in a partition of one row; a `double?`.
    PercentRank,
    /// The value at this part, from 0 to 1, of the partition's values other than null, in their order.
    Percentile(Percentile, f64),
    /// The value in the first row of the frame; null where the frame is empty.
    FirstValue(Expression),
    /// The value in the last row of the frame; null where the frame is empty.
    LastValue(Expression),
    /// LAG and LEAD.
    Shift {
        /// The value that is looked up.
        argument: Expression,
        /// How many rows back; forward when negative.
        rows: i64,
        /// The value where the partition has no such row, of the argument's scalar.
        otherwise: Value,
    },
}

/// How a percentile is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Percentile {
    /// Between the two nearest values, in proportion; the order's key is a `double`.
    Continuous,
    /// The first value whose cumulative distribution is not less.
    Discrete,
}

/// The rows from the first to the last, counted from the current one; a negative number is before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The first row; that of the partition without.
    pub first: Option<i64>,
    /// The last row, not before the first.
    pub last: i64,
}
