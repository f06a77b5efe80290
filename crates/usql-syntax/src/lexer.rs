//! Text to tokens. Every character lands in exactly one token, so the tokens spell the text again.

mod characters;

use crate::SyntaxKind::{self, *};
use characters::{is_identifier_part, is_identifier_start};

/// One token: its kind and its length in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: SyntaxKind,
    pub(crate) len: u32,
}

/// What is wrong with the token at an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LexError {
    pub(crate) token: usize,
    pub(crate) problem: &'static str,
}

/// Cuts `text` into tokens. Never fails: what is no token becomes [`SyntaxKind::ERROR_TOKEN`].
pub(crate) fn lex(text: &str) -> (Vec<Token>, Vec<LexError>) {
    // Scripts run at about four bytes a token.
    let mut lexer = Lexer {
        rest: text,
        previous: EOF,
        before: EOF,
        tokens: Vec::with_capacity(text.len() / 4),
        errors: Vec::new(),
    };
    if text.starts_with('\u{feff}') {
        lexer.push(WHITESPACE, '\u{feff}'.len_utf8());
    }
    while let Some(first) = lexer.rest.chars().next() {
        lexer.token(first);
    }
    (lexer.tokens, lexer.errors)
}

struct Lexer<'t> {
    rest: &'t str,
    /// The last token that is no trivia; it decides what a `[` opens.
    previous: SyntaxKind,
    /// The one before it.
    before: SyntaxKind,
    tokens: Vec<Token>,
    errors: Vec<LexError>,
}

