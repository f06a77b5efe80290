//! What each operator of DataFusion took in a run, and which rowset of the script it makes.

use std::{collections::BTreeSet, sync::Arc};

use datafusion::{
    common::tree_node::{TreeNode, TreeNodeRecursion},
    physical_expr::{PhysicalExpr, ScalarFunctionExpr},
    physical_plan::{ExecutionPlan, filter::FilterExec},
};
use usql_sema::{Location, Plan, RowsetId, RowsetKind};

use super::run::{below, inputs};
use crate::{eval::Formula, lower::Lowering, report::Operator};

/// The operators of a plan that was executed, each above its inputs.
pub(super) fn operators(
    executed: &Arc<dyn ExecutionPlan>,
    plan: &Plan,
    root: RowsetId,
    lowering: &Lowering<'_>,
) -> Vec<Operator> {
    let mut walk = Walk {
        plan,
        below: below(plan, root),
        lowering,
        found: Vec::new(),
    };
    walk.node(executed, 0, root);
    walk.found
}

struct Walk<'a> {
    plan: &'a Plan,
    /// The rowsets that the operators may make.
    below: BTreeSet<RowsetId>,
    lowering: &'a Lowering<'a>,
    found: Vec<Operator>,
}

impl Walk<'_> {
    /// Adds an operator and what is under it. Gives the rowset that it makes, or else the one that is made of it.
    fn node(&mut self, node: &Arc<dyn ExecutionPlan>, depth: usize, above: RowsetId) -> RowsetId {
        let metrics = node.metrics();
        let position = self.found.len();
        self.found.push(Operator {
            depth,
            name: node.name().trim_end_matches("Exec").to_owned(),
            rowset: None,
            rows: metrics
                .as_ref()
                .and_then(|metrics| metrics.output_rows())
                .map(|rows| rows as u64),
            elapsed: metrics
                .and_then(|metrics| metrics.elapsed_compute())
                .map(|nanos| std::time::Duration::from_nanos(nanos as u64)),
        });
        let named = self.named(node);
        let children = node.children();
        let under: Vec<RowsetId> = children
            .iter()
            .map(|child| self.node(child, depth + 1, named.unwrap_or(above)))
            .collect();
        let makes = match node.name() {
            "FilterExec" => filtered(node)
                .and_then(|place| self.filter_at(place))
                .or(named),
            name if name.contains("Join") => {
                self.first(&under, |kind| matches!(kind, RowsetKind::Join { .. }))
            }
            name if name.contains("Sort") || name.contains("Limit") => {
                self.first(&under, |kind| matches!(kind, RowsetKind::Sort { .. }))
            }
            _ if children.is_empty() => Some(self.leaf(named.unwrap_or(above))),
            _ => named,
        };
        self.found[position].rowset = makes;
        makes.or(named).or(under.first().copied()).unwrap_or(above)
    }

    /// The last rowset that gave a name to one of the columns.
    fn named(&self, node: &Arc<dyn ExecutionPlan>) -> Option<RowsetId> {
        let schema = node.schema();
        let fields = schema.fields().iter();
        let makers = fields.filter_map(|field| self.lowering.maker(field.name()));
        makers.filter(|id| self.below.contains(id)).max()
    }

    /// The first rowset of a kind that is made of these.
    fn first(&self, of: &[RowsetId], is_kind: fn(&RowsetKind) -> bool) -> Option<RowsetId> {
        let mut kinds = self
            .below
            .iter()
            .filter(|id| is_kind(&self.plan[**id].kind));
        kinds
            .find(|id| {
                let below = below(self.plan, **id);
                of.iter().all(|of| below.contains(of))
            })
            .copied()
    }

    fn filter_at(&self, place: Location) -> Option<RowsetId> {
        let mut filters = self.below.iter();
        filters
            .find(|id| match &self.plan[**id].kind {
                RowsetKind::Filter { predicate, .. } => predicate.location == place,
                _ => false,
            })
            .copied()
    }

    /// What a rowset is made of in the end, as far as that is one: a file, or a rowset that was computed before.
    fn leaf(&self, mut id: RowsetId) -> RowsetId {
        while !self.lowering.is_read(id)
            && let [input] = inputs(self.plan, id)[..]
        {
            id = input;
        }
        id
    }
}

/// Where the script has the condition of a filter.
fn filtered(node: &Arc<dyn ExecutionPlan>) -> Option<Location> {
    let filter = node.downcast_ref::<FilterExec>()?;
    let mut place = None;
    let visited = filter
        .predicate()
        .apply(|expression: &Arc<dyn PhysicalExpr>| {
            let call = expression.downcast_ref::<ScalarFunctionExpr>();
            let formula = call.and_then(|call| call.fun().inner().downcast_ref::<Formula>());
            Ok(match formula {
                Some(formula) => {
                    place = Some(formula.location());
                    TreeNodeRecursion::Stop
                }
                None => TreeNodeRecursion::Continue,
            })
        });
    visited.ok().and(place)
}
