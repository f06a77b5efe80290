//! The tables and the tests say the same, and nothing that the older clients have is left out.

use conformance::table::Table;

use crate::inventory::METHODS;

const TABLE: Table = Table {
    page: include_str!("../../../../docs/reference/parity.md"),
    tests: &[
        include_str!("java.rs"),
        include_str!("java_streams.rs"),
        include_str!("python.rs"),
        include_str!("python_files.rs"),
        include_str!("python_transfer.rs"),
    ],
};

#[test]
fn each_row_has_a_test_with_its_rust_in_it_and_each_test_a_row() {
    TABLE.check(150);
}

#[test]
fn a_row_without_rust_says_why() {
    for row in TABLE.rows() {
        let says = row.new.is_some() || row.note.len() > 10;
        assert!(says, "`{}` has neither", row.old);
    }
}

#[test]
fn every_public_method_of_the_older_clients_has_a_row() {
    let rows = TABLE.rows();
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    for (object, names) in METHODS {
        for name in names.split_whitespace() {
            let call = format!("{object}.{name}");
            let has = |old: &str| {
                let rest = old.strip_prefix(&call);
                rest.is_some_and(|rest| !rest.starts_with(is_name))
            };
            assert!(rows.iter().any(|row| has(row.old)), "no row for {call}");
        }
    }
}
