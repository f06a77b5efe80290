//! Statements of C#.

use rowan::ast::{AstChildren, AstNode, support};

use super::Expr;
use crate::ast::{Name, TypeRef, ast_enum, ast_node};

ast_node! {
    /// `{statements}`.
    CodeBlock = CODE_BLOCK
}

impl CodeBlock {
    /// The statements, in order.
    pub fn statements(&self) -> AstChildren<Code> {
        support::children(self.syntax())
    }
}

ast_enum! {
    /// A statement of C#.
    Code {
        /// `{statements}`.
        Block(CodeBlock),
        /// `int x = 1;`
        Local(LocalCode),
        /// `x = 1;`
        Assign(AssignCode),
        /// `return 1;`
        Return(ReturnCode),
        /// `if (c) ..`
        If(IfCode),
        /// `f(x);`
        Expression(ExpressionCode),
        /// Anything else.
        Other(OtherCode),
    }
}

ast_node! {
    /// `type name [= expression];`
    LocalCode = LOCAL_CODE
}

impl LocalCode {
    /// The type; `var` is one by its looks.
    pub fn ty(&self) -> Option<TypeRef> {
        support::child(self.syntax())
    }

    /// The name.
    pub fn name(&self) -> Option<Name> {
        support::child(self.syntax())
    }

    /// The value, if it has one.
    pub fn value(&self) -> Option<Expr> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `name = expression;`
    AssignCode = ASSIGN_CODE
}

impl AssignCode {
    /// The name.
    pub fn name(&self) -> Option<Name> {
        support::child(self.syntax())
    }

    /// The value.
    pub fn value(&self) -> Option<Expr> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `return [expression];`
    ReturnCode = RETURN_CODE
}

impl ReturnCode {
    /// The value.
    pub fn value(&self) -> Option<Expr> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `if (condition) statement [else statement]`
    IfCode = IF_CODE
}

impl IfCode {
    /// The condition.
    pub fn condition(&self) -> Option<Expr> {
        support::child(self.syntax())
    }

    /// What is done if it holds.
    pub fn then(&self) -> Option<Code> {
        support::children(self.syntax()).next()
    }

    /// What is done if it does not.
    pub fn otherwise(&self) -> Option<Code> {
        support::children(self.syntax()).nth(1)
    }
}

ast_node! {
    /// `expression;`
    ExpressionCode = EXPRESSION_CODE
}

impl ExpressionCode {
    /// The expression.
    pub fn expr(&self) -> Option<Expr> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// Anything else.
    OtherCode = OTHER_CODE
}
