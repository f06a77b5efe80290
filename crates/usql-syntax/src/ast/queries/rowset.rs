//! A rowset named where a query may stand.

use rowan::ast::{AstNode, support};

use crate::SyntaxKind::{EXTERNAL_KW, VARIABLE};
use crate::ast::{ObjectName, ast_node, has_token, token};

ast_node! {
    /// `@rowset`, a table, or an external rowset.
    RowsetQuery = ROWSET_QUERY
}

impl RowsetQuery {
    /// The rowset variable's name with its `@`.
    pub fn variable_name(&self) -> Option<String> {
        token(self.syntax(), VARIABLE).map(|token| token.text().to_owned())
    }

    /// The table, or the data source of an external rowset.
    pub fn object(&self) -> Option<ObjectName> {
        support::child(self.syntax())
    }

    /// Whether the rowset comes from an external data source.
    pub fn is_external(&self) -> bool {
        has_token(self.syntax(), EXTERNAL_KW)
    }
}
