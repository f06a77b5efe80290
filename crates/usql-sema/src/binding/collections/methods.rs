//! The methods of collections, by name.

mod elements;
mod keys;

use usql_syntax::ast::{CallExpr, Expr};

use super::{INT, LONG, Source, lambda::Wanted, sequence, widened};
use crate::{
    binding::{Binder, members::no_member},
    csharp::constant,
    diagnostics::{Location, sink::Reported},
    expression::{Absent, BinaryOperation, CollectionOperation as Operation, Expression, Lambda},
    plan::Direction,
    types::Type,
    value::Value,
};
use elements::Side;

/// A call of a method.
pub(super) struct Call<'a> {
    pub(super) name: &'a str,
    /// The arguments behind the collection.
    pub(super) arguments: Vec<Expr>,
    /// The type arguments.
    pub(super) types: Vec<Type>,
    pub(super) location: Location,
}

/// The methods that a string has as a sequence of characters, and not as a string.
pub(super) fn is_of_sequences(name: &str, call: &CallExpr) -> bool {
    match name {
        "Contains" => false,
        "Count" | "LongCount" | "Any" | "All" | "Where" | "Select" | "SelectMany" | "Distinct"
        | "First" | "FirstOrDefault" | "Last" | "LastOrDefault" | "Single" | "SingleOrDefault"
        | "Skip" | "Take" | "SkipWhile" | "TakeWhile" | "Reverse" | "OrderBy"
        | "OrderByDescending" | "GroupBy" | "ElementAt" | "ElementAtOrDefault" | "Concat"
        | "Union" | "Except" | "Intersect" | "Zip" | "Min" | "Max" | "Sum" | "Average"
        | "ToArray" | "ToList" | "SequenceEqual" | "Aggregate" => true,
        _ => call
            .arguments()
            .any(|argument| matches!(argument.expr(), Some(Expr::Lambda(_)))),
    }
}

/// How many parameters an argument has that is a lambda.
fn arity(argument: &Expr) -> usize {
    match argument {
        Expr::Lambda(lambda) => lambda.parameters().count(),
        Expr::Paren(paren) => paren.inner().as_ref().map_or(0, arity),
        _ => 0,
    }
}

/// Binds a method of a collection.
pub(super) fn bind(
    binder: &mut Binder<'_, '_>,
    source: Source,
    call: &Call<'_>,
) -> Result<Expression, Reported> {
    let mut method = Method {
        binder,
        source,
        call,
    };
    method.bind()
}

/// A method on its way.
struct Method<'m, 'b, 'a> {
    binder: &'m mut Binder<'b, 'a>,
    source: Source,
    call: &'m Call<'m>,
}

