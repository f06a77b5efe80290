//! What a transfer has done, on this machine's disk, so that the next one need not do it again.
//!
//! A text file of lines, each with a checksum of its own, that is only ever appended to. A line
//! that is torn or wrong says nothing; what it would have said is done once more.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use time::OffsetDateTime;
use uuid::Uuid;

use super::local::{LocalFile, LocalFiles};
use crate::{Error, ErrorKind, Result};

/// How the first line begins; it ends with an id of the journal's own.
const TITLE: &str = "adl-journal 1 ";

/// The length of the first line.
const TITLE_LENGTH: u64 = TITLE.len() as u64 + 33;

/// How much is read at a time.
const READ: usize = 64 << 10;

/// No line of ours is longer.
const LONGEST_LINE: usize = 256;

/// A file on its way from one name to another: another length, another time, another file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key(u128);

impl Key {
    pub(crate) fn new(
        source: &str,
        destination: &str,
        length: u64,
        modified: Option<OffsetDateTime>,
    ) -> Self {
        let modified = modified.map_or(0, OffsetDateTime::unix_timestamp_nanos);
        let mut hash = Fnv::default();
        for text in [source, destination] {
            hash.write(&(text.len() as u64).to_le_bytes());
            hash.write(text.as_bytes());
        }
        hash.write(&length.to_le_bytes());
        hash.write(&modified.to_le_bytes());
        Self(hash.0)
    }
}

/// FNV-1a of 128 bits: the same on every machine, and wide enough that no two of a billion files
/// meet.
struct Fnv(u128);

impl Default for Fnv {
    fn default() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }
}

impl Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 ^= u128::from(*byte);
            self.0 = self
                .0
                .wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }
}

/// What is known of a file that was begun and not done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Begun {
    /// How much is in them from the beginning without a gap, where they cannot say it themselves.
    pub(crate) reached: u64,
    /// Whether it is whole and may have its name already.
    pub(crate) named: bool,
}

/// A line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Record {
    Begun,
    Reached(u64),
    Naming,
    Done,
}

#[derive(Debug)]
pub(crate) struct Journal {
    file: Box<dyn LocalFile>,
    id: Uuid,
    end: Mutex<u64>,
    /// Sorted; 16 bytes a file.
    done: Vec<Key>,
    begun: HashMap<Key, Begun>,
}

impl Journal {
    /// Opens a journal, or begins one with this id, and reads what is in it.
    pub(crate) async fn open(local: &dyn LocalFiles, path: &Path, id: Uuid) -> Result<Self> {
        let failed = |error| unusable(path, error);
        let file = local.open_journal(path).await.map_err(failed)?;
        let mut journal = Self {
            id,
            end: Mutex::new(0),
            done: Vec::new(),
            begun: HashMap::new(),
            file,
        };
        let length = journal.read(path).await?;
        journal.done.sort_unstable();
        journal.done.dedup();
        let head = if length < TITLE_LENGTH {
            // Nothing follows a title that was not written whole.
            format!("{TITLE}{}\n", id.simple())
        } else {
            *journal.end() = length;
            match journal.last_byte(length).await.map_err(failed)? {
                Some(b'\n') => String::new(),
                _ => "\n".to_owned(),
            }
        };
        journal.append(head).await.map_err(failed)?;
        Ok(journal)
    }

    pub(crate) fn is_done(&self, key: Key) -> bool {
        self.done.binary_search(&key).is_ok()
    }

    pub(crate) fn begun(&self, key: Key) -> Option<Begun> {
        self.begun.get(&key).copied()
    }

    /// The id of a file's temporary names, which is the same whoever asks for it.
    pub(crate) fn id_of(&self, key: Key) -> Uuid {
        let mut hash = Fnv::default();
        hash.write(self.id.as_bytes());
        hash.write(&key.0.to_le_bytes());
        Uuid::from_u128(hash.0)
    }

    /// Whether an earlier transfer wrote something.
    pub(crate) fn is_resumed(&self) -> bool {
        !self.done.is_empty() || !self.begun.is_empty()
    }

    /// Adds a line.
    pub(crate) async fn note(&self, key: Key, record: Record) -> Result<()> {
        self.append(line(key, record)).await.map_err(|error| {
            let message = "the journal cannot be written";
            Error::new(ErrorKind::Request, message).with_source(error)
        })
    }

