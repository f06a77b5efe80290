//! Strings and collections: `Split`, `ToCharArray`, `string.Join`, `string.Concat`.

use rowan::ast::AstNode;
use usql_syntax::ast::{CallExpr, Expr};

use super::{INT, expressions, sequence, source};
use crate::{
    binding::{Binder, calls, members::dotted_path},
    csharp::{CSharpError, Operand, constant, implicit, to_display_string},
    diagnostics::{Location, sink::Reported},
    expression::{CollectionOperation as Operation, EmptyParts, Expression, ExpressionKind},
    functions::{self, FunctionKind, Owner},
    types::{Scalar, Type},
    value::Value,
};

/// A method of a string that gives a collection; none for the others.
pub(super) fn method(
    binder: &mut Binder<'_, '_>,
    text: &Expression,
    call: &CallExpr,
    name: &str,
) -> Result<Option<Expression>, Reported> {
    let location = binder.checker.location(call.syntax());
    match name {
        "ToCharArray" if call.arguments().next().is_none() => {
            Ok(source::characters(text.clone()).map(|list| Expression { location, ..list }))
        }
        // What `Substring` takes out, and it raises for the same places.
        "ToCharArray" => {
            let substring = functions::find(
                Owner::Scalar(Scalar::String),
                "Substring",
                FunctionKind::Method,
            );
            let Some(substring) = substring else {
                return Ok(None);
            };
            let mut arguments = vec![text.clone().into()];
            for argument in expressions(binder, call)? {
                arguments.push(binder.operand(&argument)?);
            }
            let part = calls::resolved(binder, substring, arguments, location)?;
            Ok(source::characters(part).map(|list| Expression { location, ..list }))
        }
        "Split" => split(binder, text, call, location).map(Some),
        _ => Ok(None),
    }
}

/// `text.Split(separators.. [, count] [, options])`
fn split(
    binder: &mut Binder<'_, '_>,
    text: &Expression,
    call: &CallExpr,
    location: Location,
) -> Result<Expression, Reported> {
    let mut arguments = expressions(binder, call)?;
    let options = arguments.last().and_then(options);
    if options.is_some() {
        arguments.pop();
    }
    let operands: Vec<_> = arguments
        .iter()
        .map(|argument| binder.operand(argument))
        .collect();
    let mut operands = operands.into_iter().collect::<Result<Vec<_>, _>>()?;
    let is_array = |operand: &Operand| match operand {
        Operand::Typed(value) => value.ty.scalar().is_collection(),
        Operand::Null(_) => true,
    };
    let count = match operands.as_slice() {
        [separators, Operand::Typed(count)] if is_array(separators) && count.ty == INT => {
            operands.pop()
        }
        _ => None,
    };
    let count = match count {
        Some(Operand::Typed(count)) => count,
        _ => constant(Value::Int(i32::MAX), INT, location),
    };
    let separators = separators(binder, operands, location)?;
    let operation = Operation::Split(options.unwrap_or(EmptyParts::Keep));
    let ty = sequence(binder, Type::STRING, location)?;
    let operands = vec![text.clone(), separators, count];
    Ok(Expression::collection(
        operation,
        operands,
        Vec::new(),
        ty,
        location,
    ))
}

/// `StringSplitOptions.None` and `StringSplitOptions.RemoveEmptyEntries`
fn options(argument: &Expr) -> Option<EmptyParts> {
    let path = dotted_path(argument)?;
    match path.trim_start_matches("System.") {
        "StringSplitOptions.None" => Some(EmptyParts::Keep),
        "StringSplitOptions.RemoveEmptyEntries" => Some(EmptyParts::Remove),
        _ => None,
    }
}

/// The separators as a list of strings: characters one by one, or an array of characters or strings.
fn separators(
    binder: &mut Binder<'_, '_>,
    operands: Vec<Operand>,
    location: Location,
) -> Result<Expression, Reported> {
    let strings = sequence(binder, Type::STRING, location)?;
    let list =
        |elements| Expression::collection(Operation::List, elements, Vec::new(), strings, location);
    if let [Operand::Typed(array)] = operands.as_slice() {
        match array.ty.scalar().element().map(Type::scalar) {
            Some(Scalar::String) => return Ok(array.clone()),
            Some(Scalar::Char) => {
                let to_text =
                    binder.made_lambda(Type::of(Scalar::Char), location, |_, character| {
                        Ok(to_display_string(character))
                    })?;
                let operands = vec![array.clone()];
                let (operation, lambdas) = (Operation::Select, vec![to_text]);
                return Ok(Expression::collection(
                    operation, operands, lambdas, strings, location,
                ));
            }
            _ => {}
        }
    }
    if let [Operand::Null(_)] = operands.as_slice() {
        return Ok(list(Vec::new()));
    }
    let characters = operands.into_iter().enumerate().map(|(position, operand)| {
        let (name, at) = (operand.type_name(), operand.location());
        match implicit(operand, Type::of(Scalar::Char)) {
            Ok(character) => Ok(to_display_string(character)),
            Err(_) => {
                let number = position + 1;
                let text = format!("Argument {number}: cannot convert from '{name}' to 'char'");
                Err(binder
                    .checker
                    .sink
                    .csharp(at, &CSharpError::new(1503, text)))
            }
        }
    });
    let characters: Vec<_> = characters.collect();
    Ok(list(characters.into_iter().collect::<Result<_, _>>()?))
}

