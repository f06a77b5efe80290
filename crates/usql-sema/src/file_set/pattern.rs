//! Patterns of paths: `/logs/{date:yyyy}/{date:MM}/{app}_{*}.csv`.
//!
//! A segment of a pattern fits a name when its placeholders can be filled so that all of the name is used. Each takes
//! as little as it can, from the left, so that there is one answer however many placeholders there are; what cannot
//! succeed is remembered, so that the work for a name grows with the number of parts and not exponentially.

use crate::path::{PathError, percent_decoded, segments, split};

/// A pattern as it is written, not yet compared with the columns of the EXTRACT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    pub(crate) account: Option<String>,
    pub(crate) segments: Vec<Segment>,
    /// The names of the columns that placeholders fill, each once.
    pub(crate) columns: Vec<String>,
}

/// What is between two slashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment(pub(crate) Vec<Part>);

/// A piece of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// This text.
    Literal(String),
    /// `{*}`: anything, nothing included.
    Anything,
    /// `{column}`: at least one character.
    Column(usize),
    /// `{column:MM}`: digits.
    Date(usize, DatePart),
}

/// A part of a time. The order is that of their weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum DateUnit {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
}

/// A part of a time and how many digits it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DatePart {
    pub(crate) unit: DateUnit,
    /// The most digits; the least are one fewer for the forms without leading zeros, such as `M`.
    pub(crate) digits: usize,
    pub(crate) is_padded: bool,
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PatternError {
    Path(PathError),
    /// A placeholder is none, and why.
    Placeholder(String),
    /// `{column:*}`
    Star,
    /// `{column:hh}`
    LowercaseHour,
}

impl From<PathError> for PatternError {
    fn from(error: PathError) -> Self {
        Self::Path(error)
    }
}

/// The most parts of a pattern, which is walked by recursion.
const MAX_PARTS: usize = 256;

type Result<T> = std::result::Result<T, PatternError>;

impl Pattern {
    /// Whether a path is a pattern. A brace that is meant is written `%7B` or `%7D`.
    pub(crate) fn is_pattern(text: &str) -> bool {
        text.contains(['{', '}'])
    }

    /// Reads a pattern as a script writes it.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let (account, path) = split(text)?;
        let mut pattern = Self {
            account,
            segments: Vec::new(),
            columns: Vec::new(),
        };
        for segment in segments(path)? {
            let segment = pattern.segment(segment)?;
            pattern.segments.push(segment);
            let parts = pattern.segments.iter().map(|segment| segment.0.len());
            if parts.sum::<usize>() > MAX_PARTS {
                return Err(PathError::Unsupported("a pattern of so many parts").into());
            }
        }
        Ok(pattern)
    }

    fn segment(&mut self, text: &str) -> Result<Segment> {
        let mut parts = Vec::new();
        let mut rest = text;
        while !rest.is_empty() && parts.len() <= MAX_PARTS {
            let literal = rest.find(['{', '}']).unwrap_or(rest.len());
            if literal > 0 {
                parts.push(Part::Literal(percent_decoded(&rest[..literal])?));
                rest = &rest[literal..];
                continue;
            }
            let Some(end) = rest.find('}').filter(|_| rest.starts_with('{')) else {
                return Err(placeholder("a brace has no partner"));
            };
            parts.push(self.placeholder(&rest[1..end])?);
            rest = &rest[end + 1..];
        }
        // Two in a row are one, and cost no more.
        parts.dedup_by(|next, part| *next == Part::Anything && *part == Part::Anything);
        match parts.as_slice() {
            [Part::Literal(name)] if matches!(name.as_str(), "." | "..") => {
                Err(PathError::Invalid("it has a '.' or '..' segment").into())
            }
            _ => Ok(Segment(parts)),
        }
    }

    fn placeholder(&mut self, text: &str) -> Result<Part> {
        if text.contains('{') {
            return Err(placeholder("a brace has no partner"));
        }
        if text == "*" {
            return Ok(Part::Anything);
        }
        let (name, format) = match text.strip_prefix('[') {
            Some(quoted) => match quoted.rsplit_once(']') {
                Some((name, rest)) => (name.replace("]]", "]"), rest),
                None => return Err(placeholder("a quoted column has no ']'")),
            },
            None => {
                let end = text.find(':').unwrap_or(text.len());
                (text[..end].trim().to_owned(), &text[end..])
            }
        };
        if name.is_empty() {
            return Err(placeholder("a placeholder names no column"));
        }
        let column = match self.columns.iter().position(|known| *known == name) {
            Some(column) => column,
            None => {
                self.columns.push(name);
                self.columns.len() - 1
            }
        };
        match format.strip_prefix(':').map(str::trim) {
            None if format.trim().is_empty() => Ok(Part::Column(column)),
            Some("*") => Err(PatternError::Star),
            Some("hh" | "h") => Err(PatternError::LowercaseHour),
            Some(format) => match DatePart::named(format) {
                Some(part) => Ok(Part::Date(column, part)),
                None => Err(placeholder(&format!(
                    "'{format}' is no part of a date (yyyy, MM, M, dd, d, HH, H, mm, m, ss, s)"
                ))),
            },
            None => Err(placeholder("a placeholder is neither {*} nor a column")),
        }
    }
}

