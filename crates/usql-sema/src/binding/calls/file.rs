//! `FILE.EXISTS(path)` and its like: functions of the files that are there when the script is compiled.

use usql_syntax::ast::{AstNode, CallExpr, Expr, MemberExpr};

use super::super::Binder;
use crate::{
    csharp::{CSharpError, constant},
    diagnostics::{Location, sink::Reported},
    expression::Expression,
    file_set::resolve::FileProperty,
    files,
    path::LakePath,
    types::Type,
    value::Value,
};

/// Whether a call is one of `FILE`, which is a keyword.
pub(super) fn is_file_function(member: &MemberExpr) -> bool {
    matches!(member.receiver(), Some(Expr::Name(owner)) if owner.name().as_deref() == Some("FILE"))
}

/// Computes the function: its argument has to be constant, and so is its value.
pub(super) fn bind(
    binder: &mut Binder<'_, '_>,
    name: &str,
    call: &CallExpr,
    location: Location,
) -> Result<Expression, Reported> {
    let property = FileProperty::named(name).filter(|property| *property != FileProperty::Uri);
    if property.is_none() && name != "EXISTS" {
        let text = format!("'FILE' does not contain a definition for '{name}'");
        return binder.csharp(location, Err(CSharpError::new(117, text)));
    }
    let mut arguments = call
        .argument_list()
        .into_iter()
        .flat_map(|list| list.arguments());
    let (Some(argument), None) = (arguments.next(), arguments.next()) else {
        let text = format!("No overload for method '{name}' takes this number of arguments");
        return binder.csharp(location, Err(CSharpError::new(1501, text)));
    };
    let Some(expression) = argument.expr() else {
        return Err(binder.checker.missing(location));
    };
    let at = binder.checker.location(expression.syntax());
    let text = match binder.constant(&expression, Type::STRING)? {
        Value::String(text) => text,
        _ => String::new(),
    };
    let path = LakePath::parse(&text);
    let path = path.map_err(|error| files::refused(binder.checker, &text, at, &error))?;
    let environment = binder.checker.environment;
    let info = environment.file(&path);
    Ok(match property {
        None => constant(Value::Bool(info.is_some()), Type::BOOL, location),
        Some(property) => {
            let value = info.map(|info| property.of(&path, info, environment));
            constant(value.unwrap_or(Value::Null), property.ty(), location)
        }
    })
}
