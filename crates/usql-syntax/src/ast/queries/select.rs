//! `SELECT`.

use rowan::ast::{AstChildren, AstNode, support};

use crate::SyntaxKind::{DISTINCT_KW, STAR};
use crate::ast::{
    Alias, Expr, FetchClause, FromClause, GroupByClause, HavingClause, Name, OffsetClause,
    OrderByClause, VariableExpr, WhereClause, ast_node, has_token,
};

ast_node! {
    /// `SELECT [DISTINCT] items FROM sources [WHERE] [GROUP BY [HAVING]] [ORDER BY .. FETCH]`.
    SelectQuery = SELECT_QUERY
}

impl SelectQuery {
    /// Whether equal rows are merged.
    pub fn is_distinct(&self) -> bool {
        has_token(self.syntax(), DISTINCT_KW)
    }

    /// The items.
    pub fn items(&self) -> impl Iterator<Item = SelectItem> + use<> {
        support::child::<SelectList>(self.syntax())
            .into_iter()
            .flat_map(|list| list.items())
    }

    /// Where the rows come from.
    pub fn from_clause(&self) -> Option<FromClause> {
        support::child(self.syntax())
    }

    /// Which rows are taken.
    pub fn where_clause(&self) -> Option<WhereClause> {
        support::child(self.syntax())
    }

    /// How rows are grouped.
    pub fn group_by(&self) -> Option<GroupByClause> {
        support::child(self.syntax())
    }

    /// Which groups are taken.
    pub fn having(&self) -> Option<HavingClause> {
        support::child(self.syntax())
    }

    /// The order of the rows.
    pub fn order_by(&self) -> Option<OrderByClause> {
        support::child(self.syntax())
    }

    /// How many rows are left out.
    pub fn offset(&self) -> Option<OffsetClause> {
        support::child(self.syntax())
    }

    /// How many rows are taken.
    pub fn fetch(&self) -> Option<FetchClause> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// The items of a SELECT.
    SelectList = SELECT_LIST
}

impl SelectList {
    /// The items.
    pub fn items(&self) -> AstChildren<SelectItem> {
        support::children(self.syntax())
    }
}

ast_node! {
    /// `*`, `t.*` or `expression [AS name]`.
    SelectItem = SELECT_ITEM
}

impl SelectItem {
    /// Whether this is `*` or `t.*`.
    pub fn is_star(&self) -> bool {
        has_token(self.syntax(), STAR)
    }

    /// The `t` or `@t` of `t.*`.
    pub fn qualifier(&self) -> Option<String> {
        if !self.is_star() {
            return None;
        }
        let name = support::child::<Name>(self.syntax()).map(|name| name.text());
        name.or_else(|| support::child::<VariableExpr>(self.syntax())?.name())
    }

    /// The expression; `None` for a star.
    pub fn expr(&self) -> Option<Expr> {
        support::child(self.syntax()).filter(|_| !self.is_star())
    }

    /// The name given with AS.
    pub fn alias(&self) -> Option<Name> {
        support::child::<Alias>(self.syntax())?.name()
    }
}
