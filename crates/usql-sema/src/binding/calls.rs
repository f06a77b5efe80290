//! Calls: aggregates, static functions, methods, constructors.

mod aggregate;
mod culture;
mod equals;
mod file;
mod regex;
mod text;
mod window;

use rowan::ast::AstNode;
use usql_syntax::ast::{self, Expr};

use culture::Culture;

use super::{
    Binder, collections,
    members::{Receiver, dotted_path, no_member, no_static_member, receiver},
    types::type_of,
};
use crate::{
    aggregates,
    csharp::{self, CSharpError, Operand, constant, resolve, to_display_string},
    diagnostics::{Location, sink::Reported},
    expression::{Expression, ExpressionKind},
    functions::{self, Function, FunctionKind, Owner, unimplemented::has_unimplemented_overloads},
    types::{Scalar, Type},
    value::Value,
};

/// Binds `callee(arguments)`.
pub(super) fn call(binder: &mut Binder<'_, '_>, call: &ast::CallExpr) -> Result<Operand, Reported> {
    let location = binder.checker.location(call.syntax());
    if let Some(over) = call.over() {
        return window::bind(binder, call, &over, location);
    }
    if call.within_group().is_some() {
        return Err(window::needs_over(binder, "WITHIN GROUP", location));
    }
    match call.callee() {
        Some(Expr::Name(name)) => {
            let name = name.name().unwrap_or_default();
            if let Some(value) = collections::aggregate(binder, call, &name)? {
                return Ok(value.into());
            }
            if equals::is_object_equals(&name) {
                return equals::bind(binder, call, location).map(Operand::Typed);
            }
            match aggregates::named(&name) {
                Some(function) => aggregate::bind(binder, function, call, location),
                None if window::exists(&name) => Err(window::needs_over(binder, &name, location)),
                None => Err(unknown_function(binder, &name, location)),
            }
        }
        Some(Expr::Member(member)) => {
            let (Some(of), Some(name)) = (member.receiver(), member.name()) else {
                return Err(binder.checker.missing(location));
            };
            if dotted_path(&Expr::Member(member.clone()))
                .is_some_and(|path| equals::is_object_equals(&path))
            {
                return equals::bind(binder, call, location).map(Operand::Typed);
            }
            if file::is_file_function(&member) {
                return file::bind(binder, &name, call, location).map(Operand::Typed);
            }
            if let Some(value) = collections::static_call(binder, &of, call, &name)? {
                return Ok(value.into());
            }
            let receiver = receiver(binder, &of);
            if let Ok(Receiver::Value(Operand::Typed(value))) = &receiver
                && let Some(value) = collections::method(binder, value, call, &name)?
            {
                return Ok(value.into());
            }
            if let (Ok(Receiver::Owner(Owner::Scalar(scalar))), "TryParse") =
                (&receiver, name.as_str())
            {
                return collections::attempt(binder, *scalar, call, location).map(Operand::Typed);
            }
            let (list, culture) = culture::without_provider(call.argument_list(), &name);
            let arguments = arguments(binder, list.into_iter());
            let (receiver, arguments) = (receiver?, arguments?);
            if culture == Some(Culture::Invariant) {
                culture::same_as_en_us(binder, &receiver, &name, &arguments, location)?;
            }
            member_call(binder, receiver, &name, arguments, location)
        }
        Some(callee) => collections::invocation(binder, &callee, call).map(Operand::Typed),
        None => Err(binder.checker.missing(location)),
    }
}

/// Binds `new T(arguments)`.
pub(super) fn new(binder: &mut Binder<'_, '_>, new: &ast::NewExpr) -> Result<Operand, Reported> {
    let location = binder.checker.location(new.syntax());
    if let Some(value) = collections::new(binder, new)? {
        return Ok(value.into());
    }
    let ty = type_of(binder.checker, new.ty(), location);
    let list = new.argument_list().into_iter();
    let arguments = arguments(binder, list.flat_map(|list| list.arguments()));
    let (ty, arguments) = (ty?, arguments?);
    let constructor = functions::constructor(ty.scalar())
        .filter(|_| !ty.is_lifted() && new.initializer().is_none());
    match constructor {
        Some(function) => resolved(binder, function, arguments, location).map(Operand::Typed),
        None => Err(binder.checker.unsupported(location, &format!("new {ty}"))),
    }
}

fn member_call(
    binder: &mut Binder<'_, '_>,
    receiver: Receiver,
    name: &str,
    mut arguments: Vec<Operand>,
    location: Location,
) -> Result<Operand, Reported> {
    match receiver {
        Receiver::Rowset(owner) => Err(binder
            .checker
            .unsupported(location, &format!("the call {owner}.{name}(..)"))),
        Receiver::Owner(Owner::Class("Convert")) if name == "ToString" && arguments.len() == 1 => {
            match arguments.remove(0) {
                Operand::Typed(value) if value.ty.scalar().is_composite() => {
                    Err(no_member(binder, Some(value.ty), name, location))
                }
                Operand::Typed(value) => {
                    display_string(binder, value, location).map(Operand::Typed)
                }
                Operand::Null(at) => Ok(constant(Value::Null, Type::STRING, at).into()),
            }
        }
        Receiver::Owner(Owner::Scalar(Scalar::String)) if name == "Concat" => {
            text::concat(binder, arguments, location)
        }
        Receiver::Owner(Owner::Scalar(Scalar::String)) if name == "Format" => {
            text::format(binder, arguments, location)
        }
        Receiver::Owner(owner) => match functions::find(owner, name, FunctionKind::Static) {
            Some(function) => {
                if owner == Owner::Class("Convert") {
                    arguments = arguments.into_iter().map(null_as_default).collect();
                }
                resolved(binder, function, arguments, location).map(Operand::Typed)
            }
            None => Err(no_static_member(binder, owner, name, location)),
        },
        Receiver::Value(Operand::Null(_)) => Err(no_member(binder, None, name, location)),
        Receiver::Value(Operand::Typed(value)) => method(binder, value, name, arguments, location),
    }
}

