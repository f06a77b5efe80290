//! As much of ASN.1 as keys and certificates need: a reader of DER, and a way from BER to it.

pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const NULL: u8 = 0x05;
pub(super) const OID: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;
/// `[0]`, holding other elements.
pub(super) const CONTEXT_0: u8 = 0xa0;

/// Reads one element after the other. `None` means that the bytes are not what is expected.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

#[derive(Clone, Copy)]
struct Element<'a> {
    tag: u8,
    content: &'a [u8],
    whole: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn is_empty(self) -> bool {
        self.rest.is_empty()
    }

    /// The content of the next element, if it has this tag; otherwise nothing is read.
    pub(super) fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (element, rest) = element(self.rest).filter(|(element, _)| element.tag == tag)?;
        self.rest = rest;
        Some(element.content)
    }

    /// The elements inside the next one.
    pub(super) fn enter(&mut self, tag: u8) -> Option<Self> {
        self.take(tag).map(Self::new)
    }

    /// The next element with its tag and length.
    pub(super) fn whole(&mut self) -> Option<&'a [u8]> {
        let (element, rest) = element(self.rest)?;
        self.rest = rest;
        Some(element.whole)
    }

    /// A number that is not negative and fits.
    pub(super) fn number(&mut self) -> Option<u32> {
        let bytes = self.take(INTEGER)?;
        if bytes.is_empty() || bytes[0] >= 0x80 || bytes.len() > 5 {
            return None;
        }
        let value = bytes
            .iter()
            .fold(0_u64, |value, &byte| value << 8 | u64::from(byte));
        value.try_into().ok()
    }

    /// An algorithm and its parameters.
    pub(super) fn algorithm(&mut self) -> Option<(&'a [u8], Self)> {
        let mut inner = self.enter(SEQUENCE)?;
        let id = inner.take(OID)?;
        Some((id, inner))
    }
}

fn element(bytes: &[u8]) -> Option<(Element<'_>, &[u8])> {
    let (tag, length, body) = header(bytes)?;
    let (content, rest) = body.split_at_checked(length?)?;
    let whole = &bytes[..bytes.len() - rest.len()];
    Some((
        Element {
            tag,
            content,
            whole,
        },
        rest,
    ))
}

/// Tag, length (`None` if it is indefinite) and what follows.
fn header(bytes: &[u8]) -> Option<(u8, Option<usize>, &[u8])> {
    let (&[tag, first], rest) = bytes.split_first_chunk()?;
    // Tags over 30 take more bytes; nothing here has them.
    if tag & 0x1f == 0x1f {
        return None;
    }
    match first {
        0..=0x7f => Some((tag, Some(usize::from(first)), rest)),
        0x80 => Some((tag, None, rest)),
        0x81..=0x84 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            let length = bytes
                .iter()
                .fold(0, |length, &byte| length << 8 | usize::from(byte));
            Some((tag, Some(length), rest))
        }
        _ => None,
    }
}

/// How deep a file may nest; real ones need about ten levels.
const DEEPEST: u8 = 32;

/// The first element of these bytes with every length definite and every byte string in one
/// piece. Some programs, among them NSS and older Windows, write PKCS#12 in BER.
pub(super) fn from_ber(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    convert(bytes, DEEPEST, &mut out)?;
    Some(out)
}

/// Appends one element and gives what follows it.
fn convert<'a>(bytes: &'a [u8], depth: u8, out: &mut Vec<u8>) -> Option<&'a [u8]> {
    const CONSTRUCTED: u8 = 0x20;
    let (tag, length, body) = header(bytes)?;
    let (mut inside, after) = match length {
        Some(length) => {
            let (inside, after) = body.split_at_checked(length)?;
            (inside, Some(after))
        }
        None if tag & CONSTRUCTED == 0 => return None,
        None => (body, None),
    };
    if tag & CONSTRUCTED == 0 {
        put(tag, inside, out);
        return after;
    }
    let depth = depth.checked_sub(1)?;
    let in_pieces = tag == OCTET_STRING | CONSTRUCTED;
    let mut content = Vec::new();
    let after = loop {
        match after {
            Some(after) if inside.is_empty() => break after,
            None if inside.starts_with(&[0, 0]) => break &inside[2..],
            _ => {}
        }
        let start = content.len();
        inside = convert(inside, depth, &mut content)?;
        if in_pieces {
            let piece = Reader::new(&content[start..]).take(OCTET_STRING)?.to_vec();
            content.truncate(start);
            content.extend(piece);
        }
    };
    let tag = if in_pieces { OCTET_STRING } else { tag };
    put(tag, &content, out);
    Some(after)
}

fn put(tag: u8, content: &[u8], out: &mut Vec<u8>) {
    out.push(tag);
    let length = content.len().to_be_bytes();
    let start = length.iter().position(|&byte| byte != 0);
    let length = &length[start.unwrap_or(length.len() - 1)..];
    if length.len() > 1 || length[0] >= 0x80 {
        let count = u8::try_from(length.len()).expect("a length has at most eight bytes");
        out.push(0x80 | count);
    }
    out.extend_from_slice(length);
    out.extend_from_slice(content);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_beyond_the_bytes_are_refused() {
        for bytes in [
            &[][..],
            &[0x30],
            &[0x30, 0x01],
            &[0x30, 0x80, 0, 0],
            &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
            &[0x30, 0x85, 1, 1, 1, 1, 1],
            &[0x1f, 0x01, 0x00],
        ] {
            assert_eq!(Reader::new(bytes).take(0x30), None, "{bytes:x?}");
        }
        let mut two = Reader::new(&[0x02, 1, 5, 0x04, 2, 7, 8]);
        assert_eq!(two.number(), Some(5));
        assert_eq!(two.take(INTEGER), None);
        assert_eq!(two.whole(), Some(&[0x04, 2, 7, 8][..]));
        assert!(two.is_empty());
    }

    #[test]
    fn numbers_are_not_negative_and_fit() {
        let number = |bytes: &[u8]| Reader::new(bytes).number();
        assert_eq!(number(&[2, 5, 0, 0xff, 0xff, 0xff, 0xff]), Some(u32::MAX));
        assert_eq!(number(&[2, 5, 1, 0, 0, 0, 0]), None);
        assert_eq!(number(&[2, 1, 0x80]), None);
        assert_eq!(number(&[2, 0]), None);
    }

    #[test]
    fn ber_becomes_der() {
        // SEQUENCE of indefinite length, holding a byte string in two pieces and an integer.
        let ber = [
            0x30, 0x80, 0x24, 0x80, 4, 2, 1, 2, 4, 1, 3, 0, 0, 2, 1, 9, 0, 0,
        ];
        assert_eq!(from_ber(&ber).unwrap(), [0x30, 8, 4, 3, 1, 2, 3, 2, 1, 9]);
        let long = [&[0x04, 0x82, 0x01, 0x00][..], &[7; 256]].concat();
        assert_eq!(from_ber(&long).unwrap(), long);
        assert_eq!(from_ber(&ber[..ber.len() - 1]), None);
        assert_eq!(from_ber(&[0x30, 0x80].repeat(100_000)), None);
    }
}
