//! The name that a file of the lake has on the host.
//!
//! Almost always it is the same name. A name that some host cannot hold is escaped reversibly as
//! `%!` and the name with the troublesome bytes as `%XX`; one that is then too long is `%~` and
//! the id of its node, and only the database knows the name. The rules of all hosts apply on each,
//! so that a data root can be copied from one host to another.
//!
//! Names that differ in case only are the exception: a host that takes them for the same holds one
//! of them, and the lake refuses the other.

use std::borrow::Cow;

use crate::NodeId;

/// The longest name, in bytes, that the usual file systems hold.
const LONGEST: usize = 255;
const ESCAPED: &str = "%!";
const BY_ID: &str = "%~";

/// The host's name for a lake's name.
pub(crate) fn host_name(name: &str, id: NodeId) -> Cow<'_, str> {
    if is_plain(name) {
        return Cow::Borrowed(name);
    }
    let escaped = escape(name);
    if escaped.len() <= LONGEST {
        Cow::Owned(escaped)
    } else {
        Cow::Owned(format!("{BY_ID}{}", id.uuid().simple()))
    }
}

/// The lake's name for a host's name; none if the lake would have given the file another name.
pub(crate) fn lake_name(host: &str) -> Option<Cow<'_, str>> {
    if is_plain(host) {
        return Some(Cow::Borrowed(host));
    }
    let name = unescape(host)?;
    (!is_plain(&name) && escape(&name) == host).then_some(Cow::Owned(name))
}

/// The node whose id is in a host's name, if such a name it is.
pub(crate) fn node_named(host: &str) -> Option<NodeId> {
    let id = host.strip_prefix(BY_ID)?;
    uuid::Uuid::try_parse(id).ok().map(NodeId::new)
}

fn is_plain(name: &str) -> bool {
    name.len() <= LONGEST
        && name != ".lake"
        && !name.starts_with(ESCAPED)
        && !name.starts_with(BY_ID)
        && !name.ends_with(['.', ' '])
        && !name.chars().any(is_troublesome)
        && !is_reserved(name)
}

fn escape(name: &str) -> String {
    let mut escaped = String::from(ESCAPED);
    let last = name
        .char_indices()
        .next_back()
        .map_or(0, |(index, _)| index);
    for (index, character) in name.char_indices() {
        let at_an_end = (index == 0 || index == last) && matches!(character, '.' | ' ');
        if at_an_end || character == '%' || is_troublesome(character) {
            for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                escaped.push_str(&format!("%{byte:02X}"));
            }
        } else {
            escaped.push(character);
        }
    }
    escaped
}

