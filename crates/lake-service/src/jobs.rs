//! Jobs: what the service asks of whoever understands the language of the scripts.

/// Compiles and runs scripts.
pub trait JobRunner: Send + Sync + 'static {}
