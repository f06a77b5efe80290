//! The checked plan: rowsets in an arena, and the outputs that need them.

mod print;
mod relocate;
mod window;

use std::{collections::BTreeMap, ops::Index};

pub use window::{Frame, Percentile, Window, WindowFunction};

use crate::{
    aggregates::AggregateId,
    catalog::Change,
    diagnostics::{Diagnostic, Location},
    expression::Expression,
    extractors::Extractor,
    file_set::FileSet,
    outputters::Outputter,
    path::LakePath,
    types::Schema,
};

/// A whole checked script.
///
/// The rowsets form a directed acyclic graph: a rowset refers only to rowsets before it, and one that is used
/// twice is there once. Rowsets that no output reaches may be left out of an execution.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    rowsets: Vec<Rowset>,
    outputs: Vec<Output>,
    changes: Vec<Change>,
    warnings: Vec<Diagnostic>,
    names: BTreeMap<RowsetId, String>,
}

impl Plan {
    /// What the script writes, in its order.
    #[must_use]
    pub fn outputs(&self) -> &[Output] {
        &self.outputs
    }

    /// What the script changes in the catalog, in its order: what is committed with the outputs.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    pub(crate) fn add_change(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// The place of the rowset that will be added next.
    pub(crate) fn next(&self) -> RowsetId {
        RowsetId(self.rowsets.len())
    }

    /// Forgets the rowsets from a place on, and the outputs from a number on.
    pub(crate) fn truncate(&mut self, rowsets: RowsetId, outputs: usize) {
        self.rowsets.truncate(rowsets.0);
        self.outputs.truncate(outputs);
        self.names.retain(|id, _| *id < rowsets);
    }

    pub(crate) fn add(&mut self, rowset: Rowset) -> RowsetId {
        self.rowsets.push(rowset);
        RowsetId(self.rowsets.len() - 1)
    }

    pub(crate) fn add_output(&mut self, output: Output) {
        self.outputs.push(output);
    }

    /// The rowset variable that a rowset was first assigned to, with its `@`.
    #[must_use]
    pub fn variable(&self, id: RowsetId) -> Option<&str> {
        self.names.get(&id).map(String::as_str)
    }

    pub(crate) fn name(&mut self, id: RowsetId, variable: &str) {
        self.names.entry(id).or_insert_with(|| variable.to_owned());
    }

    /// Replaces the files of an EXTRACT.
    pub(crate) fn set_files(&mut self, id: RowsetId, found: FileSet) {
        if let RowsetKind::Extract { files, .. } = &mut self.rowsets[id.0].kind {
            *files = found;
        }
    }

    /// The rowsets that a rowset is made of directly.
    #[must_use]
    pub fn inputs(&self, id: RowsetId) -> Vec<RowsetId> {
        match &self[id].kind {
            RowsetKind::Extract { .. } | RowsetKind::Values { .. } => Vec::new(),
            RowsetKind::Filter { input, .. }
            | RowsetKind::Project { input, .. }
            | RowsetKind::Aggregate { input, .. }
            | RowsetKind::Explode { input, .. }
            | RowsetKind::Sort { input, .. }
            | RowsetKind::Window { input, .. }
            | RowsetKind::Distinct { input } => vec![*input],
            RowsetKind::Join { left, right, .. } | RowsetKind::SetOperation { left, right, .. } => {
                vec![*left, *right]
            }
        }
    }

    pub(crate) fn set_warnings(&mut self, warnings: Vec<Diagnostic>) {
        self.warnings = warnings;
    }

    /// Every rowset, inputs before their users.
    pub fn rowsets(&self) -> impl Iterator<Item = (RowsetId, &Rowset)> {
        self.rowsets
            .iter()
            .enumerate()
            .map(|(index, rowset)| (RowsetId(index), rowset))
    }

    /// What deserves a look but does not keep the script from running.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }
}

impl Index<RowsetId> for Plan {
    type Output = Rowset;

    fn index(&self, id: RowsetId) -> &Rowset {
        &self.rowsets[id.0]
    }
}

/// A rowset's place in its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowsetId(usize);

/// A rowset: how it is made and what its columns are.
#[derive(Clone, Debug, PartialEq)]
pub struct Rowset {
    /// How it is made.
    pub kind: RowsetKind,
    /// Its columns.
    pub schema: Schema,
    /// Where the script says so.
    pub location: Location,
}