/// `string.Join(separator, elements)` and `string.Join(separator, x, y, ..)`
pub(super) fn join(
    binder: &mut Binder<'_, '_>,
    call: &CallExpr,
    location: Location,
) -> Result<Expression, Reported> {
    let arguments = expressions(binder, call)?;
    let Some((separator, elements)) = arguments.split_first() else {
        let text = "No overload for method 'Join' takes 0 arguments";
        return Err(binder
            .checker
            .sink
            .csharp(location, &CSharpError::new(1501, text)));
    };
    let separator = binder.converted(separator, Type::STRING);
    let operands: Vec<_> = elements
        .iter()
        .map(|element| binder.operand(element))
        .collect();
    let operands = operands.into_iter().collect::<Result<Vec<_>, _>>()?;
    joined(binder, separator?, operands, location)
}

/// `string.Concat(elements)`; with anything else than one collection it is another's.
pub(super) fn concat(
    binder: &mut Binder<'_, '_>,
    call: &CallExpr,
    location: Location,
) -> Result<Option<Expression>, Reported> {
    let arguments: Vec<_> = call.arguments().filter_map(|one| one.expr()).collect();
    let [only] = arguments.as_slice() else {
        return Ok(None);
    };
    let only = binder.operand(only)?;
    if !only.ty().is_some_and(|ty| ty.scalar().is_collection()) {
        return Ok(None);
    }
    let nothing = constant(Value::String(String::new()), Type::STRING, location);
    joined(binder, nothing, vec![only], location).map(Some)
}

fn joined(
    binder: &mut Binder<'_, '_>,
    separator: Expression,
    operands: Vec<Operand>,
    location: Location,
) -> Result<Expression, Reported> {
    let strings = sequence(binder, Type::STRING, location)?;
    let list = match operands.as_slice() {
        [only @ Operand::Typed(value)] if value.ty.scalar().is_composite() => {
            let source = source::of(binder, only.clone())?;
            texts(binder, &source.list, strings, location)?
        }
        _ => {
            let elements: Vec<_> = operands
                .into_iter()
                .map(|operand| match operand {
                    Operand::Typed(value) => binder.text_of(value, location),
                    Operand::Null(at) => Ok(constant(Value::Null, Type::STRING, at)),
                })
                .collect();
            let elements = elements.into_iter().collect::<Result<_, _>>()?;
            Expression::collection(Operation::List, elements, Vec::new(), strings, location)
        }
    };
    if let Some(text) = known(&separator, &list) {
        return Ok(constant(Value::String(text), Type::STRING, location));
    }
    let operands = vec![list, separator];
    let (operation, ty) = (Operation::Join, Type::STRING);
    Ok(Expression::collection(
        operation,
        operands,
        Vec::new(),
        ty,
        location,
    ))
}

/// The elements of a collection as strings.
fn texts(
    binder: &mut Binder<'_, '_>,
    list: &Expression,
    strings: Type,
    location: Location,
) -> Result<Expression, Reported> {
    match list.ty.scalar().element() {
        Some(element) if element != Type::STRING => {
            let text = binder.made_lambda(element, location, |binder, value| {
                binder.text_of(value, location)
            })?;
            let (operation, operands) = (Operation::Select, vec![list.clone()]);
            Ok(Expression::collection(
                operation,
                operands,
                vec![text],
                strings,
                location,
            ))
        }
        _ => Ok(list.clone()),
    }
}

/// The text of constants, which is known now. Paths are made so.
fn known(separator: &Expression, list: &Expression) -> Option<String> {
    let text = |expression: &Expression| match &expression.kind {
        ExpressionKind::Constant(Value::String(text)) => Some(text.clone()),
        ExpressionKind::Constant(Value::Null) => Some(String::new()),
        _ => None,
    };
    let ExpressionKind::Collection(collection) = &list.kind else {
        return None;
    };
    let parts = match collection.operation {
        Operation::List => collection
            .operands
            .iter()
            .map(text)
            .collect::<Option<Vec<_>>>()?,
        _ => return None,
    };
    Some(parts.join(&text(separator)?))
}
