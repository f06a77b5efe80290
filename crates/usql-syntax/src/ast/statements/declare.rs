//! `DECLARE [EXTERNAL|CONST] @v [type] = expression`.

use rowan::ast::{AstNode, support};

use crate::SyntaxKind::{CONST_KW, EXTERNAL_KW, VARIABLE};
use crate::SyntaxToken;
use crate::ast::{Expr, TypeRef, ast_node, has_token, token};

ast_node! {
    /// `DECLARE [EXTERNAL|CONST] @v [type] = expression`.
    DeclareStatement = DECLARE_STATEMENT
}

impl DeclareStatement {
    /// Whether an earlier DECLARE overrides this one.
    pub fn is_external(&self) -> bool {
        has_token(self.syntax(), EXTERNAL_KW)
    }

    /// Whether the value must be a constant.
    pub fn is_const(&self) -> bool {
        has_token(self.syntax(), CONST_KW)
    }

    /// The variable.
    pub fn variable(&self) -> Option<SyntaxToken> {
        token(self.syntax(), VARIABLE)
    }

    /// The variable's name with its `@`.
    pub fn variable_name(&self) -> Option<String> {
        self.variable().map(|token| token.text().to_owned())
    }

    /// The declared type.
    pub fn ty(&self) -> Option<TypeRef> {
        support::child(self.syntax())
    }

    /// The value.
    pub fn value(&self) -> Option<Expr> {
        support::child(self.syntax())
    }
}