fn unescape(host: &str) -> Option<String> {
    let mut rest = host.strip_prefix(ESCAPED)?.as_bytes();
    let mut bytes = Vec::with_capacity(rest.len());
    while let [first, after @ ..] = rest {
        if *first == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    let name = String::from_utf8(bytes).ok()?;
    // What no path of the lake may have must not come in by way of the host.
    let allowed = !name.is_empty() && !matches!(name.as_str(), "." | "..");
    (allowed && !name.contains(['/', '\0'])).then_some(name)
}

/// Whether a host refuses the character, or changes it when it normalizes names (to NFC or NFD).
///
/// The second part is a superset that needs no tables: combining marks that compose with a letter,
/// conjoining Hangul, and letters that NFC always replaces.
fn is_troublesome(character: char) -> bool {
    matches!(
        character,
        '\0'..='\x1f' | '\x7f' | '\\' | '/' | ':' | '*' | '?' | '"' | '<' | '>' | '|'
    ) || matches!(
        u32::from(character),
        0x0300..=0x036F // combining diacritical marks
            | 0x0374 | 0x037E | 0x0387 // Greek numeral sign, question mark, ano teleia
            | 0x1100..=0x11FF // Hangul jamo
            | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x20D0..=0x20FF | 0xFE20..=0xFE2F // more marks
            | 0x1F71..=0x1FFD // Greek extended, where the singletons are
            | 0x2000 | 0x2001 // en quad, em quad
            | 0x2126 | 0x212A | 0x212B // ohm, kelvin, angstrom
            | 0x2329 | 0x232A // angle brackets
            | 0x3099 | 0x309A // kana voicing marks
            | 0xA960..=0xA97F | 0xD7B0..=0xD7FF // Hangul jamo, extended
            | 0xF900..=0xFAFF | 0x2F800..=0x2FA1F // compatibility ideographs
    )
}

/// Whether Windows takes the name for a device, with any extension.
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end();
    let stem = stem.to_ascii_uppercase();
    if matches!(
        stem.as_str(),
        "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$"
    ) {
        return true;
    }
    let number = stem.strip_prefix("COM").or(stem.strip_prefix("LPT"));
    let digit = |rest: &str| {
        let mut characters = rest.chars();
        let first = characters.next();
        first.is_some_and(|c| c.is_ascii_digit() || matches!(c, '¹' | '²' | '³'))
            && characters.next().is_none()
    };
    number.is_some_and(digit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::XorShift;

    fn id() -> NodeId {
        NodeId::from_key(7)
    }

    #[test]
    fn ordinary_names_stay_as_they_are() {
        for name in [
            "HelloWorld.csv",
            "12,+3#456?.txt".replace('?', "").as_str(),
            "a b",
            "100%",
            "a%20b",
            "\u{e9}t\u{e9}",
            "日本語.tsv",
            ".hidden",
            "...x",
            "console.txt",
            "com10",
        ] {
            assert_eq!(host_name(name, id()), name);
            assert_eq!(lake_name(name).as_deref(), Some(name));
        }
    }

    #[test]
    fn troublesome_names_are_escaped_readably() {
        let check = |name: &str, host: &str| {
            assert_eq!(host_name(name, id()), host);
            assert_eq!(lake_name(host).as_deref(), Some(name));
        };
        check("12:30.csv", "%!12%3A30.csv");
        check("a\\b", "%!a%5Cb");
        check("what?", "%!what%3F");
        check("trailing.", "%!trailing%2E");
        check("trailing ", "%!trailing%20");
        check("con", "%!con");
        check("LPT1.txt", "%!LPT1.txt");
        check("%!x", "%!%25!x");
        check("%~x", "%!%25~x");
        check(".lake", "%!%2Elake");
        check("e\u{301}", "%!e%CC%81");
        check("...", "%!%2E.%2E");
    }

    #[test]
    fn a_name_that_is_too_long_is_named_by_its_id() {
        let long = "x".repeat(256);
        assert_eq!(host_name(&long, id()), "%~00000000000000000000000000000007");
        assert_eq!(host_name(&"x".repeat(255), id()).len(), 255);
        assert_eq!(lake_name("%~00000000000000000000000000000007"), None);
    }

    #[test]
    fn what_the_lake_would_not_write_is_foreign() {
        for host in [
            "a:b", "%!plain", "%!%2e", "%!%2E", "%!%2E%2E", "%!a%2Fb", "%!%00", "%!%FF", "%!%4",
            "%!a%3ab", "%!", "x.", "%~7",
        ] {
            assert_eq!(lake_name(host), None, "{host}");
        }
    }

    #[test]
    fn random_names_round_trip_and_never_meet() {
        let alphabet: Vec<char> = "ab.% !~:\\\u{301}\u{212b}é\u{1}CONLPT1*e".chars().collect();
        let mut random = XorShift::new(1);
        let mut seen = std::collections::HashMap::new();
        for _ in 0..200_000 {
            let length = 1 + random.below(7);
            let name: String = (0..length)
                .map(|_| alphabet[random.below(alphabet.len() as u64) as usize])
                .collect();
            if name == "." || name == ".." {
                continue;
            }
            let host = host_name(&name, id()).into_owned();
            assert!(host.len() <= LONGEST);
            assert_eq!(lake_name(&host).as_deref(), Some(name.as_str()), "{host}");
            if let Some(other) = seen.insert(host, name.clone()) {
                assert_eq!(other, name);
            }
        }
    }
}
