//! Types as they are written.

use rowan::ast::{AstChildren, AstNode, support};

use super::names::name_in;
use super::{ColumnDefinition, ColumnDefinitionList, ast_node, has_token};
use crate::SyntaxKind::{QUESTION, QUOTED_IDENT};

ast_node! {
    /// `TABLE (columns)`.
    TableType = TABLE_TYPE
}

impl TableType {
    /// The columns.
    pub fn columns(&self) -> impl Iterator<Item = ColumnDefinition> + use<> {
        support::child::<ColumnDefinitionList>(self.syntax())
            .into_iter()
            .flat_map(|list| list.columns())
    }
}

ast_node! {
    /// A type: `int?`, `byte[]`, `SQL.MAP<string, int>`.
    TypeRef = TYPE_REF
}

impl TypeRef {
    /// The name without type arguments, nullability and array ranks: `SQL.MAP`.
    pub fn name(&self) -> String {
        self.segments()
            .filter_map(|segment| segment.name())
            .collect::<Vec<_>>()
            .join(".")
    }

    /// The dotted parts of the name.
    pub fn segments(&self) -> AstChildren<TypeSegment> {
        support::children(self.syntax())
    }

    /// The type arguments of the last part: `string` and `int` of `SQL.MAP<string, int>`.
    pub fn arguments(&self) -> impl Iterator<Item = TypeRef> + use<> {
        self.segments()
            .last()
            .into_iter()
            .flat_map(|segment| segment.arguments())
    }

    /// Whether the type ends with `?`.
    pub fn is_nullable(&self) -> bool {
        has_token(self.syntax(), QUESTION)
    }

    /// The number of `[]` behind the type.
    pub fn array_ranks(&self) -> usize {
        support::children::<ArrayRank>(self.syntax()).count()
    }

    /// The type as written, without white space and comments.
    pub fn text(&self) -> String {
        self.syntax()
            .descendants_with_tokens()
            .filter_map(rowan::NodeOrToken::into_token)
            .filter(|token| !token.kind().is_trivia())
            .map(|token| token.text().to_owned())
            .collect()
    }
}

ast_node! {
    /// One dotted part of a type's name.
    TypeSegment = TYPE_SEGMENT
}

impl TypeSegment {
    /// The part's name.
    pub fn name(&self) -> Option<String> {
        name_in(self.syntax())
    }

    /// Whether the name is `[quoted]`.
    pub fn is_quoted(&self) -> bool {
        has_token(self.syntax(), QUOTED_IDENT)
    }

    /// The part's type arguments.
    pub fn arguments(&self) -> impl Iterator<Item = TypeRef> + use<> {
        type_arguments(self.syntax())
    }
}

ast_node! {
    /// `<types>`.
    TypeArguments = TYPE_ARGUMENTS
}

impl TypeArguments {
    /// The types.
    pub fn types(&self) -> AstChildren<TypeRef> {
        support::children(self.syntax())
    }
}

ast_node! {
    /// `[]` or `[,]`.
    ArrayRank = ARRAY_RANK
}

/// The types of the type arguments that are a child of `node`.
pub(super) fn type_arguments(node: &crate::SyntaxNode) -> impl Iterator<Item = TypeRef> + use<> {
    support::child::<TypeArguments>(node)
        .into_iter()
        .flat_map(|arguments| arguments.types())
}
