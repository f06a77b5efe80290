//! Which rows of each rowset its users need, as conditions over its columns.
//!
//! A condition wanders from a WHERE towards the files as long as a row that does not meet it has no part in anything that
//! is written. Where that is not certain it is dropped, which only keeps more files.

use std::collections::BTreeMap;

use crate::{
    expression::{BinaryOperation, Expression, ExpressionKind},
    plan::{JoinKind, Plan, Repetitions, RowsetId, RowsetKind, SetOperation, Window},
    types::Scalar,
};

/// Conditions that a needed row meets, all of them.
pub(crate) type Conjunction = Vec<Expression>;

/// What the users of a rowset need: rows that meet one of these. A user that needs all rows has no conditions.
pub(crate) type Demand = Vec<Conjunction>;

/// More users than this are taken for one that needs all rows.
const MAX_ALTERNATIVES: usize = 16;

/// Conditions of one user that are larger than this together are dropped, the last first.
const MAX_SIZE: usize = 1_000;

/// Deeper conditions are dropped: a long chain of rowsets makes them deeper with each.
const MAX_DEPTH: usize = 32;

/// What is needed of each rowset that an output needs.
pub(crate) fn demands(plan: &Plan) -> BTreeMap<RowsetId, Demand> {
    let mut demands = BTreeMap::new();
    for output in plan.outputs() {
        add(&mut demands, output.input, vec![Vec::new()]);
    }
    let rowsets: Vec<RowsetId> = plan.rowsets().map(|(id, _)| id).collect();
    // Users come after what they use.
    for id in rowsets.into_iter().rev() {
        if let Some(demand) = demands.get(&id).cloned() {
            hand_down(plan, id, &demand, &mut demands);
        }
    }
    demands
}

fn add(demands: &mut BTreeMap<RowsetId, Demand>, id: RowsetId, more: Demand) {
    let demand = demands.entry(id).or_default();
    demand.extend(more);
    if demand.len() > MAX_ALTERNATIVES || demand.iter().any(Vec::is_empty) {
        *demand = vec![Vec::new()];
    }
}

fn hand_down(plan: &Plan, id: RowsetId, demand: &Demand, demands: &mut BTreeMap<RowsetId, Demand>) {
    let all = || vec![Vec::new()];
    match &plan[id].kind {
        RowsetKind::Extract { .. } | RowsetKind::Values { .. } => {}
        RowsetKind::Filter { input, predicate } => {
            let mut conditions = Vec::new();
            conjuncts(predicate, &mut conditions);
            let narrowed = demand.iter().map(|known| {
                let known = known.iter().chain(&conditions).cloned();
                affordable(known)
            });
            add(demands, *input, narrowed.collect());
        }
        RowsetKind::Project { input, expressions } => {
            let below = translated(demand, &|column| expressions.get(column).cloned());
            add(demands, *input, below);
        }
        RowsetKind::Aggregate { input, keys, .. } => {
            // Groups are told apart by their keys; without keys there is a row even of no rows.
            let key = |column: usize| keys.get(column).filter(|key| has_one_form(key)).cloned();
            add(demands, *input, translated(demand, &key));
        }
        RowsetKind::Explode { input, .. } => {
            // Each row stands for itself. The elements are behind its columns.
            let kept = |column| own(plan, *input, column);
            add(demands, *input, translated(demand, &kept));
        }
        RowsetKind::Window { input, windows } => {
            // The rows of a partition are needed together, so only what they have in common tells them apart.
            let is_key = |column, window: &Window| {
                let mut keys = window.partition_by.iter();
                keys.any(|key| key.kind == ExpressionKind::Column(column))
            };
            let common = |column| {
                let is_common = windows.iter().all(|window| is_key(column, window));
                own(plan, *input, column).filter(|key| is_common && has_one_form(key))
            };
            add(demands, *input, translated(demand, &common));
        }
        RowsetKind::Sort {
            input,
            offset: 0,
            fetch: None,
            ..
        } => add(demands, *input, demand.clone()),
        RowsetKind::Distinct { input } => {
            let compared = |column| own(plan, *input, column).filter(has_one_form);
            add(demands, *input, translated(demand, &compared));
        }
        RowsetKind::SetOperation {
            operation,
            repetitions,
            left,
            right,
        } => {
            // What becomes of a row depends on the rows that equal it, and those meet the same conditions: in either
            // input the others do not matter.
            let is_compared =
                (*operation, *repetitions) != (SetOperation::Union, Repetitions::Keep);
            for input in [*left, *right] {
                let column = |column| {
                    let column = own(plan, input, column)?;
                    (!is_compared || has_one_form(&column)).then_some(column)
                };
                add(demands, input, translated(demand, &column));
            }
        }
        RowsetKind::Join {
            kind, left, right, ..
        } => {
            let width = plan[*left].schema.columns().len();
            let is_left = matches!(
                kind,
                JoinKind::Inner
                    | JoinKind::Cross
                    | JoinKind::LeftOuter
                    | JoinKind::Semi
                    | JoinKind::AntiSemi
            );
            let is_right = matches!(
                kind,
                JoinKind::Inner | JoinKind::Cross | JoinKind::RightOuter
            );
            let from_left = translated(demand, &|column| own(plan, *left, column));
            let from_right = translated(demand, &|column| {
                own(plan, *right, column.checked_sub(width)?)
            });
            add(demands, *left, if is_left { from_left } else { all() });
            add(demands, *right, if is_right { from_right } else { all() });
        }
        _ => {
            for input in plan.inputs(id) {
                add(demands, input, all());
            }
        }
    }
}