    async fn append(&self, text: String) -> std::io::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        let offset = {
            let mut end = self.end();
            let offset = *end;
            *end += text.len() as u64;
            offset
        };
        self.file.write_at(offset, vec![text.into()]).await
    }

    async fn last_byte(&self, length: u64) -> std::io::Result<Option<u8>> {
        Ok(self.file.read_at(length - 1, 1).await?.first().copied())
    }

    /// Reads all lines and gives the length.
    async fn read(&mut self, path: &Path) -> Result<u64> {
        let mut offset = 0;
        let mut left: Vec<u8> = Vec::new();
        loop {
            let piece = self.file.read_at(offset, READ).await;
            let piece: Bytes = piece.map_err(|error| unusable(path, error))?;
            if offset == 0 && !is_title(&piece) {
                let message = format!("{} is not a journal of a transfer", path.display());
                return Err(Error::new(ErrorKind::Request, message));
            }
            if piece.is_empty() {
                return Ok(offset);
            }
            offset += piece.len() as u64;
            for part in piece.split_inclusive(|byte| *byte == b'\n') {
                if left.len() + part.len() <= LONGEST_LINE {
                    left.extend_from_slice(part);
                }
                if part.ends_with(b"\n") {
                    self.learn(&left);
                    left.clear();
                }
            }
        }
    }

    fn learn(&mut self, line: &[u8]) {
        if let Some(id) = parse_title(line) {
            self.id = id;
            return;
        }
        let Some((key, record)) = parse(line) else {
            return;
        };
        match record {
            Record::Begun => {
                self.begun.insert(key, Begun::default());
            }
            Record::Reached(offset) => {
                if let Some(begun) = self.begun.get_mut(&key) {
                    begun.reached = offset;
                }
            }
            Record::Naming => {
                if let Some(begun) = self.begun.get_mut(&key) {
                    begun.named = true;
                }
            }
            Record::Done => {
                self.begun.remove(&key);
                self.done.push(key);
            }
        }
    }

    fn end(&self) -> MutexGuard<'_, u64> {
        self.end.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a file may begin so: with the title, or with as much of it as was written.
fn is_title(start: &[u8]) -> bool {
    let length = start.len().min(TITLE.len());
    start[..length] == TITLE.as_bytes()[..length]
}

fn parse_title(line: &[u8]) -> Option<Uuid> {
    let text = std::str::from_utf8(line).ok()?;
    text.strip_prefix(TITLE)?.strip_suffix('\n')?.parse().ok()
}

fn unusable(path: &Path, error: std::io::Error) -> Error {
    let path = path.display();
    let message = match error.kind() {
        std::io::ErrorKind::WouldBlock => format!("another transfer uses the journal {path}"),
        _ => format!("the journal {path} cannot be used"),
    };
    Error::new(ErrorKind::Request, message).with_source(error)
}

fn line(key: Key, record: Record) -> String {
    let mut text = match record {
        Record::Begun => format!("begun {:032x} -", key.0),
        Record::Reached(offset) => format!("reached {:032x} {offset}", key.0),
        Record::Naming => format!("naming {:032x} -", key.0),
        Record::Done => format!("done {:032x} -", key.0),
    };
    let check = check(text.as_bytes());
    let _ = writeln!(text, " {check:016x}");
    text
}

fn parse(line: &[u8]) -> Option<(Key, Record)> {
    // A line that was written after one that was not may have zeros before it.
    let start = line.iter().position(|byte| *byte != 0)?;
    let text = std::str::from_utf8(&line[start..]).ok()?;
    let (said, found) = text.strip_suffix('\n')?.rsplit_once(' ')?;
    if format!("{:016x}", check(said.as_bytes())) != found {
        return None;
    }
    let mut parts = said.split(' ');
    let (kind, key, value) = (parts.next()?, parts.next()?, parts.next()?);
    let key = Key(u128::from_str_radix(key, 16).ok()?);
    let record = match kind {
        "begun" => Record::Begun,
        "reached" => Record::Reached(value.parse().ok()?),
        "naming" => Record::Naming,
        "done" => Record::Done,
        _ => return None,
    };
    Some((key, record))
}

fn check(bytes: &[u8]) -> u64 {
    let mut hash = Fnv::default();
    hash.write(bytes);
    let [low, high] = [hash.0, hash.0 >> 64]
        .map(|half| u64::try_from(half & u128::from(u64::MAX)).expect("64 bits are left"));
    low ^ high
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(n: u64) -> Key {
        Key::new("/a", "b", n, None)
    }

    #[test]
    fn a_line_says_what_was_written_or_nothing() {
        let records = [
            Record::Begun,
            Record::Reached(1 << 40),
            Record::Naming,
            Record::Done,
        ];
        for record in records {
            let text = line(key(1), record);
            assert!(text.len() < LONGEST_LINE);
            let read = parse(text.as_bytes());
            assert_eq!(read, Some((key(1), record)));
            assert_eq!(parse(format!("\0\0\0{text}").as_bytes()), read);
            for end in 0..text.len() {
                assert_eq!(parse(&text.as_bytes()[..end]), None, "cut at {end}");
            }
            for at in 0..text.len() {
                let mut wrong = text.clone().into_bytes();
                wrong[at] ^= 1;
                assert_eq!(parse(&wrong), None, "a bit of byte {at}");
            }
        }
    }

    #[test]
    fn another_source_or_time_or_place_is_another_file() {
        let time = OffsetDateTime::UNIX_EPOCH;
        let keys = [
            Key::new("/a", "b", 1, None),
            Key::new("/a", "b", 2, None),
            Key::new("/a", "b", 1, Some(time + time::Duration::NANOSECOND)),
            Key::new("/ab", "", 1, None),
            Key::new("/a", "c", 1, None),
            Key::new("b", "/a", 1, None),
        ];
        for (n, key) in keys.iter().enumerate() {
            assert!(!keys[..n].contains(key), "{n}");
        }
        assert_eq!(keys[0], Key::new("/a", "b", 1, None));
    }

    #[test]
    fn only_a_journal_is_taken_for_one() {
        for text in ["", "adl", TITLE, "adl-journal 1 0123\nbegun"] {
            assert!(is_title(text.as_bytes()), "{text:?}");
        }
        for text in ["x", "adl-journal 2\n", "1,2,3\n"] {
            assert!(!is_title(text.as_bytes()), "{text:?}");
        }
    }
}
