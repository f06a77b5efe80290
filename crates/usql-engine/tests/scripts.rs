//! Scripts from text to output bytes, over files in memory.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod scripts {
    pub(crate) mod lake;

    mod aggregates;
    mod collections;
    mod decimals;
    mod errors;
    mod expressions;
    mod extraction;
    mod file_sets;
    mod joins;
    mod large;
    mod members;
    mod memory;
    mod nulls;
    mod outputs;
    mod pruning;
    mod routines;
    mod sets;
    mod text_files;
    mod windows;
}
