//! `from x in xs where .. select ..`
pub(in crate::binding) fn bind(
    binder: &mut crate::binding::Binder<'_, '_>,
    query: &usql_syntax::ast::LinqExpr,
) -> Result<crate::csharp::Operand, crate::diagnostics::sink::Reported> {
    use rowan::ast::AstNode;
    let location = binder.checker.location(query.syntax());
    Err(binder.checker.unsupported(location, "a LINQ query"))
}
