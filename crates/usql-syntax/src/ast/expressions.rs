//! Scalar expressions.

mod calls;
mod code;
mod csharp;
mod names;
mod operators;
mod sql;

pub use calls::*;
pub use code::*;
pub use csharp::*;
pub use names::*;
pub use operators::*;
pub use sql::*;

use super::{LiteralExpr, ast_enum};

ast_enum! {
    /// A scalar expression.
    Expr {
        /// `1`, `"text"`, `null`.
        Literal(LiteralExpr),
        /// `name`, or a built-in type's name as in `string.Join`.
        Name(NameExpr),
        /// `@name` or `@@name`.
        Variable(VariableExpr),
        /// `(expression)`.
        Paren(ParenExpr),
        /// `receiver.name`.
        Member(MemberExpr),
        /// `callee(arguments)`.
        Call(CallExpr),
        /// `receiver[arguments]`.
        Index(IndexExpr),
        /// `-x`, `NOT x`.
        Unary(UnaryExpr),
        /// `x++`.
        Postfix(PostfixExpr),
        /// `a + b`.
        Binary(BinaryExpr),
        /// `c ? a : b`.
        Conditional(ConditionalExpr),
        /// `(type)x`.
        Cast(CastExpr),
        /// `x is type`, `x as type`.
        TypeTest(TypeTestExpr),
        /// `new type(..)`.
        New(NewExpr),
        /// `typeof(type)`.
        TypeOf(TypeOfExpr),
        /// `default(type)`.
        Default(DefaultExpr),
        /// `checked(x)`, `unchecked(x)`.
        Checked(CheckedExpr),
        /// `x => ..`.
        Lambda(LambdaExpr),
        /// `x [NOT] IN (..)`.
        In(InExpr),
        /// `x [NOT] BETWEEN a AND b`.
        Between(BetweenExpr),
        /// `x [NOT] LIKE pattern`.
        Like(LikeExpr),
        /// `x IS [NOT] NULL`.
        IsNull(IsNullExpr),
        /// `CASE .. END`.
        Case(CaseExpr),
        /// `from x in xs ..`.
        Linq(LinqExpr),
    }
}
