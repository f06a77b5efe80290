//! Custom formats: `0`, `#`, `.`, `,`, `%`, `E+0`, literals, and up to three sections.

use super::{Digits, exponent};

/// Writes a number in a custom format.
pub(super) fn write(format: &[char], mut digits: Digits, out: &mut Vec<u8>) {
    let negative = digits.negative;
    let wanted = match () {
        () if digits.is_zero() => 2,
        () if negative => 1,
        () => 0,
    };
    let mut start = section(format, wanted);
    let mut layout = Layout::of(&format[start..]);
    layout.fit(&mut digits);
    let zero = section(format, 2);
    if wanted != 2 && digits.is_zero() && zero != start {
        // Rounded to nothing, it is written as a zero.
        start = zero;
        layout = Layout::of(&format[start..]);
    }
    Writing::new(&layout, &digits).write(&format[start..], start == 0, out);
}

/// Where a section begins: 0 for positive numbers, 1 for negative ones, 2 for zero. An empty one is not there.
fn section(format: &[char], wanted: usize) -> usize {
    if wanted == 0 {
        return 0;
    }
    let (mut at, mut passed) = (0, 0);
    while let Some(&character) = format.get(at) {
        match character {
            ';' => {
                passed += 1;
                if passed == wanted {
                    let is_there = format.get(at + 1).is_some_and(|&next| next != ';');
                    return if is_there { at + 1 } else { 0 };
                }
                at += 1;
            }
            _ => at = skipped(format, at),
        }
    }
    0
}

/// The position behind a character, with the literal that it begins.
fn skipped(format: &[char], at: usize) -> usize {
    match format[at] {
        quote @ ('\'' | '"') => {
            let rest = &format[at + 1..];
            let length = rest
                .iter()
                .position(|&c| c == quote)
                .map_or(rest.len(), |end| end + 1);
            at + 1 + length
        }
        '\\' => (at + 2).min(format.len()),
        _ => at + 1,
    }
}

/// How many characters `E+00` has behind its letter, and how many of them are zeros.
fn scientific(rest: &[char]) -> Option<(usize, usize)> {
    let sign = usize::from(matches!(rest.first(), Some('+' | '-')));
    let zeros = rest[sign..].iter().take_while(|&&c| c == '0').count();
    (zeros > 0).then_some((sign + zeros, zeros))
}

/// What the placeholders of a section say.
#[derive(Debug, Default)]
struct Layout {
    /// How many placeholders there are.
    count: i32,
    /// How many of them are in front of the point.
    point: i32,
    /// How many digits in front of the point and behind it are written as zeros at least.
    zeros_before: i32,
    zeros_behind: i32,
    grouped: bool,
    scientific: bool,
    /// The power of ten that `%` and final commas multiply by.
    shift: i32,
}

impl Layout {
    fn of(format: &[char]) -> Self {
        let mut layout = Self::default();
        let (mut point, mut first_zero, mut last_zero) = (None, None, 0);
        let mut commas: Option<(i32, i32)> = None;
        let mut at = 0;
        while let Some(&character) = format.get(at) {
            match character {
                ';' => break,
                '#' => layout.count += 1,
                '0' => {
                    first_zero.get_or_insert(layout.count);
                    layout.count += 1;
                    last_zero = layout.count;
                }
                '.' => {
                    point.get_or_insert(layout.count);
                }
                ',' if layout.count > 0 && point.is_none() => match &mut commas {
                    Some((place, count)) if *place == layout.count => *count += 1,
                    others => {
                        layout.grouped |= others.is_some();
                        *others = Some((layout.count, 1));
                    }
                },
                '%' => layout.shift += 2,
                '\u{2030}' => layout.shift += 3,
                'E' | 'e' => {
                    if let Some((length, _)) = scientific(&format[at + 1..]) {
                        layout.scientific = true;
                        at += length;
                    }
                }
                _ => {}
            }
            at = skipped(format, at);
        }
        layout.point = point.unwrap_or(layout.count);
        match commas {
            Some((place, count)) if place == layout.point => layout.shift -= 3 * count,
            Some(_) => layout.grouped = true,
            None => {}
        }
        layout.zeros_before = (layout.point - first_zero.unwrap_or(layout.point)).max(0);
        layout.zeros_behind = (last_zero - layout.point).max(0);
        layout
    }

