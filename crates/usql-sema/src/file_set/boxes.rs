//! Ranges of columns that conditions leave, to find out which directories can hold a needed file.
//!
//! A condition becomes boxes: alternatives, each with a range for some columns. A box may be too large but never too
//! small, so a directory that no box reaches into holds nothing that is needed.

use std::collections::BTreeMap;

use super::{demand::Demand, virtual_columns::number};
use crate::{
    csharp::Known,
    environment::CompileEnvironment,
    expression::{BinaryOperation, Expression, ExpressionKind},
    types::Scalar,
    value::Value,
};

/// What a column may be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Range {
    /// From, and up to.
    Numbers(i128, i128),
    /// This text.
    Text(String),
}

/// Ranges of columns by their positions in the rowset. A column that is not among them may be anything.
pub(crate) type Bounds = BTreeMap<usize, Range>;

/// More alternatives than this are not told apart.
const MAX_BOXES: usize = 64;

/// The boxes of a demand. None at all means that nothing is needed.
pub(crate) fn boxes(demand: &Demand, environment: &dyn CompileEnvironment) -> Vec<Bounds> {
    let mut boxes = Vec::new();
    for conjunction in demand {
        let mut alternatives = vec![Bounds::new()];
        for condition in conjunction {
            alternatives = both(alternatives, &of(condition, environment));
        }
        boxes.extend(alternatives);
    }
    if boxes.len() > MAX_BOXES {
        vec![Bounds::new()]
    } else {
        boxes
    }
}

/// The boxes of a condition.
fn of(condition: &Expression, environment: &dyn CompileEnvironment) -> Vec<Bounds> {
    use BinaryOperation::{And, AndAlso, Or, OrElse};
    let anything = vec![Bounds::new()];
    match &condition.kind {
        ExpressionKind::Constant(Value::Bool(false)) => Vec::new(),
        ExpressionKind::Binary {
            operation: And | AndAlso,
            left,
            right,
            ..
        } => both(of(left, environment), &of(right, environment)),
        ExpressionKind::Binary {
            operation: Or | OrElse,
            left,
            right,
            ..
        } => {
            let mut either = of(left, environment);
            either.extend(of(right, environment));
            if either.len() > MAX_BOXES {
                anything
            } else {
                either
            }
        }
        ExpressionKind::Binary {
            operation,
            left,
            right,
            ..
        } => {
            let found = match (column(left), column(right)) {
                (Some(column), _) => compared(column, *operation, right, environment),
                (None, Some(column)) => compared(column, mirrored(*operation), left, environment),
                (None, None) => None,
            };
            found.map_or(anything, |bounds| vec![bounds])
        }
        ExpressionKind::In { operand, list } if list.len() <= MAX_BOXES => {
            let equal = BinaryOperation::Equal;
            let points = column(operand).and_then(|column| {
                let points = list.iter();
                let points = points.map(|item| compared(column, equal, item, environment));
                points.collect::<Option<Vec<_>>>()
            });
            points.unwrap_or(anything)
        }
        _ => anything,
    }
}

/// The column that an expression is, perhaps in a wider integer type.
fn column(expression: &Expression) -> Option<usize> {
    match &expression.kind {
        ExpressionKind::Column(position) => Some(*position),
        ExpressionKind::Convert { operand, .. }
            if is_widening(operand.ty.scalar(), expression.ty.scalar()) =>
        {
            column(operand)
        }
        _ => None,
    }
}

/// Whether a conversion keeps every number.
fn is_widening(from: Scalar, to: Scalar) -> bool {
    use Scalar::{Byte, Char, Int, Long, SByte, Short, UInt, UShort};
    from == to
        || matches!(
            (from, to),
            (SByte | Byte | Short | UShort | Char, Int | Long) | (Int | UInt, Long)
        )
}

fn mirrored(operation: BinaryOperation) -> BinaryOperation {
    use BinaryOperation::{Greater, GreaterOrEqual, Less, LessOrEqual};
    match operation {
        Less => Greater,
        LessOrEqual => GreaterOrEqual,
        Greater => Less,
        GreaterOrEqual => LessOrEqual,
        other => other,
    }
}

/// What a comparison with something constant leaves of a column.
fn compared(
    column: usize,
    operation: BinaryOperation,
    with: &Expression,
    environment: &dyn CompileEnvironment,
) -> Option<Bounds> {
    use BinaryOperation::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual};
    let known = Known {
        environment,
        column: &|_| None,
    };
    let value = known.value(with)?;
    let range = match (value, operation) {
        (Value::String(text), Equal) => Range::Text(text),
        (value, operation) => {
            let (number, open) = (number(&value)?, (i128::MIN, i128::MAX));
            match operation {
                Equal => Range::Numbers(number, number),
                Less => Range::Numbers(open.0, number - 1),
                LessOrEqual => Range::Numbers(open.0, number),
                Greater => Range::Numbers(number + 1, open.1),
                GreaterOrEqual => Range::Numbers(number, open.1),
                _ => return None,
            }
        }
    };
    Some(Bounds::from([(column, range)]))
}

/// What is in a box of each side.
fn both(left: Vec<Bounds>, right: &[Bounds]) -> Vec<Bounds> {
    if left.len() * right.len() > MAX_BOXES {
        // The larger boxes of one side have all that is in both.
        return left;
    }
    let pairs = left
        .iter()
        .flat_map(|one| right.iter().map(move |other| (one, other)));
    pairs
        .filter_map(|(one, other)| common(one, other))
        .collect()
}

fn common(one: &Bounds, other: &Bounds) -> Option<Bounds> {
    let mut bounds = one.clone();
    for (column, range) in other {
        let range = match bounds.get(column) {
            Some(known) => known.common(range)?,
            None => range.clone(),
        };
        bounds.insert(*column, range);
    }
    Some(bounds)
}

impl Range {
    /// What is in both; none if nothing is.
    pub(crate) fn common(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Numbers(least, greatest), Self::Numbers(from, to)) => {
                let (least, greatest) = (*least.max(from), *greatest.min(to));
                (least <= greatest).then_some(Self::Numbers(least, greatest))
            }
            (one, other) => (one == other).then(|| one.clone()),
        }
    }
}
