//! The file that everybody reads: readings of vehicles, the same ones every time.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use crate::Outcome;

const DIRECTIONS: [&str; 8] = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"];

/// Rows of `vehicle,entry,time,latitude,longitude,speed,direction,trip` until there are so many bytes.
///
/// No number ends in a zero behind its point, because programs do not agree on how to write those.
pub fn write(path: &Path, bytes: u64) -> Outcome<()> {
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let mut random = Random(42);
    let mut row = Vec::with_capacity(128);
    let mut written = 0;
    let mut entry = 0;
    while written < bytes {
        row.clear();
        entry += 1 + random.below(3);
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
        file.write_all(&row)?;
        written += row.len() as u64;
    }
    file.flush()?;
    Ok(())
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
