//! UTF-32, low byte first.

use super::Malformed;

/// Four bytes a character; some of them may still be to come.
#[derive(Default)]
pub(crate) struct Decoder {
    begun: Vec<u8>,
}

impl Decoder {
    pub(super) fn decode(
        &mut self,
        bytes: &[u8],
        is_last: bool,
        out: &mut String,
    ) -> Result<(), Malformed> {
        let missing = (4 - self.begun.len()) % 4;
        let (first, rest) = bytes.split_at(missing.min(bytes.len()));
        self.begun.extend_from_slice(first);
        if self.begun.len() == 4 {
            out.push(character(&self.begun)?);
            self.begun.clear();
        }
        let whole = rest.chunks_exact(4);
        self.begun.extend_from_slice(whole.remainder());
        for code in whole {
            out.push(character(code)?);
        }
        if is_last && !self.begun.is_empty() {
            return Err(Malformed);
        }
        Ok(())
    }
}

fn character(code: &[u8]) -> Result<char, Malformed> {
    let code = code.try_into().map_err(|_| Malformed)?;
    char::from_u32(u32::from_le_bytes(code)).ok_or(Malformed)
}