/// `Convert.ToInt32(x)` of a `T?` is that of an `object` in C#: 0 for null.
fn null_as_default(argument: Operand) -> Operand {
    match argument {
        Operand::Typed(value) if value.ty.is_lifted() => {
            let location = value.location;
            let bare = Type::of(value.ty.scalar());
            let zero = constant(Value::default_of(bare), bare, location);
            let kind = ExpressionKind::Coalesce {
                left: Box::new(value),
                right: Box::new(zero),
            };
            Expression {
                kind,
                ty: bare,
                location,
            }
            .into()
        }
        other => other,
    }
}

/// `x.Method(arguments)`; every type has `ToString()`, and every `T?` has `GetValueOrDefault()`.
fn method(
    binder: &mut Binder<'_, '_>,
    value: Expression,
    name: &str,
    mut arguments: Vec<Operand>,
    location: Location,
) -> Result<Operand, Reported> {
    let ty = value.ty;
    if ty.scalar().is_composite() && !matches!(ty.scalar(), Scalar::Class(_)) {
        return Err(no_member(binder, Some(ty), name, location));
    }
    let has_own_text = matches!(ty.scalar(), Scalar::String | Scalar::Class(_));
    if name == "ToString" && arguments.is_empty() && !has_own_text {
        return display_string(binder, value, location).map(Operand::Typed);
    }
    if ty.is_lifted() {
        if name != "GetValueOrDefault" || arguments.len() > 1 {
            return Err(no_member(binder, Some(ty), name, location));
        }
        let bare = Type::of(ty.scalar());
        let otherwise = arguments
            .pop()
            .unwrap_or_else(|| constant(Value::default_of(bare), bare, location).into());
        let coalesced = csharp::coalesce(value.into(), otherwise, location);
        return binder.csharp(location, coalesced).map(Operand::Typed);
    }
    match functions::find(Owner::Scalar(ty.scalar()), name, FunctionKind::Method) {
        Some(function) => {
            arguments.insert(0, value.into());
            resolved(binder, function, arguments, location).map(Operand::Typed)
        }
        None => Err(no_member(binder, Some(ty), name, location)),
    }
}

/// The text of a value; of a `T?` that is null it is empty, unlike that of a null string.
fn display_string(
    binder: &mut Binder<'_, '_>,
    value: Expression,
    location: Location,
) -> Result<Expression, Reported> {
    let is_lifted = value.ty.is_lifted();
    let text = to_display_string(value);
    if !is_lifted {
        return Ok(Expression { location, ..text });
    }
    let empty = constant(Value::String(String::new()), Type::STRING, location);
    let coalesced = csharp::coalesce(text.into(), empty.into(), location);
    binder.csharp(location, coalesced)
}

/// Chooses the overload and makes the call; a call on constants that can be computed is.
pub(super) fn resolved(
    binder: &mut Binder<'_, '_>,
    function: &'static Function,
    arguments: Vec<Operand>,
    location: Location,
) -> Result<Expression, Reported> {
    let is_short = !function
        .overloads()
        .iter()
        .any(|signature| signature.parameters().len() == arguments.len());
    if is_short && has_unimplemented_overloads(function.name()) {
        let what = format!("this overload of {}.{}", function.owner(), function.name());
        return Err(binder.checker.unsupported(location, &what));
    }
    let chosen = resolve(
        function.name(),
        function.overloads(),
        arguments,
        usize::from(function.kind().has_receiver()),
    );
    let (signature, arguments) = binder.csharp(location, chosen)?;
    regex::check(binder, function, &arguments)?;
    let constants: Option<Vec<Value>> = arguments
        .iter()
        .map(|argument| match &argument.kind {
            ExpressionKind::Constant(value) => Some(value.clone()),
            _ => None,
        })
        .collect();
    let ty = signature.result();
    if let Some(value) = constants.and_then(|constants| signature.fold(&constants)) {
        return Ok(constant(value, ty, location));
    }
    let call = Expression {
        kind: ExpressionKind::Call {
            function: signature.id(),
            arguments,
        },
        ty,
        location,
    };
    Ok(binder.checker.folded_once(call))
}

fn arguments(
    binder: &mut Binder<'_, '_>,
    list: impl Iterator<Item = ast::Argument>,
) -> Result<Vec<Operand>, Reported> {
    let arguments: Vec<_> = list
        .map(|argument| {
            let location = binder.checker.location(argument.syntax());
            if argument.name().is_some() {
                return Err(binder.checker.unsupported(location, "a named argument"));
            }
            binder.part(argument.expr(), location)
        })
        .collect();
    arguments.into_iter().collect()
}

/// Names in capitals are functions of U-SQL's own; any other name would have to be a member.
fn unknown_function(binder: &mut Binder<'_, '_>, name: &str, location: Location) -> Reported {
    let is_usql = name
        .chars()
        .all(|letter| letter.is_ascii_uppercase() || letter == '_');
    if is_usql {
        return binder
            .checker
            .unsupported(location, &format!("the function {name}"));
    }
    let text = format!("The name '{name}' does not exist in the current context");
    binder
        .checker
        .sink
        .csharp(location, &CSharpError::new(103, text))
}
