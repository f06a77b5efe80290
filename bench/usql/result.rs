//! Whether two outputs hold the same rows.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

use crate::Outcome;

/// The rows of a file whatever their order: how many, how long, and a sum over what they say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rows {
    pub rows: u64,
    pub bytes: u64,
    sum: u64,
}

impl Rows {
    /// Line ends do not count.
    pub fn of(path: &Path) -> Outcome<Self> {
        let mut file = BufReader::with_capacity(1 << 20, File::open(path)?);
        let mut line = Vec::new();
        let mut found = Self::default();
        while file.read_until(b'\n', &mut line)? > 0 {
            let text = line.trim_ascii_end();
            found.rows += 1;
            found.bytes += text.len() as u64;
            found.sum = found.sum.wrapping_add(fnv(text));
            line.clear();
        }
        Ok(found)
    }
}

fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
