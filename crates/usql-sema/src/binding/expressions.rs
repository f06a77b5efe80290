//! Expressions, by their kind.

mod case;
mod literal;
mod names;
mod operators;
mod sql;

use rowan::ast::AstNode;
use usql_syntax::ast::Expr;

use super::{Binder, calls, collections, members};
use crate::{csharp::Operand, diagnostics::sink::Reported};

/// Binds an expression.
pub(super) fn bind(binder: &mut Binder<'_, '_>, expression: &Expr) -> Result<Operand, Reported> {
    let location = binder.checker.location(expression.syntax());
    let what = match expression {
        Expr::Literal(literal) => return literal::bind(binder, literal),
        Expr::Name(name) => return names::name(binder, name),
        Expr::Variable(variable) => return names::variable(binder, variable),
        Expr::Paren(paren) => return binder.part(paren.inner(), location),
        Expr::Member(member) => return members::bind(binder, member),
        Expr::Call(call) => return calls::call(binder, call),
        Expr::New(new) => return calls::new(binder, new),
        Expr::Unary(unary) => return operators::unary(binder, unary),
        Expr::Binary(binary) => return operators::binary(binder, binary),
        Expr::Conditional(conditional) => return operators::conditional(binder, conditional),
        Expr::Cast(cast) => return operators::cast(binder, cast),
        Expr::Checked(checked) => return operators::checked(binder, checked),
        Expr::Default(default) => return operators::default(binder, default),
        Expr::In(operator) => return sql::is_in(binder, operator),
        Expr::Between(operator) => return sql::between(binder, operator),
        Expr::Like(operator) => return sql::like(binder, operator),
        Expr::IsNull(operator) => return sql::is_null(binder, operator),
        Expr::Case(case) => return case::bind(binder, case),
        Expr::Index(index) => return collections::index(binder, index),
        Expr::Linq(query) => return collections::query(binder, query),
        Expr::Postfix(_) => "an increment or decrement",
        Expr::TypeTest(_) => "a type test",
        Expr::TypeOf(_) => "typeof",
        Expr::Lambda(_) => "a lambda",
    };
    Err(binder.checker.unsupported(location, what))
}
