//! The methods of collections, by name.

use rowan::ast::AstNode;
use usql_syntax::ast::{CallExpr, Expr};

use super::{
    INT, LONG, Source,
    lambda::{Wanted, body_of, lambda_of},
    numbers::{self, is_ordered},
    sequence, source, widened,
};
use crate::{
    binding::{Binder, locals::Parameter, members::no_member},
    csharp::{self, constant, implicit},
    diagnostics::{Location, sink::Reported},
    expression::{
        Absent, BinaryOperation, CollectionOperation as Operation, Duplicates, Expression,
        ExpressionKind, Lambda, UnaryOperation,
    },
    plan::Direction,
    types::{Scalar, Type},
    value::Value,
};

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
            ("GroupBy", [key, result]) => self.group_into(key, result),
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

    /// Of every element a collection, all of them one behind the other.
    fn select_many(
        &mut self,
        selector: &Expr,
        result: Option<&Expr>,
    ) -> Result<Expression, Reported> {
        let (types, location) = ([self.source.element, INT], self.call.location);
        let outer = self.binder.locals.next();
        let element = self.source.element;
        let selector = self.binder.lambda_to(selector, &types, 1, |binder, body| {
            let inner = source::of(binder, body)?;
            let Some(result) = result else {
                return Ok(inner.list);
            };
            // `(x, y) => ..` over each pair: the x is the element that is in sight already.
            let own = Expression {
                kind: ExpressionKind::Parameter(outer),
                ty: element,
                location,
            };
            let pairs = binder.curried(result, own, inner.element)?;
            let ty = sequence(binder, pairs.body.ty, location)?;
            Ok(Expression::collection(
                Operation::Select,
                vec![inner.list],
                vec![pairs],
                ty,
                location,
            ))
        })?;
        let inner = selector.body.ty.scalar().element().unwrap_or(element);
        let ty = sequence(self.binder, inner, location)?;
        Ok(self.on_list(Operation::SelectMany, Vec::new(), vec![selector], ty))
    }

    /// How many elements there are, or for how many a test holds.
    fn count(&mut self, arguments: &[Expr]) -> Result<Expression, Reported> {
        self.tested(arguments)?;
        Ok(self.on_list(Operation::Count, Vec::new(), Vec::new(), INT))
    }

    /// Keeps the elements for which the optional test holds.
    fn tested(&mut self, arguments: &[Expr]) -> Result<(), Reported> {
        match arguments {
            [] => Ok(()),
            [test] => {
                let types = [self.source.element];
                let test = self
                    .binder
                    .lambda(test, &types, 1, Wanted::Type(Type::BOOL))?;
                self.source.list = self.kept(Operation::Where, vec![test])?;
                Ok(())
            }
            _ => {
                let (ty, name) = (self.source.list.ty, self.call.name);
                Err(no_member(self.binder, Some(ty), name, self.call.location))
            }
        }
    }

    /// Whether the count compares so with zero.
    fn any(
        &mut self,
        arguments: &[Expr],
        operation: BinaryOperation,
    ) -> Result<Expression, Reported> {
        let count = self.count(arguments)?;
        let location = self.call.location;
        Ok(Expression {
            kind: ExpressionKind::Binary {
                operation,
                scalar: Scalar::Int,
                left: Box::new(count),
                right: Box::new(constant(Value::Int(0), INT, location)),
            },
            ty: Type::BOOL,
            location,
        })
    }

    /// Whether there is no element for which the test does not hold.
    fn all(&mut self, test: &Expr) -> Result<Expression, Reported> {
        let types = [self.source.element];
        let mut test = self
            .binder
            .lambda(test, &types, 1, Wanted::Type(Type::BOOL))?;
        test.body = Expression {
            ty: Type::BOOL,
            location: test.body.location,
            kind: ExpressionKind::Unary {
                operation: UnaryOperation::Not,
                operand: Box::new(test.body),
            },
        };
        self.source.list = self.kept(Operation::Where, vec![test])?;
        self.any(&[], BinaryOperation::Equal)
    }

    fn number(&mut self, operation: Operation, arguments: &[Expr]) -> Result<Expression, Reported> {
        if let [selector] = arguments {
            let list = self.select(selector)?;
            self.source = source::of(self.binder, list.into())?;
        }
        let source = Source {
            list: self.source.list.clone(),
            element: self.source.element,
        };
        numbers::bind(self.binder, operation, source, self.call.location)
    }

    /// One element, of those for which the optional test holds.
    fn one(&mut self, operation: Operation, arguments: &[Expr]) -> Result<Expression, Reported> {
        self.tested(arguments)?;
        Ok(self.on_list(operation, Vec::new(), Vec::new(), self.source.element))
    }

    fn element_at(&mut self, absent: Absent, at: &Expr) -> Result<Expression, Reported> {
        let at = self.binder.converted(at, INT)?;
        let element = self.source.element;
        Ok(self.on_list(Operation::ElementAt(absent), vec![at], Vec::new(), element))
    }

    /// The default of the elements' type.
    fn default(&mut self) -> Result<Expression, Reported> {
        let (element, location) = (self.source.element, self.call.location);
        super::make::default(self.binder, element, location)
    }

    fn counted(&mut self, operation: Operation, count: &Expr) -> Result<Expression, Reported> {
        let count = self.binder.converted(count, INT)?;
        self.with_operand(operation, count)
    }

    fn key_of(&mut self, key: &Expr) -> Result<Lambda, Reported> {
        let key = self
            .binder
            .lambda(key, &[self.source.element], 1, Wanted::Typed)?;
        self.ordered(key.body.ty)?;
        Ok(key)
    }

    /// Only what has an order, and so an equality, is a key.
    fn ordered(&mut self, ty: Type) -> Result<(), Reported> {
        if is_ordered(ty.scalar()) {
            return Ok(());
        }
        let what = format!("{} of elements of type {ty}", self.call.name);
        Err(self.binder.checker.unsupported(self.call.location, &what))
    }

    /// Elements that are compared are simple, or pairs of simple values.
    fn comparable(&mut self) -> Result<(), Reported> {
        let element = self.source.element;
        let parts = match element.scalar() {
            Scalar::Pair(key, value) => vec![key.ty(), value.ty()],
            _ => vec![element],
        };
        parts.into_iter().try_for_each(|part| self.ordered(part))
    }

    fn order(&mut self, key: &Expr, direction: Direction) -> Result<Expression, Reported> {
        let key = self.key_of(key)?;
        self.kept(Operation::OrderBy(vec![direction]), vec![key])
    }

    /// A further key of an `OrderBy`.
    fn then(&mut self, key: &Expr, direction: Direction) -> Result<Expression, Reported> {
        let key = self.key_of(key)?;
        if let ExpressionKind::Collection(ordered) = &mut self.source.list.kind
            && let Operation::OrderBy(directions) = &mut ordered.operation
        {
            directions.push(direction);
            ordered.lambdas.push(key);
            return Ok(self.source.list.clone());
        }
        let (ty, name) = (self.source.list.ty, self.call.name);
        Err(no_member(self.binder, Some(ty), name, self.call.location))
    }

    /// Another collection of the same elements.
    fn other(&mut self, other: &Expr) -> Result<Expression, Reported> {
        let operand = self.binder.operand(other)?;
        let location = operand.location();
        let other = source::of(self.binder, operand)?;
        let ty = sequence(self.binder, self.source.element, location)?;
        self.binder
            .csharp(location, implicit(other.list.into(), ty))
    }

    fn with_other(&mut self, operation: Operation, other: &Expr) -> Result<Expression, Reported> {
        let other = self.other(other)?;
        self.with_operand(operation, other)
    }

    fn compared(&mut self, operation: Operation, other: &Expr) -> Result<Expression, Reported> {
        self.comparable()?;
        self.with_other(operation, other)
    }

    /// One element more.
    fn with_value(&mut self, value: &Expr, side: Side) -> Result<Expression, Reported> {
        let value = self.binder.converted(value, self.source.element)?;
        let ty = sequence(self.binder, self.source.element, self.call.location)?;
        let one = self.of(Operation::List, vec![value], Vec::new(), ty);
        let list = self.source.list.clone();
        let operands = match side {
            Side::Start => vec![one, list],
            Side::End => vec![list, one],
        };
        Ok(self.of(Operation::Concat, operands, Vec::new(), ty))
    }

    fn contains_key(&mut self, key: &Expr) -> Result<Expression, Reported> {
        let Scalar::Map(of_keys, _) = self.source.list.ty.scalar() else {
            let (ty, name) = (self.source.list.ty, self.call.name);
            return Err(no_member(self.binder, Some(ty), name, self.call.location));
        };
        let key = self.binder.converted(key, of_keys.ty())?;
        Ok(self.on_list(Operation::ContainsKey, vec![key], Vec::new(), Type::BOOL))
    }

    fn zip(&mut self, other: &Expr, result: &Expr) -> Result<Expression, Reported> {
        let operand = self.binder.operand(other)?;
        let other = source::of(self.binder, operand)?;
        let types = [self.source.element, other.element];
        let result = self.binder.lambda(result, &types, 2, Wanted::Typed)?;
        let ty = sequence(self.binder, result.body.ty, self.call.location)?;
        Ok(self.on_list(Operation::Zip, vec![other.list], vec![result], ty))
    }

    /// `xs.Join(ys, x => k, y => l, (x, y) => r)`: of every element what it makes with those of equal keys.
    fn join(
        &mut self,
        other: &Expr,
        own_key: &Expr,
        other_key: &Expr,
        result: &Expr,
    ) -> Result<Expression, Reported> {
        let location = self.call.location;
        let operand = self.binder.operand(other)?;
        let other = source::of(self.binder, operand)?;
        let outer = self.binder.locals.next();
        let element = self.source.element;
        let matches = self
            .binder
            .lambda_to(own_key, &[element], 1, |binder, own| {
                let own = binder.with_type(own)?;
                let test = binder.lambda_to(other_key, &[other.element], 1, |binder, key| {
                    binder.equal_keys(own.into(), key, location)
                })?;
                let ty = sequence(binder, other.element, location)?;
                let found = Expression::collection(
                    Operation::Where,
                    vec![other.list],
                    vec![test],
                    ty,
                    location,
                );
                let value = Expression {
                    kind: ExpressionKind::Parameter(outer),
                    ty: element,
                    location,
                };
                let pairs = binder.curried(result, value, other.element)?;
                let ty = sequence(binder, pairs.body.ty, location)?;
                Ok(Expression::collection(
                    Operation::Select,
                    vec![found],
                    vec![pairs],
                    ty,
                    location,
                ))
            })?;
        let ty = matches.body.ty;
        Ok(self.on_list(Operation::SelectMany, Vec::new(), vec![matches], ty))
    }

    fn group(&mut self, key: &Expr) -> Result<Expression, Reported> {
        let key = self.key_of(key)?;
        let location = self.call.location;
        let elements = sequence(self.binder, self.source.element, location)?;
        let pair = super::make::pair_type(self.binder, key.body.ty, elements, location)?;
        let ty = sequence(self.binder, pair, location)?;
        Ok(self.on_list(Operation::GroupBy, Vec::new(), vec![key], ty))
    }

    /// What a lambda makes of each key and the elements with it.
    fn group_into(&mut self, key: &Expr, result: &Expr) -> Result<Expression, Reported> {
        let location = self.call.location;
        let lambda = lambda_of(self.binder, result)?;
        let names: Vec<_> = lambda.parameters().filter_map(|one| one.name()).collect();
        let [of_key, of_elements] = names.as_slice() else {
            let what = "a GroupBy with a selector of elements";
            return Err(self.binder.checker.unsupported(location, what));
        };
        let body = body_of(self.binder, &lambda, location)?;
        let groups = self.group(key)?;
        let pair = groups.ty.scalar().element().map(Type::scalar);
        let Some(Scalar::Pair(key, elements)) = pair else {
            return Err(self.binder.checker.missing(location));
        };
        let pair = Type::of(Scalar::Pair(key, elements));
        let made = self.binder.made_lambda(pair, location, |binder, group| {
            let part = |operation, ty| {
                let group = vec![group.clone()];
                Expression::collection(operation, group, Vec::new(), ty, location)
            };
            let names = vec![
                (of_key.text(), part(Operation::Key, key.ty())),
                (of_elements.text(), part(Operation::Value, elements.ty())),
            ];
            binder.with_locals(names, |binder| {
                let body = binder.operand(&body)?;
                binder.with_type(body)
            })
        })?;
        let ty = sequence(self.binder, made.body.ty, location)?;
        Ok(self.of(Operation::Select, vec![groups], vec![made], ty))
    }

    fn dictionary(&mut self, key: &Expr, value: Option<&Expr>) -> Result<Expression, Reported> {
        let location = self.call.location;
        let element = self.source.element;
        let own = self.binder.locals.next();
        let mut key_type = None;
        let pairs = self.binder.lambda_to(key, &[element], 1, |binder, key| {
            let key = binder.with_type(key)?;
            key_type = Some(key.ty);
            let parameter = Expression {
                kind: ExpressionKind::Parameter(own),
                ty: element,
                location,
            };
            let value = match value {
                Some(value) => {
                    let lambda = binder.lambda(value, &[element], 1, Wanted::Typed)?;
                    let ty = lambda.body.ty;
                    let operands = vec![parameter];
                    Expression::collection(Operation::Let, operands, vec![lambda], ty, location)
                }
                None => parameter,
            };
            super::make::pair(binder, key, value, location)
        })?;
        if let Some(ty) = key_type {
            self.ordered(ty)?;
        }
        let ty = sequence(self.binder, pairs.body.ty, location)?;
        let Scalar::Pair(key, value) = pairs.body.ty.scalar() else {
            return Err(self.binder.checker.missing(location));
        };
        let list = self.on_list(Operation::Select, Vec::new(), vec![pairs], ty);
        let map = Type::of(Scalar::Map(key, value));
        Ok(self.of(
            Operation::ToMap(Duplicates::Raise),
            vec![list],
            Vec::new(),
            map,
        ))
    }

    fn aggregate(&mut self, seed: Option<&Expr>, step: &Expr) -> Result<Expression, Reported> {
        let element = self.source.element;
        let seed = match seed {
            Some(seed) => {
                let seed = self.binder.operand(seed)?;
                Some(self.binder.with_type(seed)?)
            }
            None => None,
        };
        let ty = seed.as_ref().map_or(element, |seed| seed.ty);
        let step = self
            .binder
            .lambda(step, &[ty, element], 2, Wanted::Type(ty))?;
        let seed = seed.into_iter().collect();
        Ok(self.on_list(Operation::Aggregate, seed, vec![step], ty))
    }

    /// `xs.Cast<T>()`, where nothing needs to be cast.
    fn cast(&mut self) -> Result<Expression, Reported> {
        match self.call.types.as_slice() {
            [ty] if *ty == self.source.element => self.kept(Operation::Present, Vec::new()),
            _ => {
                let what = "a Cast to another type than that of the elements";
                Err(self.binder.checker.unsupported(self.call.location, what))
            }
        }
    }

    /// `xs.OfType<T>()`: of elements of this type those that are not null.
    fn of_type(&mut self) -> Result<Expression, Reported> {
        let (element, location) = (self.source.element, self.call.location);
        match self.call.types.as_slice() {
            [ty] if *ty == element && ty.is_nullable() => {
                let test = self
                    .binder
                    .made_lambda(element, location, |binder, value| {
                        let null = csharp::Operand::Null(location);
                        let present = csharp::binary(
                            usql_syntax::ast::BinaryOperator::NotEqual,
                            value.into(),
                            null,
                            None,
                            location,
                        );
                        binder.csharp(location, present)
                    })?;
                self.kept(Operation::Where, vec![test])
            }
            [ty] if *ty == element => self.kept(Operation::Present, Vec::new()),
            _ => {
                let what = "an OfType of another type than that of the elements";
                Err(self.binder.checker.unsupported(location, what))
            }
        }
    }
}

/// Where an element is added.
#[derive(Clone, Copy)]
enum Side {
    Start,
    End,
}

impl Binder<'_, '_> {
    /// A lambda of two parameters as one of the second, where the first is known.
    fn curried(
        &mut self,
        argument: &Expr,
        first: Expression,
        second: Type,
    ) -> Result<Lambda, Reported> {
        let location = self.checker.location(argument.syntax());
        let lambda = lambda_of(self, argument)?;
        let names: Vec<_> = lambda.parameters().map(|one| one.name()).collect();
        let [Some(known), Some(name)] = names.as_slice() else {
            return Err(self
                .checker
                .unsupported(location, "a lambda of other than two parameters here"));
        };
        let parameter = Parameter {
            name: name.text(),
            ty: second,
            location: self.checker.location(name.syntax()),
        };
        let number = self.locals.next();
        let body = body_of(self, &lambda, location)?;
        let known = vec![(known.text(), first)];
        let body = self.with_locals(known, |binder| {
            binder.within(vec![parameter], |binder| {
                let body = binder.operand(&body)?;
                binder.with_type(body)
            })
        })?;
        Ok(Lambda {
            first: number,
            arity: 1,
            body,
        })
    }
}