impl Method<'_, '_, '_> {
    fn bind(&mut self) -> Result<Expression, Reported> {
        let arguments = self.call.arguments.clone();
        match (self.call.name, arguments.as_slice()) {
            ("Where", [test]) => {
                let test = self.positional(test, Type::BOOL)?;
                self.kept(Operation::Where, vec![test])
            }
            ("SkipWhile", [test]) => {
                let test = self.positional(test, Type::BOOL)?;
                self.kept(Operation::SkipWhile, vec![test])
            }
            ("TakeWhile", [test]) => {
                let test = self.positional(test, Type::BOOL)?;
                self.kept(Operation::TakeWhile, vec![test])
            }
            ("Select", [selector]) => self.select(selector),
            ("SelectMany", [selector]) => self.select_many(selector, None),
            ("SelectMany", [selector, result]) => self.select_many(selector, Some(result)),
            ("Any", _) => self.any(&arguments, BinaryOperation::Greater),
            ("All", [test]) => self.all(test),
            ("Count", _) => self.count(&arguments),
            ("LongCount", []) if let Some(count) = elements::known_count(&self.source.list) => {
                Ok(constant(Value::Long(count), LONG, self.call.location))
            }
            ("LongCount", _) => Ok(widened(self.count(&arguments)?, LONG)),
            ("Sum", _) => self.number(Operation::Sum, &arguments),
            ("Min", _) => self.number(Operation::Min, &arguments),
            ("Max", _) => self.number(Operation::Max, &arguments),
            ("Average", _) => self.number(Operation::Average, &arguments),
            ("First", _) => self.one(Operation::First(Absent::Raise), &arguments),
            ("FirstOrDefault", _) => self.one(Operation::First(Absent::Default), &arguments),
            ("Last", _) => self.one(Operation::Last(Absent::Raise), &arguments),
            ("LastOrDefault", _) => self.one(Operation::Last(Absent::Default), &arguments),
            ("Single", _) => self.one(Operation::Single(Absent::Raise), &arguments),
            ("SingleOrDefault", _) => self.one(Operation::Single(Absent::Default), &arguments),
            ("ElementAt", [at]) => self.element_at(Absent::Raise, at),
            ("ElementAtOrDefault", [at]) => self.element_at(Absent::Default, at),
            ("Skip", [count]) => self.counted(Operation::Skip, count),
            ("Take", [count]) => self.counted(Operation::Take, count),
            ("Reverse", []) => self.kept(Operation::Reverse, Vec::new()),
            ("ToArray" | "ToList" | "AsEnumerable", []) => {
                self.kept(Operation::Present, Vec::new())
            }
            ("OrderBy", [key]) => self.order(key, Direction::Ascending),
            ("OrderByDescending", [key]) => self.order(key, Direction::Descending),
            ("ThenBy", [key]) => self.then(key, Direction::Ascending),
            ("ThenByDescending", [key]) => self.then(key, Direction::Descending),
            ("Distinct", []) => {
                self.comparable()?;
                self.kept(Operation::Distinct, Vec::new())
            }
            _ => self.combined(&arguments),
        }
    }

    /// The methods that take other elements, or that group or fold: apart from the ones above, so that lambdas in lambdas
    /// need less stack.
    fn combined(&mut self, arguments: &[Expr]) -> Result<Expression, Reported> {
        match (self.call.name, arguments) {
            ("Concat", [other]) => self.with_other(Operation::Concat, other),
            ("Union", [other]) => {
                self.comparable()?;
                let all = self.with_other(Operation::Concat, other)?;
                Ok(self.of(Operation::Distinct, vec![all.clone()], Vec::new(), all.ty))
            }
            ("Except", [other]) => self.compared(Operation::Except, other),
            ("Intersect", [other]) => self.compared(Operation::Intersect, other),
            ("SequenceEqual", [other]) => {
                let mut equal = self.compared(Operation::SequenceEqual, other)?;
                equal.ty = Type::BOOL;
                Ok(equal)
            }
            ("Append", [value]) => self.with_value(value, Side::End),
            ("Prepend", [value]) => self.with_value(value, Side::Start),
            ("DefaultIfEmpty", []) => {
                let value = self.default()?;
                self.with_operand(Operation::DefaultIfEmpty, value)
            }
            ("DefaultIfEmpty", [value]) => {
                let value = self.binder.converted(value, self.source.element)?;
                self.with_operand(Operation::DefaultIfEmpty, value)
            }
            ("Contains", [value]) => {
                self.comparable()?;
                let value = self.binder.converted(value, self.source.element)?;
                Ok(self.on_list(Operation::Contains, vec![value], Vec::new(), Type::BOOL))
            }
            ("ContainsKey", [key]) => self.contains_key(key),
            ("Zip", [other, result]) => self.zip(other, result),
            ("Join", [other, own_key, other_key, result]) => {
                self.join(other, own_key, other_key, result)
            }
            ("GroupBy", [key]) => self.group(key),
            ("GroupBy", [key, element]) if arity(element) == 1 => self.group_selected(key, element),
            ("GroupBy", [key, result]) => self.group_into(key, None, result),
            ("GroupBy", [key, element, result]) => self.group_into(key, Some(element), result),
            ("ToDictionary", [key]) => self.dictionary(key, None),
            ("ToDictionary", [key, value]) => self.dictionary(key, Some(value)),
            ("Aggregate", [step]) => self.aggregate(None, step),
            ("Aggregate", [seed, step]) => self.aggregate(Some(seed), step),
            ("Aggregate", [seed, step, result]) => {
                let total = self.aggregate(Some(seed), step)?;
                let result = self.binder.lambda(result, &[total.ty], 1, Wanted::Typed)?;
                let ty = result.body.ty;
                Ok(self.of(Operation::Let, vec![total], vec![result], ty))
            }
            ("Cast", []) => self.cast(),
            ("OfType", []) => self.of_type(),
            _ => {
                let (ty, name) = (self.source.list.ty, self.call.name);
                Err(no_member(self.binder, Some(ty), name, self.call.location))
            }
        }
    }

    fn of(
        &self,
        operation: Operation,
        operands: Vec<Expression>,
        lambdas: Vec<Lambda>,
        ty: Type,
    ) -> Expression {
        Expression::collection(operation, operands, lambdas, ty, self.call.location)
    }

    /// An operation on the collection and more.
    fn on_list(
        &self,
        operation: Operation,
        more: Vec<Expression>,
        lambdas: Vec<Lambda>,
        ty: Type,
    ) -> Expression {
        let mut operands = vec![self.source.list.clone()];
        operands.extend(more);
        self.of(operation, operands, lambdas, ty)
    }

    /// An operation that gives a sequence of elements of the same type.
    fn kept(&mut self, operation: Operation, lambdas: Vec<Lambda>) -> Result<Expression, Reported> {
        let ty = sequence(self.binder, self.source.element, self.call.location)?;
        Ok(self.on_list(operation, Vec::new(), lambdas, ty))
    }

    fn with_operand(
        &mut self,
        operation: Operation,
        operand: Expression,
    ) -> Result<Expression, Reported> {
        let ty = sequence(self.binder, self.source.element, self.call.location)?;
        Ok(self.on_list(operation, vec![operand], Vec::new(), ty))
    }

    /// A lambda over an element, and over its position if it asks for it.
    fn positional(&mut self, lambda: &Expr, ty: Type) -> Result<Lambda, Reported> {
        let types = [self.source.element, INT];
        self.binder.lambda(lambda, &types, 1, Wanted::Type(ty))
    }

    fn select(&mut self, selector: &Expr) -> Result<Expression, Reported> {
        let types = [self.source.element, INT];
        let selector = self.binder.lambda(selector, &types, 1, Wanted::Typed)?;
        let ty = sequence(self.binder, selector.body.ty, self.call.location)?;
        Ok(self.on_list(Operation::Select, Vec::new(), vec![selector], ty))
    }
}
