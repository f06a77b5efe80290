//! Walking expressions.
//!
//! The bodies of lambdas are parts of the expression like operands: the columns that they name are those of its rowset.

use super::{Expression, ExpressionKind, Lambda};
use crate::{diagnostics::Location, value::Value};

impl Expression {
    /// The direct operands, in the order in which they are written.
    pub fn children(&self) -> impl Iterator<Item = &Self> {
        let mut lambdas: &[Lambda] = &[];
        let (boxed, listed): ([Option<&Self>; 3], &[Self]) = match &self.kind {
            ExpressionKind::Column(_)
            | ExpressionKind::Constant(_)
            | ExpressionKind::Parameter(_) => ([None; 3], &[]),
            ExpressionKind::Collection(collection) => {
                lambdas = &collection.lambdas;
                ([None; 3], &collection.operands)
            }
            ExpressionKind::Convert { operand, .. }
            | ExpressionKind::Unary { operand, .. }
            | ExpressionKind::IsNull(operand) => ([Some(operand.as_ref()), None, None], &[]),
            ExpressionKind::Binary { left, right, .. }
            | ExpressionKind::Coalesce { left, right }
            | ExpressionKind::Like {
                operand: left,
                pattern: right,
                ..
            } => ([Some(left.as_ref()), Some(right.as_ref()), None], &[]),
            ExpressionKind::Conditional {
                condition,
                then,
                otherwise,
            } => (
                [
                    Some(condition.as_ref()),
                    Some(then.as_ref()),
                    Some(otherwise.as_ref()),
                ],
                &[],
            ),
            ExpressionKind::In { operand, list } => ([Some(operand.as_ref()), None, None], list),
            ExpressionKind::Call { arguments, .. } => ([None; 3], arguments),
        };
        let bodies = lambdas.iter().map(|lambda| &lambda.body);
        boxed.into_iter().flatten().chain(listed).chain(bodies)
    }

    /// As [`children`](Self::children), to be changed.
    pub(crate) fn children_mut(&mut self) -> impl Iterator<Item = &mut Self> {
        let mut lambdas: &mut [Lambda] = &mut [];
        let (boxed, listed): ([Option<&mut Self>; 3], &mut [Self]) = match &mut self.kind {
            ExpressionKind::Column(_)
            | ExpressionKind::Constant(_)
            | ExpressionKind::Parameter(_) => ([None, None, None], &mut []),
            ExpressionKind::Collection(collection) => {
                lambdas = &mut collection.lambdas;
                ([None, None, None], &mut collection.operands)
            }
            ExpressionKind::Convert { operand, .. }
            | ExpressionKind::Unary { operand, .. }
            | ExpressionKind::IsNull(operand) => ([Some(operand.as_mut()), None, None], &mut []),
            ExpressionKind::Binary { left, right, .. }
            | ExpressionKind::Coalesce { left, right }
            | ExpressionKind::Like {
                operand: left,
                pattern: right,
                ..
            } => ([Some(left.as_mut()), Some(right.as_mut()), None], &mut []),
            ExpressionKind::Conditional {
                condition,
                then,
                otherwise,
            } => (
                [
                    Some(condition.as_mut()),
                    Some(then.as_mut()),
                    Some(otherwise.as_mut()),
                ],
                &mut [],
            ),
            ExpressionKind::In { operand, list } => ([Some(operand.as_mut()), None, None], list),
            ExpressionKind::Call { arguments, .. } => ([None, None, None], arguments),
        };
        let bodies = lambdas.iter_mut().map(|lambda| &mut lambda.body);
        boxed.into_iter().flatten().chain(listed).chain(bodies)
    }

    /// Replaces every outermost subexpression for which `replacement` has one.
    pub(crate) fn replace(&mut self, replacement: &mut impl FnMut(&Self) -> Option<Self>) {
        match replacement(self) {
            Some(other) => *self = other,
            None => {
                for child in self.children_mut() {
                    child.replace(replacement);
                }
            }
        }
    }

    /// Puts an expression in the place of a parameter of the lambda around. Lambdas inside that count from that number
    /// or below have parameters of their own under it.
    pub(crate) fn substitute(&mut self, parameter: usize, replacement: &Self) {
        match &mut self.kind {
            ExpressionKind::Parameter(number) if *number == parameter => {
                *self = Self {
                    location: self.location,
                    ..replacement.clone()
                };
            }
            ExpressionKind::Collection(collection) => {
                let operands = collection.operands.iter_mut();
                let lambdas = collection.lambdas.iter_mut();
                let open = lambdas.filter(|lambda| lambda.first > parameter);
                for part in operands.chain(open.map(|lambda| &mut lambda.body)) {
                    part.substitute(parameter, replacement);
                }
            }
            _ => {
                for child in self.children_mut() {
                    child.substitute(parameter, replacement);
                }
            }
        }
    }

    /// Whether its value depends on the row.
    pub(crate) fn mentions_a_column(&self) -> bool {
        matches!(self.kind, ExpressionKind::Column(_))
            || self.children().any(Self::mentions_a_column)
    }

    /// How many operations it has, and how much text: what it costs to have it once more.
    pub(crate) fn size(&self) -> usize {
        let text = match &self.kind {
            ExpressionKind::Constant(Value::String(text)) => text.len() / 16,
            _ => 0,
        };
        1 + text + self.children().map(Self::size).sum::<usize>()
    }

    /// How deep its operations are nested.
    pub(crate) fn depth(&self) -> usize {
        1 + self.children().map(Self::depth).max().unwrap_or(0)
    }

    /// The same expression wherever it is written.
    pub(crate) fn without_locations(&self) -> Self {
        fn forget(expression: &mut Expression) {
            expression.location = Location::default();
            expression.children_mut().for_each(forget);
        }
        let mut expression = self.clone();
        forget(&mut expression);
        expression
    }
}
