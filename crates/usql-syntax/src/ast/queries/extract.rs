//! `EXTRACT`.

use rowan::ast::{AstChildren, AstNode, support};

use crate::ast::{
    ColumnDefinition, ColumnDefinitionList, ColumnsClause, Expr, UsingClause, ast_node,
};

ast_node! {
    /// `EXTRACT columns FROM path, .. USING extractor`.
    ExtractQuery = EXTRACT_QUERY
}

impl ExtractQuery {
    /// The columns.
    pub fn columns(&self) -> impl Iterator<Item = ColumnDefinition> + use<> {
        support::child::<ColumnDefinitionList>(self.syntax())
            .into_iter()
            .flat_map(|list| list.columns())
    }

    /// The paths.
    pub fn paths(&self) -> impl Iterator<Item = Expr> + use<> {
        support::child::<ExtractPaths>(self.syntax())
            .into_iter()
            .flat_map(|paths| paths.paths())
    }

    /// `SORTED BY`, `READONLY` and `REQUIRED`.
    pub fn column_clauses(&self) -> AstChildren<ColumnsClause> {
        support::children(self.syntax())
    }

    /// The extractor.
    pub fn using(&self) -> Option<UsingClause> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `FROM path, ..`.
    ExtractPaths = EXTRACT_PATHS
}

impl ExtractPaths {
    /// The paths.
    pub fn paths(&self) -> AstChildren<Expr> {
        support::children(self.syntax())
    }
}
