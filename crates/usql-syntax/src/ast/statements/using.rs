//! `USING [alias =] namespace`.

use rowan::ast::{AstNode, support};

use crate::ast::{Name, TypeRef, ast_node};

ast_node! {
    /// `USING [alias =] namespace`.
    UsingStatement = USING_STATEMENT
}

impl UsingStatement {
    /// The alias.
    pub fn alias(&self) -> Option<Name> {
        support::child(self.syntax())
    }

    /// The namespace or type.
    pub fn target(&self) -> Option<TypeRef> {
        support::child(self.syntax())
    }
}
