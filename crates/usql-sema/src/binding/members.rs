//! `a.b`: a column of a rowset, a member of a value, or a member of a type.

use rowan::ast::AstNode;
use usql_syntax::ast::{BinaryOperator, Expr, MemberExpr};

use super::{Binder, calls, collections, job_info};
use crate::{
    csharp::{self, CSharpError, Operand},
    diagnostics::{Location, sink::Reported},
    functions::{
        self, FunctionKind, Owner,
        unimplemented::{is_unimplemented_class, is_unimplemented_member},
    },
    types::{Scalar, Type},
    value::Value,
};

/// What stands before a dot.
pub(super) enum Receiver {
    /// The alias of a rowset.
    Rowset(String),
    /// A type or class.
    Owner(Owner),
    /// A value.
    Value(Operand),
}

/// Binds `receiver.name`.
pub(super) fn bind(binder: &mut Binder<'_, '_>, member: &MemberExpr) -> Result<Operand, Reported> {
    let location = binder.checker.location(member.syntax());
    let (Some(of), Some(name)) = (member.receiver(), member.name()) else {
        return Err(binder.checker.missing(location));
    };
    if let Some(value) = job_info::member(binder.checker, member, location) {
        return value;
    }
    match receiver(binder, &of)? {
        Receiver::Rowset(owner) => {
            let column = binder
                .scope
                .find(Some(&owner), &name, location, &mut binder.checker.sink);
            column.map(Operand::Typed)
        }
        Receiver::Owner(Owner::Scalar(Scalar::Enum(enumeration))) => {
            let Some(number) = enumeration.number(&name) else {
                let owner = Owner::Scalar(Scalar::Enum(enumeration));
                return Err(no_static_member(binder, owner, &name, location));
            };
            let value = Value::Enum(enumeration, number);
            let ty = Type::of(Scalar::Enum(enumeration));
            Ok(csharp::constant(value, ty, location).into())
        }
        Receiver::Owner(owner) => {
            match functions::find(owner, &name, FunctionKind::StaticProperty) {
                Some(function) => {
                    calls::resolved(binder, function, Vec::new(), location).map(Operand::Typed)
                }
                None => Err(no_static_member(binder, owner, &name, location)),
            }
        }
        Receiver::Value(value) => value_member(binder, value, &name, location),
    }
}

/// Finds out what stands before a dot. Rowsets come before columns, and columns before types.
pub(super) fn receiver(binder: &mut Binder<'_, '_>, of: &Expr) -> Result<Receiver, Reported> {
    let location = binder.checker.location(of.syntax());
    match of {
        Expr::Variable(variable) => {
            let name = variable.name().unwrap_or_default();
            if !binder.checker.is_scalar(&name) && binder.scope.has_owner(&name) {
                return Ok(Receiver::Rowset(name));
            }
        }
        Expr::Name(name) => {
            let name = name.name().unwrap_or_default();
            if binder.locals.find(&name).is_some() {
                return binder.operand(of).map(Receiver::Value);
            }
            if binder.scope.has_owner(&name) {
                return Ok(Receiver::Rowset(name));
            }
            if !binder.scope.has_column(&name) {
                let path = binder.checker.unaliased(&name);
                return match functions::owner_named(without_namespace(&path)) {
                    Some(owner) => Ok(Receiver::Owner(owner)),
                    None => Err(no_such_name(binder, &name, location)),
                };
            }
        }
        Expr::Member(_) => {
            // `System.Math` and its like: a path whose first name is nothing in scope.
            let path = dotted_path(of).unwrap_or_default();
            let first = path.split('.').next().unwrap_or_default();
            let path = binder.checker.unaliased(&path).into_owned();
            if path.starts_with("System.")
                && !binder.scope.has_column(first)
                && !binder.scope.has_owner(first)
            {
                return match functions::owner_named(without_namespace(&path)) {
                    Some(owner) => Ok(Receiver::Owner(owner)),
                    None => Err(binder.checker.unsupported(location, &path)),
                };
            }
        }
        _ => {}
    }
    binder.operand(of).map(Receiver::Value)
}

