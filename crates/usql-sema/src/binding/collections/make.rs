//! Making collections: `new SQL.ARRAY<int>{1, 2}`, `new[] {..}`, `Enumerable.Range(1, 3)`.

use rowan::ast::AstNode;
use usql_syntax::ast::{self, CallExpr, Initializer, NewExpr};

use super::{INT, expressions, record, sequence, source};
use crate::{
    binding::{
        Binder,
        types::{element, type_of},
    },
    csharp::{CSharpError, Operand, constant, implicit},
    diagnostics::{Location, sink::Reported},
    expression::{CollectionOperation as Operation, Duplicates, Expression},
    types::{Element, Scalar, Type},
    value::Value,
};

/// `KeyValuePair<K, V>`
pub(super) fn pair_type(
    binder: &mut Binder<'_, '_>,
    key: Type,
    value: Type,
    location: Location,
) -> Result<Type, Reported> {
    let key = element(binder.checker, key, location)?;
    let value = element(binder.checker, value, location)?;
    Ok(Type::of(Scalar::Pair(key, value)))
}

/// A pair of two values.
pub(super) fn pair(
    binder: &mut Binder<'_, '_>,
    key: Expression,
    value: Expression,
    location: Location,
) -> Result<Expression, Reported> {
    let ty = pair_type(binder, key.ty, value.ty, location)?;
    let operands = vec![key, value];
    Ok(Expression::collection(
        Operation::Pair,
        operands,
        Vec::new(),
        ty,
        location,
    ))
}

/// The default of a type; of a pair, the pair of the defaults.
pub(super) fn default(
    binder: &mut Binder<'_, '_>,
    ty: Type,
    location: Location,
) -> Result<Expression, Reported> {
    match ty.scalar() {
        Scalar::Pair(key, value) => {
            let key = default(binder, key.ty(), location)?;
            let value = default(binder, value.ty(), location)?;
            pair(binder, key, value, location)
        }
        _ => Ok(constant(Value::default_of(ty), ty, location)),
    }
}

/// Binds `new` of a collection or a pair; none where it makes something else.
pub(in crate::binding) fn new(
    binder: &mut Binder<'_, '_>,
    new: &NewExpr,
) -> Result<Option<Expression>, Reported> {
    let location = binder.checker.location(new.syntax());
    if new.ty().is_none() {
        return untyped(binder, new, location).map(Some);
    }
    let is_simple = new.ty().is_some_and(|ty| {
        ty.array_ranks() == 0 && ty.arguments().next().is_none() && new.sizes().next().is_none()
    });
    if is_simple {
        return Ok(None);
    }
    let ty = type_of(binder.checker, new.ty(), location)?;
    if let Some(size) = new.sizes().next() {
        return filled(binder, ty, &size, location).map(Some);
    }
    let made = Making {
        binder,
        new,
        ty,
        location,
    };
    match ty.scalar() {
        Scalar::Array(element) | Scalar::Sequence(element) => made.list(element).map(Some),
        Scalar::Map(key, value) => made.map(key, value).map(Some),
        Scalar::Pair(key, value) => made.pair(key, value).map(Some),
        _ => Ok(None),
    }
}

/// `new[] {..}`: an array of the one type to which all elements convert. `new {..}` makes what has no name.
fn untyped(
    binder: &mut Binder<'_, '_>,
    new: &NewExpr,
    location: Location,
) -> Result<Expression, Reported> {
    let has_rank = new
        .syntax()
        .children()
        .any(|child| child.kind() == usql_syntax::SyntaxKind::ARRAY_RANK);
    let Some(initializer) = new.initializer().filter(|_| has_rank) else {
        return record::new(binder, new, location);
    };
    let elements: Vec<_> = initializer
        .expressions()
        .map(|element| binder.operand(&element))
        .collect();
    let elements = elements.into_iter().collect::<Result<Vec<_>, _>>()?;
    let fits = |ty: &Type| {
        let mut all = elements.iter();
        all.all(|element| implicit(element.clone(), *ty).is_ok())
    };
    let Some(ty) = elements.iter().filter_map(Operand::ty).find(fits) else {
        let error = CSharpError::new(826, "No best type found for implicitly-typed array");
        return Err(binder.checker.sink.csharp(location, &error));
    };
    let ty_of_list = sequence(binder, ty, location)?;
    let elements: Vec<_> = elements
        .into_iter()
        .map(|element| binder.csharp(location, implicit(element, ty)))
        .collect();
    let elements = elements.into_iter().collect::<Result<_, _>>()?;
    let operation = Operation::List;
    Ok(Expression::collection(
        operation,
        elements,
        Vec::new(),
        ty_of_list,
        location,
    ))
}

