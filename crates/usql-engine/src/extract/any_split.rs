//! A file read in any ranges gives the same rows.

use std::{io, str::FromStr, sync::Arc};

use datafusion::{
    arrow::util::display::array_value_to_string,
    prelude::{SessionConfig, SessionContext},
};
use futures::TryStreamExt;
use usql_sema::{
    Column, FileInfo, InputFile, LakePath, Origin, Scalar, Schema, Type, extractors::TextExtractor,
};

use super::{
    OpenInput, ScanCounters, TextFormat, TextTable,
    cut::row_range,
    file::TextFile,
    range::{FileRange, Next, RangeReader},
};
use crate::{Input, RuntimeError};

pub(super) struct Memory(pub(super) Vec<u8>);

impl Input for Memory {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = self.0.get(offset as usize..).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        Ok(length)
    }
}

/// A table of one file.
struct One(Arc<dyn Input>);

impl OpenInput for One {
    fn open(&self, _: usize) -> Result<Arc<dyn Input>, RuntimeError> {
        Ok(Arc::clone(&self.0))
    }
}

pub(super) fn file(bytes: &[u8], format: TextFormat) -> TextFile {
    TextFile {
        path: "/in.csv".to_owned(),
        input: Arc::new(Memory(bytes.to_vec())),
        format: Arc::new(format),
        columns: Arc::new([]),
        counters: Arc::new(ScanCounters::default()),
    }
}

/// The rows of a range, as text.
fn rows_of(file: &TextFile, range: FileRange) -> Vec<String> {
    let input = Arc::clone(&file.input);
    let mut reader = RangeReader::new(input, &file.format, file.is_gzip(), range);
    let mut rows = Vec::new();
    loop {
        match reader.next() {
            Next::Row(row) => {
                let bytes = &reader.data()[row.start..row.end];
                rows.push(String::from_utf8(bytes.to_vec()).unwrap());
            }
            Next::Refill => reader.refill().unwrap(),
            Next::Done => return rows,
        }
    }
}

/// The rows of a file that is cut once.
pub(super) fn rows(file: &TextFile, cut: u64) -> Vec<String> {
    let part = |start, end| {
        let range = row_range(file.input.as_ref(), &file.format, start, end).unwrap();
        rows_of(file, range)
    };
    let mut rows = part(0, cut);
    rows.extend(part(cut, u64::MAX));
    rows
}

/// A small generator of numbers, so that a failure can be repeated from its seed.
pub(super) struct Seeded(pub(super) u64);