fn placeholder(reason: &str) -> PatternError {
    PatternError::Placeholder(reason.to_owned())
}

impl DatePart {
    fn named(name: &str) -> Option<Self> {
        let unit = match name {
            "yyyy" => DateUnit::Year,
            "MM" | "M" => DateUnit::Month,
            "dd" | "d" => DateUnit::Day,
            "HH" | "H" => DateUnit::Hour,
            "mm" | "m" => DateUnit::Minute,
            "ss" | "s" => DateUnit::Second,
            _ => return None,
        };
        Some(Self {
            unit,
            digits: name.len().max(2),
            is_padded: name.len() > 1,
        })
    }

    /// How long a text of it may be.
    fn lengths(self) -> std::ops::RangeInclusive<usize> {
        let least = if self.is_padded { self.digits } else { 1 };
        least..=self.digits
    }
}

impl Segment {
    /// The text that the segment is, if it has no placeholder.
    pub(crate) fn literal(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// Fills the placeholders from a name: for each part what it took.
    pub(crate) fn fit<'n>(&self, name: &'n str) -> Option<Vec<&'n str>> {
        let mut taken = Vec::with_capacity(self.0.len());
        let mut dead = vec![false; (self.0.len() + 1) * (name.len() + 1)];
        self.fit_from(name, 0, &mut taken, &mut dead)
            .then_some(taken)
    }

    /// Whether the parts from `taken.len()` on fit the name from `at` on.
    fn fit_from<'n>(
        &self,
        name: &'n str,
        at: usize,
        taken: &mut Vec<&'n str>,
        dead: &mut [bool],
    ) -> bool {
        let Some(part) = self.0.get(taken.len()) else {
            return at == name.len();
        };
        let place = taken.len() * (name.len() + 1) + at;
        if dead[place] {
            return false;
        }
        let rest = &name[at..];
        let is_last = taken.len() + 1 == self.0.len();
        let mut attempt = |length: usize| {
            taken.push(&rest[..length]);
            let fits = self.fit_from(name, at + length, taken, dead);
            if !fits {
                taken.pop();
            }
            fits
        };
        let fits = match part {
            Part::Literal(text) => rest.starts_with(text.as_str()) && attempt(text.len()),
            Part::Anything | Part::Column(_) if is_last => {
                (*part == Part::Anything || !rest.is_empty()) && attempt(rest.len())
            }
            Part::Anything => lengths(rest).any(attempt),
            Part::Column(_) => lengths(rest).skip(1).any(attempt),
            Part::Date(_, date) => date.lengths().any(|length| {
                let digits = rest.as_bytes().get(..length);
                digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_digit))
                    && attempt(length)
            }),
        };
        dead[place] |= !fits;
        fits
    }
}

