//! Scripts that are nearly those that somebody wrote.

/// What is put into a script: the marks of the language, letters and digits, and what is none of them.
const ODDMENTS: [&str; 44] = [
    "(", ")", "[", "]", "{", "}", "<", ">", "\"", "'", "@", "\\", "/", "*", ";", ",", ".", ":",
    "?", "=", "+", "-", "!", "&", "|", "^", "~", "%", "#", "$", "`", "0", "9", "a", "Z", "_", " ",
    "\n", "\r", "\0", "é", "\u{feff}", "\u{2028}", "𝄞",
];

/// Every beginning of a script.
pub fn prefixes(script: &str) -> impl Iterator<Item = &str> {
    script.char_indices().map(|(end, _)| &script[..end])
}

/// A script with one character gone, added or replaced, so many times; the same ones for the same seed.
pub fn mutations(script: &str, seed: u64, count: usize) -> impl Iterator<Item = String> {
    let places: Vec<usize> = script.char_indices().map(|(place, _)| place).collect();
    let mut dice = Dice(seed.wrapping_mul(2).wrapping_add(1));
    (0..count).map(move |_| {
        let place = places[dice.roll(places.len())];
        let width = script[place..].chars().next().map_or(0, char::len_utf8);
        let oddment = ODDMENTS[dice.roll(ODDMENTS.len())];
        let (width, oddment) = match dice.roll(3) {
            0 => (width, ""),
            1 => (0, oddment),
            _ => (width, oddment),
        };
        [&script[..place], oddment, &script[place + width..]].concat()
    })
}

/// xorshift64*: enough to mix scripts, and the same on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let mixed = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(mixed).expect("31 bits are left") % sides
    }
}
