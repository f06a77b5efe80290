//! What a checked plan may ask for and this engine does not do, found before anything runs.

use std::collections::HashMap;

use usql_sema::{
    Location, Plan, RowsetId, RowsetKind, extractors::Extractor, outputters::Outputter,
};

use crate::{engine::inputs, error::RuntimeError, extract::TextFormat, output::TextEncoder};

/// How many rowsets may be made one of another. Real scripts have some tens.
pub(crate) const MAX_DEPTH: usize = 1000;

/// A statement that the engine will not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Where it is in the script.
    pub location: Location,
    /// Why, as a sentence.
    pub reason: String,
}

/// Every reason for which [`Engine::run`](crate::Engine::run) would refuse a plan, in the order of the script.
///
/// A compiler that asks can say so at the right place; `run` refuses by itself, too.
#[must_use]
pub fn refusals(plan: &Plan) -> Vec<Refusal> {
    let extracts = plan.rowsets().filter_map(|(_, rowset)| {
        let RowsetKind::Extract { extractor, .. } = &rowset.kind else {
            return None;
        };
        let Extractor::Text(settings) = extractor;
        let refused = TextFormat::new(settings, 1).err()?;
        Some(refusal(rowset.location, &refused))
    });
    let outputs = plan.outputs().iter().filter_map(|output| {
        let Outputter::Text(settings) = &output.outputter;
        let refused = TextEncoder::new(settings, &plan[output.input].schema).err()?;
        Some(refusal(output.location, &refused))
    });
    let mut refusals: Vec<Refusal> = extracts.chain(outputs).chain(too_deep(plan)).collect();
    refusals.sort_by_key(|refusal| refusal.location.start);
    refusals
}

fn refusal(location: Location, error: &RuntimeError) -> Refusal {
    Refusal {
        location,
        reason: error.report().description.clone(),
    }
}

/// The first rowset that is too many.
fn too_deep(plan: &Plan) -> Option<Refusal> {
    let mut depths: HashMap<RowsetId, usize> = HashMap::new();
    for (id, rowset) in plan.rowsets() {
        let below = inputs(plan, id)
            .into_iter()
            .filter_map(|input| depths.get(&input).copied());
        let depth = 1 + below.max().unwrap_or(0);
        if depth > MAX_DEPTH {
            return Some(Refusal {
                location: rowset.location,
                reason: format!("More than {MAX_DEPTH} rowsets are made one of another."),
            });
        }
        depths.insert(id, depth);
    }
    None
}
