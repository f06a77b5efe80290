//! Text that reaches no log.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// A client secret: wiped from memory when dropped, redacted in `Debug`.
///
/// It can be serialized, because the lake must keep it and hand it to its owner in `endpoints.json`; both are
/// files that only the owner may read.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub(crate) fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself. Every call is a place to review.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Compares without telling by its duration how much was right.
    pub(crate) fn matches(&self, candidate: &str) -> bool {
        aws_lc_rs::constant_time::verify_slices_are_equal(self.0.as_bytes(), candidate.as_bytes())
            .is_ok()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}
