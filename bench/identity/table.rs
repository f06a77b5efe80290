//! The figures side by side.

use std::fmt;
use std::time::Duration;

use crate::cached_read::Nanos;

pub struct Table {
    rows: Vec<[String; 4]>,
}

impl Table {
    pub fn new(ours: &str, theirs: &str) -> Self {
        let head = ["", ours, theirs, "theirs / ours"].map(str::to_owned);
        Self { rows: vec![head] }
    }

    pub fn nanos(&mut self, name: &str, ours: Nanos, theirs: Nanos) {
        let cell = |time: Nanos| format!("{:.1} ns (best {:.1})", time.median, time.best);
        let ratio = ratio(theirs.median, ours.median);
        self.row(name, cell(ours), cell(theirs), ratio);
    }

    pub fn factor(&mut self, name: &str, ours: f64, theirs: f64) {
        let cell = |factor: f64| format!("{factor:.2}");
        self.row(name, cell(ours), cell(theirs), ratio(theirs, ours));
    }

    pub fn times(&mut self, name: &str, ours: Duration, theirs: Duration) {
        let ratio = ratio(theirs.as_secs_f64(), ours.as_secs_f64());
        self.row(name, time(ours), time(theirs), ratio);
    }

    pub fn counts(&mut self, name: &str, ours: usize, theirs: usize) {
        let ratio = ratio(theirs as f64, ours as f64);
        self.row(name, ours.to_string(), theirs.to_string(), ratio);
    }

    /// Times that nobody waited for longer than `patience`.
    pub fn maybe(
        &mut self,
        name: &str,
        ours: Option<Duration>,
        theirs: Option<Duration>,
        patience: Duration,
    ) {
        let cell = |waited: Option<Duration>| match waited {
            Some(waited) => time(waited),
            None => format!("not within {}", time(patience)),
        };
        let at_least = if theirs.is_none() { "at least " } else { "" };
        let ratio = match ours {
            Some(ours) => ratio(theirs.unwrap_or(patience).as_secs_f64(), ours.as_secs_f64()),
            None => String::new(),
        };
        self.row(name, cell(ours), cell(theirs), format!("{at_least}{ratio}"));
    }

    fn row(&mut self, name: &str, ours: String, theirs: String, ratio: String) {
        self.rows.push([name.to_owned(), ours, theirs, ratio]);
    }
}

fn ratio(theirs: f64, ours: f64) -> String {
    match theirs / ours {
        ratio if !ratio.is_finite() => String::new(),
        ratio if ratio >= 100.0 => format!("{ratio:.0}"),
        ratio => format!("{ratio:.2}"),
    }
}

fn time(time: Duration) -> String {
    match time.as_secs_f64() {
        seconds if seconds >= 1.0 => format!("{seconds:.2} s"),
        seconds if seconds >= 0.001 => format!("{:.1} ms", seconds * 1e3),
        seconds => format!("{:.1} us", seconds * 1e6),
    }
}

/// As Markdown, so that it can be copied into the page of figures.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |column: usize| {
            let cells = self.rows.iter().map(|row| row[column].chars().count());
            cells.max().unwrap_or_default()
        };
        let widths: [usize; 4] = std::array::from_fn(width);
        for (index, row) in self.rows.iter().enumerate() {
            for (cell, width) in row.iter().zip(widths) {
                write!(f, "| {cell:width$} ")?;
            }
            writeln!(f, "|")?;
            if index == 0 {
                writeln!(
                    f,
                    "|{}",
                    widths.map(|width| "-".repeat(width + 2) + "|").concat()
                )?;
            }
        }
        Ok(())
    }
}
