//! Names, variables and members.

use rowan::ast::{AstNode, support};

use super::Expr;
use crate::SyntaxKind::{BUILTIN_TYPE, QUOTED_IDENT, SYSTEM_VARIABLE, VARIABLE};
use crate::TokenSet;
use crate::ast::names::name_in;
use crate::ast::types::type_arguments;
use crate::ast::{TypeRef, ast_node, has_token, token_in};

ast_node! {
    /// A simple name, or a built-in type's name as in `string.Join`.
    NameExpr = NAME_EXPR
}

impl NameExpr {
    /// The name itself, without quotes.
    pub fn name(&self) -> Option<String> {
        name_in(self.syntax())
    }

    /// Whether the name is `[quoted]`.
    pub fn is_quoted(&self) -> bool {
        has_token(self.syntax(), QUOTED_IDENT)
    }

    /// Whether this is a built-in type's name.
    pub fn is_builtin_type(&self) -> bool {
        has_token(self.syntax(), BUILTIN_TYPE)
    }

    /// The type arguments.
    pub fn type_arguments(&self) -> impl Iterator<Item = TypeRef> + use<> {
        type_arguments(self.syntax())
    }
}

ast_node! {
    /// `@name` or `@@name`.
    VariableExpr = VARIABLE_EXPR
}

impl VariableExpr {
    /// The name with its `@` or `@@`.
    pub fn name(&self) -> Option<String> {
        let token = token_in(self.syntax(), TokenSet::new(&[VARIABLE, SYSTEM_VARIABLE]));
        token.map(|token| token.text().to_owned())
    }

    /// Whether this is `@@name`.
    pub fn is_system(&self) -> bool {
        has_token(self.syntax(), SYSTEM_VARIABLE)
    }
}

ast_node! {
    /// `receiver.name`.
    MemberExpr = MEMBER_EXPR
}

impl MemberExpr {
    /// What the member is of.
    pub fn receiver(&self) -> Option<Expr> {
        support::child(self.syntax())
    }

    /// The member's name, without quotes.
    pub fn name(&self) -> Option<String> {
        name_in(self.syntax())
    }

    /// The type arguments.
    pub fn type_arguments(&self) -> impl Iterator<Item = TypeRef> + use<> {
        type_arguments(self.syntax())
    }
}
