//! Patterns over paths.

mod name;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use crate::{Error, ErrorKind, LakePath, Result};
use name::NamePattern;

/// A pattern over paths: names between slashes, some of them with gaps.
///
/// | written | matches |
/// |---|---|
/// | `*` | any part of one name, also none |
/// | `?` | one character |
/// | `[a-z_]`, `[!a-z]` | one character of these, or any but these |
/// | `{a,b*}` | one of these; they nest, and hold no slash |
/// | `**` | as a whole name: any number of directories, also none; as the last: all that is below |
/// | `\*` | the character itself |
///
/// Case matters, as it does in the store; a leading dot is a character like any other.
/// Matching takes time in proportion to the pattern and the path, whatever stands in them.
///
/// ```
/// use adls_fs::Glob;
///
/// let logs: Glob = "/logs/**/2017-0[1-6]-*.{csv,tsv}".parse()?;
/// assert!(logs.matches(&"/logs/eu/west/2017-03-31.tsv".parse()?));
/// assert!(logs.matches(&"/logs/2017-03-31.csv".parse()?));
/// assert!(!logs.matches(&"/logs/2017-07-01.csv".parse()?));
///
/// let error = "/logs/{a,b".parse::<Glob>().unwrap_err();
/// assert_eq!(error.to_string(), "\"/logs/{a,b\" is not a pattern: \"{\" at 6 has no end");
/// # Ok::<(), adls_fs::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Glob {
    text: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    Pattern(NamePattern),
    Directories,
}

/// How far a path matches: the parts that may match the name that comes next, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Progress(Vec<usize>);

impl Glob {
    /// A text as the pattern that matches this text only.
    ///
    /// ```
    /// assert_eq!(adls_fs::Glob::escape("a[1]*"), r"a\[1\]\*");
    /// ```
    pub fn escape(text: &str) -> String {
        let mut escaped = String::with_capacity(text.len());
        for c in text.chars() {
            if matches!(c, '*' | '?' | '[' | ']' | '{' | '}' | ',' | '\\') {
                escaped.push('\\');
            }
            escaped.push(c);
        }
        escaped
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether all of a path matches.
    pub fn matches(&self, path: &LakePath) -> bool {
        let start = self.start();
        let end = path
            .names()
            .fold(start, |progress, name| self.advance(&progress, name));
        self.is_match(&end)
    }

    /// The directory that everything which matches is in, as far as it is named in full.
    pub(crate) fn literal_directory(&self) -> LakePath {
        let (mut names, _) = self.literals(&self.start());
        if names.len() == self.parts.len() {
            names.pop();
        }
        LakePath::root()
            .join(&names.join("/"))
            .expect("names without gaps were checked when the pattern was read")
    }

    pub(crate) fn start(&self) -> Progress {
        let mut reached = Vec::new();
        self.reach(0, &mut reached);
        Progress(reached)
    }

    /// What may come after one more name.
    pub(crate) fn advance(&self, progress: &Progress, name: &str) -> Progress {
        let mut reached = Vec::new();
        for &at in &progress.0 {
            match self.parts.get(at) {
                Some(Part::Directories) => self.reach(at, &mut reached),
                Some(Part::Literal(literal)) if literal == name => self.reach(at + 1, &mut reached),
                Some(Part::Pattern(pattern)) if pattern.matches(name) => {
                    self.reach(at + 1, &mut reached);
                }
                _ => {}
            }
        }
        Progress(reached)
    }

    /// Adds a part, and those that it lets be reached without a name. They come in order, so that
    /// the last one tells whether a part is there.
    fn reach(&self, at: usize, reached: &mut Vec<usize>) {
        for at in at.. {
            if reached.last().is_none_or(|&last| last < at) {
                reached.push(at);
            }
            if self.parts.get(at) != Some(&Part::Directories) {
                return;
            }
        }
    }

    /// Whether what was read so far matches.
    pub(crate) fn is_match(&self, progress: &Progress) -> bool {
        progress.0.last() == Some(&self.parts.len())
    }

    /// Whether something below what was read so far may match.
    pub(crate) fn goes_on(&self, progress: &Progress) -> bool {
        progress.0.first().is_some_and(|&at| at < self.parts.len())
    }

    /// The names that must come next, since nothing else could match, and what comes after them.
    pub(crate) fn literals(&self, progress: &Progress) -> (Vec<&str>, Progress) {
        let (mut names, mut progress) = (Vec::new(), progress.clone());
        while let [at] = progress.0[..]
            && let Some(Part::Literal(name)) = self.parts.get(at)
        {
            names.push(name.as_str());
            progress = self.advance(&progress, name);
        }
        (names, progress)
    }
}

impl FromStr for Glob {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let refuse = |why: String| {
            let message = format!("{text:?} is not a pattern: {why}");
            Error::new(ErrorKind::Request, message)
        };
        if text.is_empty() {
            return Err(refuse("it is empty; the root is \"/\"".to_owned()));
        }
        let mut parts = Vec::new();
        let mut at = 0;
        for part in text.split('/') {
            match part {
                "" | "." => {}
                "**" if parts.last() == Some(&Part::Directories) => {}
                "**" => parts.push(Part::Directories),
                part => parts.push(name::parse(part, at).map_err(refuse)?),
            }
            at += part.chars().count() + 1;
        }
        if parts.last() == Some(&Part::Directories) {
            parts.push(Part::Pattern(NamePattern::any()));
        }
        let text = text.to_owned();
        Ok(Self { text, parts })
    }
}

impl TryFrom<&str> for Glob {
    type Error = Error;

    fn try_from(text: &str) -> Result<Self> {
        text.parse()
    }
}

impl fmt::Display for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}
