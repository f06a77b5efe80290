//! How far long work has come, on standard error and only for a person.

use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use tokio::time::Instant;

/// How often a line is redrawn.
const REDRAWN_EVERY: Duration = Duration::from_millis(100);

/// One line about long work, redrawn now and then; nothing at all where nobody looks.
pub(crate) struct Line {
    visible: bool,
    drawn: Option<Instant>,
    width: usize,
}

impl Line {
    pub(crate) fn start() -> Self {
        Self {
            visible: std::io::stderr().is_terminal(),
            drawn: None,
            width: 0,
        }
    }

    /// Shows this, unless something was shown a moment ago.
    pub(crate) fn update(&mut self, text: impl FnOnce() -> String) {
        let is_due = || self.drawn.is_none_or(|at| at.elapsed() >= REDRAWN_EVERY);
        if !self.visible || !is_due() {
            return;
        }
        let text = text();
        let _ = write!(std::io::stderr(), "\r{text:width$}", width = self.width);
        self.width = text.chars().count();
        self.drawn = Some(Instant::now());
    }

    /// Makes room for other lines.
    pub(crate) fn finish(&mut self) {
        if self.width > 0 {
            let _ = write!(std::io::stderr(), "\r{:width$}\r", "", width = self.width);
            self.width = 0;
            self.drawn = None;
        }
    }
}

/// Redrawn after so many bytes.
const STEP: u64 = 4 << 20;

/// A line that is redrawn; nothing at all where nobody looks.
pub(crate) struct Progress {
    name: String,
    total: Option<u64>,
    done: u64,
    drawn: u64,
    visible: bool,
}

impl Progress {
    pub(crate) fn start(name: &str, total: Option<u64>) -> Self {
        Self {
            name: name.to_owned(),
            total,
            done: 0,
            drawn: 0,
            visible: std::io::stderr().is_terminal(),
        }
    }

    pub(crate) fn advance(&mut self, bytes: u64) {
        self.done += bytes;
        if self.visible && self.done - self.drawn >= STEP {
            self.drawn = self.done;
            let total = self
                .total
                .map(|total| format!(" of {}", mebibytes(total)))
                .unwrap_or_default();
            let _ = write!(
                std::io::stderr(),
                "\r{}: {}{total}  ",
                self.name,
                mebibytes(self.done)
            );
        }
    }

    pub(crate) fn finish(&mut self) {
        if self.drawn > 0 {
            let _ = writeln!(
                std::io::stderr(),
                "\r{}: {}          ",
                self.name,
                mebibytes(self.done)
            );
        }
    }
}

fn mebibytes(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
    let mebibytes = bytes as f64 / f64::from(1 << 20);
    format!("{mebibytes:.1} MiB")
}
