//! What everybody reads: readings of vehicles, the same ones every time.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::Path,
};

use crate::Outcome;

const DIRECTIONS: [&str; 8] = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"];

/// How many rows each file of [`write_files`] has.
const FILE_ROWS: u64 = 100;

/// One file of so many bytes, or a row more.
pub fn write_file(path: &Path, bytes: u64) -> Outcome<()> {
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let mut readings = Readings::new();
    let mut written = 0;
    while written < bytes {
        let row = readings.next()?;
        file.write_all(row)?;
        written += row.len() as u64;
    }
    file.flush()?;
    Ok(())
}

/// A folder of files for each of so many days: `date=2014-01-31/part-042.csv`, as DuckDB and DataFusion know to read it.
pub fn write_files(folder: &Path, days: u64, files: u64) -> Outcome<()> {
    let mut readings = Readings::new();
    for day in 0..days {
        // Months of 28 days are enough.
        let (month, day) = (1 + day / 28, 1 + day % 28);
        let folder = folder.join(format!("date=2014-{month:02}-{day:02}"));
        fs::create_dir_all(&folder)?;
        for file in 0..files {
            let mut text = Vec::new();
            for _ in 0..FILE_ROWS {
                text.extend_from_slice(readings.next()?);
            }
            fs::write(folder.join(format!("part-{file:03}.csv")), text)?;
        }
    }
    Ok(())
}

/// Rows of `vehicle,entry,time,latitude,longitude,speed,direction,trip`.
///
/// No number ends in a zero behind its point, because programs do not agree on how to write those.
struct Readings {
    random: Random,
    entry: u64,
    row: Vec<u8>,
}

impl Readings {
    fn new() -> Self {
        Self {
            random: Random(42),
            entry: 0,
            row: Vec::with_capacity(128),
        }
    }

    fn next(&mut self) -> Outcome<&[u8]> {
        let Self { random, entry, row } = self;
        row.clear();
        *entry += 1 + random.below(3);
        write!(row, "{},{entry},", random.below(160))?;
        let (month, day) = (1 + random.below(12), 1 + random.below(28));
        let (hour, minute, second) = (random.below(24), random.below(60), random.below(60));
        write!(
            row,
            "2014-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02},"
        )?;
        let last = [1 + random.below(9), 1 + random.below(9)];
        write!(
            row,
            "47.{:04}{},-122.{:04}{},",
            random.below(10_000),
            last[0],
            random.below(10_000),
            last[1]
        )?;
        let direction = DIRECTIONS[random.below(8) as usize];
        write!(row, "{},{direction},", random.below(70))?;
        if random.below(10) != 0 {
            write!(row, "{}", random.below(100_000))?;
        }
        row.push(b'\n');
        Ok(row)
    }
}

struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}
