//! A file to extract rows from, and what was read of it.

use std::sync::{Arc, atomic::AtomicU64};

use usql_sema::Column;

use super::format::TextFormat;
use crate::files::Input;

/// An open file: what every range of it shares.
pub(super) struct TextFile {
    pub(super) path: String,
    pub(super) input: Arc<dyn Input>,
    pub(super) format: Arc<TextFormat>,
    /// The columns of its cells.
    pub(super) columns: Arc<[Column]>,
    pub(super) counters: Arc<ScanCounters>,
}

/// What a scan did, for the report of the run.
#[derive(Debug, Default)]
pub(crate) struct ScanCounters {
    pub(crate) bytes: AtomicU64,
    pub(crate) rows: AtomicU64,
}

impl TextFile {
    /// Whether the file is packed, which its name says.
    pub(super) fn is_gzip(&self) -> bool {
        is_gzip(&self.path)
    }
}

/// Whether a file of this name is packed.
pub(crate) fn is_gzip(path: &str) -> bool {
    let extension = path.len().checked_sub(3).and_then(|at| path.get(at..));
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case(".gz"))
}
