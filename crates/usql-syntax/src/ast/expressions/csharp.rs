//! Expressions of C# that SQL has no like of.

use rowan::ast::{AstChildren, AstNode, support};

use super::{ArgumentList, CodeBlock, Expr};
use crate::SyntaxKind::UNCHECKED_CSHARP;
use crate::ast::{Name, TypeRef, ast_node, has_token};

ast_node! {
    /// `new type(arguments) {..}`, `new type[n] {..}`, `new[] {..}` or `new {..}`.
    NewExpr = NEW_EXPR
}

impl NewExpr {
    /// The type, if one is written.
    pub fn ty(&self) -> Option<TypeRef> {
        support::child(self.syntax())
    }

    /// The constructor's arguments.
    pub fn argument_list(&self) -> Option<ArgumentList> {
        support::child(self.syntax())
    }

    /// The sizes of an array.
    pub fn sizes(&self) -> AstChildren<Expr> {
        support::children(self.syntax())
    }

    /// What is in braces.
    pub fn initializer(&self) -> Option<Initializer> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `{elements}` behind `new`.
    Initializer = INITIALIZER
}

impl Initializer {
    /// The elements that are expressions.
    pub fn expressions(&self) -> AstChildren<Expr> {
        support::children(self.syntax())
    }

    /// The elements that are braces again, as a map's are.
    pub fn nested(&self) -> AstChildren<Initializer> {
        support::children(self.syntax())
    }
}

ast_node! {
    /// `typeof(type)`.
    TypeOfExpr = TYPEOF_EXPR
}

impl TypeOfExpr {
    /// The type.
    pub fn ty(&self) -> Option<TypeRef> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `default(type)`.
    DefaultExpr = DEFAULT_EXPR
}

impl DefaultExpr {
    /// The type.
    pub fn ty(&self) -> Option<TypeRef> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `checked(expression)` or `unchecked(expression)`.
    CheckedExpr = CHECKED_EXPR
}

impl CheckedExpr {
    /// Whether this is `unchecked`.
    pub fn is_unchecked(&self) -> bool {
        has_token(self.syntax(), UNCHECKED_CSHARP)
    }

    /// The expression.
    pub fn inner(&self) -> Option<Expr> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `parameters => body`.
    LambdaExpr = LAMBDA_EXPR
}

impl LambdaExpr {
    /// The parameters.
    pub fn parameters(&self) -> impl Iterator<Item = LambdaParameter> + use<> {
        support::child::<LambdaParameters>(self.syntax())
            .into_iter()
            .flat_map(|list| list.parameters())
    }

    /// The body, unless it is a block of C# statements.
    pub fn body(&self) -> Option<Expr> {
        support::child(self.syntax())
    }

    /// The body, if it is a block of C# statements.
    pub fn block(&self) -> Option<CodeBlock> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// The parameters of a lambda.
    LambdaParameters = LAMBDA_PARAMETERS
}

impl LambdaParameters {
    /// The parameters.
    pub fn parameters(&self) -> AstChildren<LambdaParameter> {
        support::children(self.syntax())
    }
}

ast_node! {
    /// One parameter of a lambda.
    LambdaParameter = LAMBDA_PARAMETER
}

impl LambdaParameter {
    /// The type, if one is written.
    pub fn ty(&self) -> Option<TypeRef> {
        support::child(self.syntax())
    }

    /// The name.
    pub fn name(&self) -> Option<Name> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// A LINQ query expression; its clauses are reached through the tree.
    LinqExpr = LINQ_EXPR
}
