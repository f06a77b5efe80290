//! The binary `adl`.

fn main() {}
