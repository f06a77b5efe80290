//! Names and variables.

use rowan::ast::{AstChildren, AstNode, support};

use super::{ast_node, token_in};
use crate::SyntaxKind::{BUILTIN_TYPE, IDENT, QUOTED_IDENT};
use crate::{SyntaxNode, SyntaxToken, TokenSet};

ast_node! {
    /// A simple name.
    Name = NAME
}

impl Name {
    /// The name itself: quotes and doubled brackets are resolved.
    pub fn text(&self) -> String {
        name_in(self.syntax()).unwrap_or_default()
    }

    /// Whether the name is `[quoted]`.
    pub fn is_quoted(&self) -> bool {
        super::has_token(self.syntax(), QUOTED_IDENT)
    }
}

ast_node! {
    /// A name of up to three parts: `[[database.]schema.]name`.
    ObjectName = OBJECT_NAME
}

impl ObjectName {
    /// The parts, from left to right.
    pub fn segments(&self) -> AstChildren<Name> {
        support::children(self.syntax())
    }

    /// The parts joined by dots, without quotes.
    pub fn text(&self) -> String {
        self.segments()
            .map(|name| name.text())
            .collect::<Vec<_>>()
            .join(".")
    }
}

/// The name that is a direct token of `node`.
pub(super) fn name_in(node: &SyntaxNode) -> Option<String> {
    token_in(node, TokenSet::new(&[IDENT, QUOTED_IDENT, BUILTIN_TYPE]))
        .map(|token| unquoted(&token))
}

fn unquoted(token: &SyntaxToken) -> String {
    let text = token.text();
    let inside = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    match inside {
        Some(inside) if token.kind() == QUOTED_IDENT => inside.replace("]]", "]"),
        _ => text.to_owned(),
    }
}
