//! Clauses that several queries and statements share.

use rowan::ast::{AstChildren, AstNode, support};

use super::{Expr, Name, TypeRef, ast_node, has_token, token};
use crate::SyntaxKind::{DESC_KW, INTEGER, STAR};
use crate::SyntaxToken;

ast_node! {
    /// `AS name [(columns)]`.
    Alias = ALIAS
}

impl Alias {
    /// The name.
    pub fn name(&self) -> Option<Name> {
        support::child(self.syntax())
    }

    /// The columns' names.
    pub fn columns(&self) -> impl Iterator<Item = Name> + use<> {
        support::child::<ColumnList>(self.syntax())
            .into_iter()
            .flat_map(|list| list.names())
    }

    /// The columns with their types, as APPLY has them.
    pub fn column_definitions(&self) -> impl Iterator<Item = ColumnDefinition> + use<> {
        support::child::<ColumnDefinitionList>(self.syntax())
            .into_iter()
            .flat_map(|list| list.columns())
    }
}

ast_node! {
    /// `(names)`; behind BY NAME ON, `*` may be among them.
    ColumnList = COLUMN_LIST
}

impl ColumnList {
    /// The names.
    pub fn names(&self) -> AstChildren<Name> {
        support::children(self.syntax())
    }

    /// Whether `*` is in the list.
    pub fn has_star(&self) -> bool {
        has_token(self.syntax(), STAR)
    }
}

ast_node! {
    /// Columns with their types.
    ColumnDefinitionList = COLUMN_DEFINITION_LIST
}

impl ColumnDefinitionList {
    /// The columns.
    pub fn columns(&self) -> AstChildren<ColumnDefinition> {
        support::children(self.syntax())
    }
}

ast_node! {
    /// `name type`, or `name = file property` in an EXTRACT.
    ColumnDefinition = COLUMN_DEFINITION
}

impl ColumnDefinition {
    /// The column's name.
    pub fn name(&self) -> Option<Name> {
        support::child(self.syntax())
    }

    /// The column's type.
    pub fn ty(&self) -> Option<TypeRef> {
        support::child(self.syntax())
    }

    /// Whether this is `table_type.*`.
    pub fn is_star(&self) -> bool {
        has_token(self.syntax(), STAR)
    }

    /// The parts of the table type's name in `[[database.]schema.]type.*`.
    pub fn table_type(&self) -> AstChildren<Name> {
        support::children(self.syntax())
    }

    /// The file property that fills the column: `FILE.URI()`.
    pub fn file_property(&self) -> Option<Expr> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `WHERE condition`.
    WhereClause = WHERE_CLAUSE
}

impl WhereClause {
    /// The condition.
    pub fn condition(&self) -> Option<Expr> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `GROUP BY expressions`.
    GroupByClause = GROUP_BY_CLAUSE
}

impl GroupByClause {
    /// The expressions.
    pub fn expressions(&self) -> AstChildren<Expr> {
        support::children(self.syntax())
    }
}

ast_node! {
    /// `HAVING condition`.
    HavingClause = HAVING_CLAUSE
}

impl HavingClause {
    /// The condition.
    pub fn condition(&self) -> Option<Expr> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `ORDER BY items`.
    OrderByClause = ORDER_BY_CLAUSE
}

impl OrderByClause {
    /// The items.
    pub fn items(&self) -> AstChildren<SortItem> {
        support::children(self.syntax())
    }
}

ast_node! {
    /// `expression [ASC|DESC]`.
    SortItem = SORT_ITEM
}

impl SortItem {
    /// The expression.
    pub fn expr(&self) -> Option<Expr> {
        support::child(self.syntax())
    }

    /// Whether the order is descending.
    pub fn is_descending(&self) -> bool {
        has_token(self.syntax(), DESC_KW)
    }
}

ast_node! {
    /// `OFFSET n ROWS`.
    OffsetClause = OFFSET_CLAUSE
}

impl OffsetClause {
    /// The number.
    pub fn count(&self) -> Option<SyntaxToken> {
        token(self.syntax(), INTEGER)
    }
}

ast_node! {
    /// `FETCH [FIRST|NEXT] n [ROWS] [ONLY]`.
    FetchClause = FETCH_CLAUSE
}

impl FetchClause {
    /// The number.
    pub fn count(&self) -> Option<SyntaxToken> {
        token(self.syntax(), INTEGER)
    }
}

ast_node! {
    /// `USING operator`.
    UsingClause = USING_CLAUSE
}

impl UsingClause {
    /// The extractor, outputter or other operator: `Extractors.Csv()`.
    pub fn expr(&self) -> Option<Expr> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `PRESORT|ON|SORTED BY|READONLY|REQUIRED columns`.
    ColumnsClause = COLUMNS_CLAUSE
}