/// A column of a rowset; none if it has fewer.
fn own(plan: &Plan, rowset: RowsetId, column: usize) -> Option<Expression> {
    let rowset = &plan[rowset];
    Some(Expression {
        kind: ExpressionKind::Column(column),
        ty: rowset.schema.columns().get(column)?.ty,
        location: rowset.location,
    })
}

/// Whether values that are equal are the same in every respect. 1.0 and 1.00 are equal decimals, and 0.0 and -0.0
/// equal doubles, yet their texts differ: a condition may hold for one and not for the other.
fn has_one_form(key: &Expression) -> bool {
    let scalar = key.ty.scalar();
    !matches!(scalar, Scalar::Decimal | Scalar::Float | Scalar::Double) && !scalar.is_composite()
}

/// The demand over other columns. Conditions with a column that has no translation are dropped.
fn translated(demand: &Demand, column: &dyn Fn(usize) -> Option<Expression>) -> Demand {
    let translate = |condition: &Expression| {
        let mut condition = condition.clone();
        let mut is_known = true;
        condition.replace(&mut |part| match part.kind {
            ExpressionKind::Column(position) => {
                let translation = column(position);
                is_known &= translation.is_some();
                translation
            }
            _ => None,
        });
        is_known.then_some(condition)
    };
    let conjunctions = demand.iter();
    let conjunctions = conjunctions.map(|all| affordable(all.iter().filter_map(translate)));
    conjunctions.collect()
}

/// Whether an expression has no lambdas, whose parameters mean nothing outside.
fn is_simple(expression: &Expression) -> bool {
    !matches!(
        expression.kind,
        ExpressionKind::Collection(_) | ExpressionKind::Parameter(_)
    ) && expression.children().all(is_simple)
}

/// As many conditions as may be carried along.
fn affordable(conditions: impl Iterator<Item = Expression>) -> Conjunction {
    let mut size = 0;
    let conditions =
        conditions.filter(|condition| condition.depth() <= MAX_DEPTH && is_simple(condition));
    let fits = move |condition: &Expression| {
        size += condition.size();
        size <= MAX_SIZE
    };
    conditions.take_while(fits).collect()
}

/// The sides of `AND` and `&&`.
pub(crate) fn conjuncts(condition: &Expression, found: &mut Conjunction) {
    match &condition.kind {
        ExpressionKind::Binary {
            operation: BinaryOperation::And | BinaryOperation::AndAlso,
            left,
            right,
            ..
        } => {
            conjuncts(left, found);
            conjuncts(right, found);
        }
        _ => found.push(condition.clone()),
    }
}
