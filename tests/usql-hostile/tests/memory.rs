//! What a script takes to be read is in proportion to its length.

use peak_alloc::PeakAlloc;
use usql_hostile::{LONG, NESTED, survive};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Bytes at once for a byte of script; most are those of the tree, where every byte is a token.
const MOST: usize = 400;

#[test]
fn memory_is_bounded_by_the_length_of_a_script() {
    for shape in NESTED.iter().chain(LONG) {
        let script = shape.bytes(50_000);
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        survive(&script);
        let taken = (MEMORY.peak_usage() - before) / script.len();
        assert!(
            taken <= MOST,
            "{}: {taken} bytes for one of script",
            shape.name
        );
    }
}
