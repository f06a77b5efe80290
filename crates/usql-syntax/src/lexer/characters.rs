//! Which characters make an identifier: Unicode Annex 31, as C# and U-SQL apply it.

/// A letter, or the underscore.
pub(super) fn is_identifier_start(c: char) -> bool {
    c == '_' || c.is_ascii_alphabetic() || (!c.is_ascii() && c.is_alphabetic())
}

/// A letter, a digit, or a connecting, combining or formatting character.
pub(super) fn is_identifier_part(c: char) -> bool {
    if c.is_ascii() {
        return c == '_' || c.is_ascii_alphanumeric();
    }
    c.is_alphanumeric()
        || matches!(c,
            // Connecting (Pc).
            '\u{203f}' | '\u{2040}' | '\u{2054}' | '\u{fe33}' | '\u{fe34}' | '\u{fe4d}'..='\u{fe4f}' | '\u{ff3f}'
            // Combining marks that are not letters themselves.
            | '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
            | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}'
            // Formatting (Cf).
            | '\u{ad}' | '\u{200c}' | '\u{200d}')
}
