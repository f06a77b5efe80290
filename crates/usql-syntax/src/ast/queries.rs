//! Queries. One file each.

mod call;
mod extract;
mod fetch;
mod operators;
mod paren;
mod rowset;
mod select;
mod set_operation;
mod values;

pub use call::*;
pub use extract::*;
pub use fetch::*;
pub use operators::*;
pub use paren::*;
pub use rowset::*;
pub use select::*;
pub use set_operation::*;
pub use values::*;

use super::ast_enum;

ast_enum! {
    /// A query: what yields a rowset.
    Query {
        /// `SELECT ..`.
        Select(SelectQuery),
        /// `EXTRACT ..`.
        Extract(ExtractQuery),
        /// `VALUES ..`.
        Values(ValuesQuery),
        /// `query UNION query` and its like.
        SetOperation(SetOperationQuery),
        /// `(query)`.
        Paren(ParenQuery),
        /// `query ORDER BY .. FETCH n`.
        Fetch(FetchQuery),
        /// `function(arguments)`.
        Call(CallQuery),
        /// `@rowset` or a table, where a statement takes one.
        Rowset(RowsetQuery),
        /// `PROCESS ..`.
        Process(ProcessQuery),
        /// `REDUCE ..`.
        Reduce(ReduceQuery),
        /// `COMBINE ..`.
        Combine(CombineQuery),
        /// `SAMPLE ..`.
        Sample(SampleQuery),
    }
}
