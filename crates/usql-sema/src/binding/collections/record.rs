//! Objects of anonymous types: `new { Name = x, y.Age }`.

use rowan::ast::AstNode;
use usql_syntax::{
    SyntaxKind,
    ast::{CallExpr, Expr, Name, NewExpr},
};

use super::expressions;
use crate::{
    binding::{Binder, members::no_member},
    csharp::CSharpError,
    diagnostics::{Location, sink::Reported},
    expression::{CollectionOperation as Operation, Expression},
    types::{Record, Scalar, Type},
};

/// Binds `new {..}`.
pub(super) fn new(
    binder: &mut Binder<'_, '_>,
    new: &NewExpr,
    location: Location,
) -> Result<Expression, Reported> {
    let mut fields: Vec<(String, Type)> = Vec::new();
    let mut operands = Vec::new();
    let initializer = new.initializer().into_iter();
    for element in initializer.flat_map(|initializer| initializer.syntax().children()) {
        let at = binder.checker.location(&element);
        let (name, value) = match element.kind() {
            SyntaxKind::ASSIGN_ELEMENT => (
                element
                    .children()
                    .find_map(Name::cast)
                    .map(|name| name.text()),
                element.children().find_map(Expr::cast),
            ),
            _ => {
                let value = Expr::cast(element);
                (value.as_ref().and_then(own_name), value)
            }
        };
        let Some(value) = value else {
            return Err(binder
                .checker
                .unsupported(at, "this member of an anonymous type"));
        };
        let Some(name) = name else {
            let text = "Invalid anonymous type member declarator. Anonymous type members must be declared with a \
                        member assignment, simple name or member access.";
            return Err(binder.checker.sink.csharp(at, &CSharpError::new(746, text)));
        };
        if fields.iter().any(|(known, _)| *known == name) {
            let text = "An anonymous type cannot have multiple properties with the same name";
            return Err(binder.checker.sink.csharp(at, &CSharpError::new(833, text)));
        }
        let value = binder.operand(&value)?;
        let value = match value {
            crate::csharp::Operand::Typed(value) => value,
            crate::csharp::Operand::Null(_) => {
                let text = "Cannot assign <null> to anonymous type property";
                return Err(binder.checker.sink.csharp(at, &CSharpError::new(828, text)));
            }
        };
        fields.push((name, value.ty));
        operands.push(value);
    }
    let Some(record) = Record::of(fields).filter(|record| !record.fields().is_empty()) else {
        return Err(binder
            .checker
            .unsupported(location, "an anonymous type such as this"));
    };
    let ty = Type::of(Scalar::Record(record));
    Ok(Expression::collection(
        Operation::Record,
        operands,
        Vec::new(),
        ty,
        location,
    ))
}

/// `Tuple.Create(a, b, ..)`, of up to seven values.
pub(super) fn tuple(
    binder: &mut Binder<'_, '_>,
    call: &CallExpr,
    location: Location,
) -> Result<Expression, Reported> {
    let mut operands = Vec::new();
    for argument in expressions(binder, call)? {
        let value = binder.operand(&argument)?;
        operands.push(binder.with_type(value)?);
    }
    let record = match operands.len() {
        1..=7 => Record::tuple(operands.iter().map(|operand| operand.ty)),
        _ => None,
    };
    let Some(record) = record else {
        return Err(binder.checker.unsupported(location, "a Tuple such as this"));
    };
    let ty = Type::of(Scalar::Record(record));
    Ok(Expression::collection(
        Operation::Record,
        operands,
        Vec::new(),
        ty,
        location,
    ))
}

/// The name that a member has of its value: `Age` of `y.Age`.
fn own_name(value: &Expr) -> Option<String> {
    match value {
        Expr::Name(name) => name.name(),
        Expr::Member(member) => member.name(),
        _ => None,
    }
}

/// `x.Name`
pub(super) fn field(
    binder: &mut Binder<'_, '_>,
    value: Expression,
    record: Record,
    name: &str,
    location: Location,
) -> Result<Expression, Reported> {
    let fields = record.fields().iter();
    match fields.enumerate().find(|(_, (known, _))| known == name) {
        Some((position, (_, ty))) => Ok(Expression::collection(
            Operation::Field(position),
            vec![value],
            Vec::new(),
            *ty,
            location,
        )),
        None => Err(no_member(binder, Some(value.ty), name, location)),
    }
}
