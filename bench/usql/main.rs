//! U-SQL over text files beside a plain DataFusion program, DuckDB and Polars, each in a process of
//! its own over the same generated file; and how long a small job and a large script take. What each
//! row means is in docs/reference/performance.md.
//!
//! `usql [rounds] [row]...`, rows of `Row::ALL` and `Latency::ALL`
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measurement reads the clock and the variables of the machine and prints what it saw"
)]

mod compare;
mod data;
mod lake;
mod latency;
#[expect(dead_code, reason = "the bin `store` measures other processes, too")]
#[path = "../store/measure.rs"]
mod measure;
mod ours;
mod plain;
mod result;
mod row;

use std::{env, error::Error, path::Path};

use latency::Latency;
use row::{Row, Subject};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        // The processes of a run.
        ["subject", subject, row, folder] => {
            let subject = Subject::named(subject).ok_or("no such subject")?;
            let row = Row::named(row).ok_or("no such row")?;
            let cost = subject.run(row, Path::new(folder))?;
            println!("{cost}");
            Ok(())
        }
        ["generate", path, bytes] => data::write_file(Path::new(path), bytes.parse()?),
        _ => {
            let rounds = arguments.iter().find_map(|word| word.parse().ok());
            let rounds = rounds.unwrap_or(3);
            let wanted = |name: &str| {
                let is_name = |word: &&str| word.parse::<usize>().is_err();
                arguments.contains(&name) || !arguments.iter().any(is_name)
            };
            let rows: Vec<Row> = Row::ALL
                .into_iter()
                .filter(|row| wanted(row.name()))
                .collect();
            if !rows.is_empty() {
                compare::compare(rounds, &rows)?;
            }
            for latency in Latency::ALL {
                if wanted(latency.name()) {
                    latency.measure(rounds)?;
                }
            }
            Ok(())
        }
    }
}
