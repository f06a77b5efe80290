//! Literals and the values they denote.

use std::fmt;

use rowan::ast::AstNode;

use super::{ast_node, tokens};
use crate::SyntaxKind;
use crate::SyntaxToken;

ast_node! {
    /// A literal.
    LiteralExpr = LITERAL_EXPR
}

/// What a literal denotes, with the type that C# gives it.
#[derive(Clone, Debug, PartialEq)]
pub enum LiteralValue {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// `'c'`, a UTF-16 code unit
    Char(u16),
    /// `"text"`, `@"text"`
    String(String),
    /// An integer that fits `int`
    Int(i32),
    /// An integer that fits `uint`, or has the suffix `U`
    UInt(u32),
    /// An integer that fits `long`, or has the suffix `L`
    Long(i64),
    /// An integer that fits `ulong`
    ULong(u64),
    /// A real with the suffix `F`
    Float(f32),
    /// A real
    Double(f64),
    /// A number with the suffix `M`: its digits, without the suffix
    Decimal(String),
}

/// Why a literal denotes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LiteralError {
    /// The integer exceeds `ulong`.
    IntegerTooLarge,
    /// The real exceeds its type.
    RealTooLarge,
    /// `\q` is no escape sequence.
    UnknownEscape,
    /// A character literal holds not exactly one character.
    NotOneCharacter,
    /// The text holds half of a surrogate pair.
    LoneSurrogate,
    /// The token is malformed; the parser has reported it.
    Malformed,
}

impl fmt::Display for LiteralError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::IntegerTooLarge => "the integer is too large",
            Self::RealTooLarge => "the number is outside of the range of its type",
            Self::UnknownEscape => "the escape sequence is unknown",
            Self::NotOneCharacter => "a character literal holds one character",
            Self::LoneSurrogate => "the text holds half of a surrogate pair",
            Self::Malformed => "the literal is malformed",
        })
    }
}

impl std::error::Error for LiteralError {}

impl LiteralExpr {
    /// The token.
    pub fn token(&self) -> Option<SyntaxToken> {
        tokens(self.syntax()).next()
    }

    /// The value, with the type that C# gives the literal.
    pub fn value(&self) -> Result<LiteralValue, LiteralError> {
        let token = self.token().ok_or(LiteralError::Malformed)?;
        let text = token.text();
        match token.kind() {
            SyntaxKind::NULL_CSHARP => Ok(LiteralValue::Null),
            SyntaxKind::TRUE_CSHARP => Ok(LiteralValue::Bool(true)),
            SyntaxKind::FALSE_CSHARP => Ok(LiteralValue::Bool(false)),
            SyntaxKind::INTEGER => integer(text),
            SyntaxKind::REAL => real(text),
            SyntaxKind::STRING => string(text).map(LiteralValue::String),
            SyntaxKind::VERBATIM_STRING => verbatim_string(text).map(LiteralValue::String),
            SyntaxKind::CHAR => character(text).map(LiteralValue::Char),
            _ => Err(LiteralError::Malformed),
        }
    }
}

/// C# picks the first of `int`, `uint`, `long` and `ulong` that holds the value and that the suffix admits.
fn integer(text: &str) -> Result<LiteralValue, LiteralError> {
    let (radix, rest) = match text.get(..2) {
        Some("0x" | "0X") => (16, &text[2..]),
        _ => (10, text),
    };
    let digits = rest.trim_end_matches(['u', 'U', 'l', 'L']);
    let suffix = rest[digits.len()..].to_ascii_lowercase();
    if digits.is_empty() {
        return Err(LiteralError::Malformed);
    }
    let value = u64::from_str_radix(digits, radix).map_err(|error| match error.kind() {
        std::num::IntErrorKind::PosOverflow => LiteralError::IntegerTooLarge,
        _ => LiteralError::Malformed,
    })?;
    let (unsigned, long) = (suffix.contains('u'), suffix.contains('l'));
    let int = i32::try_from(value)
        .ok()
        .filter(|_| !unsigned && !long)
        .map(LiteralValue::Int);
    let uint = u32::try_from(value)
        .ok()
        .filter(|_| !long)
        .map(LiteralValue::UInt);
    let signed_long = i64::try_from(value)
        .ok()
        .filter(|_| !unsigned)
        .map(LiteralValue::Long);
    Ok(int
        .or(uint)
        .or(signed_long)
        .unwrap_or(LiteralValue::ULong(value)))
}

