//! UTF-7 (RFC 2152): ASCII, and UTF-16 in Base64 between `+` and `-`.

use super::Malformed;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// .NET writes only these as themselves (the "direct" set of the RFC and white space).
fn is_direct(character: char) -> bool {
    character.is_ascii_alphanumeric() || "'(),-./:? \t\r\n".contains(character)
}

fn sextet(byte: u8) -> Option<u32> {
    let at = ALPHABET.iter().position(|&letter| letter == byte)?;
    Some(at as u32)
}

/// Where in the text a block ended.
#[derive(Default)]
pub(crate) struct Decoder {
    base64: Option<Base64>,
    /// The first half of a surrogate pair.
    high: Option<u16>,
}

/// Between `+` and the end of its run.
#[derive(Default)]
struct Base64 {
    bits: u32,
    count: u32,
    is_begun: bool,
}

impl Decoder {
    pub(super) fn decode(
        &mut self,
        bytes: &[u8],
        is_last: bool,
        out: &mut String,
    ) -> Result<(), Malformed> {
        for &byte in bytes {
            self.byte(byte, out)?;
        }
        if is_last && self.high.is_some() {
            return Err(Malformed);
        }
        Ok(())
    }

    fn byte(&mut self, byte: u8, out: &mut String) -> Result<(), Malformed> {
        if let Some(run) = &mut self.base64 {
            if let Some(sextet) = sextet(byte) {
                run.bits = (run.bits << 6) | sextet;
                run.count += 6;
                run.is_begun = true;
                if run.count >= 16 {
                    run.count -= 16;
                    let unit = (run.bits >> run.count) as u16;
                    run.bits &= (1 << run.count) - 1;
                    return self.unit(unit, out);
                }
                return Ok(());
            }
            let was_begun = run.is_begun;
            self.base64 = None;
            if byte == b'-' {
                // `+-` is a plus; otherwise the `-` only ends the run.
                return if was_begun {
                    Ok(())
                } else {
                    self.unit(u16::from(b'+'), out)
                };
            }
        }
        match byte {
            b'+' => {
                self.base64 = Some(Base64::default());
                Ok(())
            }
            0x80.. => Err(Malformed),
            _ => self.unit(u16::from(byte), out),
        }
    }

    fn unit(&mut self, unit: u16, out: &mut String) -> Result<(), Malformed> {
        let units = match (self.high.take(), unit) {
            (None, 0xd800..=0xdbff) => {
                self.high = Some(unit);
                return Ok(());
            }
            (None, _) => vec![unit],
            (Some(high), _) => vec![high, unit],
        };
        for character in char::decode_utf16(units) {
            out.push(character.map_err(|_| Malformed)?);
        }
        Ok(())
    }
}

/// Every run is ended, so that texts can stand behind each other.
pub(super) fn encode(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut run = String::new();
    for character in text.chars() {
        if character == '+' || is_direct(character) {
            end_run(&mut run, &mut out);
            out.push(character as u8);
            if character == '+' {
                out.push(b'-');
            }
        } else {
            run.push(character);
        }
    }
    end_run(&mut run, &mut out);
    out
}

fn end_run(run: &mut String, out: &mut Vec<u8>) {
    if run.is_empty() {
        return;
    }
    out.push(b'+');
    let (mut bits, mut count) = (0_u32, 0);
    for unit in run.encode_utf16() {
        bits = (bits << 16) | u32::from(unit);
        count += 16;
        while count >= 6 {
            count -= 6;
            out.push(ALPHABET[(bits >> count) as usize & 63]);
            bits &= (1 << count) - 1;
        }
    }
    if count > 0 {
        out.push(ALPHABET[(bits << (6 - count)) as usize & 63]);
    }
    out.push(b'-');
    run.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> Result<String, Malformed> {
        let mut out = String::new();
        Decoder::default().decode(bytes, true, &mut out)?;
        Ok(out)
    }

    #[test]
    fn the_examples_of_the_rfc_are_read() {
        for (bytes, text) in [
            ("A+ImIDkQ.", "A\u{2262}\u{391}."),
            ("Hi Mom -+Jjo--!", "Hi Mom -\u{263a}-!"),
            ("+ZeVnLIqe-", "\u{65e5}\u{672c}\u{8a9e}"),
            ("Item 3 is +AKM-1.", "Item 3 is £1."),
        ] {
            assert_eq!(decoded(bytes.as_bytes()).as_deref(), Ok(text));
            assert_eq!(decoded(&encode(text)).as_deref(), Ok(text));
        }
    }

    #[test]
    fn only_direct_characters_are_written_as_themselves() {
        assert_eq!(encode("a,b+c\r\n"), b"a,b+-c\r\n");
        assert_eq!(encode("\"é\""), b"+ACIA6QAi-");
        assert_eq!(encode("😀"), b"+2D3eAA-");
    }
}
