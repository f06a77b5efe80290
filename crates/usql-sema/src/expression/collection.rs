//! Operations on collections, and the lambdas that some of them take.

use super::{Expression, ExpressionKind};
use crate::{diagnostics::Location, plan::Direction, types::Type};

/// An operation on collections.
///
/// A null collection raises (`ArgumentNullException`, as of a null `this`). An element is evaluated once for each
/// lambda, in no order that a script can see.
#[derive(Clone, Debug, PartialEq)]
pub struct Collection {
    /// The operation.
    pub operation: CollectionOperation,
    /// What it is applied to; the collection comes first.
    pub operands: Vec<Expression>,
    /// What is computed for its elements.
    pub lambdas: Vec<Lambda>,
}

/// A function written in an expression.
///
/// Its parameters are [`Parameter`](ExpressionKind::Parameter)s from `first` on. The numbers below belong to lambdas
/// around it; its body may name them, and the columns of the rowset.
#[derive(Clone, Debug, PartialEq)]
pub struct Lambda {
    /// The number of its first parameter.
    pub first: usize,
    /// How many parameters it has.
    pub arity: usize,
    /// What it gives.
    pub body: Expression,
}

/// What is done with collections. `xs` is a list of elements: an array, a sequence, or the pairs of a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CollectionOperation {
    /// A list of the operands.
    List,
    /// `new KeyValuePair<K, V>(k, v)`
    Pair,
    /// `new {..}`: an object of the operands.
    Record,
    /// `object.Name`, by position. Null raises `NullReferenceException`.
    Field(usize),
    /// `pair.Key`
    Key,
    /// `pair.Value`
    Value,
    /// `map.Keys`
    Keys,
    /// `map.Values`
    Values,
    /// A map of the pairs of a list. A null key raises `ArgumentNullException`.
    ToMap(Duplicates),
    /// `xs.Count()`, an `int`.
    Count,
    /// `xs[i]`
    ElementAt(Absent),
    /// `map[key]`: the default of the type where there is no such key.
    Lookup,
    /// `xs.Contains(x)`
    Contains,
    /// `map.ContainsKey(key)`
    ContainsKey,
    /// `xs.First()`
    First(Absent),
    /// `xs.Last()`
    Last(Absent),
    /// `xs.Single()`: more than one raises.
    Single(Absent),
    /// `xs.Concat(ys)`
    Concat,
    /// `xs.Distinct()`: the first of equal elements stays.
    Distinct,
    /// `xs.Except(ys)`, without repetitions.
    Except,
    /// `xs.Intersect(ys)`, without repetitions.
    Intersect,
    /// `xs.SequenceEqual(ys)`
    SequenceEqual,
    /// `xs.Reverse()`
    Reverse,
    /// `xs.Skip(n)`
    Skip,
    /// `xs.Take(n)`
    Take,
    /// `xs.SkipWhile(x => ..)`, also with the position as second parameter.
    SkipWhile,
    /// `xs.TakeWhile(x => ..)`, also with the position as second parameter.
    TakeWhile,
    /// `xs.DefaultIfEmpty(x)`
    DefaultIfEmpty,
    /// `xs.Where(x => ..)`, also with the position as second parameter.
    Where,
    /// `xs.Select(x => ..)`, also with the position as second parameter.
    Select,
    /// `xs.SelectMany(x => ..)`, where the lambda gives a collection.
    SelectMany,
    /// `xs.Zip(ys, (x, y) => ..)`
    Zip,
    /// `xs.OrderBy(x => ..).ThenBy(x => ..)`: a direction for each lambda. Stable; null comes first.
    OrderBy(Vec<Direction>),
    /// `xs.GroupBy(x => ..)`: pairs of a key and the elements with it, in the order in which keys are met.
    GroupBy,
    /// `xs.Sum()`: of nothing 0; null elements are left out. Integers raise when the sum does not fit.
    Sum,
    /// `xs.Min()`: of nothing it raises, or is null where the type has it; null elements are left out.
    Min,
    /// `xs.Max()`: as `Min`.
    Max,
    /// `xs.Average()`: as `Min`.
    Average,
    /// `xs.Aggregate((a, x) => ..)`, with a second operand that is the seed; without one, nothing raises.
    Aggregate,
    /// `string.Join(separator, xs)`; the separator is the second operand. Null elements are empty.
    Join,
    /// `Enumerable.Range(start, count)`
    Range,
    /// `Enumerable.Repeat(x, count)`
    Repeat,
    /// `text.Split(..)` at one of the strings of the second operand, or at white space where there are none.
    ///
    /// The third operand is the greatest number of parts, an `int`.
    Split(EmptyParts),
    /// `text.ToCharArray()`
    Characters,
    /// The list itself; null raises `ArgumentNullException`.
    Present,
    /// A value with names for parts of it: the lambda's parameters are the operands.
    Let,
}

/// What there is where a key comes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duplicates {
    /// The last value, as of `SQL.MAP`.
    Last,
    /// An `ArgumentException`, as of `ToDictionary`.
    Raise,
}

/// What there is in place of an element that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// An exception.
    Raise,
    /// The default of the type.
    Default,
}

/// What becomes of empty parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmptyParts {
    /// `StringSplitOptions.None`
    Keep,
    /// `StringSplitOptions.RemoveEmptyEntries`
    Remove,
}

impl Expression {
    /// An operation on collections.
    pub(crate) fn collection(
        operation: CollectionOperation,
        operands: Vec<Self>,
        lambdas: Vec<Lambda>,
        ty: Type,
        location: Location,
    ) -> Self {
        Self {
            kind: ExpressionKind::Collection(Box::new(Collection {
                operation,
                operands,
                lambdas,
            })),
            ty,
            location,
        }
    }
}
