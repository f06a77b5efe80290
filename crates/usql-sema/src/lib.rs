//! U-SQL names and types: from a syntax tree to a checked plan; no DataFusion, no I/O.
