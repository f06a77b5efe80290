//! Methods that go from element to element.

use usql_syntax::ast::Expr;

use super::Method;
use crate::{
    binding::{
        collections::{INT, Source, lambda::Wanted, make, numbers, sequence, source},
        members::no_member,
    },
    csharp::{self, constant, implicit},
    diagnostics::sink::Reported,
    expression::{
        Absent, BinaryOperation, CollectionOperation as Operation, Expression, ExpressionKind,
        UnaryOperation,
    },
    types::{Scalar, Type},
    value::Value,
};

impl Method<'_, '_, '_> {
    /// Of every element a collection, all of them one behind the other.
    pub(super) fn select_many(
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
    pub(super) fn count(&mut self, arguments: &[Expr]) -> Result<Expression, Reported> {
        self.tested(arguments)?;
        Ok(self.on_list(Operation::Count, Vec::new(), Vec::new(), INT))
    }

    /// Keeps the elements for which the optional test holds.
    pub(super) fn tested(&mut self, arguments: &[Expr]) -> Result<(), Reported> {
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
    pub(super) fn any(
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
    pub(super) fn all(&mut self, test: &Expr) -> Result<Expression, Reported> {
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

    pub(super) fn number(
        &mut self,
        operation: Operation,
        arguments: &[Expr],
    ) -> Result<Expression, Reported> {
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
    pub(super) fn one(
        &mut self,
        operation: Operation,
        arguments: &[Expr],
    ) -> Result<Expression, Reported> {
        self.tested(arguments)?;
        Ok(self.on_list(operation, Vec::new(), Vec::new(), self.source.element))
    }

    pub(super) fn element_at(&mut self, absent: Absent, at: &Expr) -> Result<Expression, Reported> {
        let at = self.binder.converted(at, INT)?;
        let element = self.source.element;
        Ok(self.on_list(Operation::ElementAt(absent), vec![at], Vec::new(), element))
    }

    /// The default of the elements' type.
    pub(super) fn default(&mut self) -> Result<Expression, Reported> {
        let (element, location) = (self.source.element, self.call.location);
        make::default(self.binder, element, location)
    }

    pub(super) fn counted(
        &mut self,
        operation: Operation,
        count: &Expr,
    ) -> Result<Expression, Reported> {
        let count = self.binder.converted(count, INT)?;
        self.with_operand(operation, count)
    }

    /// Another collection of the same elements.
    pub(super) fn other(&mut self, other: &Expr) -> Result<Expression, Reported> {
        let operand = self.binder.operand(other)?;
        let location = operand.location();
        let other = source::of(self.binder, operand)?;
        let ty = sequence(self.binder, self.source.element, location)?;
        self.binder
            .csharp(location, implicit(other.list.into(), ty))
    }

    pub(super) fn with_other(
        &mut self,
        operation: Operation,
        other: &Expr,
    ) -> Result<Expression, Reported> {
        let other = self.other(other)?;
        self.with_operand(operation, other)
    }

    pub(super) fn compared(
        &mut self,
        operation: Operation,
        other: &Expr,
    ) -> Result<Expression, Reported> {
        self.comparable()?;
        self.with_other(operation, other)
    }

    /// One element more.
    pub(super) fn with_value(&mut self, value: &Expr, side: Side) -> Result<Expression, Reported> {
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

    pub(super) fn zip(&mut self, other: &Expr, result: &Expr) -> Result<Expression, Reported> {
        let operand = self.binder.operand(other)?;
        let other = source::of(self.binder, operand)?;
        let types = [self.source.element, other.element];
        let result = self.binder.lambda(result, &types, 2, Wanted::Typed)?;
        let ty = sequence(self.binder, result.body.ty, self.call.location)?;
        Ok(self.on_list(Operation::Zip, vec![other.list], vec![result], ty))
    }

    pub(super) fn aggregate(
        &mut self,
        seed: Option<&Expr>,
        step: &Expr,
    ) -> Result<Expression, Reported> {
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
    pub(super) fn cast(&mut self) -> Result<Expression, Reported> {
        match self.call.types.as_slice() {
            [ty] if *ty == self.source.element => self.kept(Operation::Present, Vec::new()),
            _ => {
                let what = "a Cast to another type than that of the elements";
                Err(self.binder.checker.unsupported(self.call.location, what))
            }
        }
    }

    /// `xs.OfType<T>()`: of elements of this type those that are not null.
    pub(super) fn of_type(&mut self) -> Result<Expression, Reported> {
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
pub(super) enum Side {
    Start,
    End,
}

/// How many elements there are in ranges one behind the other. Nobody has to make them to count them, and memory would
/// not hold those that only `LongCount` can count.
pub(super) fn known_count(list: &Expression) -> Option<i64> {
    let ExpressionKind::Collection(collection) = &list.kind else {
        return None;
    };
    match (&collection.operation, collection.operands.as_slice()) {
        (Operation::Concat, [first, second]) => {
            known_count(first)?.checked_add(known_count(second)?)
        }
        (Operation::Range, [start, count]) => match (&start.kind, &count.kind) {
            (
                ExpressionKind::Constant(Value::Int(start)),
                ExpressionKind::Constant(Value::Int(count)),
            ) => {
                let last = i64::from(*start) + i64::from(*count) - 1;
                (*count >= 0 && last <= i64::from(i32::MAX)).then_some(i64::from(*count))
            }
            _ => None,
        },
        _ => None,
    }
}
