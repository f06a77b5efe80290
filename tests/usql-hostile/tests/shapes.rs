//! Scripts that are one thing again and again.
//!
//! Tests run on threads of two megabytes of stack, which whatever is nested has to fit.

use usql_hostile::{Fate, LONG, NESTED, survive};

#[test]
fn nesting_of_a_thousand_levels_survives() {
    for shape in NESTED {
        survive(&shape.times(1_000));
    }
}

#[test]
fn the_deepest_nesting_that_the_parser_lets_through_is_no_crash() {
    for shape in NESTED {
        let is_well_formed = |levels: usize| {
            usql_syntax::parse(&shape.times(levels))
                .diagnostics()
                .is_empty()
        };
        let mut levels = 0;
        for step in [256, 128, 64, 32, 16, 8, 4, 2, 1] {
            if is_well_formed(levels + step) {
                levels += step;
            }
        }
        if is_well_formed(levels) {
            assert_ne!(
                survive(&shape.times(levels)),
                Fate::Malformed,
                "{}",
                shape.name
            );
        }
    }
}

#[test]
fn a_hundred_thousand_levels_survive() {
    for name in [
        "parentheses",
        "casts",
        "sums",
        "lambdas",
        "subqueries",
        "joins",
        "IF",
        "comments",
    ] {
        let shape = NESTED
            .iter()
            .find(|shape| shape.name == name)
            .expect("a shape");
        survive(&shape.times(100_000));
    }
}

#[test]
fn ten_megabytes_of_one_token_survive() {
    for name in [
        "an identifier",
        "an integer",
        "a string",
        "an unclosed string",
        "a comment",
        "an unclosed comment",
    ] {
        let shape = LONG
            .iter()
            .find(|shape| shape.name == name)
            .expect("a shape");
        survive(&shape.bytes(10 << 20));
    }
}
