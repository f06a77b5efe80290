//! Records and blocks that end where records end, and many ranges at once.

use adls_fs::{ErrorKind, FileSystem, RangesOptions, RecordOptions};
use bytes::Bytes;
use futures::TryStreamExt;
use futures::executor::block_on;

use crate::fake::{Cut, FakeGen1, fresh, path};

const TEXT: &str = "first\r\n\r\nthe third\r\n4\n\r\n\r\r\nlast";
const RECORDS: [&str; 6] = [
    "first\r\n",
    "\r\n",
    "the third\r\n",
    "4\n\r\n",
    "\r\r\n",
    "last",
];

fn lake(text: &str) -> (FileSystem, std::sync::Arc<FakeGen1>) {
    let (files, store) = fresh();
    store.put("/f", text.as_bytes());
    (files, store)
}

fn records(files: &FileSystem, options: RecordOptions) -> adls_fs::Result<Vec<Bytes>> {
    block_on(files.records_opts(&path("/f"), options).try_collect())
}

fn crlf() -> RecordOptions {
    RecordOptions::default().with_delimiter("\r\n")
}

#[test]
fn lines_come_without_their_newlines_and_the_last_may_have_none() {
    let lines = |text: &str| {
        let (files, _) = lake(text);
        records(&files, RecordOptions::default()).unwrap()
    };
    assert_eq!(lines(""), Vec::<Bytes>::new());
    assert_eq!(lines("a"), ["a"]);
    assert_eq!(lines("a\n"), ["a"]);
    assert_eq!(lines("\na\n\nb"), ["", "a", "", "b"]);
}

#[test]
fn wherever_a_file_is_split_each_record_is_read_once_and_whole() {
    let (files, _) = lake(TEXT);
    let end = TEXT.len() as u64 + 3;
    for first in 0..=end {
        for second in first..=end {
            let mut all = Vec::new();
            for split in [0..first, first..second, second..end] {
                let here = crlf().keep_delimiter().with_split(split.clone());
                let here = records(&files, here).unwrap();
                let begin = all.iter().map(Bytes::len).sum::<usize>() as u64;
                assert!(
                    here.is_empty() || split.contains(&begin),
                    "{first} {second}"
                );
                all.extend(here);
            }
            assert_eq!(all, RECORDS, "{first} {second}");
        }
    }
}

#[test]
fn a_split_reads_little_more_than_itself() {
    let record = "x".repeat(99) + "\n";
    let (files, store) = lake(&record.repeat(100_000));
    let split = RecordOptions::default().with_split(1_000_050..2_000_050);
    assert_eq!(records(&files, split).unwrap().len(), 10_000);
    let margin = 64 << 10;
    let expected = format!("OPEN /f offset=1000049 length={}", 1_000_001 + margin);
    assert_eq!(store.log(), [expected]);
}

#[test]
fn a_long_last_record_is_followed_in_growing_requests() {
    let long = "y".repeat(300_000);
    let (files, store) = lake(&format!("a\n{long}\nb\n"));
    let split = RecordOptions::default().with_split(0..3);
    assert_eq!(records(&files, split).unwrap(), ["a", &long]);
    let lengths = ["length=65539", "length=131072", "length=262144"];
    assert_eq!(store.count(), lengths.len());
    for (request, length) in store.log().iter().zip(lengths) {
        assert!(request.ends_with(length), "{request}");
    }
}

#[test]
fn a_record_without_an_end_does_not_fill_the_memory() {
    let (files, _) = lake(&format!("a\n{}", "y".repeat(1000)));
    let mut read = Vec::new();
    let options = RecordOptions::default().with_longest(999);
    let stream = files.records_opts(&path("/f"), options);
    let stream = stream.try_for_each(|record| {
        read.push(record);
        std::future::ready(Ok(()))
    });
    let refused = block_on(stream).unwrap_err();
    assert_eq!(read, ["a"]);
    assert_eq!(refused.kind(), ErrorKind::Request);
    let said = "the record of /f that begins at 2 is longer than 999 bytes";
    assert_eq!(refused.to_string(), said);

    let nothing = RecordOptions::default().with_delimiter("");
    let refused = records(&files, nothing).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Request);
}

#[test]
fn a_broken_connection_splits_no_record() {
    let (files, store) = lake(TEXT);
    store.cut(0, Cut::Reply);
    let all = records(&files, crlf().keep_delimiter()).unwrap();
    assert_eq!(all, RECORDS);
    assert_eq!(store.count(), 2);
}

/// The rule of the Python client: to behind the first delimiter at or after a place, except at
/// the beginning.
fn boundary(text: &str, delimiter: &str, from: usize) -> usize {
    let from = from.min(text.len());
    match text[from..].find(delimiter) {
        _ if from == 0 => 0,
        Some(at) => from + at + delimiter.len(),
        None => text.len(),
    }
}

#[test]
fn blocks_end_where_records_end() {
    let (files, _) = lake(TEXT);
    let file = path("/f");
    for delimiter in ["\n", "\r\n", "t", "nowhere"] {
        for offset in 0..TEXT.len() + 2 {
            for length in 0..TEXT.len() + 2 {
                let from = boundary(TEXT, delimiter, offset);
                let to = boundary(TEXT, delimiter, offset + length);
                let (o, l) = (offset as u64, length as u64);
                let block = files.read_block(&file, o, l, delimiter.as_bytes());
                let block = block_on(block).unwrap();
                assert_eq!(block, TEXT[from..to], "{delimiter:?} {offset} {length}");
            }
        }
    }
    let plain = block_on(files.read_block(&path("/f"), 2, 4, b"")).unwrap();
    assert_eq!(plain, "rst\r");
}

#[test]
fn many_ranges_come_in_the_order_asked_for_with_few_requests() {
    let text: String = (0..100).map(|n| char::from(b'!' + n % 90)).collect();
    let (files, store) = lake(&text);
    let near = RangesOptions::default().with_gap(5).with_longest(30);
    let ranges = [
        90..200,
        3..3,
        20..25,
        0..4,
        8..12,
        26..28,
        300..301,
        200..400,
    ];
    let parts = block_on(files.read_ranges_opts(&path("/f"), &ranges, near)).unwrap();
    let expected = [
        &text[90..],
        "",
        &text[20..25],
        &text[0..4],
        &text[8..12],
        &text[26..28],
        "",
        "",
    ];
    assert_eq!(parts, expected);
    // One more finds that the file ends in the last but one.
    assert_eq!(store.count(), 4 + 1, "{:?}", store.log());
}

#[test]
fn a_range_that_ends_before_it_begins_is_refused() {
    let (files, store) = lake("abc");
    #[allow(clippy::reversed_empty_ranges)]
    let refused = block_on(files.read_ranges(&path("/f"), &[0..1, 2..1])).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Request);
    assert_eq!(store.count(), 0);
}
