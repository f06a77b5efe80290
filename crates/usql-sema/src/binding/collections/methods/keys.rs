//! Methods that compare, order or group elements by a key.

use usql_syntax::ast::Expr;

use super::Method;
use crate::{
    binding::{
        Binder,
        collections::{
            code::body_of,
            lambda::{Wanted, lambda_of},
            make,
            numbers::is_ordered,
            sequence, source,
        },
        members::no_member,
    },
    diagnostics::{Location, sink::Reported},
    expression::{
        CollectionOperation as Operation, Duplicates, Expression, ExpressionKind, Lambda,
    },
    plan::Direction,
    types::{Scalar, Type},
};

impl Method<'_, '_, '_> {
    pub(super) fn key_of(&mut self, key: &Expr) -> Result<Lambda, Reported> {
        let key = self
            .binder
            .lambda(key, &[self.source.element], 1, Wanted::Typed)?;
        self.ordered(key.body.ty)?;
        Ok(key)
    }

    /// Only what has an order, and so an equality, is a key.
    pub(super) fn ordered(&mut self, ty: Type) -> Result<(), Reported> {
        if is_ordered(ty.scalar()) {
            return Ok(());
        }
        let what = format!("{} of elements of type {ty}", self.call.name);
        Err(self.binder.checker.unsupported(self.call.location, &what))
    }

    /// Elements that are compared are simple, or pairs of simple values.
    pub(super) fn comparable(&mut self) -> Result<(), Reported> {
        let element = self.source.element;
        let parts = match element.scalar() {
            Scalar::Pair(key, value) => vec![key.ty(), value.ty()],
            _ => vec![element],
        };
        parts.into_iter().try_for_each(|part| self.ordered(part))
    }

    pub(super) fn order(
        &mut self,
        key: &Expr,
        direction: Direction,
    ) -> Result<Expression, Reported> {
        let key = self.key_of(key)?;
        self.kept(Operation::OrderBy(vec![direction]), vec![key])
    }

    /// A further key of an `OrderBy`.
    pub(super) fn then(
        &mut self,
        key: &Expr,
        direction: Direction,
    ) -> Result<Expression, Reported> {
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

    pub(super) fn contains_key(&mut self, key: &Expr) -> Result<Expression, Reported> {
        let Scalar::Map(of_keys, _) = self.source.list.ty.scalar() else {
            let (ty, name) = (self.source.list.ty, self.call.name);
            return Err(no_member(self.binder, Some(ty), name, self.call.location));
        };
        let key = self.binder.converted(key, of_keys.ty())?;
        Ok(self.on_list(Operation::ContainsKey, vec![key], Vec::new(), Type::BOOL))
    }

    /// `xs.Join(ys, x => k, y => l, (x, y) => r)`: of every element what it makes with those of equal keys.
    pub(super) fn join(
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

    pub(super) fn group(&mut self, key: &Expr) -> Result<Expression, Reported> {
        let key = self.key_of(key)?;
        let location = self.call.location;
        let elements = sequence(self.binder, self.source.element, location)?;
        let pair = make::pair_type(self.binder, key.body.ty, elements, location)?;
        let ty = sequence(self.binder, pair, location)?;
        Ok(self.on_list(Operation::GroupBy, Vec::new(), vec![key], ty))
    }

    /// The same groups, of what a lambda makes of the elements.
    pub(super) fn group_selected(
        &mut self,
        key: &Expr,
        element: &Expr,
    ) -> Result<Expression, Reported> {
        let location = self.call.location;
        let groups = self.group(key)?;
        let group = Groups::of(self.binder, &groups, location)?;
        let made = self
            .binder
            .made_lambda(group.pair, location, |binder, value| {
                let elements = group.selected(binder, value.clone(), Some(element))?;
                make::pair(binder, group.key(value), elements, location)
            })?;
        let ty = sequence(self.binder, made.body.ty, location)?;
        Ok(self.of(Operation::Select, vec![groups], vec![made], ty))
    }

    /// What a lambda makes of each key and the elements with it, or what another lambda makes of these.
    pub(super) fn group_into(
        &mut self,
        key: &Expr,
        element: Option<&Expr>,
        result: &Expr,
    ) -> Result<Expression, Reported> {
        let location = self.call.location;
        let lambda = lambda_of(self.binder, result)?;
        let names: Vec<_> = lambda.parameters().filter_map(|one| one.name()).collect();
        let [of_key, of_elements] = names.as_slice() else {
            let what = "a GroupBy whose result is not made of a key and its elements";
            return Err(self.binder.checker.unsupported(location, what));
        };
        let body = body_of(self.binder, &lambda, location)?;
        let groups = self.group(key)?;
        let group = Groups::of(self.binder, &groups, location)?;
        let made = self
            .binder
            .made_lambda(group.pair, location, |binder, value| {
                let elements = group.selected(binder, value.clone(), element)?;
                let names = vec![
                    (of_key.text(), group.key(value)),
                    (of_elements.text(), elements),
                ];
                binder.with_locals(names, |binder| {
                    let body = binder.body(&body, None)?;
                    binder.with_type(body)
                })
            })?;
        let ty = sequence(self.binder, made.body.ty, location)?;
        Ok(self.of(Operation::Select, vec![groups], vec![made], ty))
    }

    pub(super) fn dictionary(
        &mut self,
        key: &Expr,
        value: Option<&Expr>,
    ) -> Result<Expression, Reported> {
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
            make::pair(binder, key, value, location)
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
}

/// What a `GroupBy` gives: pairs of a key and the elements with it.
struct Groups {
    pair: Type,
    key: Type,
    elements: Type,
    location: Location,
}

impl Groups {
    fn of(
        binder: &mut Binder<'_, '_>,
        groups: &Expression,
        location: Location,
    ) -> Result<Self, Reported> {
        match groups.ty.scalar().element() {
            Some(pair) if let Scalar::Pair(key, elements) = pair.scalar() => Ok(Self {
                pair,
                key: key.ty(),
                elements: elements.ty(),
                location,
            }),
            _ => Err(binder.checker.missing(location)),
        }
    }

    fn key(&self, group: Expression) -> Expression {
        Expression::collection(
            Operation::Key,
            vec![group],
            Vec::new(),
            self.key,
            self.location,
        )
    }

    /// The elements of a group, or what a lambda makes of them.
    fn selected(
        &self,
        binder: &mut Binder<'_, '_>,
        group: Expression,
        selector: Option<&Expr>,
    ) -> Result<Expression, Reported> {
        let elements = Expression::collection(
            Operation::Value,
            vec![group],
            Vec::new(),
            self.elements,
            self.location,
        );
        let (Some(selector), Some(element)) = (selector, self.elements.scalar().element()) else {
            return Ok(elements);
        };
        let selector = binder.lambda(selector, &[element], 1, Wanted::Typed)?;
        let ty = sequence(binder, selector.body.ty, self.location)?;
        let operands = vec![elements];
        Ok(Expression::collection(
            Operation::Select,
            operands,
            vec![selector],
            ty,
            self.location,
        ))
    }
}
