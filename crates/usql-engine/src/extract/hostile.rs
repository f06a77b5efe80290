//! Files that no program should have written.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use usql_sema::{Scalar, Type, extractors::TextExtractor, text_format::Encoding};

use super::any_split::{extract_bytes, extract_input};
use crate::Input;

/// One byte, again and again.
struct Monotonous {
    length: u64,
    read: AtomicU64,
}

impl Input for Monotonous {
    fn len(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let length = buffer.len().min((self.length - offset) as usize);
        buffer[..length].fill(b'x');
        self.read.fetch_add(length as u64, Ordering::Relaxed);
        Ok(length)
    }
}

#[test]
fn a_file_without_a_row_delimiter_is_refused_early() {
    for encoding in [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf7] {
        let mut settings = TextExtractor::new(',');
        settings.encoding = encoding;
        settings.silent = true;
        let input = Arc::new(Monotonous {
            length: 1 << 30,
            read: AtomicU64::new(0),
        });
        let columns = [("s", Type::STRING)];
        let opened = Arc::clone(&input) as Arc<dyn Input>;
        let error = extract_input("/in.csv", opened, &settings, &columns, 2, 100).unwrap_err();
        assert_eq!(error.report().error_id, "E_RUNTIME_USER_ROWTOOBIG");
        assert!(
            input.read.load(Ordering::Relaxed) < 64 << 20,
            "{encoding:?}"
        );
    }
}

#[test]
fn a_row_has_four_megabytes_at_most() {
    let columns = vec![("s", Type::STRING); 33];
    let cell = "x".repeat(127_000);
    let row = |cells: usize| format!("{}\n", vec![cell.as_str(); cells].join(","));
    let csv = TextExtractor::new(',');
    let found = extract_bytes(row(33).as_bytes(), &csv, &columns, 1, 10).unwrap();
    assert_eq!(found[0].len(), 33 * 127_001 - 1);
    let long = row(34);
    let error = extract_bytes(long.as_bytes(), &csv, &columns, 1, 10).unwrap_err();
    assert_eq!(error.report().error_id, "E_RUNTIME_USER_ROWTOOBIG");
}

#[test]
fn a_string_has_128_kilobytes_of_utf_8_at_most() {
    let columns = [("s", Type::STRING)];
    let csv = TextExtractor::new(',');
    for (text, fits) in [("x".repeat(131_072), true), ("x".repeat(131_073), false)] {
        assert_eq!(
            extract_bytes(text.as_bytes(), &csv, &columns, 1, 10).is_ok(),
            fits
        );
    }
    // Half as many characters of two bytes, whatever the file's own encoding.
    let mut settings = TextExtractor::new(',');
    settings.encoding = Encoding::Utf16Le;
    for (count, fits) in [(65_536, true), (65_537, false)] {
        let text = "é".repeat(count);
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(
            extract_bytes(&bytes, &settings, &columns, 1, 10).is_ok(),
            fits
        );
    }
}

#[test]
fn bytes_that_mean_nothing_are_an_error_that_silent_does_not_hide() {
    let columns = [("n", Type::nullable(Scalar::Int)), ("s", Type::STRING)];
    let utf16 =
        |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let mut lone = utf16("1,a\r\n2,b\r\n3,c");
    lone.extend(b"\x00\xd8\r\0\n\0");
    for (encoding, bytes) in [
        (Encoding::Utf8, b"1,a\n2,b\n3,\xff\n4,d\n".to_vec()),
        // Of a row that is skipped for its width, too.
        (Encoding::Utf8, b"1,a\n2,b\n\xff\n4,d\n".to_vec()),
        (Encoding::Ascii, "1,a\n2,b\n3,é\n".as_bytes().to_vec()),
        (Encoding::Utf16Le, lone),
        (Encoding::Utf7, b"1,a\n2,b\n3,\xe9\n".to_vec()),
    ] {
        let mut settings = TextExtractor::new(',');
        settings.encoding = encoding;
        settings.silent = true;
        let error = extract_bytes(&bytes, &settings, &columns, 1, 100).unwrap_err();
        let report = error.report();
        assert_eq!(
            report.error_id, "E_RUNTIME_USER_EXTRACT_ENCODING_ERROR",
            "{encoding:?}"
        );
        assert!(
            report.description.starts_with("Line 3 of"),
            "{encoding:?}: {report:?}"
        );
    }
}

#[test]
fn bytes_that_mean_nothing_are_told_before_rows_of_another_width() {
    let columns = [("n", Type::of(Scalar::Int)), ("s", Type::STRING)];
    // A byte order mark, which is no UTF-8, and a row that has one column to them who read UTF-8.
    let text = "\u{feff}1,a\r\n2,b\r\n";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, id) in [
        (bytes.as_slice(), "E_RUNTIME_USER_EXTRACT_ENCODING_ERROR"),
        (b"1,\xff\n2\n", "E_RUNTIME_USER_EXTRACT_ENCODING_ERROR"),
        (b"1,a\n2,\"\xff\n", "E_RUNTIME_USER_EXTRACT_ENCODING_ERROR"),
        // What follows the first fault is not looked at.
        (
            b"1,a\n2\n3,\xff\n",
            "E_RUNTIME_USER_EXTRACT_UNEXPECTED_NUMBER_COLUMNS",
        ),
    ] {
        let csv = TextExtractor::new(',');
        let error = extract_bytes(bytes, &csv, &columns, 1, 100).unwrap_err();
        assert_eq!(error.report().error_id, id);
    }
}