/// A type's path without the namespaces that every script has.
pub(super) fn without_namespace(path: &str) -> &str {
    let namespaces = [
        "System.Text.RegularExpressions.",
        "System.Collections.Generic.",
        "System.Globalization.",
        "System.Text.",
        "System.Linq.",
        "System.IO.",
        "System.",
        "Microsoft.Analytics.Types.Sql.",
    ];
    let mut rests = namespaces
        .iter()
        .filter_map(|namespace| path.strip_prefix(namespace));
    rests.next().unwrap_or(path)
}

/// `a.b.c`, if the expression is nothing but names and dots.
pub(super) fn dotted_path(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Name(name) => name.name(),
        Expr::Member(member) => Some(format!(
            "{}.{}",
            dotted_path(&member.receiver()?)?,
            member.name()?
        )),
        _ => None,
    }
}

/// `x.HasValue`, `x.Value`, `x.Length`, ...
fn value_member(
    binder: &mut Binder<'_, '_>,
    value: Operand,
    name: &str,
    location: Location,
) -> Result<Operand, Reported> {
    let Operand::Typed(value) = value else {
        return Err(no_member(binder, None, name, location));
    };
    let ty = value.ty;
    if ty.scalar().is_composite() && !matches!(ty.scalar(), Scalar::Class(_)) {
        return collections::member(binder, value, name, location).map(Operand::Typed);
    }
    if ty.is_lifted() {
        let result = match name {
            "HasValue" => {
                let null = Operand::Null(location);
                csharp::binary(BinaryOperator::NotEqual, value.into(), null, None, location)
            }
            "Value" => csharp::cast(value.into(), Type::of(ty.scalar()), None, location),
            _ => return Err(no_member(binder, Some(ty), name, location)),
        };
        return binder.csharp(location, result).map(Operand::Typed);
    }
    match functions::find(Owner::Scalar(ty.scalar()), name, FunctionKind::Property) {
        Some(function) => {
            let arguments = vec![value.into()];
            calls::resolved(binder, function, arguments, location).map(Operand::Typed)
        }
        None => Err(no_member(binder, Some(ty), name, location)),
    }
}

fn no_such_name(binder: &mut Binder<'_, '_>, name: &str, location: Location) -> Reported {
    if is_unimplemented_class(name) {
        return binder.checker.unsupported(location, name);
    }
    let text = format!("The name '{name}' does not exist in the current context");
    binder
        .checker
        .sink
        .csharp(location, &CSharpError::new(103, text))
}

/// A value has no member of this name, or none that is implemented. The literal `null` has no members at all.
pub(super) fn no_member(
    binder: &mut Binder<'_, '_>,
    ty: Option<Type>,
    name: &str,
    location: Location,
) -> Reported {
    let scalar = ty
        .filter(|ty| !ty.is_lifted())
        .map(|ty| Owner::Scalar(ty.scalar()));
    if let Some(owner) = scalar.filter(|owner| is_unimplemented_member(*owner, name)) {
        return binder
            .checker
            .unsupported(location, &format!("the member {owner}.{name}"));
    }
    let ty = ty.map_or_else(|| "<null>".to_owned(), |ty| ty.to_string());
    let text = format!(
        "'{ty}' does not contain a definition for '{name}' and no extension method '{name}' \
         accepting a first argument of type '{ty}' could be found \
         (are you missing a using directive or an assembly reference?)"
    );
    binder
        .checker
        .sink
        .csharp(location, &CSharpError::new(1061, text))
}

/// A type has no static member of this name, or none that is implemented.
pub(super) fn no_static_member(
    binder: &mut Binder<'_, '_>,
    owner: Owner,
    name: &str,
    location: Location,
) -> Reported {
    if is_unimplemented_member(owner, name) {
        return binder
            .checker
            .unsupported(location, &format!("the member {owner}.{name}"));
    }
    let text = format!("'{owner}' does not contain a definition for '{name}'");
    binder
        .checker
        .sink
        .csharp(location, &CSharpError::new(117, text))
}
