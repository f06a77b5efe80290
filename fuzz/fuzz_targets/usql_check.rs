//! Whatever the text, checking it ends, does not panic, and what it says of a place is of a place in the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use usql_hostile::survive;

fuzz_target!(|text: &str| {
    survive(text);
});