impl Seeded {
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

fn generated(seed: u64, pieces: &[&str]) -> (Vec<u8>, Vec<String>) {
    let mut random = Seeded(seed);
    let mut text = String::new();
    if random.below(2) == 0 {
        text.push('\u{feff}');
    }
    for _ in 0..random.below(40) {
        text.push_str(pieces[random.below(pieces.len())]);
    }
    // The same rule, in the plainest way.
    let plain = text.trim_start_matches('\u{feff}');
    let plain = plain.replace("\r\n", "\n").replace('\r', "\n");
    let mut rows: Vec<String> = plain.split('\n').map(str::to_owned).collect();
    if rows.last().is_some_and(String::is_empty) {
        rows.pop();
    }
    (text.into_bytes(), rows)
}

#[test]
fn every_boundary_gives_the_same_rows() {
    let pieces = ["a", "bc", "é", "\"", ",", "\r", "\n", "\r\n", "\r\n", "\n"];
    let format = TextFormat::new(&TextExtractor::new(','), 2016).unwrap();
    for seed in 0..200 {
        let (bytes, expected) = generated(seed, &pieces);
        let file = file(&bytes, format.clone());
        for cut in 0..=bytes.len() as u64 {
            assert_eq!(rows(&file, cut), expected, "seed {seed}, cut at {cut}");
        }
    }
}

#[test]
fn a_row_delimiter_of_several_bytes_is_found_across_every_boundary() {
    let mut settings = TextExtractor::new(',');
    settings.row_delimiter = Some('é');
    let format = TextFormat::new(&settings, 2016).unwrap();
    let text = "aébèééc\ndé";
    let file = file(text.as_bytes(), format);
    for cut in 0..=text.len() as u64 {
        assert_eq!(rows(&file, cut), ["a", "bè", "", "c\nd"], "cut at {cut}");
    }
}

#[test]
fn rows_longer_than_a_block_are_read_whole() {
    let long = "x".repeat(3 << 20);
    let text = format!("a\r\n{long}\r\nb");
    let length = text.len() as u64;
    let format = TextFormat::new(&TextExtractor::new(','), 2016).unwrap();
    let file = file(text.as_bytes(), format);
    for cut in [0, 1, 2, 3, 4, 1 << 20, length - 2, length - 1, length] {
        assert_eq!(rows(&file, cut), ["a", &long, "b"], "cut at {cut}");
    }
}

/// Extracts `text` in `parts` ranges and batches of `batch` rows, and gives the cells row by row.
fn extract(
    text: &str,
    settings: &TextExtractor,
    columns: &[(&str, Type)],
    parts: usize,
    batch: usize,
) -> Result<Vec<String>, RuntimeError> {
    extract_bytes(text.as_bytes(), settings, columns, parts, batch)
}

pub(super) fn extract_bytes(
    bytes: &[u8],
    settings: &TextExtractor,
    columns: &[(&str, Type)],
    parts: usize,
    batch: usize,
) -> Result<Vec<String>, RuntimeError> {
    let input = Arc::new(Memory(bytes.to_vec()));
    extract_input("/in.csv", input, settings, columns, parts, batch)
}

pub(super) fn extract_input(
    path: &str,
    input: Arc<dyn Input>,
    settings: &TextExtractor,
    columns: &[(&str, Type)],
    parts: usize,
    batch: usize,
) -> Result<Vec<String>, RuntimeError> {
    let schema: Schema = columns
        .iter()
        .map(|(name, ty)| Column::new(*name, *ty))
        .collect();
    let format = TextFormat::new(settings, 2016)?;
    let counters = Arc::new(ScanCounters::default());
    let file = InputFile {
        path: LakePath::from_str(path).unwrap(),
        info: FileInfo::of_length(input.len()),
        values: Vec::new(),
    };
    let origins = vec![Origin::Cells; columns.len()];
    let table = TextTable::new(
        Arc::new([file]),
        Arc::new(One(input)),
        format,
        &schema,
        &origins,
        1,
        counters,
    );
    let config = SessionConfig::new()
        .with_target_partitions(parts)
        .with_batch_size(batch);
    let context = SessionContext::new_with_config(config);
    let read = async {
        let frame = context.read_table(Arc::new(table))?;
        let mut rows = Vec::new();
        for stream in frame.execute_stream_partitioned().await? {
            let batches: Vec<_> = stream.try_collect().await?;
            for batch in batches {
                for row in 0..batch.num_rows() {
                    let cells = batch.columns().iter();
                    let cells = cells.map(|column| array_value_to_string(column, row).unwrap());
                    rows.push(cells.collect::<Vec<_>>().join("|"));
                }
            }
        }
        Ok::<_, datafusion::error::DataFusionError>(rows)
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(read).map_err(RuntimeError::from)
}

#[test]
fn ranges_and_batches_do_not_change_the_values() {
    let columns = [
        ("id", Type::of(Scalar::Int)),
        ("name", Type::STRING),
        ("n", Type::nullable(Scalar::Long)),
    ];
    let mut random = Seeded(7);
    let mut text = String::from("id,name,n\r\n");
    let mut expected = Vec::new();
    for id in 0..500 {
        let name = ["", "x", "\"a,b\"", "\"q\"\"q\"", "é"][random.below(5)];
        let n = ["", "7", "-12"][random.below(3)];
        let end = ["\r\n", "\n", "\r"][random.below(3)];
        text.push_str(&format!("{id},{name},{n}{end}"));
        let name = name.trim_matches('"').replace("\"\"", "\"");
        expected.push(format!("{id}|{name}|{n}"));
    }
    let mut settings = TextExtractor::new(',');
    settings.skip_first_n_rows = 1;
    for parts in 1..40 {
        let found = extract(&text, &settings, &columns, parts, 1 + parts * 3).unwrap();
        assert_eq!(found, expected, "{parts} parts");
    }
}

#[test]
fn null_escape_follows_the_table_of_the_documentation() {
    let row = r##"1,,"",\N,#NULL#,"Some \N fun""##;
    let strings = [("s", Type::STRING); 6];
    let cells = |null_escape: Option<&str>| {
        let mut settings = TextExtractor::new(',');
        settings.null_escape = null_escape.map(str::to_owned);
        let is_null = (0..6).map(|position| {
            let mut columns = strings;
            columns[position].1 = Type::nullable(Scalar::Int);
            match extract(row, &settings, &columns, 1, 10) {
                Ok(rows) => rows[0].split('|').nth(position).unwrap().to_owned(),
                Err(_) => "ERR".to_owned(),
            }
        });
        let numbers = is_null.collect::<Vec<_>>().join(",");
        let texts = extract(row, &settings, &strings, 1, 10).unwrap()[0].clone();
        (texts, numbers)
    };
    let expect = |texts: &str, numbers: &str| (texts.to_owned(), numbers.to_owned());
    assert_eq!(
        cells(Some("\\N")),
        expect("1||||#NULL#|Some \\N fun", "1,,ERR,,ERR,ERR")
    );
    assert_eq!(
        cells(Some("")),
        expect("1|||\\N|#NULL#|Some \\N fun", "1,,,ERR,ERR,ERR")
    );
    assert_eq!(
        cells(None),
        expect("1|||\\N|#NULL#|Some \\N fun", "1,,ERR,ERR,ERR,ERR")
    );
    assert_eq!(
        cells(Some("#NULL#")),
        expect("1|||\\N||Some \\N fun", "1,,ERR,ERR,,ERR")
    );
}

#[test]
fn errors_name_the_row_and_the_column() {
    let columns = [("a", Type::of(Scalar::Int)), ("b", Type::STRING)];
    let csv = TextExtractor::new(',');
    for (text, id, inner, details) in [
        (
            "1,x\n2\n",
            "E_RUNTIME_USER_EXTRACT_UNEXPECTED_NUMBER_COLUMNS",
            "",
            "HEX: 32 ### \nTEXT: 2 ### \n",
        ),
        (
            "1,x\n2,y,z\n",
            "E_RUNTIME_USER_EXTRACT_ROW_DELIMITER_EXPECTED",
            "",
            "TEXT: 2,y, ### z\n",
        ),
        (
            "1,x\n?,y\n",
            "E_RUNTIME_USER_EXTRACT_ROW_ERROR",
            "E_RUNTIME_USER_EXTRACT_COLUMN_CONVERSION_INVALID_ERROR",
            "TEXT: ?,y ### \n",
        ),
        (
            "1,x\n99999999999,y\n",
            "E_RUNTIME_USER_EXTRACT_ROW_ERROR",
            "E_RUNTIME_USER_EXTRACT_COLUMN_CONVERSION_OUT_OF_RANGE_ERROR",
            "",
        ),
        (
            "1,x\n,y\n",
            "E_RUNTIME_USER_EXTRACT_ROW_ERROR",
            "E_RUNTIME_USER_EXTRACT_COLUMN_CONVERSION_NULL_ERROR",
            "",
        ),
        (
            "1,x\n2,\"y\n",
            "E_RUNTIME_USER_EXTRACT_ROW_ERROR",
            "E_RUNTIME_USER_EXTRACT_UNTERMINATED_QUOTED_FIELD",
            "",
        ),
        (
            "1,x\n2,\"y\"z\n",
            "E_RUNTIME_USER_EXTRACT_ROW_ERROR",
            "E_RUNTIME_USER_EXTRACT_INVALID_CHARACTER_AFTER_QUOTED_FIELD",
            "TEXT: 2,\"y\" ### z\n",
        ),
    ] {
        let error = extract(text, &csv, &columns, 1, 100).unwrap_err();
        let report = error.report();
        assert_eq!(report.error_id, id, "{text:?}");
        let chain = report.inner.as_ref();
        assert_eq!(chain.map_or("", |inner| inner.error_id), inner, "{text:?}");
        let all = format!(
            "{}{}",
            report.details,
            chain.map_or("", |inner| &inner.details)
        );
        assert!(all.contains(details), "{text:?}: {all}");
        let said = format!("{report:?}");
        assert!(
            said.contains("1 record(s)") || said.contains("line 2"),
            "{text:?}: {said}"
        );
    }
    let long = format!("1,{}\n", "x".repeat(200_000));
    let error = extract(&long, &csv, &columns, 1, 100).unwrap_err();
    let inner = error.report().inner.clone().unwrap();
    assert_eq!(inner.diagnostic_code, Some(195_887_137));
    let message = "Error occured while extracting row after processing 0 record(s) in the vertex' input split. \
                   Column index: 1, column name: 'b'.";
    assert_eq!(error.report().message, message);
}

#[test]
fn silent_skips_rows_of_another_width_and_forgives_nullable_cells() {
    let columns = [("a", Type::nullable(Scalar::Int)), ("b", Type::STRING)];
    let mut settings = TextExtractor::new(',');
    settings.silent = true;
    let found = extract(
        "1,x\n2\n?,y\n3,z,z\n4,\"w\n5,v\n",
        &settings,
        &columns,
        1,
        100,
    )
    .unwrap();
    assert_eq!(found, ["1|x", "|y", "5|v"]);
    let columns = [("a", Type::of(Scalar::Int)), ("b", Type::STRING)];
    assert!(extract("?,y\n", &settings, &columns, 1, 100).is_err());
}

#[test]
fn whatever_the_bytes_and_the_settings_nothing_panics() {
    let mut random = Seeded(11);
    let alphabet: [&[u8]; 14] = [
        b"a",
        b"1",
        b"\"",
        b"\"",
        b",",
        b",",
        b"\\",
        b"\\",
        b"\r",
        b"\n",
        b"\r\n",
        b"\xc3\xa9",
        b"\xc3",
        b"\xa9",
    ];
    for _ in 0..2000 {
        let mut settings = TextExtractor::new([',', 'é', '\\'][random.below(3)]);
        settings.quoting = random.below(2) == 0;
        settings.silent = random.below(2) == 0;
        settings.skip_first_n_rows = random.below(3) as u64;
        settings.escape_character = [None, Some('\\'), Some('é')][random.below(3)];
        settings.row_delimiter = [None, Some('é'), Some('a')][random.below(3)];
        settings.null_escape =
            [None, Some(String::new()), Some("a".to_owned())][random.below(3)].clone();
        let bytes: Vec<u8> = (0..random.below(30))
            .flat_map(|_| alphabet[random.below(14)].to_vec())
            .collect();
        let columns = [("a", Type::STRING), ("b", Type::nullable(Scalar::Int))];
        let columns = &columns[..1 + random.below(2)];
        let parts = 1 + random.below(4);
        // Rows or an error: both are fine here.
        let _ = extract_bytes(&bytes, &settings, columns, parts, 1 + random.below(3));
    }
}
