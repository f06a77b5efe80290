//! Moving parts of a plan to another place in the script.

use super::{Aggregate, Output, Plan, Rowset, RowsetId, RowsetKind, SortKey, WindowFunction};
use crate::{diagnostics::Location, expression::Expression};

impl Plan {
    /// Says of the rowsets from a place on, and of the outputs and changes from a number on, that they stand at a place.
    pub(crate) fn relocate(
        &mut self,
        rowsets: RowsetId,
        outputs: usize,
        changes: usize,
        place: Location,
    ) {
        for change in &mut self.changes[changes..] {
            change.location = place;
        }
        for rowset in &mut self.rowsets[rowsets.0..] {
            rowset.location = place;
            rowset.each_expression(&mut |expression| relocate(expression, place));
            for location in rowset.locations() {
                *location = place;
            }
        }
        for Output {
            location, order_by, ..
        } in &mut self.outputs[outputs..]
        {
            *location = place;
            for key in order_by {
                relocate(&mut key.expression, place);
            }
        }
    }
}

fn relocate(expression: &mut Expression, place: Location) {
    expression.location = place;
    for child in expression.children_mut() {
        relocate(child, place);
    }
}

impl Rowset {
    /// Gives `each` every expression of the rowset, but not their parts.
    fn each_expression(&mut self, each: &mut impl FnMut(&mut Expression)) {
        match &mut self.kind {
            RowsetKind::Extract { .. }
            | RowsetKind::Distinct { .. }
            | RowsetKind::SetOperation { .. } => {}
            RowsetKind::Values { rows } => rows.iter_mut().flatten().for_each(each),
            RowsetKind::Filter { predicate, .. } => each(predicate),
            RowsetKind::Project { expressions, .. } => expressions.iter_mut().for_each(each),
            RowsetKind::Aggregate {
                keys, aggregates, ..
            } => {
                let arguments = aggregates.iter_mut().filter_map(argument);
                keys.iter_mut().chain(arguments).for_each(each);
            }
            RowsetKind::Explode { collection, .. } => each(collection),
            RowsetKind::Join { keys, .. } => {
                for key in keys {
                    each(&mut key.left);
                    each(&mut key.right);
                }
            }
            RowsetKind::Sort { keys, .. } => keys.iter_mut().map(key).for_each(each),
            RowsetKind::Window { windows, .. } => {
                for window in windows {
                    window.partition_by.iter_mut().for_each(&mut *each);
                    window.order_by.iter_mut().map(key).for_each(&mut *each);
                    match &mut window.function {
                        WindowFunction::FirstValue(argument)
                        | WindowFunction::LastValue(argument)
                        | WindowFunction::Shift { argument, .. } => each(argument),
                        WindowFunction::Aggregate(aggregate) => {
                            argument(aggregate).into_iter().for_each(&mut *each);
                        }
                        WindowFunction::RowNumber
                        | WindowFunction::Rank
                        | WindowFunction::DenseRank
                        | WindowFunction::Tile(_)
                        | WindowFunction::CumulativeDistribution
                        | WindowFunction::PercentRank
                        | WindowFunction::Percentile(..) => {}
                    }
                }
            }
        }
    }

    /// The places that are not those of expressions.
    fn locations(&mut self) -> Vec<&mut Location> {
        match &mut self.kind {
            RowsetKind::Aggregate { aggregates, .. } => aggregates
                .iter_mut()
                .map(|each| &mut each.location)
                .collect(),
            RowsetKind::Window { windows, .. } => windows
                .iter_mut()
                .flat_map(|window| {
                    let aggregate = match &mut window.function {
                        WindowFunction::Aggregate(aggregate) => Some(&mut aggregate.location),
                        _ => None,
                    };
                    aggregate.into_iter().chain([&mut window.location])
                })
                .collect(),
            _ => Vec::new(),
        }
    }
}

const fn argument(aggregate: &mut Aggregate) -> Option<&mut Expression> {
    aggregate.argument.as_mut()
}

const fn key(key: &mut SortKey) -> &mut Expression {
    &mut key.expression
}