fn real(text: &str) -> Result<LiteralValue, LiteralError> {
    let digits = text.trim_end_matches(['f', 'F', 'd', 'D', 'm', 'M']);
    let too_large = |finite: bool| {
        if finite {
            Ok(())
        } else {
            Err(LiteralError::RealTooLarge)
        }
    };
    match text[digits.len()..].to_ascii_lowercase().as_str() {
        "m" => Ok(LiteralValue::Decimal(digits.to_owned())),
        "f" => {
            let value: f32 = digits.parse().map_err(|_| LiteralError::Malformed)?;
            too_large(value.is_finite()).map(|()| LiteralValue::Float(value))
        }
        "" | "d" => {
            let value: f64 = digits.parse().map_err(|_| LiteralError::Malformed)?;
            too_large(value.is_finite()).map(|()| LiteralValue::Double(value))
        }
        _ => Err(LiteralError::Malformed),
    }
}

fn string(text: &str) -> Result<String, LiteralError> {
    let inside = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .ok_or(LiteralError::Malformed)?;
    if !inside.contains('\\') {
        return Ok(inside.to_owned());
    }
    String::from_utf16(&unescape(inside)?).map_err(|_| LiteralError::LoneSurrogate)
}

fn verbatim_string(text: &str) -> Result<String, LiteralError> {
    let inside = text
        .strip_prefix("@\"")
        .and_then(|rest| rest.strip_suffix('"'));
    Ok(inside.ok_or(LiteralError::Malformed)?.replace("\"\"", "\""))
}

fn character(text: &str) -> Result<u16, LiteralError> {
    let inside = text
        .strip_prefix('\'')
        .and_then(|rest| rest.strip_suffix('\''))
        .ok_or(LiteralError::Malformed)?;
    match unescape(inside)?.as_slice() {
        [unit] => Ok(*unit),
        _ => Err(LiteralError::NotOneCharacter),
    }
}

/// Resolves the escapes of C# into UTF-16 code units, which is what `\u` and `\x` denote.
fn unescape(text: &str) -> Result<Vec<u16>, LiteralError> {
    let mut units = Vec::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            units.extend_from_slice(c.encode_utf16(&mut [0; 2]));
            continue;
        }
        let escape = rest.next().ok_or(LiteralError::UnknownEscape)?;
        let code = match escape {
            '\'' | '"' | '\\' => escape as u32,
            '0' => 0,
            'a' => 0x07,
            'b' => 0x08,
            'f' => 0x0c,
            'n' => 0x0a,
            'r' => 0x0d,
            't' => 0x09,
            'v' => 0x0b,
            'x' => hex(&mut rest, 1, 4)?,
            'u' => hex(&mut rest, 4, 4)?,
            'U' => hex(&mut rest, 8, 8)?,
            _ => return Err(LiteralError::UnknownEscape),
        };
        match (u16::try_from(code), char::from_u32(code)) {
            (Ok(unit), _) => units.push(unit),
            (_, Some(wide)) => units.extend_from_slice(wide.encode_utf16(&mut [0; 2])),
            _ => return Err(LiteralError::UnknownEscape),
        }
    }
    Ok(units)
}

