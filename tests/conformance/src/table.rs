//! Tables of the documentation that say how a call of an older library is written with ours.
//!
//! A test is documented by the old calls that it stands for, as the table writes them, and has the
//! table's Rust in it. [`Table::check`] holds the two against each other.

use std::collections::BTreeSet;

/// A page with tables, and the sources of the tests of their rows.
pub struct Table {
    /// The page.
    pub page: &'static str,
    /// The tests, each under `#[tokio::test]`.
    pub tests: &'static [&'static str],
}

/// An old call, and what replaces it.
pub struct Row {
    /// The old call.
    pub old: &'static str,
    /// The new one, if there is one.
    pub new: Option<&'static str>,
    /// What else is to say.
    pub note: &'static str,
}

/// What is between backticks, if all of it is.
fn code(cell: &'static str) -> Option<&'static str> {
    let inner = cell.strip_prefix('`')?.strip_suffix('`')?;
    (!inner.contains('`')).then_some(inner)
}

/// Without what rustfmt decides on.
fn plain(code: &str) -> String {
    let code: String = code.split_whitespace().collect();
    code.replace(",)", ")").replace(",]", "]")
}

impl Table {
    /// The rows, in order.
    ///
    /// # Panics
    /// A line that begins as a row is none of three cells, or its first is no code.
    pub fn rows(&self) -> Vec<Row> {
        let rows = self.page.lines().filter(|line| line.starts_with("| `"));
        rows.map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
            let [old, new, note] = cells[..] else {
                panic!("not a row of three cells: {line}")
            };
            Row {
                old: code(old).unwrap_or_else(|| panic!("{old} is no code")),
                new: code(new),
                note,
            }
        })
        .collect()
    }

    /// The old calls that a test stands for, and its source.
    fn tests(&self) -> Vec<(Vec<&'static str>, &'static str)> {
        let mut tests = Vec::new();
        for file in self.tests {
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

    /// Holds the table and the tests against each other.
    ///
    /// # Panics
    /// A row has no test with its Rust in it, a test stands for no row, a row is there twice, or
    /// there are fewer rows than `least`.
    pub fn check(&self, least: usize) {
        let (rows, tests) = (self.rows(), self.tests());
        let mut known = BTreeSet::new();
        for row in &rows {
            assert!(known.insert(row.old), "`{}` is there twice", row.old);
        }
        assert!(known.len() >= least, "the table is read");
        for row in rows {
            let Some(new) = row.new else { continue };
            let of_row = tests.iter().find(|(calls, _)| calls.contains(&row.old));
            let (_, source) = of_row.unwrap_or_else(|| panic!("no test stands for `{}`", row.old));
            assert!(
                plain(source).contains(&plain(new)),
                "the test of `{}` has not the row's `{new}`",
                row.old
            );
        }
        for (calls, source) in tests {
            let name = source.lines().next().unwrap_or_default();
            assert!(!calls.is_empty(), "{name} stands for no row");
            for call in calls {
                assert!(known.contains(call), "`{call}` is in no row");
            }
        }
    }
}
