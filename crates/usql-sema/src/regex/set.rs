//! `[a-z\d-[aeiou]]`: sets of code units.

use super::{Options, Problem, parse::Reader};

/// A set of code units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    /// Whether it is of all others.
    pub is_negated: bool,
    /// From .. to, both included.
    pub ranges: Vec<(u16, u16)>,
    /// Kinds of characters, each with whether it is all others.
    pub kinds: Vec<(Kind, bool)>,
    /// What is not in it after all, its negation or not.
    pub without: Option<Box<Self>>,
    /// Whether the ranges are meant in any case.
    pub any_case: bool,
}

/// A kind of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `\d`: Nd.
    Digit,
    /// `\s`: white space.
    Space,
    /// `\w`: L, Mn, Nd, Pc.
    Word,
    /// A general category of Unicode, or a group of them: `Lu`, `L`.
    Category(&'static str),
    /// Lu, Ll and Lt: what each of them is where case is ignored.
    Cased,
}

const CATEGORIES: [&str; 37] = [
    "Cc", "Cf", "Cn", "Co", "Cs", "C", "Ll", "Lm", "Lo", "Lt", "Lu", "L", "Mc", "Me", "Mn", "M",
    "Nd", "Nl", "No", "N", "Pc", "Pd", "Pe", "Po", "Ps", "Pf", "Pi", "P", "Sc", "Sk", "Sm", "So",
    "S", "Zl", "Zp", "Zs", "Z",
];

impl Set {
    fn new(options: Options) -> Self {
        Self {
            is_negated: false,
            ranges: Vec::new(),
            kinds: Vec::new(),
            without: None,
            any_case: options.has(Options::IGNORE_CASE),
        }
    }

    /// The set of one kind.
    pub(super) fn of(kind: Kind, is_negated: bool) -> Self {
        Self {
            is_negated,
            ranges: Vec::new(),
            kinds: vec![(kind, false)],
            without: None,
            any_case: false,
        }
    }
}

/// `d`, `S`, `w` behind a backslash.
pub(super) fn kind(letter: char) -> Option<(Kind, bool)> {
    let kind = match letter.to_ascii_lowercase() {
        'd' => Kind::Digit,
        's' => Kind::Space,
        'w' => Kind::Word,
        _ => return None,
    };
    Some((kind, letter.is_ascii_uppercase()))
}

/// `{Lu}` behind `\p` or `\P`.
pub(super) fn category(
    reader: &mut Reader<'_>,
    letter: char,
    options: Options,
) -> Result<(Kind, bool), Problem> {
    let invalid = |text: &str| Problem::Invalid(text.to_owned());
    if !reader.takes("{") {
        return Err(invalid("Malformed \\p{X} character escape."));
    }
    let (name, rest) = reader
        .rest()
        .split_once('}')
        .ok_or_else(|| invalid("Incomplete \\p{X} character escape."))?;
    reader.go_to(rest);
    let negated = letter == 'P';
    let known = CATEGORIES.iter().find(|known| **known == name);
    match known {
        Some(&("Lu" | "Ll" | "Lt")) if options.has(Options::IGNORE_CASE) => {
            Ok((Kind::Cased, negated))
        }
        Some(known) => Ok((Kind::Category(known), negated)),
        None if name.starts_with("Is") => Err(Problem::Unsupported(format!(
            "the Unicode block {name} in a pattern"
        ))),
        None => Err(Problem::Invalid(format!("Unknown property '{name}'."))),
    }
}

/// Reads a set, behind its bracket.
pub(super) fn read(reader: &mut Reader<'_>, options: Options) -> Result<Set, Problem> {
    reader.nested(|reader| within(reader, options))
}

fn within(reader: &mut Reader<'_>, options: Options) -> Result<Set, Problem> {
    let invalid = |text: &str| Err(Problem::Invalid(text.to_owned()));
    let mut set = Set::new(options);
    set.is_negated = reader.takes("^");
    let mut is_first = true;
    // What a range has begun with.
    let mut from: Option<u16> = None;
    loop {
        let Some(character) = reader.unit() else {
            return invalid("Unterminated [] set.");
        };
        let mut is_escaped = false;
        let mut unit = character;
        match char::from_u32(character.into()) {
            Some(']') if !is_first => break,
            Some('\\') => {
                let kind = match reader.peek() {
                    Some(letter @ ('p' | 'P')) => {
                        reader.character();
                        Some(category(reader, letter, options)?)
                    }
                    Some(letter) if kind(letter).is_some() => {
                        reader.character();
                        kind(letter)
                    }
                    _ => None,
                };
                if let Some(kind) = kind {
                    if from.is_some() {
                        return invalid("Cannot include class in character range.");
                    }
                    set.kinds.push(kind);
                    is_first = false;
                    continue;
                }
                unit = match reader.takes("-") {
                    true if from.is_none() => {
                        set.ranges.push((45, 45));
                        is_first = false;
                        continue;
                    }
                    true => 45,
                    false => reader.escaped()?,
                };
                is_escaped = true;
            }
            Some('[') if from.is_none() && reader.rest().starts_with(':') => {
                return Err(Problem::Unsupported("[: in a pattern".to_owned()));
            }
            _ => {}
        }
        let opens = |unit, sign: char| !is_escaped && unit == sign as u16;
        if let Some(start) = from.take() {
            if opens(unit, '[') && !is_first {
                set.ranges.push((start, start));
                set.without = Some(Box::new(subtracted(reader, options)?));
            } else if start > unit {
                return invalid("[x-y] range in reverse order.");
            } else {
                set.ranges.push((start, unit));
            }
        } else if reader.rest().starts_with('-')
            && reader.rest().len() > 1
            && !reader.rest().starts_with("-]")
        {
            reader.character();
            from = Some(unit);
        } else if opens(unit, '-') && !is_first && reader.takes("[") {
            set.without = Some(Box::new(subtracted(reader, options)?));
        } else {
            set.ranges.push((unit, unit));
        }
        is_first = false;
    }
    Ok(set)
}

/// The set behind `-[`, which is the last thing in the set around it.
fn subtracted(reader: &mut Reader<'_>, options: Options) -> Result<Set, Problem> {
    let set = read(reader, options)?;
    match reader.peek() {
        Some(']') => Ok(set),
        _ => Err(Problem::Invalid(
            "A subtraction must be the last element in a character class.".to_owned(),
        )),
    }
}
