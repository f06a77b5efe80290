//! What a script writes, until all of it is there.

use std::io::{self, BufWriter, Write};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use lake_store::DiskFile;
use usql_sema::LakePath;

use super::Counters;
use super::journal::{Journal, Move};

/// An output in memory.
pub(super) type Kept = (LakePath, Vec<u8>);

/// An output on its way.
pub(in super::super) struct Staged {
    place: Place,
    counters: Arc<Counters>,
}

enum Place {
    File(BufWriter<Growing>, Unpublished),
    Memory(Kept),
}

impl Staged {
    pub(super) fn in_memory(path: LakePath, counters: Arc<Counters>) -> Self {
        let place = Place::Memory((path, Vec::new()));
        Self { place, counters }
    }

    pub(super) fn in_file(
        journal: &Arc<Journal>,
        target: &str,
        counters: Arc<Counters>,
    ) -> io::Result<Self> {
        let (file, name) = journal.stage(target)?;
        let growing = Growing { file, length: 0 };
        let unpublished = Unpublished {
            journal: Arc::clone(journal),
            name,
        };
        let place = Place::File(BufWriter::with_capacity(1 << 16, growing), unpublished);
        Ok(Self { place, counters })
    }
}

impl Write for Staged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = match &mut self.place {
            Place::File(file, _) => file.write(bytes)?,
            Place::Memory((_, kept)) => kept.write(bytes)?,
        };
        self.counters
            .written
            .fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.place {
            Place::File(file, _) => file.flush(),
            Place::Memory(_) => Ok(()),
        }
    }
}

/// Gives all outputs their names, or none. Gives those that are in memory.
pub(super) fn publish(staged: Vec<Staged>) -> io::Result<Vec<Kept>> {
    let (mut kept, mut files) = (Vec::new(), Vec::new());
    for staged in staged {
        match staged.place {
            Place::Memory(output) => kept.push(output),
            Place::File(mut writer, unpublished) => {
                writer.flush()?;
                files.push(unpublished);
            }
        }
    }
    if let Some(first) = files.first() {
        let names = files.iter().map(|file| file.name.clone());
        first.journal.publish(names.collect())?;
    }
    Ok(kept)
}

/// A file that is no output yet. Dropping it removes it.
struct Unpublished {
    journal: Arc<Journal>,
    name: Move,
}

impl Drop for Unpublished {
    fn drop(&mut self) {
        self.journal.discard(&self.name);
    }
}

/// A file that is written from its beginning to its end.
struct Growing {
    file: Box<dyn DiskFile>,
    length: u64,
}

impl Write for Growing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write_at(self.length, bytes)?;
        self.length += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
