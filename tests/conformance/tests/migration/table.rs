//! The table and the tests say the same.

use std::collections::BTreeSet;

const TABLE: &str = include_str!("../../../../docs/reference/migration.md");
const TESTS: [&str; 6] = [
    include_str!("azure_common.rs"),
    include_str!("azure_identity.rs"),
    include_str!("cached.rs"),
    include_str!("options.rs"),
    include_str!("person.rs"),
    include_str!("program.rs"),
];

/// An old call, and what replaces it.
struct Row {
    old: &'static str,
    new: Option<&'static str>,
}

fn rows() -> Vec<Row> {
    let rows = TABLE.lines().filter(|line| line.starts_with("| `"));
    rows.map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [old, new, _] = cells[..] else {
            panic!("not a row of three cells: {line}")
        };
        Row {
            old: code(old).unwrap_or_else(|| panic!("{old} is no code")),
            new: code(new),
        }
    })
    .collect()
}

/// What is between backticks, if all of it is.
fn code(cell: &'static str) -> Option<&'static str> {
    let inner = cell.strip_prefix('`')?.strip_suffix('`')?;
    (!inner.contains('`')).then_some(inner)
}

/// The old calls that a test stands for, and its source.
fn tests() -> Vec<(Vec<&'static str>, &'static str)> {
    let mut tests = Vec::new();
    for file in TESTS {
        // What precedes a test's attribute documents it.
        let mut parts = file.split("#[tokio::test]\n").peekable();
        while let (Some(before), Some(after)) = (parts.next(), parts.peek()) {
            let lines = before.lines().rev();
            let documents = lines.map_while(|line| line.strip_prefix("/// "));
            let calls = documents.map(|line| code(line).unwrap_or_else(|| panic!("{line}")));
            tests.push((calls.collect(), *after));
        }
    }
    tests
}

/// Without what rustfmt decides on.
fn plain(code: &str) -> String {
    let code: String = code.split_whitespace().collect();
    code.replace(",)", ")").replace(",]", "]")
}

#[test]
fn each_row_has_a_test_with_its_rust_in_it() {
    let tests = tests();
    for row in rows() {
        let Some(new) = row.new else { continue };
        let of_row = tests.iter().find(|(calls, _)| calls.contains(&row.old));
        let (_, source) = of_row.unwrap_or_else(|| panic!("no test stands for `{}`", row.old));
        assert!(
            plain(source).contains(&plain(new)),
            "the test of `{}` has not the row's `{new}`",
            row.old
        );
    }
}

#[test]
fn each_test_stands_for_rows_of_the_table() {
    let rows: BTreeSet<_> = rows().into_iter().map(|row| row.old).collect();
    for (calls, source) in tests() {
        let name = source.lines().next().unwrap_or_default();
        assert!(!calls.is_empty(), "{name} stands for no row");
        for call in calls {
            assert!(rows.contains(call), "`{call}` is in no row");
        }
    }
}

#[test]
fn no_row_is_there_twice() {
    let mut known = BTreeSet::new();
    for row in rows() {
        assert!(known.insert(row.old), "`{}` is there twice", row.old);
    }
    assert!(known.len() > 50, "the table is read");
}
