//! The regular expressions of .NET, read: what a pattern means, whoever matches it.
//!
//! <https://learn.microsoft.com/dotnet/standard/base-types/regular-expression-language-quick-reference> is the
//! dialect; where it is silent, this follows the parser of .NET Framework. A pattern that .NET refuses is
//! [`Invalid`](Problem::Invalid) in .NET's words. One that means something that is not built here is
//! [`Unsupported`](Problem::Unsupported), and never read as something else.

mod group;
mod parse;
mod set;

pub use set::{Kind, Set};

/// A pattern under its options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// What it matches.
    pub root: Node,
    /// The groups by .NET's numbers: the whole match is 0, then those without a name, then those with one, each in the
    /// order in which they open.
    pub groups: Vec<Group>,
}

/// A group that captures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name, or its number as text.
    pub name: String,
    /// How many groups open before it; the whole match is 0.
    pub opened: usize,
}

/// A part of a pattern. Text is UTF-16: a position is before, between or behind code units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// One behind the other; none of them is the empty text.
    Sequence(Vec<Self>),
    /// The first that lets the rest match.
    Choice(Vec<Self>),
    /// One code unit.
    Unit {
        /// Which one.
        unit: u16,
        /// Whether in any case.
        any_case: bool,
    },
    /// One code unit of a set.
    Set(Set),
    /// `.`: one code unit.
    Any {
        /// Whether a line feed is one (`RegexOptions.Singleline`).
        line_feed: bool,
    },
    /// A position.
    At(Position),
    /// `x{2,3}`, `x*`, `x+?`
    Repeat {
        /// What.
        node: Box<Self>,
        /// At least so often.
        least: u32,
        /// At most so often.
        most: Option<u32>,
        /// Whether rather seldom than often.
        lazy: bool,
    },
    /// A group that captures, by its place in the order in which groups open.
    Capture {
        /// How many groups open before it, with the whole match.
        opened: usize,
        /// What it captures.
        node: Box<Self>,
    },
    /// `(?>x)`: matched as if it stood alone.
    Atomic(Box<Self>),
    /// `(?=x)` and its like.
    Look {
        /// Whether at what is before the position.
        behind: bool,
        /// Whether it must not match.
        negated: bool,
        /// What is looked for.
        node: Box<Self>,
    },
    /// What a group captured, once more.
    Again {
        /// How many groups open before that group, with the whole match.
        opened: usize,
        /// Whether in any case.
        any_case: bool,
    },
}

/// A position in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// `^`, `\A`
    Start,
    /// `^` under `RegexOptions.Multiline`
    LineStart,
    /// `$`, `\Z`: the end, or before a line feed that is last.
    End,
    /// `$` under `RegexOptions.Multiline`
    LineEnd,
    /// `\z`
    VeryEnd,
    /// `\b`
    WordEdge,
    /// `\B`
    NoWordEdge,
}

/// Why there is no pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// .NET refuses it too: the message of its `ArgumentException`, as of .NET Framework.
    Invalid(String),
    /// What of .NET is not here, as the subject of a sentence: `a balancing group`.
    Unsupported(String),
}

/// `RegexOptions`, by their numbers in .NET.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Options(i32);

impl Options {
    const IGNORE_CASE: i32 = 1;
    const MULTILINE: i32 = 2;
    const EXPLICIT_CAPTURE: i32 = 4;
    const SINGLELINE: i32 = 16;
    const IGNORE_WHITESPACE: i32 = 32;
    const RIGHT_TO_LEFT: i32 = 64;
    const ECMA_SCRIPT: i32 = 256;
    /// Every option that .NET Framework knows.
    const ALL: i32 = 0x3ff & !128;

    const fn has(self, option: i32) -> bool {
        self.0 & option != 0
    }

    const fn with(self, option: i32, is_on: bool) -> Self {
        Self(if is_on {
            self.0 | option
        } else {
            self.0 & !option
        })
    }
}

impl Pattern {
    /// Reads a pattern under options, which are the number of a `RegexOptions`.
    ///
    /// # Errors
    /// The pattern or the options are invalid, or have no counterpart here.
    ///
    /// ```
    /// use usql_sema::regex::{Pattern, Problem};
    ///
    /// let pattern = Pattern::parse(r"(?<year>\d{4})-(\d\d)", 0)?;
    /// let names: Vec<&str> = pattern.groups.iter().map(|group| group.name.as_str()).collect();
    /// assert_eq!(names, ["0", "1", "year"], "named groups are counted behind the others");
    /// # Ok::<(), Problem>(())
    /// ```
    pub fn parse(pattern: &str, options: i32) -> Result<Self, Problem> {
        if options & !Options::ALL != 0 {
            let message =
                "Specified argument was out of the range of valid values.\nParameter name: options";
            return Err(Problem::Invalid(message.to_owned()));
        }
        for (option, name) in [
            (Options::RIGHT_TO_LEFT, "RegexOptions.RightToLeft"),
            (Options::ECMA_SCRIPT, "RegexOptions.ECMAScript"),
        ] {
            if Options(options).has(option) {
                return Err(Problem::Unsupported(name.to_owned()));
            }
        }
        parse::parse(pattern, Options(options)).map_err(|problem| match problem {
            Problem::Invalid(why) => Problem::Invalid(format!("parsing \"{pattern}\" - {why}")),
            unsupported => unsupported,
        })
    }
}
