//! T-SQL's LIKE: `%`, `_`, `[a-z]`, `[^a-z]`, case-sensitive; false where an operand is null.

use std::sync::Arc;

use datafusion::arrow::array::{AsArray, BooleanArray, StringArray};

use super::{Result, Rows, Values};

pub(super) fn like(
    operand: &Values,
    pattern: &Values,
    escape: Option<char>,
    rows: &Rows,
) -> Result<Values> {
    let operand = operand.clone().into_array(rows.count)?;
    let texts: &StringArray = operand.as_string();
    let patterns: &StringArray = pattern.array().as_string();
    let matches: BooleanArray = if pattern.is_same() {
        let pattern = patterns
            .iter()
            .next()
            .flatten()
            .map(|pattern| Pattern::new(pattern, escape));
        let matched = |text: Option<&str>| match (&pattern, text) {
            (Some(pattern), Some(text)) => pattern.matches(text),
            _ => false,
        };
        texts.iter().map(|text| Some(matched(text))).collect()
    } else {
        let pairs = texts.iter().zip(patterns);
        let matched = pairs.map(|pair| match pair {
            (Some(text), Some(pattern)) => Pattern::new(pattern, escape).matches(text),
            _ => false,
        });
        matched.map(Some).collect()
    };
    Ok(Values::Each(Arc::new(matches)))
}

struct Pattern(Vec<Token>);

enum Token {
    Any,
    One,
    Literal(char),
    Set {
        ranges: Vec<(char, char)>,
        negated: bool,
    },
}

impl Pattern {
    fn new(text: &str, escape: Option<char>) -> Self {
        let characters: Vec<char> = text.chars().collect();
        let mut tokens = Vec::new();
        let mut at = 0;
        while at < characters.len() {
            let character = characters[at];
            at += 1;
            let escaped = characters
                .get(at)
                .copied()
                .filter(|_| Some(character) == escape);
            if let Some(literal) = escaped {
                tokens.push(Token::Literal(literal));
                at += 1;
                continue;
            }
            tokens.push(match character {
                '%' => Token::Any,
                '_' => Token::One,
                '[' => match set(&characters[at..]) {
                    Some((set, length)) => {
                        at += length;
                        set
                    }
                    None => Token::Literal('['),
                },
                literal => Token::Literal(literal),
            });
        }
        Self(tokens)
    }

    /// Matches with one point to go back to: the last `%` seen.
    fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        let (mut at, mut token) = (0, 0);
        let mut back: Option<(usize, usize)> = None;
        loop {
            match self.0.get(token) {
                Some(Token::Any) => {
                    back = Some((at, token + 1));
                    token += 1;
                    continue;
                }
                Some(one) if at < text.len() && one.matches(text[at]) => {
                    at += 1;
                    token += 1;
                    continue;
                }
                None if at == text.len() => return true,
                _ => {}
            }
            match &mut back {
                Some((from, after)) if *from < text.len() => {
                    *from += 1;
                    at = *from;
                    token = *after;
                }
                _ => return false,
            }
        }
    }
}

impl Token {
    fn matches(&self, character: char) -> bool {
        match self {
            Self::Any => false,
            Self::One => true,
            Self::Literal(literal) => *literal == character,
            Self::Set { ranges, negated } => {
                ranges
                    .iter()
                    .any(|(low, high)| (*low..=*high).contains(&character))
                    != *negated
            }
        }
    }
}

/// The set behind `[`, and how many characters it takes with its `]`.
fn set(rest: &[char]) -> Option<(Token, usize)> {
    let negated = rest.first() == Some(&'^');
    let start = usize::from(negated);
    // A `]` right at the start is a member.
    let end = start + 1 + rest.get(start + 1..)?.iter().position(|&c| c == ']')?;
    let members = &rest[start..end];
    let mut ranges = Vec::new();
    let mut at = 0;
    while at < members.len() {
        if members.get(at + 1) == Some(&'-') && at + 2 < members.len() {
            ranges.push((members[at], members[at + 2]));
            at += 3;
        } else {
            ranges.push((members[at], members[at]));
            at += 1;
        }
    }
    Some((Token::Set { ranges, negated }, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_the_whole_text() {
        for (text, pattern, expected) in [
            ("abc", "abc", true),
            ("abc", "ab", false),
            ("abc", "a%", true),
            ("abc", "%c", true),
            ("abc", "%b%", true),
            ("abc", "%x%", false),
            ("abc", "a_c", true),
            ("abc", "____", false),
            ("", "%", true),
            ("", "_", false),
            ("aab", "%ab", true),
            ("abcabd", "%ab_", true),
            ("ABC", "abc", false),
            ("b1", "[a-c][0-9]", true),
            ("d1", "[a-c][0-9]", false),
            ("d1", "[^a-c]%", true),
            ("-", "[a-]", true),
            ("]", "[]]", true),
            ("50%", "50!%", true),
            ("505", "50!%", false),
            ("[a", "[a", true),
            ("éa", "_a", true),
        ] {
            assert_eq!(
                Pattern::new(pattern, Some('!')).matches(text),
                expected,
                "{text} LIKE {pattern}"
            );
        }
    }
}
