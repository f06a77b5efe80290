//! `Regex`: patterns of .NET, matched as .NET Framework matches them.
//!
//! .NET backtracks over UTF-16 code units; so does this. Of the libraries, `regex` has neither lookaround nor back
//! references, and those that have them differ in what a group keeps, in how a lookbehind is gone through and in what
//! is a word; none counts code units. The pattern is read by [`usql_sema::regex`].

mod machine;
mod program;
mod replacement;
#[cfg(test)]
mod tests;
mod units;

pub use machine::{Machine, TooLong};
pub use replacement::Replacement;

use usql_sema::regex::{Pattern, Problem};

use program::Program;

/// A pattern, ready to be matched.
#[derive(Debug)]
pub struct Regex {
    text: String,
    names: Vec<String>,
    program: Program,
}

/// What groups captured: from .. to, by the groups' numbers. The first is the whole match.
pub type Captures = [Option<(usize, usize)>];

impl Regex {
    /// Reads a pattern under the number of a `RegexOptions`.
    pub fn new(text: &str, options: i32) -> Result<Self, Problem> {
        let pattern = Pattern::parse(text, options)?;
        let program = Program::of(&pattern)
            .ok_or_else(|| Problem::Unsupported("a pattern as large as this".to_owned()))?;
        Ok(Self {
            text: text.to_owned(),
            names: pattern.groups.into_iter().map(|group| group.name).collect(),
            program,
        })
    }

    /// The pattern.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names of the groups, by their numbers.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Finds the first match at or behind a position.
    pub fn find<'m>(
        &self,
        text: &[u16],
        from: usize,
        machine: &'m mut Machine,
    ) -> Result<Option<&'m Captures>, TooLong> {
        machine.find(&self.program, text, from)
    }

    /// Calls `found` with each match, one behind the other, until it says that there are enough.
    ///
    /// Behind an empty match .NET goes one code unit further.
    pub fn each(
        &self,
        text: &[u16],
        machine: &mut Machine,
        mut found: impl FnMut(&Captures) -> More,
    ) -> Result<(), TooLong> {
        let mut from = 0;
        while from <= text.len() {
            let Some(captures) = self.find(text, from, machine)? else {
                break;
            };
            let (start, end) = whole(captures);
            if found(captures) == More::No {
                break;
            }
            from = if start == end { end + 1 } else { end };
        }
        Ok(())
    }
}

/// Whether more matches are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum More {
    /// They are.
    Yes,
    /// They are not.
    No,
}

/// Where a match is.
pub fn whole(captures: &Captures) -> (usize, usize) {
    captures
        .first()
        .copied()
        .flatten()
        .expect("what matched has a place")
}

/// `Regex.Escape`: text as a pattern that matches it.
pub fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        let letter = match character {
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            '\u{c}' => 'f',
            ' ' | '#' | '$' | '(' | ')' | '*' | '+' | '.' | '?' | '[' | '\\' | '^' | '{' | '|' => {
                character
            }
            _ => {
                out.push(character);
                continue;
            }
        };
        out.push('\\');
        out.push(letter);
    }
}