    /// Rounds a number to what the section shows of it.
    fn fit(&self, digits: &mut Digits) {
        digits.shift(self.shift);
        let behind = self.count - self.point;
        if self.scientific {
            digits.round(self.count as usize);
        } else {
            digits.round_places(behind as usize);
        }
    }
}

/// The state of writing one section.
struct Writing<'a> {
    layout: &'a Layout,
    digits: &'a Digits,
    /// The next digit.
    next: i32,
    /// How many digits, or blanks for them, come before the point from here on.
    left: i32,
    /// How many digits more than placeholders the number has (negative: fewer).
    surplus: i32,
    point_written: bool,
}

impl<'a> Writing<'a> {
    fn new(layout: &'a Layout, digits: &'a Digits) -> Self {
        let (left, surplus) = if layout.scientific {
            (layout.point, 0)
        } else {
            (digits.scale.max(layout.point), digits.scale - layout.point)
        };
        Self {
            layout,
            digits,
            next: 0,
            left,
            surplus,
            point_written: false,
        }
    }

    fn write(mut self, format: &[char], with_sign: bool, out: &mut Vec<u8>) {
        if with_sign && self.digits.negative {
            out.push(b'-');
        }
        let mut is_scientific = self.layout.scientific;
        let mut at = 0;
        while let Some(&character) = format.get(at) {
            let mut behind = skipped(format, at);
            match character {
                ';' => break,
                '#' | '0' => {
                    self.surplus(out);
                    self.placeholder(out);
                }
                '.' => {
                    self.surplus(out);
                    self.point(out);
                }
                ',' => {}
                '\'' | '"' => {
                    let quoted = &format[at + 1..behind];
                    let quoted = quoted.strip_suffix(&[character]).unwrap_or(quoted);
                    quoted.iter().for_each(|&literal| push(literal, out));
                }
                '\\' => format[at + 1..behind]
                    .iter()
                    .for_each(|&literal| push(literal, out)),
                'E' | 'e' => match scientific(&format[at + 1..]) {
                    Some((length, zeros)) if is_scientific => {
                        let with_plus = format[at + 1] == '+';
                        let of_zero = self.digits.is_zero();
                        let value = if of_zero {
                            0
                        } else {
                            self.digits.scale - self.layout.point
                        };
                        exponent(value, character as u8, zeros.min(10), with_plus, out);
                        is_scientific = false;
                        behind = at + 1 + length;
                    }
                    _ => push(character, out),
                },
                literal => push(literal, out),
            }
            at = behind;
        }
    }

    /// The digits for which there is no placeholder come before the first.
    fn surplus(&mut self, out: &mut Vec<u8>) {
        while self.surplus > 0 {
            let digit = self.take().unwrap_or(b'0');
            self.digit(digit, out);
            self.surplus -= 1;
        }
    }

    fn placeholder(&mut self, out: &mut Vec<u8>) {
        let digit = if self.surplus < 0 {
            self.surplus += 1;
            (self.left <= self.layout.zeros_before).then_some(b'0')
        } else {
            let is_zero = self.left > -self.layout.zeros_behind;
            self.take().or(is_zero.then_some(b'0'))
        };
        match digit {
            Some(digit) => self.digit(digit, out),
            None => self.left -= 1,
        }
    }

    fn take(&mut self) -> Option<u8> {
        let is_there = self.next < self.digits.len() as i32;
        let digit = is_there.then(|| self.digits.at(self.next));
        self.next += i32::from(is_there);
        digit
    }

    fn digit(&mut self, digit: u8, out: &mut Vec<u8>) {
        out.push(digit);
        self.left -= 1;
        if self.layout.grouped && self.left > 0 && self.left % 3 == 0 {
            out.push(b',');
        }
    }

    fn point(&mut self, out: &mut Vec<u8>) {
        if self.left != 0 || self.point_written {
            return;
        }
        let has_more = self.next < self.digits.len() as i32;
        let has_place = self.layout.point < self.layout.count;
        if self.layout.zeros_behind > 0 || (has_place && has_more) {
            out.push(b'.');
            self.point_written = true;
        }
    }
}

fn push(character: char, out: &mut Vec<u8>) {
    let mut buffer = [0; 4];
    out.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
}
