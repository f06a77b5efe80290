//! `from x in xs where .. select ..`, as the methods that C# makes of it.
//!
//! Behind a second `from` or a `join`, an element is a pair of what was there before and what comes new: C#'s
//! "transparent identifier". The names stand for parts of the element, so that every clause is a lambda over it.

mod clauses;

use rowan::ast::AstNode;
use usql_syntax::ast::{BinaryOperator, Expr, LinqExpr};

use super::{
    Source,
    make::{pair, pair_type},
    numbers::is_ordered,
    sequence, source,
};
use crate::{
    binding::{Binder, locals::Parameter, types::type_of},
    csharp::{self, Operand, implicit},
    diagnostics::{Location, sink::Reported},
    expression::{CollectionOperation as Operation, Expression, ExpressionKind, Lambda},
    plan::Direction,
    types::{Record, Scalar, Type},
};
use clauses::{Clause, Range};

/// The most clauses: each makes the expression deeper.
const MAX_CLAUSES: usize = 64;

/// The most operations that a name may stand for.
const MAX_SIZE: usize = 10_000;

/// Binds a query.
pub(in crate::binding) fn bind(
    binder: &mut Binder<'_, '_>,
    query: &LinqExpr,
) -> Result<Operand, Reported> {
    let location = binder.checker.location(query.syntax());
    let Some(clauses) = clauses::of(query) else {
        return Err(binder.checker.missing(location));
    };
    if clauses.len() > MAX_CLAUSES {
        let what = format!("a query of {} clauses", clauses.len());
        return Err(binder.checker.unsupported(location, &what));
    }
    let mut clauses = clauses.iter();
    let Some(Clause::From(range)) = clauses.next() else {
        return Err(binder.checker.missing(location));
    };
    let source = ranged(binder, range, location)?;
    let mut stream = Stream::of(binder, source, range.name.clone(), location);
    for clause in clauses {
        stream.add(clause)?;
    }
    let source = stream.source;
    let ty = sequence(binder, source.element, location)?;
    let list = binder.csharp(location, implicit(source.list.into(), ty))?;
    Ok(list.into())
}

/// What a range variable ranges over.
fn ranged(
    binder: &mut Binder<'_, '_>,
    range: &Range,
    location: Location,
) -> Result<Source, Reported> {
    let operand = binder.operand(&range.source)?;
    let Some(written) = &range.ty else {
        return source::of(binder, operand);
    };
    let source = source::cast(binder, operand)?;
    let written = type_of(binder.checker, Some(written.clone()), location)?;
    if written != source.element {
        let what = format!("a range of {written} over elements of {}", source.element);
        return Err(binder.checker.unsupported(location, &what));
    }
    Ok(source)
}

/// The elements on their way through the clauses.
struct Stream<'s, 'b, 'a> {
    binder: &'s mut Binder<'b, 'a>,
    source: Source,
    /// What names stand for, over the element that has the number `element`.
    names: Vec<(String, Expression)>,
    /// The number of the parameter that is the element in each clause.
    element: usize,
    location: Location,
}

impl<'s, 'b, 'a> Stream<'s, 'b, 'a> {
    fn of(
        binder: &'s mut Binder<'b, 'a>,
        source: Source,
        name: String,
        location: Location,
    ) -> Self {
        let element = binder.locals.next();
        let mut stream = Self {
            binder,
            source,
            names: Vec::new(),
            element,
            location,
        };
        stream.names.push((name, stream.value()));
        stream
    }

    /// The element itself.
    fn value(&self) -> Expression {
        Expression {
            kind: ExpressionKind::Parameter(self.element),
            ty: self.source.element,
            location: self.location,
        }
    }

    fn add(&mut self, clause: &Clause) -> Result<(), Reported> {
        match clause {
            Clause::Where(condition) => {
                let test = self.lambda(|binder| {
                    let condition = binder.operand(condition)?;
                    let at = condition.location();
                    binder.csharp(at, implicit(condition, Type::BOOL))
                })?;
                self.keep(Operation::Where, vec![test])
            }
            Clause::OrderBy(keys) => self.order(keys),
            Clause::Let(name, value) => {
                let value = self.lambda(|binder| {
                    let value = binder.operand(value)?;
                    binder.with_type(value)
                })?;
                self.name(name, value.body)
            }
            Clause::From(range) => {
                let location = self.location;
                let all = self.lambda(|binder| {
                    let source = ranged(binder, range, location)?;
                    Ok(source.list)
                })?;
                self.multiply(all.body, &range.name)
            }
            Clause::Join {
                range,
                own,
                other,
                group,
            } => self.join(range, own, other, group.as_deref()),
            Clause::Select(value) => self.select(value),
            Clause::Group(value, key) => self.group(value, key),
            Clause::Into(name) => {
                self.names = vec![(name.clone(), self.value())];
                Ok(())
            }
        }
    }

