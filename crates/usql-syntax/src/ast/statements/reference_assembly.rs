//! `REFERENCE [SYSTEM] ASSEMBLY name`.

use rowan::ast::{AstNode, support};

use crate::SyntaxKind::SYSTEM_KW;
use crate::ast::{ObjectName, ast_node, has_token};

ast_node! {
    /// `REFERENCE [SYSTEM] ASSEMBLY name`.
    ReferenceAssemblyStatement = REFERENCE_ASSEMBLY_STATEMENT
}

impl ReferenceAssemblyStatement {
    /// Whether the assembly is one of the system's.
    pub fn is_system(&self) -> bool {
        has_token(self.syntax(), SYSTEM_KW)
    }

    /// The assembly.
    pub fn name(&self) -> Option<ObjectName> {
        support::child(self.syntax())
    }
}
