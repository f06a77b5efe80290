//! Calls, their arguments and windows.

use rowan::ast::{AstChildren, AstNode, support};

use super::Expr;
use crate::SyntaxKind::{
    CURRENT_KW, DEFAULT_KW, DISTINCT_KW, FOLLOWING_KW, INTEGER, OUT_CSHARP, PRECEDING_KW, STAR,
};
use crate::SyntaxToken;
use crate::ast::{Name, OrderByClause, ast_node, has_token};

ast_node! {
    /// `callee(arguments) [WITHIN GROUP (..)] [OVER (..)]`.
    CallExpr = CALL_EXPR
}

impl CallExpr {
    /// What is called: `SUM`, `Extractors.Csv`, `text.Substring`.
    pub fn callee(&self) -> Option<Expr> {
        support::child(self.syntax())
    }

    /// The arguments with their parentheses.
    pub fn argument_list(&self) -> Option<ArgumentList> {
        support::child(self.syntax())
    }

    /// The arguments.
    pub fn arguments(&self) -> impl Iterator<Item = Argument> + use<> {
        self.argument_list()
            .into_iter()
            .flat_map(|list| list.arguments())
    }

    /// Whether DISTINCT stands before the arguments.
    pub fn is_distinct(&self) -> bool {
        self.argument_list().is_some_and(|list| list.is_distinct())
    }

    /// The window.
    pub fn over(&self) -> Option<OverClause> {
        support::child(self.syntax())
    }

    /// The order of a percentile.
    pub fn within_group(&self) -> Option<OrderByClause> {
        support::child::<WithinGroupClause>(self.syntax())?.order_by()
    }
}

ast_node! {
    /// `([DISTINCT] arguments)`.
    ArgumentList = ARGUMENT_LIST
}

impl ArgumentList {
    /// The arguments.
    pub fn arguments(&self) -> AstChildren<Argument> {
        support::children(self.syntax())
    }

    /// Whether DISTINCT stands before the arguments.
    pub fn is_distinct(&self) -> bool {
        has_token(self.syntax(), DISTINCT_KW)
    }
}

ast_node! {
    /// `[name:] expression`, `*` or `DEFAULT`.
    Argument = ARGUMENT
}

impl Argument {
    /// The name of a named argument.
    pub fn name(&self) -> Option<Name> {
        support::child(self.syntax())
    }

    /// The value; `None` for `*` and `DEFAULT`.
    pub fn expr(&self) -> Option<Expr> {
        support::child(self.syntax())
    }

    /// Whether it is `out x`.
    pub fn is_out(&self) -> bool {
        has_token(self.syntax(), OUT_CSHARP)
    }

    /// Whether this is the `*` of `COUNT(*)`.
    pub fn is_star(&self) -> bool {
        has_token(self.syntax(), STAR)
    }

    /// Whether this is `DEFAULT`.
    pub fn is_default(&self) -> bool {
        has_token(self.syntax(), DEFAULT_KW)
    }
}

ast_node! {
    /// `receiver[arguments]`.
    IndexExpr = INDEX_EXPR
}

impl IndexExpr {
    /// What is indexed.
    pub fn receiver(&self) -> Option<Expr> {
        support::child(self.syntax())
    }

    /// The expressions in the brackets.
    pub fn indexes(&self) -> impl Iterator<Item = Expr> + use<> {
        support::children(self.syntax()).skip(1)
    }
}

ast_node! {
    /// `OVER ([PARTITION BY ..] [ORDER BY ..] [ROWS ..])`.
    OverClause = OVER_CLAUSE
}

impl OverClause {
    /// The expressions behind PARTITION BY.
    pub fn partition_by(&self) -> impl Iterator<Item = Expr> + use<> {
        support::child::<PartitionByClause>(self.syntax())
            .into_iter()
            .flat_map(|clause| clause.expressions())
    }

    /// The order of the rows.
    pub fn order_by(&self) -> Option<OrderByClause> {
        support::child(self.syntax())
    }

    /// The frame.
    pub fn rows(&self) -> Option<RowsClause> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `PARTITION BY expressions`.
    PartitionByClause = PARTITION_BY_CLAUSE
}

impl PartitionByClause {
    /// The expressions.
    pub fn expressions(&self) -> AstChildren<Expr> {
        support::children(self.syntax())
    }
}

ast_node! {
    /// `ROWS ..` of a window.
    RowsClause = ROWS_CLAUSE
}

/// An end of a window's frame.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FrameBound {
    /// `UNBOUNDED PRECEDING`.
    UnboundedPreceding,
    /// `n PRECEDING`; the number.
    Preceding(SyntaxToken),
    /// `CURRENT ROW`.
    CurrentRow,
    /// `n FOLLOWING`; the number.
    Following(SyntaxToken),
    /// `UNBOUNDED FOLLOWING`.
    UnboundedFollowing,
}

impl RowsClause {
    /// The two ends behind BETWEEN, or the one where there is no BETWEEN.
    pub fn bounds(&self) -> Vec<FrameBound> {
        let mut bounds = Vec::new();
        let mut number = None;
        for token in self.syntax().children_with_tokens() {
            let Some(token) = token.into_token() else {
                continue;
            };
            match token.kind() {
                INTEGER => number = Some(token),
                CURRENT_KW => bounds.push(FrameBound::CurrentRow),
                PRECEDING_KW => bounds.push(
                    number
                        .take()
                        .map_or(FrameBound::UnboundedPreceding, FrameBound::Preceding),
                ),
                FOLLOWING_KW => bounds.push(
                    number
                        .take()
                        .map_or(FrameBound::UnboundedFollowing, FrameBound::Following),
                ),
                _ => {}
            }
        }
        bounds
    }
}

ast_node! {
    /// `WITHIN GROUP (ORDER BY ..)`.
    WithinGroupClause = WITHIN_GROUP_CLAUSE
}

impl WithinGroupClause {
    /// The order.
    pub fn order_by(&self) -> Option<OrderByClause> {
        support::child(self.syntax())
    }
}