impl Lexer<'_> {
    fn push(&mut self, kind: SyntaxKind, len: usize) {
        self.rest = &self.rest[len..];
        if !kind.is_trivia() {
            self.before = std::mem::replace(&mut self.previous, kind);
        }
        let len = u32::try_from(len).expect("parse() refuses texts of 4 GiB");
        self.tokens.push(Token { kind, len });
    }

    fn push_error(&mut self, kind: SyntaxKind, len: usize, problem: &'static str) {
        self.errors.push(LexError {
            token: self.tokens.len(),
            problem,
        });
        self.push(kind, len);
    }

    fn token(&mut self, first: char) {
        match first {
            _ if first.is_whitespace() => self.push(WHITESPACE, self.run(char::is_whitespace)),
            _ if is_identifier_start(first) => self.word(),
            '0'..='9' => self.number(),
            '.' if self.byte(1).is_some_and(|byte| byte.is_ascii_digit()) => self.number(),
            '"' => self.string(STRING, 0),
            '\'' => self.string(CHAR, 0),
            '@' => self.at_sign(),
            '/' if self.byte(1) == Some(b'/') => {
                self.push(COMMENT, self.run(|c| c != '\n' && c != '\r'));
            }
            '/' if self.byte(1) == Some(b'*') => self.block_comment(),
            '[' if self.opens_quoted_identifier() => self.quoted_identifier(),
            _ => self.punctuation(first),
        }
    }

    fn byte(&self, index: usize) -> Option<u8> {
        self.rest.as_bytes().get(index).copied()
    }

    /// The length of the run of characters from here on that `belongs` accepts.
    fn run(&self, belongs: impl Fn(char) -> bool) -> usize {
        self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len())
    }

    fn word(&mut self) {
        let len = self.run(is_identifier_part);
        let word = &self.rest[..len];
        let kind = match word.as_bytes()[0] {
            b'A'..=b'Z' => SyntaxKind::from_keyword(word),
            b'a'..=b'z' => SyntaxKind::from_csharp_keyword(word),
            _ => None,
        };
        self.push(kind.unwrap_or(IDENT), len);
    }

    /// `1`, `0xFF`, `1.5`, `.5`, `1e10`, each with a C# suffix.
    fn number(&mut self) {
        let bytes = self.rest.as_bytes();
        let digits = |from: usize| {
            bytes[from..]
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count()
        };
        let mut kind = INTEGER;
        let mut len;
        if bytes[0] == b'0' && matches!(bytes.get(1), Some(b'x' | b'X')) {
            len = 2 + bytes[2..]
                .iter()
                .take_while(|byte| byte.is_ascii_hexdigit())
                .count();
        } else {
            len = digits(0);
            if bytes.get(len) == Some(&b'.') && bytes.get(len + 1).is_some_and(u8::is_ascii_digit) {
                kind = REAL;
                len += 1 + digits(len + 1);
            }
            if matches!(bytes.get(len), Some(b'e' | b'E')) {
                let sign = usize::from(matches!(bytes.get(len + 1), Some(b'+' | b'-')));
                let exponent = digits((len + 1 + sign).min(bytes.len()));
                if exponent > 0 {
                    kind = REAL;
                    len += 1 + sign + exponent;
                }
            }
        }
        let suffix = self.rest[len..]
            .find(|c| !is_identifier_part(c))
            .unwrap_or(self.rest.len() - len);
        let known = match self.rest[len..len + suffix].to_ascii_lowercase().as_str() {
            "" => len > 2 || !self.rest[..len].ends_with(['x', 'X']),
            "u" | "l" | "ul" | "lu" => kind == INTEGER,
            "f" | "d" | "m" => {
                kind = REAL;
                true
            }
            _ => false,
        };
        if known {
            self.push(kind, len + suffix);
        } else {
            self.push_error(kind, len + suffix, "the number is malformed");
        }
    }

    /// A literal in `"` or `'` whose quote stands at `start`; it ends on its line.
    fn string(&mut self, kind: SyntaxKind, start: usize) {
        let bytes = self.rest.as_bytes();
        let quote = bytes[start];
        let mut index = start + 1;
        loop {
            match bytes.get(index) {
                Some(b'\\') if !matches!(bytes.get(index + 1), None | Some(b'\n' | b'\r')) => {
                    index += 2;
                }
                Some(b'\n' | b'\r') | None => break,
                Some(&byte) if byte == quote => return self.push(kind, index + 1),
                Some(_) => index += 1,
            }
        }
        // `\` before a multi-byte character may have stepped into it.
        while !self.rest.is_char_boundary(index) {
            index += 1;
        }
        self.push_error(kind, index, "the literal is not closed");
    }

    /// `@"verbatim string"`, `@variable` or `@@system_variable`.
    fn at_sign(&mut self) {
        match self.byte(1) {
            Some(b'"') => {
                let (len, closed) = self.until_closing(2, b'"');
                if closed {
                    self.push(VERBATIM_STRING, len);
                } else {
                    self.push_error(VERBATIM_STRING, len, "the literal is not closed");
                }
            }
            Some(b'@') => self.variable(SYSTEM_VARIABLE, 2),
            _ => self.variable(VARIABLE, 1),
        }
    }

    fn variable(&mut self, kind: SyntaxKind, signs: usize) {
        let name = &self.rest[signs..];
        if name.chars().next().is_some_and(is_identifier_start) {
            let len = name.find(|c| !is_identifier_part(c)).unwrap_or(name.len());
            self.push(kind, signs + len);
        } else {
            self.push_error(ERROR_TOKEN, signs, "'@' needs a name");
        }
    }

    fn block_comment(&mut self) {
        match self.rest[2..].find("*/") {
            Some(end) => self.push(COMMENT, end + 4),
            None => self.push_error(COMMENT, self.rest.len(), "the comment is not closed"),
        }
    }

    /// Whether the `[` here opens a quoted identifier, and not an index or an array rank.
    ///
    /// An index follows something that has a value; a quoted identifier never does. The parentheses of a cast have none
    /// where they end as no expression does: `(int?)`, `(string)`.
    /// `[]` and `[,]` are ranks because an identifier is not empty; `[]]]` is the identifier `]`.
    fn opens_quoted_identifier(&self) -> bool {
        let inside = self.rest[1..].trim_start();
        let rank = inside.starts_with([']', ',']) && !self.rest.starts_with("[]]");
        let after_value = matches!(
            self.previous,
            IDENT
                | QUOTED_IDENT
                | VARIABLE
                | SYSTEM_VARIABLE
                | BUILTIN_TYPE
                | NEW_CSHARP
                | STRING
                | VERBATIM_STRING
                | R_PAREN
                | R_BRACKET
                | R_BRACE
        );
        let after_cast = self.previous == R_PAREN && matches!(self.before, QUESTION | BUILTIN_TYPE);
        !rank && (after_cast || !after_value)
    }

    fn quoted_identifier(&mut self) {
        let (len, closed) = self.until_closing(1, b']');
        if closed {
            self.push(QUOTED_IDENT, len);
        } else {
            // The rest of the line, not the bracket alone: a run of `[` must not be scanned again and again.
            self.push_error(ERROR_TOKEN, len, "the quoted identifier is not closed");
        }
    }

    /// The length up to and with the `close` that is not doubled, and whether there is one.
    /// A quoted identifier ends on its line.
    fn until_closing(&self, start: usize, close: u8) -> (usize, bool) {
        let bytes = self.rest.as_bytes();
        let mut index = start;
        while let Some(&byte) = bytes.get(index) {
            index += 1;
            if byte == close {
                if bytes.get(index) != Some(&close) {
                    return (index, true);
                }
                index += 1;
            } else if close == b']' && byte == b'\n' {
                return (index - 1, false);
            }
        }
        (bytes.len(), false)
    }

    fn punctuation(&mut self, first: char) {
        // `>>` and `>>=` stay single `>`: `SQL.MAP<int, SQL.ARRAY<int>>` closes two lists.
        let (kind, len) = match (first, self.byte(1).unwrap_or(0)) {
            ('=', b'=') => (EQ_EQ, 2),
            ('=', b'>') => (ARROW, 2),
            ('!', b'=') => (NOT_EQ, 2),
            ('<', b'=') => (LESS_EQ, 2),
            ('>', b'=') => (GREATER_EQ, 2),
            ('<', b'<') => (SHIFT_LEFT, 2),
            ('&', b'&') => (AMP_AMP, 2),
            ('|', b'|') => (PIPE_PIPE, 2),
            ('?', b'?') => (QUESTION_QUESTION, 2),
            (':', b':') => (COLON_COLON, 2),
            ('+', b'+') => (PLUS_PLUS, 2),
            ('-', b'-') => (MINUS_MINUS, 2),
            ('+' | '-' | '*' | '/' | '%' | '&' | '|' | '^', b'=') => (COMPOUND_ASSIGN, 2),
            ('.', _) => (DOT, 1),
            (';', _) => (SEMICOLON, 1),
            (',', _) => (COMMA, 1),
            ('(', _) => (L_PAREN, 1),
            (')', _) => (R_PAREN, 1),
            ('{', _) => (L_BRACE, 1),
            ('}', _) => (R_BRACE, 1),
            ('[', _) => (L_BRACKET, 1),
            (']', _) => (R_BRACKET, 1),
            ('=', _) => (EQ, 1),
            ('*', _) => (STAR, 1),
            ('/', _) => (SLASH, 1),
            ('%', _) => (PERCENT, 1),
            ('+', _) => (PLUS, 1),
            ('-', _) => (MINUS, 1),
            ('<', _) => (LESS, 1),
            ('>', _) => (GREATER, 1),
            ('&', _) => (AMP, 1),
            ('^', _) => (CARET, 1),
            ('|', _) => (PIPE, 1),
            ('?', _) => (QUESTION, 1),
            (':', _) => (COLON, 1),
            ('!', _) => (BANG, 1),
            ('~', _) => (TILDE, 1),
            _ => {
                return self.push_error(
                    ERROR_TOKEN,
                    first.len_utf8(),
                    "the character has no meaning here",
                );
            }
        };
        self.push(kind, len);
    }
}

#[cfg(test)]
mod tests;
