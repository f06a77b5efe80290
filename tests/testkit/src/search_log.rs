//! A search log like the one of the U-SQL tutorials, made from a seed.

use std::io::{self, Write};

const REGIONS: [&str; 8] = [
    "en-us", "en-gb", "en-mx", "en-gr", "en-fr", "en-ca", "en-ch", "en-au",
];
const WORDS: [&str; 12] = [
    "nachos",
    "microsoft",
    "recipes",
    "flights",
    "caf\u{e9}",
    "\u{5bff}\u{53f8}",
    "weather",
    "\"best\" pizza",
    "tennis",
    "maps",
    "a;b",
    "C# nulls",
];
const SITES: [&str; 6] = [
    "bing.com",
    "wikipedia.org",
    "contoso.com",
    "fabrikam.net",
    "example.org",
    "nachos.test",
];

/// One search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Who searched.
    pub user_id: i32,
    /// When: month, day, hour, minute, second of 2012.
    pub start: (u8, u8, u8, u8, u8),
    /// Where.
    pub region: &'static str,
    /// What for.
    pub query: String,
    /// For how many seconds; unknown for one search in sixteen.
    pub duration: Option<i32>,
    /// What was found, separated by semicolons.
    pub urls: String,
    /// What was clicked; may be empty.
    pub clicked_urls: String,
}

impl Record {
    /// Writes one row of a TSV, without quotes, ended by CR LF.
    ///
    /// # Errors
    /// The writer failed.
    pub fn write_tsv(&self, out: &mut (impl Write + ?Sized)) -> io::Result<()> {
        let (month, day, hour, minute, second) = self.start;
        let (half, hour) = if hour < 12 {
            ("AM", hour)
        } else {
            ("PM", hour - 12)
        };
        let hour = if hour == 0 { 12 } else { hour };
        write!(
            out,
            "{}\t{month}/{day}/2012 {hour}:{minute:02}:{second:02} {half}\t{}\t",
            self.user_id, self.region
        )?;
        write!(out, "{}\t", self.query)?;
        if let Some(duration) = self.duration {
            write!(out, "{duration}")?;
        }
        write!(out, "\t{}\t{}\r\n", self.urls, self.clicked_urls)
    }
}

/// An endless log. The same seed gives the same log on every machine.
#[derive(Clone, Debug)]
pub struct SearchLog(u64);

impl SearchLog {
    /// A log for this seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// SplitMix64: small, good enough for test data, and the same everywhere.
    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: u32) -> u32 {
        u32::try_from(self.draw() % u64::from(limit)).expect("a remainder of a u32 is a u32")
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(u32::try_from(from.len()).expect("the tables are short")) as usize]
    }

    fn small(&mut self, from: u8, below: u8) -> u8 {
        from + u8::try_from(self.below(u32::from(below - from))).expect("less than a u8")
    }

    fn urls(&mut self, most: u32) -> String {
        let count = self.below(most + 1);
        (0..count)
            .map(|_| format!("www.{}", self.pick(&SITES)))
            .collect::<Vec<_>>()
            .join(";")
    }
}

impl Iterator for SearchLog {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        let start = (
            self.small(1, 13),
            self.small(1, 29),
            self.small(0, 24),
            self.small(0, 60),
            self.small(0, 60),
        );
        let words = 1 + self.below(3);
        Some(Record {
            user_id: i32::try_from(self.below(1_000_000)).expect("less than a million"),
            start,
            region: self.pick(&REGIONS),
            query: (0..words)
                .map(|_| self.pick(&WORDS))
                .collect::<Vec<_>>()
                .join(" "),
            duration: (self.below(16) != 0)
                .then(|| i32::try_from(self.below(2_000)).expect("less than 2000")),
            urls: self.urls(4),
            clicked_urls: self.urls(2),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_log() {
        let log = |seed| SearchLog::new(seed).take(100).collect::<Vec<_>>();
        assert_eq!(log(7), log(7));
        assert_ne!(log(7), log(8));
    }

    #[test]
    fn a_row_has_seven_fields_and_an_unknown_duration_is_empty() {
        let record = Record {
            user_id: 399_266,
            start: (2, 15, 11, 53, 16),
            region: "en-us",
            query: "how to make nachos".into(),
            duration: None,
            urls: "www.nachos.com;www.wikipedia.com".into(),
            clicked_urls: String::new(),
        };
        let mut row = Vec::new();
        record.write_tsv(&mut row).unwrap();
        let row = String::from_utf8(row).unwrap();
        assert_eq!(
            row,
            "399266\t2/15/2012 11:53:16 AM\ten-us\thow to make nachos\t\twww.nachos.com;www.wikipedia.com\t\r\n"
        );
    }

    #[test]
    fn noon_and_midnight_are_twelve() {
        let at = |hour| {
            let mut row = Vec::new();
            let record = Record {
                start: (1, 2, hour, 4, 5),
                ..Iterator::next(&mut SearchLog::new(1)).unwrap()
            };
            record.write_tsv(&mut row).unwrap();
            String::from_utf8(row)
                .unwrap()
                .split('\t')
                .nth(1)
                .unwrap()
                .to_owned()
        };
        assert_eq!(
            [at(0), at(12), at(13)],
            [
                "1/2/2012 12:04:05 AM",
                "1/2/2012 12:04:05 PM",
                "1/2/2012 1:04:05 PM"
            ]
        );
    }
}