/// The lengths of all beginnings of a text, the shortest first.
fn lengths(text: &str) -> impl Iterator<Item = usize> {
    let boundaries = text.char_indices().map(|(at, _)| at);
    boundaries.chain(std::iter::once(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(pattern: &str, name: &str) -> Option<Vec<String>> {
        let pattern = Pattern::parse(pattern).expect("a pattern");
        let segment = &pattern.segments[pattern.segments.len() - 1];
        let taken = segment.fit(name)?;
        let placeholders = segment.0.iter().zip(taken);
        let placeholders = placeholders.filter(|(part, _)| !matches!(part, Part::Literal(_)));
        Some(placeholders.map(|(_, text)| text.to_owned()).collect())
    }

    #[test]
    fn a_placeholder_takes_as_little_as_it_can() {
        for (pattern, name, expected) in [
            ("vehicle{*}", "vehicle1.csv", Some(vec!["1.csv"])),
            ("vehicle{*}", "vehicle", Some(vec![""])),
            ("vehicle{vid}", "vehicle", None),
            ("{name}.{ext}", "a.tar.gz", Some(vec!["a", "tar.gz"])),
            ("{a}{b}", "xyz", Some(vec!["x", "yz"])),
            ("{a}{b}", "x", None),
            ("{a}{*}{b}", "é😀", Some(vec!["é", "", "😀"])),
            ("{*}{*}{*}", "abc", Some(vec!["abc"])),
            ("{a}_{a}", "x_x", Some(vec!["x", "x"])),
            ("{*}b", "abab", Some(vec!["aba"])),
            ("{x}.csv", "a.CSV", None),
        ] {
            let expected = expected.map(|texts| texts.into_iter().map(str::to_owned).collect());
            assert_eq!(taken(pattern, name), expected, "{pattern} on {name}");
        }
    }

    #[test]
    fn a_part_of_a_date_is_digits() {
        for (pattern, name, expected) in [
            (
                "{d:MM}{d:dd}{d:yyyy}",
                "09142014",
                Some(vec!["09", "14", "2014"]),
            ),
            ("{d:M}{d:dd}", "1105", Some(vec!["11", "05"])),
            ("{d:M}{d:dd}", "905", Some(vec!["9", "05"])),
            ("{d:yyyy}", "201", None),
            ("{d:yyyy}", "20145", None),
            ("{d:dd}", "1x", None),
            ("{d:dd}", "١٢", None),
            ("{d:H}h", "7h", Some(vec!["7"])),
        ] {
            let expected = expected.map(|texts| texts.into_iter().map(str::to_owned).collect());
            assert_eq!(taken(pattern, name), expected, "{pattern} on {name}");
        }
    }

    #[test]
    fn names_with_braces_percents_and_spaces_are_written_escaped() {
        assert_eq!(taken("a%20{x}%7B%25", "a b{%"), Some(vec!["b".to_owned()]));
        assert_eq!(taken("{x}", "{x}"), Some(vec!["{x}".to_owned()]));
    }

    #[test]
    fn many_placeholders_on_a_long_name_end_soon() {
        let pattern = "{a}x{b}x{c}x{d}x{e}x{f}x{g}x{h}x{i}x{j}!";
        assert_eq!(taken(pattern, &"x".repeat(500)), None);
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for text in [
            "/a{",
            "/a}b",
            "/{}",
            "/{a{b}}",
            "/{[a}",
            "/{d:YYYY}",
            "/{:yyyy}",
            "/{a/b}",
        ] {
            let refused = Pattern::parse(text);
            assert!(
                matches!(refused, Err(PatternError::Placeholder(_))),
                "{text}: {refused:?}"
            );
        }
        for text in [
            "/{*}/../x",
            "/a{*}/",
            "/{*}/%2e%2e/x",
            "adl://{x}.net/a",
            "/{*}%2f",
        ] {
            let refused = Pattern::parse(text);
            assert!(
                matches!(refused, Err(PatternError::Path(_))),
                "{text}: {refused:?}"
            );
        }
        assert_eq!(Pattern::parse("/{c:*}"), Err(PatternError::Star));
        assert_eq!(Pattern::parse("/{c:hh}"), Err(PatternError::LowercaseHour));
        let many = Pattern::parse(&format!("/{}", "{*}x".repeat(1_000_000)));
        assert!(matches!(many, Err(PatternError::Path(_))));
        let quoted = Pattern::parse("/{[my ]]col]:MM}").expect("a pattern");
        assert_eq!(quoted.columns, ["my ]col"]);
    }
}