    /// Lets a name stand for a value. Where it is used, the value is computed; names of names grow it.
    fn name(&mut self, name: &str, value: Expression) -> Result<(), Reported> {
        if value.size() > MAX_SIZE {
            let what = "so much work in the names of a query";
            return Err(self.binder.checker.unsupported(self.location, what));
        }
        self.names.push((name.to_owned(), value));
        Ok(())
    }

    /// A lambda over the element, in which the names are known.
    fn lambda(
        &mut self,
        body: impl FnOnce(&mut Binder<'b, 'a>) -> Result<Expression, Reported>,
    ) -> Result<Lambda, Reported> {
        let names = self.names.clone();
        let parameter = Parameter {
            name: String::new(),
            ty: self.source.element,
            location: self.location,
        };
        let body = self
            .binder
            .within(vec![parameter], |binder| binder.with_locals(names, body))?;
        Ok(Lambda {
            first: self.element,
            arity: 1,
            body,
        })
    }

    /// Goes on with elements of another type.
    fn go_on(
        &mut self,
        operation: Operation,
        lambdas: Vec<Lambda>,
        element: Type,
    ) -> Result<(), Reported> {
        let ty = sequence(self.binder, element, self.location)?;
        let list = vec![self.source.list.clone()];
        let list = Expression::collection(operation, list, lambdas, ty, self.location);
        self.source = Source { list, element };
        Ok(())
    }

    fn keep(&mut self, operation: Operation, lambdas: Vec<Lambda>) -> Result<(), Reported> {
        self.go_on(operation, lambdas, self.source.element)
    }

    fn order(&mut self, keys: &[(Expr, Direction)]) -> Result<(), Reported> {
        let (mut directions, mut lambdas) = (Vec::new(), Vec::new());
        for (key, direction) in keys {
            lambdas.push(self.key(key)?);
            directions.push(*direction);
        }
        self.keep(Operation::OrderBy(directions), lambdas)
    }

    fn key(&mut self, key: &Expr) -> Result<Lambda, Reported> {
        let location = self.location;
        self.lambda(|binder| {
            let key = binder.operand(key)?;
            let key = binder.with_type(key)?;
            if is_ordered(key.ty.scalar()) {
                return Ok(key);
            }
            let what = format!("a key of type {} in a query", key.ty);
            Err(binder.checker.unsupported(location, &what))
        })
    }

    fn select(&mut self, value: &Expr) -> Result<(), Reported> {
        let selector = self.lambda(|binder| {
            let value = binder.operand(value)?;
            binder.with_type(value)
        })?;
        let ty = selector.body.ty;
        // C# leaves such a select out, so that ThenBy may follow an orderby.
        if matches!(selector.body.kind, ExpressionKind::Parameter(number) if number == self.element)
        {
            return Ok(());
        }
        self.go_on(Operation::Select, vec![selector], ty)
    }

    fn group(&mut self, value: &Expr, key: &Expr) -> Result<(), Reported> {
        let key = self.key(key)?;
        let whole = self.value();
        let value = self.lambda(|binder| {
            let value = binder.operand(value)?;
            binder.with_type(value)
        })?;
        if value.body.without_locations().kind != whole.kind {
            let what = "a group of other than the element";
            return Err(self.binder.checker.unsupported(self.location, what));
        }
        let elements = sequence(self.binder, self.source.element, self.location)?;
        let pair = pair_type(self.binder, key.body.ty, elements, self.location)?;
        self.go_on(Operation::GroupBy, vec![key], pair)
    }

