//! Microsoft's own Rust SDK at the lake.
