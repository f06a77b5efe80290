//! Tables of results that pages of documentation print, beside what their queries give in the lake.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use adla_jobs::JobResult;
use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::lake::Lake;
use crate::manifest::Script;

/// Where a script writes the rows that are compared.
const OUTPUT: &str = "printed.txt";

/// `printed.toml`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Printed {
    /// Rowsets that queries of ours read, by name.
    inputs: BTreeMap<String, String>,
    #[serde(rename = "table")]
    tables: Vec<Table>,
    apart: Vec<Apart>,
}

/// A table, and the query whose rows it shows.
#[derive(Debug, Deserialize)]
struct Table {
    page: String,
    #[serde(flatten)]
    query: Query,
    /// The variable with the rows.
    rowset: String,
    /// A row a line, ` | ` between its cells.
    rows: String,
    #[serde(default)]
    differs: Vec<Difference>,
}

/// Where the query of a table is.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Query {
    /// A script of the corpus, by the end of its path.
    Corpus { script: String },
    /// Statements of ours over one of the inputs.
    Ours { input: String, query: String },
}

/// A row that a page prints wrongly.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    printed: String,
    ours: String,
    why: String,
}

/// Tables of a page that are not compared.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Apart {
    page: String,
    tables: usize,
    why: String,
}

/// What came out.
pub(crate) struct Comparison {
    /// For each page how many tables equal ours, and how many do but for the rows that are explained.
    pages: BTreeMap<String, (usize, usize)>,
    /// Explained rows: page and reason.
    explained: Vec<(String, String)>,
    apart: Vec<Apart>,
    /// Tables that differ.
    pub(crate) faults: Vec<String>,
}

impl Printed {
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)?;
        toml::from_str(&text).with_context(|| format!("{} is not as wanted", path.display()))
    }

    /// Runs the query of each table and compares.
    pub(crate) async fn compare(
        self,
        lake: &mut Lake,
        corpus: &Path,
        scripts: &[Script],
    ) -> Result<Comparison> {
        let mut comparison = Comparison {
            pages: BTreeMap::new(),
            explained: Vec::new(),
            apart: self.apart,
            faults: Vec::new(),
        };
        for table in self.tables {
            let script = match &table.query {
                Query::Corpus { script: name } => {
                    let found = scripts.iter().find(|script| script.file.ends_with(name));
                    let found = found.with_context(|| format!("{name} is not in the corpus"))?;
                    std::fs::read_to_string(corpus.join(&found.file))?
                }
                Query::Ours { input, query } => {
                    let input = self.inputs.get(input);
                    input.context("a query has one of the inputs")?.clone() + query
                }
            };
            let found = lake_rows(lake, &script, &table.rowset).await?;
            comparison.add(&table, found);
        }
        Ok(comparison)
    }
}

/// The rows of a rowset at the end of a script; none if it fails.
async fn lake_rows(lake: &mut Lake, script: &str, rowset: &str) -> Result<Option<Vec<String>>> {
    let script = format!(
        "{script}\nOUTPUT {rowset} TO \"/{OUTPUT}\" \
         USING Outputters.Text(delimiter: '|', quoting: false, nullEscape: \"null\");"
    );
    let job = lake.run("printed", &script).await?;
    let written = lake.written()?;
    let bytes = written.get(OUTPUT);
    let has_run = job.is_some_and(|job| job.result() == Some(&JobResult::Succeeded));
    let rows = bytes.filter(|_| has_run).map(|bytes| {
        let text = String::from_utf8_lossy(bytes);
        text.lines().map(str::to_owned).collect()
    });
    lake.settle(written.keys().map(String::as_str)).await?;
    Ok(rows)
}

impl Table {
    /// The rows as the lake should give them.
    fn expected(&self) -> Vec<String> {
        let rows = self.rows.lines().filter(|row| !row.is_empty());
        let rows = rows.map(|row| {
            let difference = self.differs.iter().find(|known| known.printed == row);
            cells(difference.map_or(row, |known| &known.ours))
        });
        rows.collect()
    }
}

/// A row as the outputter writes it.
fn cells(row: &str) -> String {
    let cells = row.split('|').map(str::trim);
    cells.collect::<Vec<_>>().join("|")
}

impl Comparison {
    fn add(&mut self, table: &Table, found: Option<Vec<String>>) {
        let mut expected = table.expected();
        expected.sort_unstable();
        let mut found = found.unwrap_or_default();
        found.sort_unstable();
        if found != expected {
            let (page, rowset) = (&table.page, &table.rowset);
            self.faults.push(format!(
                "the table of {rowset} on {page}: {found:?}, and should be {expected:?}"
            ));
            return;
        }
        let (equal, but) = self.pages.entry(table.page.clone()).or_default();
        match table.differs.is_empty() {
            true => *equal += 1,
            false => *but += 1,
        }
        let reasons = table.differs.iter().map(|known| {
            let (printed, ours) = (&known.printed, &known.ours);
            let why = format!("`{printed}` should be `{ours}`: {}", known.why);
            (table.page.clone(), why.replace(" | ", ", "))
        });
        self.explained.extend(reasons);
    }

    /// What came out, as Markdown.
    pub(crate) fn page(&self) -> String {
        let equal: usize = self.pages.values().map(|(equal, _)| equal).sum();
        let but: usize = self.pages.values().map(|(_, but)| but).sum();
        let apart: usize = self.apart.iter().map(|apart| apart.tables).sum();
        let wrong = self.faults.len();
        let all = equal + but + apart + wrong;
        let mut page = format!(
            "Of {all} tables of results {equal} equal the lake's, {but} do but for a row that is explained, {wrong} \
             differ, and {apart} are not compared.\n\n\
             | page | equal | equal but for a row |\n|---|---|---|\n"
        );
        for (name, (equal, but)) in &self.pages {
            writeln!(page, "| {name} | {equal} | {but} |").expect("a string grows");
        }
        page.push('\n');
        for (name, why) in &self.explained {
            writeln!(page, "- {name}: {why}.").expect("a string grows");
        }
        for Apart {
            page: name,
            tables,
            why,
        } in &self.apart
        {
            writeln!(page, "- {name}, {tables} not compared: {why}.").expect("a string grows");
        }
        page
    }
}
