//! What compares values asks for types that have an equality or an order. Collections have neither.

use crate::{
    diagnostics::{Location, codes, sink::Sink},
    plan::{Plan, Repetitions, RowsetKind, SetOperation},
    types::Type,
};

/// Reports every value that a rowset would compare and cannot.
///
/// Every rowset of a plan passes here, whichever query made it.
pub(super) fn require(kind: &RowsetKind, plan: &Plan, location: Location, sink: &mut Sink) {
    let mut refuse = |ty: Type, what: &str, location: Location| {
        if ty.scalar().is_composite() {
            let message = format!("Values of type '{ty}' cannot be compared, which {what} needs.");
            sink.error(&codes::NOT_COMPARABLE, location, message);
        }
    };
    match kind {
        RowsetKind::Aggregate {
            keys, aggregates, ..
        } => {
            for key in keys {
                refuse(key.ty, "GROUP BY", key.location);
            }
            let distinct = aggregates.iter().filter(|aggregate| aggregate.distinct);
            for argument in distinct.filter_map(|aggregate| aggregate.argument.as_ref()) {
                refuse(argument.ty, "DISTINCT", argument.location);
            }
        }
        RowsetKind::Join { keys, .. } => {
            for side in keys.iter().flat_map(|key| [&key.left, &key.right]) {
                refuse(side.ty, "JOIN", side.location);
            }
        }
        RowsetKind::Sort { keys, .. } => {
            for key in keys.iter().map(|key| &key.expression) {
                refuse(key.ty, "ORDER BY", key.location);
            }
        }
        RowsetKind::Distinct { input } => {
            for column in plan[*input].schema.columns() {
                refuse(column.ty, "DISTINCT", location);
            }
        }
        RowsetKind::Window { windows, .. } => {
            for window in windows {
                for key in &window.partition_by {
                    refuse(key.ty, "PARTITION BY", key.location);
                }
                for key in window.order_by.iter().map(|key| &key.expression) {
                    refuse(key.ty, "ORDER BY", key.location);
                }
            }
        }
        RowsetKind::SetOperation {
            operation,
            repetitions,
            left,
            ..
        } => {
            let compares = (*operation, *repetitions) != (SetOperation::Union, Repetitions::Keep);
            for column in plan[*left].schema.columns().iter().filter(|_| compares) {
                refuse(column.ty, "a set operation", location);
            }
        }
        RowsetKind::Extract { .. }
        | RowsetKind::Values { .. }
        | RowsetKind::Explode { .. }
        | RowsetKind::Filter { .. }
        | RowsetKind::Project { .. } => {}
    }
}
