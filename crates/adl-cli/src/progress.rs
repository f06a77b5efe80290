//! How far long work has come, on standard error and only for a person.

use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use adls_fs::transfer::Progress;
use tokio::time::Instant;

/// How often a line is redrawn.
const REDRAWN_EVERY: Duration = Duration::from_millis(100);

/// How many characters a bar has.
const BAR: u64 = 20;

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

/// `[######--------------]  31 %  12 of 40 files  1.2 of 3.9 GiB  120.0 MiB/s  0:23 left`
pub(crate) fn describe(progress: &Progress) -> String {
    let (done, found) = (progress.bytes_done, progress.bytes_found);
    let part = |of: u64| {
        done.saturating_mul(of)
            .checked_div(found)
            .unwrap_or(0)
            .min(of)
    };
    let filled = usize::try_from(part(BAR)).unwrap_or(0);
    let empty = usize::try_from(BAR).unwrap_or(0) - filled;
    let more = if progress.all_found { "" } else { "+" };
    let mut text = format!(
        "[{}{}] {:3} %  {} of {}{more} files  {} of {}{more}",
        "#".repeat(filled),
        "-".repeat(empty),
        part(100),
        progress.files_ended,
        progress.files_found,
        size(done),
        size(found),
    );
    if progress.rate > 0 {
        text.push_str(&format!("  {}/s", size(progress.rate)));
    }
    if let Some(eta) = progress.eta() {
        text.push_str(&format!("  {} left", clock(eta)));
    }
    text
}

/// Bytes, in the unit that suits them.
pub(crate) fn size(bytes: u64) -> String {
    let units = [(40, "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB")];
    for (shift, unit) in units {
        if bytes >> shift > 0 {
            let tenths = (u128::from(bytes) * 10) >> shift;
            return format!("{}.{} {unit}", tenths / 10, tenths % 10);
        }
    }
    format!("{bytes} B")
}

fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_the_unit_that_suits_them() {
        let cases = [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 KiB"),
            (1_600_000, "1.5 MiB"),
            (u64::MAX, "16777215.9 TiB"),
        ];
        for (bytes, text) in cases {
            assert_eq!(size(bytes), text);
        }
    }

    #[test]
    fn a_person_sees_how_far_it_is_and_how_long_it_takes() {
        let mut progress = Progress::default();
        assert_eq!(
            describe(&progress),
            "[--------------------]   0 %  0 of 0+ files  0 B of 0 B+"
        );
        progress.files_found = 40;
        progress.files_ended = 12;
        progress.bytes_found = 4 << 30;
        progress.bytes_done = 1 << 30;
        progress.all_found = true;
        progress.rate = 1 << 20;
        assert_eq!(
            describe(&progress),
            "[#####---------------]  25 %  12 of 40 files  1.0 GiB of 4.0 GiB  1.0 MiB/s  51:12 left"
        );
    }
}
