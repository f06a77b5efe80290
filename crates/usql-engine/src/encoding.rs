//! The encodings of text files: bytes become UTF-8 when they are read, and UTF-8 becomes bytes when they are written.

mod utf32;
mod utf7;

use encoding_rs::{DecoderResult, EncoderResult};
use usql_sema::text_format::Encoding;

/// An encoding, ready for use.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Codec {
    Utf8,
    Ascii,
    Utf16Le,
    Utf16Be,
    Utf32Le,
    Utf7,
    /// The first 256 characters of Unicode, one byte each.
    Latin1,
    CodePage(&'static encoding_rs::Encoding),
}

impl Codec {
    /// None for a code page that nobody has a table of.
    pub(crate) fn new(encoding: Encoding) -> Option<Self> {
        Some(match encoding {
            Encoding::Utf8 => Self::Utf8,
            Encoding::Ascii => Self::Ascii,
            Encoding::Utf16Le => Self::Utf16Le,
            Encoding::Utf16Be => Self::Utf16Be,
            Encoding::Utf32Le => Self::Utf32Le,
            Encoding::Utf7 => Self::Utf7,
            // To the web, this name means windows-1252.
            Encoding::CodePage(page) if page.name() == "iso-8859-1" => Self::Latin1,
            Encoding::CodePage(page) => {
                Self::CodePage(encoding_rs::Encoding::for_label(page.name().as_bytes())?)
            }
        })
    }

    /// The byte order mark that a file may start with.
    pub(crate) const fn mark(self) -> &'static [u8] {
        match self {
            Self::Utf8 => b"\xef\xbb\xbf",
            Self::Utf16Le => b"\xff\xfe",
            Self::Utf16Be => b"\xfe\xff",
            Self::Utf32Le => b"\xff\xfe\x00\x00",
            Self::Utf7 => b"+/v8-",
            Self::Ascii | Self::Latin1 | Self::CodePage(_) => b"",
        }
    }

    /// How many bytes a unit has, if reading may start at any unit: what follows a row delimiter then means the same
    /// whatever stood before.
    pub(crate) fn unit(self) -> Option<usize> {
        match self {
            Self::Utf8 | Self::Ascii | Self::Latin1 => Some(1),
            Self::Utf16Le | Self::Utf16Be => Some(2),
            Self::Utf32Le => Some(4),
            Self::Utf7 => None,
            // In the others, a byte may be the second half of a character.
            Self::CodePage(page) => page.is_single_byte().then_some(1),
        }
    }

    /// What makes UTF-8 of the bytes; none if they are UTF-8 already.
    pub(crate) fn decoder(self) -> Option<Decoder> {
        Some(match self {
            Self::Utf8 | Self::Ascii => return None,
            Self::Utf16Le => {
                Decoder::Table(encoding_rs::UTF_16LE.new_decoder_without_bom_handling())
            }
            Self::Utf16Be => {
                Decoder::Table(encoding_rs::UTF_16BE.new_decoder_without_bom_handling())
            }
            Self::Utf32Le => Decoder::Utf32(utf32::Decoder::default()),
            Self::Utf7 => Decoder::Utf7(utf7::Decoder::default()),
            Self::Latin1 => Decoder::Latin1,
            Self::CodePage(page) => Decoder::Table(page.new_decoder_without_bom_handling()),
        })
    }

    /// The bytes of a character, if the encoding has it.
    pub(crate) fn character(self, character: char) -> Option<Vec<u8>> {
        let bytes = self.encode(character.to_string());
        (character == '?' || bytes != self.encode("?".to_owned())).then_some(bytes)
    }

    /// Text as bytes, `?` for every character that the encoding does not have. Each text stands for itself: no state
    /// is carried from one to the next.
    pub(crate) fn encode(self, text: String) -> Vec<u8> {
        match self {
            Self::Utf8 => text.into_bytes(),
            Self::Ascii if text.is_ascii() => text.into_bytes(),
            Self::Ascii => narrow(&text, 0x80),
            Self::Latin1 => narrow(&text, 0x100),
            Self::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Self::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Self::Utf32Le => {
                let codes = text.chars().map(u32::from);
                codes.flat_map(u32::to_le_bytes).collect()
            }
            Self::Utf7 => utf7::encode(&text),
            Self::CodePage(page) => by_table(page, &text),
        }
    }
}

fn narrow(text: &str, end: u32) -> Vec<u8> {
    let codes = text.chars().map(u32::from);
    codes
        .map(|code| u8::try_from(code).ok().filter(|_| code < end))
        .map(|byte| byte.unwrap_or(b'?'))
        .collect()
}

fn by_table(page: &'static encoding_rs::Encoding, mut text: &str) -> Vec<u8> {
    let mut encoder = page.new_encoder();
    let mut out = Vec::with_capacity(text.len());
    let mut block = [0; 4096];
    loop {
        let (result, read, written) =
            encoder.encode_from_utf8_without_replacement(text, &mut block, true);
        out.extend_from_slice(&block[..written]);
        text = &text[read..];
        match result {
            EncoderResult::InputEmpty => return out,
            EncoderResult::OutputFull => {}
            EncoderResult::Unmappable(_) => out.push(b'?'),
        }
    }
}

