//! Expressions over groups: keys, aggregates, and what may not be neither.

use super::scope::Scope;
use crate::{
    diagnostics::{
        codes,
        sink::{Reported, Sink},
    },
    expression::{Expression, ExpressionKind},
    plan::Aggregate,
    types::{Column, Schema, Type},
};

/// The aggregates that a query computes, each once.
///
/// While a query is bound, its expressions name the aggregate `i` as the column after the `i` before it and all
/// columns of the input; [`Grouping::rewrite`] then moves them onto the rows of the aggregation.
#[derive(Debug, Default)]
pub(crate) struct Aggregates {
    list: Vec<(Aggregate, Type)>,
}

impl Aggregates {
    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The position of an aggregate among the aggregates; an equal one is not computed twice.
    pub(crate) fn add(&mut self, aggregate: Aggregate, ty: Type) -> usize {
        let same = |known: &Aggregate| {
            known.function == aggregate.function
                && known.distinct == aggregate.distinct
                && known.argument.as_ref().map(Expression::without_locations)
                    == aggregate
                        .argument
                        .as_ref()
                        .map(Expression::without_locations)
        };
        match self.list.iter().position(|(known, _)| same(known)) {
            Some(position) => position,
            None => {
                self.list.push((aggregate, ty));
                self.list.len() - 1
            }
        }
    }
}

/// The rows of an aggregation, seen from the columns of its input.
pub(crate) struct Grouping<'a> {
    /// What groups have in common.
    pub(crate) keys: &'a [Expression],
    /// The columns of the input.
    pub(crate) scope: &'a Scope,
}

impl Grouping<'_> {
    /// Moves an expression from the columns of the input onto the keys and aggregates.
    pub(crate) fn rewrite(
        &self,
        mut expression: Expression,
        sink: &mut Sink,
    ) -> Result<Expression, Reported> {
        let keys: Vec<Expression> = self
            .keys
            .iter()
            .map(Expression::without_locations)
            .collect();
        let width = self.scope.width();
        let mut stray = None;
        expression.replace(&mut |part| {
            let place = |position| Expression {
                kind: ExpressionKind::Column(position),
                ..part.clone()
            };
            let bare = part.without_locations();
            if let Some(key) = keys.iter().position(|key| *key == bare) {
                return Some(place(key));
            }
            match part.kind {
                ExpressionKind::Column(position) if position >= width => {
                    Some(place(keys.len() + position - width))
                }
                ExpressionKind::Column(position) => {
                    stray.get_or_insert((position, part.location));
                    None
                }
                _ => None,
            }
        });
        let Some((position, location)) = stray else {
            return Ok(expression);
        };
        let name = self
            .scope
            .columns()
            .find(|(at, _)| *at == position)
            .map_or("", |(_, column)| column.name.as_str());
        let message =
            format!("The column '{name}' is neither in the GROUP BY clause nor in an aggregate.");
        Err(sink.error(&codes::NOT_GROUPED, location, message))
    }

    /// The columns of the aggregation's rows. Nothing names them; they are numbered for the reader of a plan.
    pub(crate) fn schema(&self, aggregates: &Aggregates) -> Schema {
        let keys = self.keys.iter().enumerate();
        let keys = keys.map(|(position, key)| Column::new(format!("key{position}"), key.ty));
        let aggregates = aggregates.list.iter().enumerate();
        let aggregates =
            aggregates.map(|(position, (_, ty))| Column::new(format!("aggregate{position}"), *ty));
        keys.chain(aggregates).collect()
    }
}

impl From<Aggregates> for Vec<Aggregate> {
    fn from(aggregates: Aggregates) -> Self {
        aggregates
            .list
            .into_iter()
            .map(|(aggregate, _)| aggregate)
            .collect()
    }
}
