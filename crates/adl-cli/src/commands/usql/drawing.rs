//! Findings drawn under the lines of the script that they are about.

use std::fmt::Write as _;
use std::io::IsTerminal as _;

use unicode_width::UnicodeWidthChar as _;
use usql_sema::Location;

use super::finding::Finding;

/// How wide a line of a script is shown, in cells of a terminal; of a longer one only the part around the place.
const WIDTH: usize = 120;

/// How far a tab stop is from the next.
const TAB: usize = 4;

/// Whether colours are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Plain,
    Colours,
}

impl Ink {
    pub(super) fn for_standard_output() -> Self {
        Self::if_visible(std::io::stdout().is_terminal())
    }

    pub(super) fn for_standard_error() -> Self {
        Self::if_visible(std::io::stderr().is_terminal())
    }

    /// Colours are for a person at a terminal who has not asked for none (<https://no-color.org>).
    #[expect(
        clippy::disallowed_methods,
        reason = "the command line owns the environment"
    )]
    fn if_visible(is_terminal: bool) -> Self {
        let is_refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        match is_terminal && !is_refused {
            true => Self::Colours,
            false => Self::Plain,
        }
    }

    fn paint(self, colour: &str, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Colours => format!("\u{1b}[1;{colour}m{text}\u{1b}[0m"),
        }
    }
}

/// A script to draw in.
pub(super) struct Drawing<'a> {
    name: &'a str,
    lines: Vec<&'a str>,
    ink: Ink,
}

impl<'a> Drawing<'a> {
    pub(super) fn new(name: &'a str, text: &'a str, ink: Ink) -> Self {
        let lines = lines(text);
        Self { name, lines, ink }
    }

    /// Every finding, with an empty line behind each.
    pub(super) fn all(&self, findings: &[Finding]) -> String {
        findings.iter().map(|finding| self.one(finding)).collect()
    }

    fn one(&self, finding: &Finding) -> String {
        let (colour, word) = match finding.is_error() {
            true => ("31", "error"),
            false => ("33", "warning"),
        };
        let title = self.ink.paint(colour, &format!("{word} {}", finding.code));
        let mut drawn = format!("{title}: {}\n", clean(&finding.message));
        let margin = finding
            .place
            .map_or(1, |place| place.line.to_string().len());
        let edge = |mark: &str| self.ink.paint("34", &format!("{:margin$} {mark}", ""));
        if let Some(place) = finding.place {
            let arrow = self.ink.paint("34", &format!("{:margin$}-->", ""));
            let at = format!("{}:{}:{}", clean(self.name), place.line, place.column);
            writeln!(drawn, "{arrow} {at}").expect("a string grows");
            if let Some((shown, marks)) = self.marked(place) {
                let number = self.ink.paint("34", &format!("{} |", place.line));
                let (indent, marks) = marks.split_at(marks.len() - marks.trim_start().len());
                let marks = self.ink.paint(colour, marks);
                writeln!(
                    drawn,
                    "{}\n{number} {shown}\n{} {indent}{marks}",
                    edge("|"),
                    edge("|")
                )
                .expect("a string grows");
            }
        }
        let notes = [&finding.description, &finding.resolution, &finding.details];
        for note in notes.into_iter().flat_map(|note| note.lines()) {
            if !note.trim().is_empty() {
                writeln!(drawn, "{} {}", edge("="), clean(note)).expect("a string grows");
            }
        }
        drawn + "\n"
    }

    /// The line of a place as a terminal shows it, and the marks under it.
    fn marked(&self, place: Location) -> Option<(String, String)> {
        let line = self
            .lines
            .get(usize::try_from(place.line).ok()?.checked_sub(1)?)?;
        let from = place.column.saturating_sub(1);
        let to = from + place.end.saturating_sub(place.start).max(1);
        let mut cells = Vec::new();
        let (mut unit, mut column) = (0_u32, 0);
        let (mut first, mut last) = (None, None);
        for c in line.chars() {
            let (shown, width) = cell(c, column);
            if unit >= from && unit < to {
                first = first.or(Some(column));
                last = Some(column + width);
            }
            unit += u32::try_from(c.len_utf16()).expect("one or two");
            column += width;
            cells.push((shown, width));
        }
        // Behind the end of the line, as an error at the end of a script is.
        let first = first.unwrap_or(column);
        let last = last.unwrap_or(column).max(first + 1);
        let (shown, start, end) = window(&cells, column, first);
        let marks = "^".repeat(last.min(end).saturating_sub(first).max(1));
        Some((
            shown,
            format!("{:indent$}{marks}", "", indent = first - start),
        ))
    }
}

/// The part of a line around a column that fits, and the columns where what is shown would begin and where it ends.
fn window(cells: &[(String, usize)], width: usize, around: usize) -> (String, usize, usize) {
    let text = |cells: &[(String, usize)]| cells.iter().map(|(shown, _)| shown.as_str()).collect();
    if width <= WIDTH {
        return (text(cells), 0, width.max(around + 1));
    }
    let wanted = around.saturating_sub(WIDTH / 3);
    let (mut column, mut begin) = (0, 0);
    while begin < cells.len() && column < wanted {
        column += cells[begin].1;
        begin += 1;
    }
    let start = column;
    let mut end = begin;
    while end < cells.len() && column - start < WIDTH {
        column += cells[end].1;
        end += 1;
    }
    let (before, behind) = (
        if begin > 0 { "…" } else { "" },
        if end < cells.len() { "…" } else { "" },
    );
    let shown: String = text(&cells[begin..end]);
    let start = start.saturating_sub(before.chars().count());
    (format!("{before}{shown}{behind}"), start, column)
}