/// How a rowset is made.
#[derive(Clone, Debug, PartialEq)]
pub enum RowsetKind {
    /// Rows read from files; the columns are those of the schema, in the files' order.
    Extract {
        /// The files; they existed when the script was compiled.
        files: FileSet,
        /// How their bytes become rows.
        extractor: Extractor,
    },
    /// Rows written in the script. No expression refers to a column.
    Values {
        /// The rows, each as wide as the schema.
        rows: Vec<Vec<Expression>>,
    },
    /// The rows for which a condition holds.
    Filter {
        /// Where the rows come from.
        input: RowsetId,
        /// A `bool` over the input's columns.
        predicate: Expression,
    },
    /// One computed row for each input row.
    Project {
        /// Where the rows come from.
        input: RowsetId,
        /// One expression for each column of the schema.
        expressions: Vec<Expression>,
    },
    /// One row for each group: first the keys, then the aggregates.
    ///
    /// Nulls form one group. Without keys there is one row, even over no input.
    Aggregate {
        /// Where the rows come from.
        input: RowsetId,
        /// What rows of a group have in common.
        keys: Vec<Expression>,
        /// What is computed over each group.
        aggregates: Vec<Aggregate>,
    },
    /// A row for each element of a collection, behind the columns of its row. A pair becomes two columns.
    Explode {
        /// Where the rows come from.
        input: RowsetId,
        /// The collection, over the input's columns.
        collection: Expression,
        /// Whether a row without elements stays, with null for the element. A null collection has no elements.
        keeps_empty: bool,
    },
    /// Pairs of rows; first the left columns, then the right ones. A semijoin has the left columns only.
    Join {
        /// Which rows without a partner stay.
        kind: JoinKind,
        /// The left input.
        left: RowsetId,
        /// The right input.
        right: RowsetId,
        /// What has to be equal, all of it; null equals null. Empty for a cross join.
        keys: Vec<JoinKey>,
    },
    /// The rows in an order, or a slice of them.
    Sort {
        /// Where the rows come from.
        input: RowsetId,
        /// The order.
        keys: Vec<SortKey>,
        /// How many rows to leave out at the start.
        offset: u64,
        /// How many rows to keep after that.
        fetch: Option<u64>,
    },
    /// The rows without repetitions; nulls are equal to each other.
    Distinct {
        /// Where the rows come from.
        input: RowsetId,
    },
    /// Every row of the input, with a column for each window behind its own.
    Window {
        /// Where the rows come from.
        input: RowsetId,
        /// What is computed over the rows around each row.
        windows: Vec<Window>,
    },
    /// Rows of two inputs, compared column by column: nulls are equal to each other, decimals by value.
    ///
    /// Both have as many columns as the schema, of the same scalars.
    SetOperation {
        /// Which rows stay.
        operation: SetOperation,
        /// What becomes of rows that are there more than once.
        repetitions: Repetitions,
        /// The left input.
        left: RowsetId,
        /// The right input.
        right: RowsetId,
    },
}

/// Which rows of two inputs stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetOperation {
    /// Those of either.
    Union,
    /// Those of the left that are in the right.
    Intersect,
    /// Those of the left that are not in the right.
    Except,
}

/// What becomes of rows that are there more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repetitions {
    /// Of `m` equal rows of the left and `n` of the right, a union has `m + n`, an intersection the lesser of `m` and
    /// `n`, a difference `m - n` if that is positive.
    Keep,
    /// Every row is there once.
    Remove,
}

/// Which rows of a join stay without a partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinKind {
    /// None.
    Inner,
    /// Those of the left; the right columns are null.
    LeftOuter,
    /// Those of the right; the left columns are null.
    RightOuter,
    /// Those of either side.
    FullOuter,
    /// Every pair is a row; there are no keys.
    Cross,
    /// The rows of the left that have a partner, each once.
    Semi,
    /// The rows of the left that have no partner.
    AntiSemi,
}

/// Two expressions of the same scalar that must be equal.
#[derive(Clone, Debug, PartialEq)]
pub struct JoinKey {
    /// Over the columns of the left input.
    pub left: Expression,
    /// Over the columns of the right input.
    pub right: Expression,
}

/// One aggregate of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregate {
    /// Which aggregate, and of what; see [`aggregates::all`](crate::aggregates::all).
    pub function: AggregateId,
    /// Whether equal arguments count once.
    pub distinct: bool,
    /// What is aggregated, over the input's columns; none for `COUNT(*)`. Null arguments are left out.
    pub argument: Option<Expression>,
    /// Where the script says so.
    pub location: Location,
}

/// One criterion of an order. Nulls come last in both directions; strings go by their UTF-8 bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct SortKey {
    /// What to order by.
    pub expression: Expression,
    /// Which way.
    pub direction: Direction,
}

/// Which way to order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Least first.
    Ascending,
    /// Greatest first.
    Descending,
}

/// A file that the script writes.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// The rows.
    pub input: RowsetId,
    /// The file.
    pub path: LakePath,
    /// The order of the rows in the file; any order when empty.
    pub order_by: Vec<SortKey>,
    /// How rows become bytes.
    pub outputter: Outputter,
    /// Where the script says so.
    pub location: Location,
}