/// `new int[3]`: so many times the default. The type behind `new` is that of the elements.
fn filled(
    binder: &mut Binder<'_, '_>,
    of: Type,
    size: &ast::Expr,
    location: Location,
) -> Result<Expression, Reported> {
    if of.scalar() == Scalar::Byte || of.scalar().is_composite() {
        return Err(binder
            .checker
            .unsupported(location, &format!("new {of}[n]")));
    }
    let size = binder.converted(size, INT)?;
    let ty = sequence(binder, of, location)?;
    let default = constant(Value::default_of(of), of, location);
    let operands = vec![default, size];
    Ok(Expression::collection(
        Operation::Repeat,
        operands,
        Vec::new(),
        ty,
        location,
    ))
}

/// A `new` of a known type.
struct Making<'m, 'b, 'a> {
    binder: &'m mut Binder<'b, 'a>,
    new: &'m NewExpr,
    ty: Type,
    location: Location,
}

impl Making<'_, '_, '_> {
    fn arguments(&mut self) -> Result<Vec<Operand>, Reported> {
        let list = self.new.argument_list().into_iter();
        let arguments: Vec<_> = list
            .flat_map(|list| list.arguments())
            .map(|argument| self.binder.part(argument.expr(), self.location))
            .collect();
        arguments.into_iter().collect()
    }

    fn unsupported(&mut self) -> Reported {
        let what = format!("this way to make a {}", self.ty);
        self.binder.checker.unsupported(self.location, &what)
    }

    fn made(&self, operation: Operation, operands: Vec<Expression>, ty: Type) -> Expression {
        Expression::collection(operation, operands, Vec::new(), ty, self.location)
    }

    /// Elements in braces, behind those of another collection.
    fn list(mut self, of: Element) -> Result<Expression, Reported> {
        let first = match self.arguments()?.as_slice() {
            [] => None,
            // The capacity of a List.
            [Operand::Typed(count)] if count.ty == INT => None,
            [Operand::Null(_)] => {
                let null = constant(Value::Null, self.ty, self.location);
                Some(self.made(Operation::Present, vec![null], self.ty))
            }
            [elements] => {
                let source = source::of(self.binder, elements.clone())?;
                let ty = Type::of(Scalar::Sequence(of));
                let list = implicit(source.list.into(), ty);
                let list = self.binder.csharp(self.location, list)?;
                Some(self.made(Operation::Present, vec![list], self.ty))
            }
            _ => return Err(self.unsupported()),
        };
        let Some(initializer) = self.new.initializer() else {
            let empty = self.made(Operation::List, Vec::new(), self.ty);
            return Ok(first.unwrap_or(empty));
        };
        let elements: Vec<_> = self
            .only_values(&initializer)?
            .iter()
            .map(|element| self.binder.converted(element, of.ty()))
            .collect();
        let elements = elements.into_iter().collect::<Result<Vec<_>, _>>()?;
        let list = self.made(Operation::List, elements, self.ty);
        Ok(match first {
            Some(first) => self.made(Operation::Concat, vec![first, list], self.ty),
            None => list,
        })
    }

    /// What is in braces, if it is nothing but values.
    fn only_values(&mut self, initializer: &Initializer) -> Result<Vec<ast::Expr>, Reported> {
        let values: Vec<_> = initializer.expressions().collect();
        if values.len() < initializer.syntax().children().count() {
            return Err(self.unsupported());
        }
        Ok(values)
    }

    /// `{key, value}`s in braces, behind the pairs of another collection.
    fn map(mut self, key: Element, value: Element) -> Result<Expression, Reported> {
        if key.ty().scalar().is_composite() {
            return Err(self.unsupported());
        }
        let pair = Type::of(Scalar::Pair(key, value));
        let pairs = sequence(self.binder, pair, self.location)?;
        let mut lists = Vec::new();
        match self.arguments()?.as_slice() {
            [] => {}
            [Operand::Null(_)] => lists.push(constant(Value::Null, pairs, self.location)),
            [elements] => {
                let source = source::of(self.binder, elements.clone())?;
                let list = implicit(source.list.into(), pairs);
                lists.push(self.binder.csharp(self.location, list)?);
            }
            _ => return Err(self.unsupported()),
        }
        if let Some(initializer) = self.new.initializer() {
            let nested: Vec<_> = initializer.nested().collect();
            if nested.len() < initializer.syntax().children().count() {
                return Err(self.unsupported());
            }
            let mut elements = Vec::with_capacity(nested.len());
            for entry in nested {
                elements.push(self.entry(&entry, key, value)?);
            }
            lists.push(self.made(Operation::List, elements, pairs));
        }
        let list = match <[Expression; 2]>::try_from(lists) {
            Ok(both) => self.made(Operation::Concat, both.into(), pairs),
            Err(mut one) => one
                .pop()
                .unwrap_or_else(|| self.made(Operation::List, Vec::new(), pairs)),
        };
        Ok(self.made(Operation::ToMap(Duplicates::Last), vec![list], self.ty))
    }

    fn entry(
        &mut self,
        entry: &Initializer,
        key: Element,
        value: Element,
    ) -> Result<Expression, Reported> {
        let values = self.only_values(entry)?;
        let [first, second] = values.as_slice() else {
            return Err(self.unsupported());
        };
        let first = self.binder.converted(first, key.ty())?;
        let second = self.binder.converted(second, value.ty())?;
        let ty = Type::of(Scalar::Pair(key, value));
        Ok(self.made(Operation::Pair, vec![first, second], ty))
    }

    fn pair(mut self, key: Element, value: Element) -> Result<Expression, Reported> {
        let arguments = <[Operand; 2]>::try_from(self.arguments()?);
        let (Ok([first, second]), None) = (arguments, self.new.initializer()) else {
            return Err(self.unsupported());
        };
        let first = self
            .binder
            .csharp(self.location, implicit(first, key.ty()))?;
        let second = self
            .binder
            .csharp(self.location, implicit(second, value.ty()))?;
        Ok(self.made(Operation::Pair, vec![first, second], self.ty))
    }
}

