//! `CREATE FUNCTION|PROCEDURE name ..` and `DECLARE FUNCTION|PROCEDURE @name ..`.

use rowan::ast::{AstChildren, AstNode, support};

use crate::SyntaxKind::{FUNCTION_KW, IF_KW, VARIABLE};
use crate::SyntaxToken;
use crate::ast::{
    Expr, ObjectName, StatementBlock, TableType, TypeRef, ast_node, has_token, token,
};

ast_node! {
    /// `CREATE|DECLARE FUNCTION|PROCEDURE name(parameters) [RETURNS ..] [AS] BEGIN .. END`.
    RoutineStatement = ROUTINE_STATEMENT
}

impl RoutineStatement {
    /// Whether it is a table-valued function; a procedure otherwise.
    pub fn is_function(&self) -> bool {
        has_token(self.syntax(), FUNCTION_KW)
    }

    /// Whether a routine that exists is left as it is.
    pub fn if_not_exists(&self) -> bool {
        has_token(self.syntax(), IF_KW)
    }

    /// The name of a routine of the catalog.
    pub fn name(&self) -> Option<ObjectName> {
        support::child(self.syntax())
    }

    /// The variable of a script-bound routine.
    pub fn variable(&self) -> Option<SyntaxToken> {
        token(self.syntax(), VARIABLE)
    }

    /// The parameters, in order.
    pub fn parameters(&self) -> impl Iterator<Item = Parameter> + use<> {
        support::child::<ParameterList>(self.syntax())
            .into_iter()
            .flat_map(|list| list.parameters())
    }

    /// What a function returns, in order.
    pub fn returns(&self) -> impl Iterator<Item = ReturnedRowset> + use<> {
        support::child::<ReturnsClause>(self.syntax())
            .into_iter()
            .flat_map(|clause| clause.rowsets())
    }

    /// The statements.
    pub fn body(&self) -> Option<StatementBlock> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `(parameters)`.
    ParameterList = PARAMETER_LIST
}

impl ParameterList {
    /// The parameters, in order.
    pub fn parameters(&self) -> AstChildren<Parameter> {
        support::children(self.syntax())
    }
}

ast_node! {
    /// `@name type [= default]`.
    Parameter = PARAMETER
}

impl Parameter {
    /// The variable.
    pub fn variable(&self) -> Option<SyntaxToken> {
        token(self.syntax(), VARIABLE)
    }

    /// The type by its name: a built-in one or a table type of the catalog.
    pub fn ty(&self) -> Option<TypeRef> {
        support::child(self.syntax())
    }

    /// `TABLE (columns)`.
    pub fn table(&self) -> Option<TableType> {
        support::child(self.syntax())
    }

    /// What DEFAULT stands for.
    pub fn default(&self) -> Option<Expr> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `RETURNS @rowset [type]` or `RETURNS (@rowset [type], ..)`.
    ReturnsClause = RETURNS_CLAUSE
}

impl ReturnsClause {
    /// The rowsets, in order.
    pub fn rowsets(&self) -> AstChildren<ReturnedRowset> {
        support::children(self.syntax())
    }
}

ast_node! {
    /// `@rowset [type]`.
    ReturnedRowset = RETURNED_ROWSET
}

impl ReturnedRowset {
    /// The variable.
    pub fn variable(&self) -> Option<SyntaxToken> {
        token(self.syntax(), VARIABLE)
    }

    /// A table type of the catalog by its name.
    pub fn ty(&self) -> Option<TypeRef> {
        support::child(self.syntax())
    }

    /// `TABLE (columns)`.
    pub fn table(&self) -> Option<TableType> {
        support::child(self.syntax())
    }
}