/// Reads `least` to `most` hexadecimal digits.
fn hex(rest: &mut std::str::Chars<'_>, least: usize, most: usize) -> Result<u32, LiteralError> {
    let digits = rest
        .as_str()
        .bytes()
        .take(most)
        .take_while(u8::is_ascii_hexdigit)
        .count();
    if digits < least {
        return Err(LiteralError::UnknownEscape);
    }
    let value = u32::from_str_radix(&rest.as_str()[..digits], 16)
        .map_err(|_| LiteralError::UnknownEscape)?;
    *rest = rest.as_str()[digits..].chars();
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ast::{Expr, Statement};
    use crate::parse;

    fn value(literal: &str) -> Result<LiteralValue, LiteralError> {
        let parse = parse(&format!("DECLARE @x = {literal};"));
        assert_eq!(parse.diagnostics(), &[]);
        let Some(Statement::Declare(declare)) = parse.script().statements().next() else {
            panic!()
        };
        let Some(Expr::Literal(literal)) = declare.value() else {
            panic!()
        };
        literal.value()
    }

    #[test]
    fn an_integer_takes_the_first_type_that_holds_it() {
        assert_eq!(value("2147483647"), Ok(LiteralValue::Int(i32::MAX)));
        assert_eq!(value("2147483648"), Ok(LiteralValue::UInt(1 << 31)));
        assert_eq!(value("4294967296"), Ok(LiteralValue::Long(1 << 32)));
        assert_eq!(
            value("9223372036854775808"),
            Ok(LiteralValue::ULong(1 << 63))
        );
        assert_eq!(
            value("18446744073709551616"),
            Err(LiteralError::IntegerTooLarge)
        );
        assert_eq!(value("0xFFFFFFFF"), Ok(LiteralValue::UInt(u32::MAX)));
    }

    #[test]
    fn suffixes_choose_the_type() {
        assert_eq!(value("1u"), Ok(LiteralValue::UInt(1)));
        assert_eq!(value("1L"), Ok(LiteralValue::Long(1)));
        assert_eq!(value("1Ul"), Ok(LiteralValue::ULong(1)));
        assert_eq!(value("4294967296U"), Ok(LiteralValue::ULong(1 << 32)));
        assert_eq!(value("1.5f"), Ok(LiteralValue::Float(1.5)));
        assert_eq!(value("1d"), Ok(LiteralValue::Double(1.0)));
        assert_eq!(value("1.10M"), Ok(LiteralValue::Decimal("1.10".to_owned())));
        assert_eq!(value("1e400"), Err(LiteralError::RealTooLarge));
    }

    #[test]
    fn strings_have_the_escapes_of_csharp() {
        assert_eq!(
            value(r#""a\t\"\\\x41\u00e9\U0001D11E""#),
            Ok(LiteralValue::String("a\t\"\\Aé𝄞".to_owned()))
        );
        assert_eq!(
            value(r#""\uD834\uDD1E""#),
            Ok(LiteralValue::String("𝄞".to_owned()))
        );
        assert_eq!(value(r#""\uD834""#), Err(LiteralError::LoneSurrogate));
        assert_eq!(value(r#""\q""#), Err(LiteralError::UnknownEscape));
        assert_eq!(value(r#""\U00110000""#), Err(LiteralError::UnknownEscape));
        assert_eq!(
            value(r#"@"c:\x ""y""""#),
            Ok(LiteralValue::String("c:\\x \"y\"".to_owned()))
        );
    }

    #[test]
    fn a_char_is_one_code_unit() {
        assert_eq!(value("'a'"), Ok(LiteralValue::Char(0x61)));
        assert_eq!(value(r"'\''"), Ok(LiteralValue::Char(0x27)));
        assert_eq!(value(r"'\uD834'"), Ok(LiteralValue::Char(0xd834)));
        assert_eq!(value("'𝄞'"), Err(LiteralError::NotOneCharacter));
        assert_eq!(value("''"), Err(LiteralError::NotOneCharacter));
    }

    #[test]
    fn words() {
        assert_eq!(value("null"), Ok(LiteralValue::Null));
        assert_eq!(value("true"), Ok(LiteralValue::Bool(true)));
    }
}
