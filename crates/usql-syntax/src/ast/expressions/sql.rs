//! Expressions that SQL brought.

use rowan::ast::{AstChildren, AstNode, support};

use super::Expr;
use crate::SyntaxKind::NOT_KW;
use crate::ast::{ast_node, has_token, nth_child};

ast_node! {
    /// `operand [NOT] IN (list)`.
    InExpr = IN_EXPR
}

impl InExpr {
    /// Whether NOT is written.
    pub fn is_negated(&self) -> bool {
        has_token(self.syntax(), NOT_KW)
    }

    /// The operand.
    pub fn operand(&self) -> Option<Expr> {
        support::child(self.syntax())
    }

    /// The list.
    pub fn list(&self) -> impl Iterator<Item = Expr> + use<> {
        support::child::<ExprList>(self.syntax())
            .into_iter()
            .flat_map(|list| list.expressions())
    }
}

ast_node! {
    /// `(expressions)`.
    ExprList = EXPR_LIST
}

impl ExprList {
    /// The expressions.
    pub fn expressions(&self) -> AstChildren<Expr> {
        support::children(self.syntax())
    }
}

ast_node! {
    /// `operand [NOT] BETWEEN low AND high`.
    BetweenExpr = BETWEEN_EXPR
}

impl BetweenExpr {
    /// Whether NOT is written.
    pub fn is_negated(&self) -> bool {
        has_token(self.syntax(), NOT_KW)
    }

    /// The operand.
    pub fn operand(&self) -> Option<Expr> {
        nth_child(self.syntax(), 0)
    }

    /// The lower bound.
    pub fn low(&self) -> Option<Expr> {
        nth_child(self.syntax(), 1)
    }

    /// The upper bound.
    pub fn high(&self) -> Option<Expr> {
        nth_child(self.syntax(), 2)
    }
}

ast_node! {
    /// `operand [NOT] LIKE pattern [ESCAPE character]`.
    LikeExpr = LIKE_EXPR
}

impl LikeExpr {
    /// Whether NOT is written.
    pub fn is_negated(&self) -> bool {
        has_token(self.syntax(), NOT_KW)
    }

    /// The operand.
    pub fn operand(&self) -> Option<Expr> {
        nth_child(self.syntax(), 0)
    }

    /// The pattern.
    pub fn pattern(&self) -> Option<Expr> {
        nth_child(self.syntax(), 1)
    }

    /// The escape character.
    pub fn escape(&self) -> Option<Expr> {
        nth_child(self.syntax(), 2)
    }
}

ast_node! {
    /// `operand IS [NOT] NULL`.
    IsNullExpr = IS_NULL_EXPR
}

impl IsNullExpr {
    /// Whether NOT is written.
    pub fn is_negated(&self) -> bool {
        has_token(self.syntax(), NOT_KW)
    }

    /// The operand.
    pub fn operand(&self) -> Option<Expr> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `CASE [operand] WHEN .. THEN .. [ELSE ..] END`.
    CaseExpr = CASE_EXPR
}

impl CaseExpr {
    /// The operand of a simple CASE.
    pub fn operand(&self) -> Option<Expr> {
        support::child(self.syntax())
    }

    /// The branches.
    pub fn branches(&self) -> AstChildren<WhenBranch> {
        support::children(self.syntax())
    }

    /// The value behind ELSE.
    pub fn otherwise(&self) -> Option<Expr> {
        support::child::<ElseValue>(self.syntax())?.value()
    }
}

ast_node! {
    /// `WHEN .. THEN ..`.
    WhenBranch = WHEN_BRANCH
}

impl WhenBranch {
    /// The condition, or the value that the operand is compared with.
    pub fn condition(&self) -> Option<Expr> {
        nth_child(self.syntax(), 0)
    }

    /// The result.
    pub fn result(&self) -> Option<Expr> {
        nth_child(self.syntax(), 1)
    }
}

ast_node! {
    /// `ELSE ..` of a CASE.
    ElseValue = ELSE_VALUE
}

impl ElseValue {
    /// The value.
    pub fn value(&self) -> Option<Expr> {
        support::child(self.syntax())
    }
}
