//! What a backslash means.

use super::{Node, Options, Position, Problem, Reader, Reference, invalid, literal, set, unit_of};

impl Reader<'_> {
    /// What is behind a backslash, outside of sets.
    pub(super) fn escape(&mut self, options: Options) -> Result<Node, Problem> {
        let Some(letter) = self.peek() else {
            return Err(invalid("Illegal \\ at end of pattern."));
        };
        let position = match letter {
            'A' => Some(Position::Start),
            'Z' => Some(Position::End),
            'z' => Some(Position::VeryEnd),
            'b' => Some(Position::WordEdge),
            'B' => Some(Position::NoWordEdge),
            'G' => return Err(Problem::Unsupported("\\G in a pattern".to_owned())),
            _ => None,
        };
        if let Some(position) = position {
            self.character();
            return Ok(Node::At(position));
        }
        if let Some((kind, is_negated)) = set::kind(letter) {
            self.character();
            return Ok(Node::Set(set::Set::of(kind, is_negated)));
        }
        match letter {
            'p' | 'P' => {
                self.character();
                let (kind, is_negated) = set::category(self, letter, options)?;
                Ok(Node::Set(set::Set::of(kind, is_negated)))
            }
            '1'..='9' => {
                let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
                let (digits, rest) = self.rest.split_at(digits);
                self.rest = rest;
                let number = digits.parse().unwrap_or(usize::MAX);
                self.reference(Reference::Number(number), options)
            }
            'k' => {
                self.character();
                let name = self.reference_name()?;
                self.reference(name, options)
            }
            _ => Ok(literal(self.escaped()?, options)),
        }
    }

    /// `<name>` behind `\k`.
    fn reference_name(&mut self) -> Result<Reference, Problem> {
        let malformed = || invalid("Malformed \\k<...> named back reference.");
        let close = match self.character() {
            Some('<') => '>',
            Some('\'') => '\'',
            _ => return Err(malformed()),
        };
        let (name, rest) = self.rest.split_once(close).ok_or_else(malformed)?;
        self.rest = rest;
        Ok(match name.parse() {
            Ok(number) => Reference::Number(number),
            Err(_) => Reference::Name(name.to_owned()),
        })
    }

    /// A back reference; its group may come later, so for now it has its own number.
    fn reference(&mut self, to: Reference, options: Options) -> Result<Node, Problem> {
        self.references.push(to);
        Ok(Node::Again {
            opened: self.references.len() - 1,
            any_case: options.has(Options::IGNORE_CASE),
        })
    }

    /// The code unit that an escape stands for, behind its backslash.
    pub(in crate::regex) fn escaped(&mut self) -> Result<u16, Problem> {
        if self
            .rest
            .starts_with(|digit: char| matches!(digit, '0'..='7'))
        {
            let octal = |digit: &u8| matches!(digit, b'0'..=b'7');
            let length = self.rest.bytes().take(3).take_while(octal).count();
            let (digits, rest) = self.rest.split_at(length);
            self.rest = rest;
            let code = u16::from_str_radix(digits, 8).unwrap_or_default();
            return Ok(code & 0xff);
        }
        let Some(letter) = self.character() else {
            return Err(invalid("Illegal \\ at end of pattern."));
        };
        Ok(match letter {
            'a' => 7,
            'b' => 8,
            't' => 9,
            'n' => 10,
            'v' => 11,
            'f' => 12,
            'r' => 13,
            'e' => 27,
            'x' => self.hexadecimal(2)?,
            'u' => self.hexadecimal(4)?,
            'c' => {
                let control = self
                    .character()
                    .ok_or_else(|| invalid("Missing control character."))?;
                match u16::try_from(u32::from(control.to_ascii_uppercase())) {
                    Ok(code @ 0x40..=0x5f) => code - 0x40,
                    _ => return Err(invalid("Unrecognized control character.")),
                }
            }
            word if word.is_alphanumeric() || word == '_' => {
                return Err(invalid(format!("Unrecognized escape sequence \\{word}.")));
            }
            other => unit_of(other),
        })
    }

    fn hexadecimal(&mut self, length: usize) -> Result<u16, Problem> {
        let digits = self.rest.get(..length);
        let digits = digits.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let digits = digits.ok_or_else(|| invalid("Insufficient hexadecimal digits."))?;
        self.rest = &self.rest[length..];
        u16::from_str_radix(digits, 16).map_err(|_| invalid("Insufficient hexadecimal digits."))
    }
}
