//! A SearchLog-like TSV of any size, the same for the same seed.

use std::fs::File;
use std::io::{self, BufWriter, Write};

use anyhow::{Context as _, Result, bail};
use testkit::search_log::SearchLog;

pub(crate) fn run(args: &[&str]) -> Result<()> {
    let (mut rows, mut seed, mut out) = (None, 1, None);
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let value = args
            .next()
            .with_context(|| format!("{arg} wants a value"))?;
        match *arg {
            "--rows" => rows = Some(value.parse::<u64>().context("--rows wants a number")?),
            "--seed" => seed = value.parse().context("--seed wants a number")?,
            "--out" => out = Some(*value),
            other => bail!("gen-data has no option {other}"),
        }
    }
    let log = SearchLog::new(seed).take(usize::try_from(rows.context("gen-data wants --rows N")?)?);
    let mut sink: Box<dyn Write> = match out {
        Some(path) => Box::new(BufWriter::new(
            File::create(path).with_context(|| format!("cannot create {path}"))?,
        )),
        None => Box::new(BufWriter::new(io::stdout().lock())),
    };
    for record in log {
        record.write_tsv(&mut sink)?;
    }
    sink.flush().context("cannot write the file to its end")
}
