//! Files that are packed with gzip.

use std::{io::Write, sync::Arc};

use flate2::{Compression, write::GzEncoder};
use usql_sema::{Scalar, Type, extractors::TextExtractor, text_format::Encoding};

use super::any_split::{Memory, extract_input};
use crate::error::RuntimeError;

const TEXT: &str = "1,one\r\n2,\"two, too\"\n3,\n";
const ROWS: [&str; 3] = ["1|one", "2|two, too", "3|"];

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn extract(bytes: Vec<u8>, settings: &TextExtractor) -> Result<Vec<String>, RuntimeError> {
    let columns = [("n", Type::of(Scalar::Int)), ("s", Type::STRING)];
    extract_input(
        "/in.csv.gz",
        Arc::new(Memory(bytes)),
        settings,
        &columns,
        4,
        2,
    )
}

#[test]
fn the_members_of_a_file_follow_each_other() {
    let csv = TextExtractor::new(',');
    assert_eq!(extract(packed(TEXT.as_bytes()), &csv).unwrap(), ROWS);
    let (head, tail) = TEXT.split_at(11);
    let mut members = packed(head.as_bytes());
    members.extend(packed(b""));
    members.extend(packed(tail.as_bytes()));
    assert_eq!(extract(members, &csv).unwrap(), ROWS);
}

#[test]
fn what_is_packed_may_be_in_any_encoding_and_have_rows_to_skip() {
    let mut settings = TextExtractor::new(',');
    settings.encoding = Encoding::Utf16Le;
    settings.skip_first_n_rows = 1;
    let text = format!("\u{feff}n,s\r\n{TEXT}");
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(extract(packed(&bytes), &settings).unwrap(), ROWS);
}

#[test]
fn a_file_that_was_cut_off_anywhere_is_an_error() {
    let whole = packed(TEXT.as_bytes());
    for length in 0..whole.len() {
        let error = extract(whole[..length].to_vec(), &TextExtractor::new(',')).unwrap_err();
        let report = error.report();
        let id = "E_RUNTIME_USER_EXTRACT_DECOMPRESSION_ERROR";
        assert_eq!(report.error_id, id, "{length} of {} bytes", whole.len());
        assert!(report.description.contains("/in.csv.gz"), "{report:?}");
    }
}

#[test]
fn a_byte_that_changed_never_changes_a_row() {
    let whole = packed(TEXT.as_bytes());
    let mut errors = 0;
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << bit;
            // The time in the header and the bits behind the last block mean nothing.
            match extract(bytes, &TextExtractor::new(',')) {
                Ok(rows) => assert_eq!(rows, ROWS, "byte {at}, bit {bit}"),
                Err(_) => errors += 1,
            }
        }
    }
    assert!(errors > (whole.len() - 10) * 8 - 8, "{errors}");
    assert!(extract(TEXT.as_bytes().to_vec(), &TextExtractor::new(',')).is_err());
}

#[test]
fn a_bomb_is_unpacked_no_further_than_a_row_may_be_long() {
    let bomb = packed(&vec![b'x'; 64 << 20]);
    assert!(bomb.len() < 100_000);
    let error = extract(bomb, &TextExtractor::new(',')).unwrap_err();
    assert_eq!(error.report().error_id, "E_RUNTIME_USER_ROWTOOBIG");
}
