//! What it took to find the files of an EXTRACT.

use serde_json::{Value, json};
use usql_engine::Inputs;

/// `/logs/{day:yyyy}/{*}.csv: 3 of 20 files read, 17 pruned; 40 names in 5 folders looked at`
pub(super) fn counted(set: &Inputs) -> String {
    let census = set.census;
    format!(
        "{}: {} of {} files read, {} pruned; {} names in {} folders looked at",
        set.paths.join(", "),
        set.files,
        set.files + census.pruned,
        census.pruned,
        census.names,
        census.directories,
    )
}

/// The same for programs.
pub(super) fn described(set: &Inputs) -> Value {
    json!({
        "paths": set.paths,
        "foldersListed": set.census.directories,
        "namesListed": set.census.names,
        "filesMatched": set.census.matched,
        "filesPruned": set.census.pruned,
        "filesRead": set.files,
    })
}
