//! What a parenthesis opens.

use super::{
    Options, Problem,
    parse::{Reader, invalid},
};

/// What a parenthesis opens.
pub(super) enum Opening {
    /// `(?i)`: nothing; the options changed.
    Options,
    /// `(?:`, `(?i:`: a group with these options.
    Plain(Options),
    /// `(`, `(?<name>`
    Capture(Option<String>),
    /// `(?>`
    Atomic,
    /// `(?=`, `(?!`, `(?<=`, `(?<!`
    Look { behind: bool, negated: bool },
}

const UNKNOWN: &str = "Unrecognized grouping construct.";

impl Reader<'_> {
    /// Reads behind a parenthesis.
    pub(super) fn opening(&mut self, options: &mut Options) -> Result<Opening, Problem> {
        if !self.takes("?") {
            return Ok(match options.has(Options::EXPLICIT_CAPTURE) {
                true => Opening::Plain(*options),
                false => Opening::Capture(None),
            });
        }
        let look = |behind, negated| Opening::Look { behind, negated };
        for (sign, opening) in [
            (":", Opening::Plain(*options)),
            (">", Opening::Atomic),
            ("=", look(false, false)),
            ("!", look(false, true)),
            ("<=", look(true, false)),
            ("<!", look(true, true)),
        ] {
            if self.takes(sign) {
                return Ok(opening);
            }
        }
        match self.peek() {
            Some('<') => self.name('>'),
            Some('\'') => self.name('\''),
            Some('(') => Err(Problem::Unsupported(
                "a conditional group in a pattern".to_owned(),
            )),
            _ => self.inline(options),
        }
    }

    /// `name>`, with what opens it.
    fn name(&mut self, close: char) -> Result<Opening, Problem> {
        self.character();
        let name = self.rest().split_once(close);
        let (name, rest) = name.ok_or_else(|| invalid(UNKNOWN))?;
        if name.contains('-') {
            return Err(Problem::Unsupported("a balancing group".to_owned()));
        }
        if name.starts_with(|first: char| first.is_ascii_digit()) {
            return Err(Problem::Unsupported(
                "a group with a number for a name".to_owned(),
            ));
        }
        if name.is_empty()
            || !name
                .chars()
                .all(|word| word.is_alphanumeric() || word == '_')
        {
            return Err(invalid(
                "Invalid group name: Group names must begin with a word character.",
            ));
        }
        if self.knows(name) {
            return Err(Problem::Unsupported(format!("two groups named {name}")));
        }
        let name = name.to_owned();
        self.go_to(rest);
        Ok(Opening::Capture(Some(name)))
    }

    /// `i-m)`, `i-m:`
    fn inline(&mut self, options: &mut Options) -> Result<Opening, Problem> {
        let (mut changed, mut is_on) = (*options, true);
        loop {
            let option = match self.character() {
                Some('-') => {
                    is_on = false;
                    continue;
                }
                Some('+') => {
                    is_on = true;
                    continue;
                }
                Some(')') => {
                    *options = changed;
                    return Ok(Opening::Options);
                }
                Some(':') => return Ok(Opening::Plain(changed)),
                Some('i' | 'I') => Options::IGNORE_CASE,
                Some('m' | 'M') => Options::MULTILINE,
                Some('n' | 'N') => Options::EXPLICIT_CAPTURE,
                Some('s' | 'S') => Options::SINGLELINE,
                Some('x' | 'X') => Options::IGNORE_WHITESPACE,
                _ => return Err(invalid(UNKNOWN)),
            };
            changed = changed.with(option, is_on);
        }
    }
}
