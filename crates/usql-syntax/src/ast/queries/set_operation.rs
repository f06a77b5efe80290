//! `UNION`, `EXCEPT`, `INTERSECT`.

use rowan::ast::{AstChildren, AstNode, support};

use crate::SyntaxKind::{ALL_KW, BY_KW, DISTINCT_KW, EXCEPT_KW, INTERSECT_KW, OUTER_KW};
use crate::ast::{ColumnList, Name, Query, ast_node, has_token, nth_child};

ast_node! {
    /// `query UNION|EXCEPT|INTERSECT query`.
    SetOperationQuery = SET_OPERATION_QUERY
}

impl SetOperationQuery {
    /// The query on the left.
    pub fn left(&self) -> Option<Query> {
        nth_child(self.syntax(), 0)
    }

    /// The operator.
    pub fn operator(&self) -> Option<SetOperator> {
        support::child(self.syntax())
    }

    /// The query on the right.
    pub fn right(&self) -> Option<Query> {
        nth_child(self.syntax(), 1)
    }
}

ast_node! {
    /// `[OUTER] UNION|EXCEPT|INTERSECT [ALL|DISTINCT] [BY NAME ..]`.
    SetOperator = SET_OPERATOR
}

/// Which set operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SetOperationKind {
    /// `UNION`.
    Union,
    /// `OUTER UNION`.
    OuterUnion,
    /// `EXCEPT`.
    Except,
    /// `INTERSECT`.
    Intersect,
}

impl SetOperator {
    /// Which operation this is.
    pub fn kind(&self) -> SetOperationKind {
        if has_token(self.syntax(), OUTER_KW) {
            SetOperationKind::OuterUnion
        } else if has_token(self.syntax(), EXCEPT_KW) {
            SetOperationKind::Except
        } else if has_token(self.syntax(), INTERSECT_KW) {
            SetOperationKind::Intersect
        } else {
            SetOperationKind::Union
        }
    }

    /// Whether ALL is written.
    pub fn is_all(&self) -> bool {
        has_token(self.syntax(), ALL_KW)
    }

    /// Whether DISTINCT is written.
    pub fn is_distinct(&self) -> bool {
        has_token(self.syntax(), DISTINCT_KW)
    }

    /// Whether columns are matched by name.
    pub fn is_by_name(&self) -> bool {
        has_token(self.syntax(), BY_KW)
    }

    /// The list behind `BY NAME ON`.
    pub fn matched_columns(&self) -> Option<ColumnList> {
        support::child(self.syntax())
    }

    /// The columns of `WITH DISJOINT (..)`.
    pub fn disjoint(&self) -> AstChildren<Name> {
        support::children(self.syntax())
    }
}
