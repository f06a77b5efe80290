//! `$1`, `${name}`, `$&`: what takes the place of a match.

use super::{Captures, Regex, whole};

/// A replacement, read for the groups of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(Vec<u16>),
    /// `$1`, `${name}`; `$&` is the whole match.
    Group(usize),
    /// `` $` ``: what is before the match.
    Before,
    /// `$'`: what is behind it.
    Behind,
    /// `$_`
    All,
}

impl Replacement {
    /// Reads a replacement. A `$` that names nothing stands for itself.
    pub fn new(text: &str, regex: &Regex) -> Self {
        let names = regex.names();
        let (mut parts, mut literal) = (Vec::new(), Vec::new());
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            let behind = &rest[character.len_utf8()..];
            let part = match character {
                '$' => named(behind, names),
                _ => None,
            };
            match part {
                Some((part, behind)) => {
                    if !literal.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut literal)));
                    }
                    parts.push(part);
                    rest = behind;
                }
                None => {
                    literal.extend(character.encode_utf16(&mut [0; 2]).iter());
                    // `$$` is one of them.
                    rest = match character {
                        '$' => behind.strip_prefix('$').unwrap_or(behind),
                        _ => behind,
                    };
                }
            }
        }
        if !literal.is_empty() {
            parts.push(Part::Text(literal));
        }
        Self(parts)
    }

    /// Writes what takes the place of a match.
    pub fn write(&self, text: &[u16], captures: &Captures, out: &mut Vec<u16>) {
        let (start, end) = whole(captures);
        for part in &self.0 {
            match part {
                Part::Text(literal) => out.extend(literal),
                Part::Group(number) => {
                    if let Some((from, to)) = captures[*number] {
                        out.extend(&text[from..to]);
                    }
                }
                Part::Before => out.extend(&text[..start]),
                Part::Behind => out.extend(&text[end..]),
                Part::All => out.extend(text),
            }
        }
    }
}

/// What stands behind a `$`, and what is behind that.
fn named<'t>(text: &'t str, names: &[String]) -> Option<(Part, &'t str)> {
    let group = |number: &str| {
        number
            .parse()
            .ok()
            .filter(|number| *number < names.len())
            .map(Part::Group)
    };
    if let Some(inner) = text.strip_prefix('{') {
        let (name, behind) = inner.split_once('}')?;
        let number = || {
            names
                .iter()
                .position(|known| known == name)
                .map(Part::Group)
        };
        return Some((group(name).or_else(number)?, behind));
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        let (number, behind) = text.split_at(digits);
        return Some((group(number)?, behind));
    }
    let part = match text.chars().next()? {
        '&' => Part::Group(0),
        '`' => Part::Before,
        '\'' => Part::Behind,
        '+' => Part::Group(names.len() - 1),
        '_' => Part::All,
        _ => return None,
    };
    Some((part, &text[1..]))
}