/// `SqlArray.Append(array, elements)`, `SqlMap.Update(map, pairs)`: a collection with what comes behind it.
pub(super) fn extended(
    binder: &mut Binder<'_, '_>,
    call: &CallExpr,
    location: Location,
) -> Result<Expression, Reported> {
    let arguments = expressions(binder, call)?;
    let [first, more] = arguments.as_slice() else {
        return Err(binder
            .checker
            .unsupported(location, "a call with other than two collections"));
    };
    let first = binder.operand(first)?;
    let first = source::of(binder, first)?;
    let ty = sequence(binder, first.element, location)?;
    let more = binder.operand(more)?;
    let more = source::of(binder, more)?;
    let more = binder.csharp(location, implicit(more.list.into(), ty))?;
    let of = first.list.ty;
    let operands = vec![first.list, more];
    let both = |ty| Expression::collection(Operation::Concat, operands, Vec::new(), ty, location);
    Ok(match of.scalar() {
        Scalar::Map(..) => {
            let operation = Operation::ToMap(Duplicates::Last);
            Expression::collection(operation, vec![both(ty)], Vec::new(), of, location)
        }
        _ => both(of),
    })
}

/// `SqlArray.Create(elements)`, `SqlMap.Create(pairs)`
pub(super) fn created(
    binder: &mut Binder<'_, '_>,
    owner: &str,
    call: &CallExpr,
    location: Location,
) -> Result<Expression, Reported> {
    let arguments = expressions(binder, call)?;
    let [elements] = arguments.as_slice() else {
        return Err(binder
            .checker
            .unsupported(location, "this overload of Create"));
    };
    let elements = binder.operand(elements)?;
    let source = source::of(binder, elements)?;
    let made = |operation, ty| {
        Expression::collection(operation, vec![source.list], Vec::new(), ty, location)
    };
    match (owner, source.element.scalar()) {
        ("SqlArray", _) => {
            let of = element(binder.checker, source.element, location)?;
            Ok(made(Operation::Present, Type::of(Scalar::Array(of))))
        }
        (_, Scalar::Pair(key, value)) => {
            let ty = Type::of(Scalar::Map(key, value));
            Ok(made(Operation::ToMap(Duplicates::Last), ty))
        }
        _ => Err(binder
            .checker
            .unsupported(location, "a SqlMap of other than pairs")),
    }
}

/// `Enumerable.Range(start, count)`, `Repeat(x, count)` and `Empty<T>()`.
pub(super) fn enumerable(
    binder: &mut Binder<'_, '_>,
    call: &CallExpr,
    name: &str,
    location: Location,
) -> Result<Expression, Reported> {
    let arguments = expressions(binder, call)?;
    match (name, arguments.as_slice()) {
        ("Range", [start, count]) => {
            let operands = vec![binder.converted(start, INT)?, binder.converted(count, INT)?];
            let ty = sequence(binder, INT, location)?;
            Ok(Expression::collection(
                Operation::Range,
                operands,
                Vec::new(),
                ty,
                location,
            ))
        }
        ("Repeat", [value, count]) => {
            let value = binder.operand(value)?;
            let value = binder.with_type(value)?;
            let ty = sequence(binder, value.ty, location)?;
            let operands = vec![value, binder.converted(count, INT)?];
            Ok(Expression::collection(
                Operation::Repeat,
                operands,
                Vec::new(),
                ty,
                location,
            ))
        }
        ("Empty", []) => {
            let types = super::types(binder, call)?;
            let [of] = types.as_slice() else {
                return Err(binder.checker.missing(location));
            };
            let ty = sequence(binder, *of, location)?;
            Ok(Expression::collection(
                Operation::List,
                Vec::new(),
                Vec::new(),
                ty,
                location,
            ))
        }
        _ => Err(binder
            .checker
            .unsupported(location, &format!("Enumerable.{name}"))),
    }
}