    /// Makes of every element one with each of others, which are over the element.
    fn multiply(&mut self, others: Expression, name: &str) -> Result<(), Reported> {
        let Some(other) = others.ty.scalar().element() else {
            return Err(self.binder.checker.missing(self.location));
        };
        let (location, own) = (self.location, self.value());
        let both = self.lambda(|binder| {
            let number = binder.locals.next();
            let parameter = Expression {
                kind: ExpressionKind::Parameter(number),
                ty: other,
                location,
            };
            let body = pair(binder, own, parameter, location)?;
            let ty = sequence(binder, body.ty, location)?;
            let lambda = Lambda {
                first: number,
                arity: 1,
                body,
            };
            let list = vec![others];
            let operation = Operation::Select;
            Ok(Expression::collection(
                operation,
                list,
                vec![lambda],
                ty,
                location,
            ))
        })?;
        let Some(pair) = both.body.ty.scalar().element() else {
            return Err(self.binder.checker.missing(self.location));
        };
        self.go_on(Operation::SelectMany, vec![both], pair)?;
        let part = |operation, ty| {
            let pair = vec![self.value()];
            Expression::collection(operation, pair, Vec::new(), ty, location)
        };
        let (Scalar::Pair(before, _), value) = (pair.scalar(), part(Operation::Value, other))
        else {
            return Err(self.binder.checker.missing(self.location));
        };
        let before = part(Operation::Key, before.ty());
        for (_, meaning) in &mut self.names {
            meaning.substitute(self.element, &before);
        }
        self.names.push((name.to_owned(), value));
        Ok(())
    }

    /// Pairs every element with those of another collection that have an equal key, or names them as a group.
    fn join(
        &mut self,
        range: &Range,
        own: &Expr,
        other: &Expr,
        group: Option<&str>,
    ) -> Result<(), Reported> {
        let location = self.location;
        let matches = self.lambda(|binder| {
            let source = ranged(binder, range, location)?;
            let own = binder.operand(own)?;
            let parameter = Parameter {
                name: range.name.clone(),
                ty: source.element,
                location,
            };
            let first = binder.locals.next();
            let body = binder.within(vec![parameter], |binder| {
                let other = binder.operand(other)?;
                binder.equal_keys(own, other, location)
            })?;
            let test = Lambda {
                first,
                arity: 1,
                body,
            };
            let ty = sequence(binder, source.element, location)?;
            let (operation, list) = (Operation::Where, vec![source.list]);
            Ok(Expression::collection(
                operation,
                list,
                vec![test],
                ty,
                location,
            ))
        })?;
        match group {
            Some(group) => self.name(group, matches.body),
            None => self.multiply(matches.body, &range.name),
        }
    }
}

impl Binder<'_, '_> {
    /// Whether two keys join: they are equal, and not null.
    pub(super) fn equal_keys(
        &mut self,
        own: Operand,
        other: Operand,
        location: Location,
    ) -> Result<Expression, Reported> {
        if let (Some(Scalar::Record(record)), Some(other_ty)) =
            (own.ty().map(Type::scalar), other.ty())
            && other_ty.scalar() == Scalar::Record(record)
        {
            return self.equal_records(&own, &other, record, location);
        }
        let is_nullable = own.ty().is_some_and(Type::is_nullable);
        let equal = csharp::binary(BinaryOperator::Equal, own.clone(), other, None, location);
        let equal = self.csharp(location, equal)?;
        if !is_nullable {
            return Ok(equal);
        }
        let null = Operand::Null(location);
        let present = csharp::binary(BinaryOperator::NotEqual, own, null, None, location);
        let present = self.csharp(location, present)?;
        let both = csharp::binary(
            BinaryOperator::And,
            present.into(),
            equal.into(),
            None,
            location,
        );
        self.csharp(location, both)
    }

    /// Objects of one anonymous type are equal where all their fields are, null and null included.
    fn equal_records(
        &mut self,
        own: &Operand,
        other: &Operand,
        record: Record,
        location: Location,
    ) -> Result<Expression, Reported> {
        let (Operand::Typed(own), Operand::Typed(other)) = (own, other) else {
            return Err(self.checker.missing(location));
        };
        let mut all: Option<Expression> = None;
        for (position, (_, ty)) in record.fields().iter().enumerate() {
            let field = |of: &Expression| {
                let operation = Operation::Field(position);
                Operand::from(Expression::collection(
                    operation,
                    vec![of.clone()],
                    Vec::new(),
                    *ty,
                    location,
                ))
            };
            let equal = csharp::binary(
                BinaryOperator::Equal,
                field(own),
                field(other),
                None,
                location,
            );
            let equal = self.csharp(location, equal)?;
            all = Some(match all {
                Some(all) => {
                    let both = csharp::binary(
                        BinaryOperator::And,
                        all.into(),
                        equal.into(),
                        None,
                        location,
                    );
                    self.csharp(location, both)?
                }
                None => equal,
            });
        }
        all.ok_or_else(|| self.checker.missing(location))
    }
}
