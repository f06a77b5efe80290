//! The table and the tests say the same.

use conformance::table::Table;

const TABLE: Table = Table {
    page: include_str!("../../../../docs/reference/migration.md"),
    tests: &[
        include_str!("azure_common.rs"),
        include_str!("azure_identity.rs"),
        include_str!("cached.rs"),
        include_str!("options.rs"),
        include_str!("person.rs"),
        include_str!("program.rs"),
    ],
};

#[test]
fn each_row_has_a_test_with_its_rust_in_it_and_each_test_a_row() {
    TABLE.check(50);
}
