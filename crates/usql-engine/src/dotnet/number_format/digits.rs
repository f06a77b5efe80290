//! A number as decimal digits and the place of its point.

use std::io::Write;

use rust_decimal::Decimal;

/// `0.d1d2d3.. * 10^scale`, with a sign. Zero has no digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digits {
    digits: Vec<u8>,
    /// Where the point is, counted from the first digit.
    pub(super) scale: i32,
    pub(super) negative: bool,
}

impl Digits {
    /// The digits of an integer.
    pub fn of_integer(value: i128) -> Self {
        let mut digits = Vec::new();
        write!(digits, "{}", value.unsigned_abs()).expect("writing to memory does not fail");
        Self::new(digits, 0, value < 0)
    }

    /// The first `count` digits of a finite `double`, correctly rounded.
    pub fn of_double(value: f64, count: usize) -> Self {
        let mut text = Vec::new();
        let precision = count - 1;
        write!(text, "{:.precision$e}", value.abs()).expect("writing to memory does not fail");
        let split = text
            .iter()
            .position(|&byte| byte == b'e')
            .unwrap_or(text.len());
        let exponent: i32 = std::str::from_utf8(text.get(split + 1..).unwrap_or_default())
            .ok()
            .and_then(|exponent| exponent.parse().ok())
            .unwrap_or(0);
        let digits: Vec<u8> = text[..split]
            .iter()
            .copied()
            .filter(u8::is_ascii_digit)
            .collect();
        let places = digits.len() as i32 - 1 - exponent;
        Self::new(digits, places, value < 0.0)
    }

    /// All digits of a decimal.
    pub fn of_decimal(value: Decimal) -> Self {
        let mut digits = Vec::new();
        write!(digits, "{}", value.mantissa().unsigned_abs())
            .expect("writing to memory does not fail");
        Self::new(digits, value.scale() as i32, value.is_sign_negative())
    }

    /// From the digits of an integer of which the last `places` are behind the point.
    fn new(mut digits: Vec<u8>, places: i32, negative: bool) -> Self {
        let scale = digits.len() as i32 - places;
        let zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
        digits.drain(..zeros);
        let mut new = Self {
            scale: scale - zeros as i32,
            digits,
            negative,
        };
        new.trim();
        new
    }

    /// Drops the zeros at the end; what is then nothing is a zero without a sign.
    fn trim(&mut self) {
        while self.digits.last() == Some(&b'0') {
            self.digits.pop();
        }
        if self.digits.is_empty() {
            self.scale = 0;
            self.negative = false;
        }
    }

    pub(super) fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.digits.len()
    }

    /// The digit at a place counted from the first, zeros before and behind.
    pub(super) fn at(&self, place: i32) -> u8 {
        let place = usize::try_from(place).ok();
        let digit = place.and_then(|place| self.digits.get(place));
        digit.copied().unwrap_or(b'0')
    }

    /// The exponent of the scientific form.
    pub(super) fn exponent(&self) -> i32 {
        if self.is_zero() { 0 } else { self.scale - 1 }
    }

    /// Multiplies by a power of ten.
    pub(super) fn shift(&mut self, places: i32) {
        if !self.is_zero() {
            self.scale += places;
        }
    }

    /// Keeps so many digits behind the point.
    pub(super) fn round_places(&mut self, places: usize) {
        let kept = i64::from(self.scale) + places as i64;
        match usize::try_from(kept) {
            Ok(kept) => self.round(kept),
            Err(_) => {
                self.digits.clear();
                self.trim();
            }
        }
    }

    /// Keeps so many digits; halves are rounded away from zero.
    pub(super) fn round(&mut self, kept: usize) {
        let is_up = self.digits.get(kept).is_some_and(|&digit| digit >= b'5');
        self.digits.truncate(kept);
        if is_up {
            let nines = self
                .digits
                .iter()
                .rev()
                .take_while(|&&digit| digit == b'9')
                .count();
            self.digits.truncate(self.digits.len() - nines);
            match self.digits.last_mut() {
                Some(last) => *last += 1,
                None => {
                    self.digits.push(b'1');
                    self.scale += 1;
                }
            }
        }
        self.trim();
    }

    /// The nearest `double`.
    pub(super) fn to_double(&self) -> f64 {
        let digits = std::str::from_utf8(&self.digits).unwrap_or_default();
        let exponent = self.scale - self.digits.len() as i32;
        let magnitude: f64 = format!("0{digits}e{exponent}").parse().unwrap_or(f64::NAN);
        if self.negative { -magnitude } else { magnitude }
    }
}