/// Bytes that mean nothing in their encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

/// Makes UTF-8 of a stream of bytes, block by block; a character may be cut by the end of a block.
pub(crate) enum Decoder {
    Table(encoding_rs::Decoder),
    Utf32(utf32::Decoder),
    Utf7(utf7::Decoder),
    Latin1,
}

impl Decoder {
    /// Appends the text of a block; all that stands before malformed bytes is appended as well.
    pub(crate) fn decode(
        &mut self,
        bytes: &[u8],
        is_last: bool,
        out: &mut String,
    ) -> Result<(), Malformed> {
        match self {
            Self::Table(decoder) => {
                let length = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
                out.reserve(length.ok_or(Malformed)?);
                let (result, _) = decoder.decode_to_string_without_replacement(bytes, out, is_last);
                match result {
                    DecoderResult::InputEmpty => Ok(()),
                    DecoderResult::OutputFull | DecoderResult::Malformed(..) => Err(Malformed),
                }
            }
            Self::Utf32(decoder) => decoder.decode(bytes, is_last, out),
            Self::Utf7(decoder) => decoder.decode(bytes, is_last, out),
            Self::Latin1 => {
                out.extend(bytes.iter().copied().map(char::from));
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use usql_sema::text_format::CodePage;

    use super::*;

    const EVERY: [Encoding; 6] = [
        Encoding::Utf8,
        Encoding::Ascii,
        Encoding::Utf16Le,
        Encoding::Utf16Be,
        Encoding::Utf32Le,
        Encoding::Utf7,
    ];

    fn codecs() -> impl Iterator<Item = Codec> {
        let pages = CodePage::all().map(Encoding::CodePage);
        EVERY
            .into_iter()
            .chain(pages)
            .map(|encoding| Codec::new(encoding).expect("every encoding has a table"))
    }

    /// Decoded in two blocks, cut at `cut`.
    fn decoded(codec: Codec, bytes: &[u8], cut: usize) -> Result<String, Malformed> {
        let mut out = String::new();
        let Some(mut decoder) = codec.decoder() else {
            return String::from_utf8(bytes.to_vec()).map_err(|_| Malformed);
        };
        decoder.decode(&bytes[..cut], false, &mut out)?;
        decoder.decode(&bytes[cut..], true, &mut out)?;
        Ok(out)
    }

    #[test]
    fn every_encoding_gives_back_what_it_has_wherever_a_block_ends() {
        let text = "a,\"b\"\r\n+-\\~ äöü£ Αβθ Жю שלום مرحبا ık 数量 かな 한국 ‰€ 😀 end";
        for codec in codecs() {
            let kept: String = text
                .chars()
                .filter(|c| codec.character(*c).is_some())
                .collect();
            let bytes = codec.encode(kept.clone());
            for cut in 0..=bytes.len() {
                assert_eq!(decoded(codec, &bytes, cut).as_ref(), Ok(&kept), "{codec:?}");
            }
        }
    }

    #[test]
    fn characters_that_an_encoding_lacks_become_question_marks() {
        let of = |encoding| Codec::new(encoding).unwrap().encode("aé数".to_owned());
        let page = |number| Encoding::CodePage(CodePage::numbered(number).unwrap());
        assert_eq!(of(Encoding::Ascii), b"a??");
        assert_eq!(of(page(1252)), b"a\xe9?");
        assert_eq!(of(page(1253)), b"a??");
        assert_eq!(of(page(28591)), b"a\xe9?");
        assert_eq!(of(Encoding::Utf16Le), b"a\0\xe9\0\x70\x65");
        assert_eq!(of(Encoding::Utf16Be), b"\0a\0\xe9\x65\x70");
        assert_eq!(of(Encoding::Utf32Le), b"a\0\0\0\xe9\0\0\0\x70\x65\0\0");
    }

    #[test]
    fn bytes_that_mean_nothing_are_found() {
        let page = |number| Encoding::CodePage(CodePage::numbered(number).unwrap());
        for (encoding, bytes) in [
            (Encoding::Utf16Le, b"a\0\x00\xd8b\0".as_slice()),
            (Encoding::Utf16Le, b"a\0b"),
            (Encoding::Utf16Be, b"\xdc\x00\0a"),
            (Encoding::Utf32Le, b"a\0\0\0\0\xd8\0\0"),
            (Encoding::Utf32Le, b"a\0\0\0\0\0\x11\0"),
            (Encoding::Utf32Le, b"a\0\0"),
            (Encoding::Utf7, b"a\xe9"),
            (Encoding::Utf7, b"a+2D0-"),
            (page(1253), b"\xd2"),
            (page(932), b"\x81"),
        ] {
            let codec = Codec::new(encoding).unwrap();
            for cut in 0..=bytes.len() {
                assert_eq!(
                    decoded(codec, bytes, cut),
                    Err(Malformed),
                    "{encoding:?} {bytes:?}"
                );
            }
        }
    }
}