/// A character as a terminal shows it at a column, and how many cells it takes.
fn cell(c: char, column: usize) -> (String, usize) {
    match c {
        '\t' => {
            let width = TAB - column % TAB;
            (" ".repeat(width), width)
        }
        '\u{feff}' => (String::new(), 0),
        c if is_harmful(c) => ("\u{fffd}".to_owned(), 1),
        c => (c.to_string(), c.width().unwrap_or(0)),
    }
}

/// Whether a character would steer the terminal, or make a line read otherwise than it runs.
fn is_harmful(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn clean(text: &str) -> String {
    let harmless = |c| if is_harmful(c) { '\u{fffd}' } else { c };
    text.chars().map(harmless).collect()
}

/// The lines of a text, without their ends: LF, CR LF or CR, as positions count them.
fn lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(end) = rest.find(['\r', '\n']) {
        let length = if rest[end..].starts_with("\r\n") {
            2
        } else {
            1
        };
        lines.push(&rest[..end]);
        rest = &rest[end + length..];
    }
    lines.push(rest);
    lines
}

#[cfg(test)]
mod tests {
    use usql_sema::Severity;
    use usql_syntax::{LineIndex, TextRange, TextSize};

    use super::*;

    /// The line and the marks for a piece of a text.
    fn marked(text: &str, piece: &str) -> String {
        let start = text.find(piece).expect("the text has the piece");
        let range = TextRange::at(TextSize::try_from(start).unwrap(), TextSize::of(piece));
        let span = LineIndex::new(text).span(range);
        let place = Location {
            line: span.line,
            column: span.column,
            start: span.start,
            end: span.end,
        };
        let (line, marks) = Drawing::new("a", text, Ink::Plain)
            .marked(place)
            .expect("a line");
        format!("{line}\n{marks}")
    }

    #[test]
    fn marks_stand_under_what_they_are_about() {
        assert_eq!(
            marked("one\ntwo three\nfour", "three"),
            "two three\n    ^^^^^"
        );
        assert_eq!(marked("one\r\ntwo\rthree\nfour", "hre"), "three\n ^^^");
    }

    #[test]
    fn tabs_and_wide_characters_take_the_cells_that_a_terminal_gives_them() {
        assert_eq!(marked("a\tb\tcd", "cd"), "a   b   cd\n        ^^");
        assert_eq!(marked("\"日本\" x", "x"), "\"日本\" x\n       ^");
        assert_eq!(marked("\"日本\" x", "日本"), "\"日本\" x\n ^^^^");
        assert_eq!(marked("\"𝄞e\u{301}\" x", "x"), "\"𝄞e\u{301}\" x\n     ^");
        assert_eq!(marked("\u{feff}SELECT", "SELECT"), "SELECT\n^^^^^^");
    }

    #[test]
    fn a_place_behind_the_end_of_a_line_has_a_mark() {
        assert_eq!(marked("@a = SELECT", ""), "@a = SELECT\n^");
        let end = Location {
            line: 1,
            column: 4,
            start: 3,
            end: 3,
        };
        let (line, marks) = Drawing::new("a", "abc", Ink::Plain).marked(end).unwrap();
        assert_eq!((line.as_str(), marks.as_str()), ("abc", "   ^"));
    }

    #[test]
    fn a_place_of_several_lines_is_marked_on_its_first() {
        assert_eq!(
            marked("a SELECT\n  b\nc", "SELECT\n  b"),
            "a SELECT\n  ^^^^^^"
        );
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("{}here{}", "a".repeat(1000), "b".repeat(1000));
        let drawn = marked(&text, "here");
        let (line, marks) = drawn.split_once('\n').unwrap();
        assert!(line.starts_with("…aaa") && line.ends_with("bbb…"), "{line}");
        assert_eq!(line.chars().count(), WIDTH + 2);
        let at = line.chars().position(|c| c == 'h').unwrap();
        assert_eq!(marks, format!("{}^^^^", " ".repeat(at)));
        let long = marked(&text, &text[900..]);
        assert!(
            long.lines().nth(1).unwrap().chars().count() <= WIDTH + 2,
            "{long}"
        );
    }

    #[test]
    fn a_script_cannot_steer_the_terminal() {
        let drawn = marked("a \u{1b}[2J\u{202e} x", "x");
        assert_eq!(drawn, "a \u{fffd}[2J\u{fffd} x\n        ^");
    }

    #[test]
    fn a_finding_has_its_code_its_place_and_what_to_do() {
        let finding = Finding {
            severity: Severity::Warning,
            code: "W_CODE",
            message: "It is so.".to_owned(),
            description: "This is why.\nReally.".to_owned(),
            resolution: "Do that.".to_owned(),
            details: String::new(),
            place: Some(Location {
                line: 12,
                column: 3,
                start: 0,
                end: 2,
            }),
        };
        let text = "\n".repeat(11) + "a bc d";
        let expected = "\
warning W_CODE: It is so.
  --> s.usql:12:3
   |
12 | a bc d
   |   ^^
   = This is why.
   = Really.
   = Do that.

";
        assert_eq!(
            Drawing::new("s.usql", &text, Ink::Plain).all(std::slice::from_ref(&finding)),
            expected
        );
        let nowhere = Finding {
            place: None,
            ..finding
        };
        let coloured = Drawing::new("s.usql", &text, Ink::Colours).all(&[nowhere]);
        assert!(coloured.starts_with("\u{1b}[1;33mwarning W_CODE\u{1b}[0m: It is so.\n"));
    }
}
