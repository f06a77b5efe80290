//! Queries that run user code or take samples; their parts are reached through the tree.

use rowan::ast::{AstNode, support};

use crate::ast::{Query, UsingClause, ast_node};

ast_node! {
    /// `PROCESS rowset PRODUCE columns USING processor`.
    ProcessQuery = PROCESS_QUERY
}

impl ProcessQuery {
    /// The rowset.
    pub fn input(&self) -> Option<Query> {
        support::child(self.syntax())
    }

    /// The processor.
    pub fn using(&self) -> Option<UsingClause> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `REDUCE rowset ON columns PRODUCE columns USING reducer`.
    ReduceQuery = REDUCE_QUERY
}

impl ReduceQuery {
    /// The rowset.
    pub fn input(&self) -> Option<Query> {
        support::child(self.syntax())
    }

    /// The reducer.
    pub fn using(&self) -> Option<UsingClause> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `COMBINE left WITH right ON .. PRODUCE columns USING combiner`.
    CombineQuery = COMBINE_QUERY
}

impl CombineQuery {
    /// The combiner.
    pub fn using(&self) -> Option<UsingClause> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `SAMPLE rowset ..` or `query SAMPLE ..`.
    SampleQuery = SAMPLE_QUERY
}

impl SampleQuery {
    /// What the sample is taken of.
    pub fn input(&self) -> Option<Query> {
        support::child(self.syntax())
    }
}
