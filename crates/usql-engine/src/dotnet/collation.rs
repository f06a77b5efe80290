//! The order of strings as .NET's cultural comparisons have it under en-US.
//!
//! Words are compared first without case, accents, hyphens and apostrophes; then accents, then case (lower before
//! upper) and at last the hyphens decide. White space and signs come before digits, and digits before letters.
//! Letters beyond Latin-1 are in the order of their code points.

use std::cmp::Ordering;

/// ASCII in front of the letters, in the order of Windows' English word sort.
const SIGNS: &str = "\t\n\u{b}\u{c}\r _,;:!?.\"()[]{}@*/\\&#%`^+<=>|~$0123456789";

/// The letters under the accents of U+00C0 to U+00FF; a space where there is none.
const LATIN: &str = "AAAAAA CEEEEIIII NOOOOO OUUUUY  aaaaaa ceeeeiiii nooooo ouuuuy y";

/// What decides first: the sign, digit or letter, without case and accent. Hyphens and apostrophes decide nothing.
fn weight(character: char) -> Option<u32> {
    if matches!(character, '-' | '\'' | '\0') {
        return None;
    }
    let base = base(character);
    let lower = crate::dotnet::character::lower(base);
    Some(match SIGNS.chars().position(|sign| sign == base) {
        Some(place) => place as u32,
        None => 0x100 + u32::from(lower),
    })
}

/// The letter without its accent.
fn base(character: char) -> char {
    let place = u32::from(character).checked_sub(0xc0);
    let base = place.and_then(|place| LATIN.chars().nth(place as usize));
    base.filter(|&base| base != ' ').unwrap_or(character)
}

/// Compares two strings as `string.Compare` does.
pub fn compare(left: &str, right: &str, ignore_case: bool) -> Ordering {
    let weights = |text: &str| text.chars().filter_map(weight).collect::<Vec<_>>();
    let accents = |text: &str| -> Vec<bool> {
        let letters = text.chars().filter(|&c| weight(c).is_some());
        letters
            .map(|character| base(character) != character)
            .collect()
    };
    let cases = |text: &str| -> Vec<bool> {
        let letters = text.chars().filter(|&c| weight(c).is_some());
        letters.map(char::is_uppercase).collect()
    };
    let hyphens = |text: &str| -> Vec<bool> { text.chars().map(|c| weight(c).is_some()).collect() };
    if left == right {
        return Ordering::Equal;
    }
    weights(left)
        .cmp(&weights(right))
        .then_with(|| accents(left).cmp(&accents(right)))
        .then_with(|| match ignore_case {
            true => Ordering::Equal,
            false => cases(left).cmp(&cases(right)),
        })
        // A hyphen behind the same letters comes after none.
        .then_with(|| hyphens(right).cmp(&hyphens(left)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_in_the_order_of_a_dictionary() {
        // The lists that .NET's pages of CompareInfo and SortVersion print, and what word sort says of hyphens.
        let words = [
            "", " ", "_a", "1", "10", "2", "a", "A", "\u{e4}", "aa", "ab", "coop", "co-op", "Z",
            "zebra",
        ];
        for pair in words.windows(2) {
            assert_eq!(compare(pair[0], pair[1], false), Ordering::Less, "{pair:?}");
            assert_eq!(
                compare(pair[1], pair[0], false),
                Ordering::Greater,
                "{pair:?}"
            );
        }
        assert_eq!(
            compare("Visual Studio", "visual STUDIO", true),
            Ordering::Equal
        );
        assert_eq!(compare("a", "B", false), Ordering::Less);
        assert_eq!(compare("B", "a", true), Ordering::Greater);
    }
}
