//! The temporary files of a run, and when the last of them is gone.

use std::{path::Path, pin::Pin, sync::Arc};

use bytes::Bytes;
use datafusion::{
    error::Result,
    execution::{
        disk_manager::{DiskManager, DiskManagerBuilder},
        spill_file::{SpillFile, SpillWriter, TempFileFactory},
    },
};
use futures::Stream;
use tokio_util::sync::DropGuard;

/// How many sorted runs are merged at a time. A merge takes all the memory that its runs need, and others must go on.
const MERGED: usize = 16;

/// Makes files in a folder, and says by the drop of `alive` that all of them have been removed.
///
/// A task that was aborted lets go of its memory before it lets go of its file, so the one does not tell of the other.
pub(super) fn temporary_files(
    folder: &Arc<DiskManager>,
    alive: Vec<Arc<DropGuard>>,
) -> Result<Arc<DiskManager>> {
    let files = Files {
        folder: Arc::clone(folder),
        alive,
    };
    let files = DiskManagerBuilder::default()
        .with_temp_file_factory(Arc::new(files))
        .with_max_spill_merge_fan_in(MERGED)
        .build()?;
    Ok(Arc::new(files))
}

struct Files {
    folder: Arc<DiskManager>,
    alive: Vec<Arc<DropGuard>>,
}

impl TempFileFactory for Files {
    fn create_temp_file(&self, description: &str) -> Result<Arc<dyn SpillFile>> {
        Ok(Arc::new(File {
            file: self.folder.create_tmp_file(description)?,
            _alive: self.alive.clone(),
        }))
    }
}

/// DataFusion's file, which is removed when it is dropped: before what comes after it here.
struct File {
    file: Arc<dyn SpillFile>,
    _alive: Vec<Arc<DropGuard>>,
}

impl SpillFile for File {
    fn path(&self) -> Option<&Path> {
        self.file.path()
    }

    fn size(&self) -> Option<u64> {
        self.file.size()
    }

    fn read_stream(&self) -> Result<Pin<Box<dyn Stream<Item = Result<Bytes>> + Send>>> {
        self.file.read_stream()
    }

    fn open_writer(&self) -> Result<Box<dyn SpillWriter>> {
        self.file.open_writer()
    }
}

#[cfg(test)]
mod tests {
    use tokio_util::sync::CancellationToken;

    use super::*;

    #[test]
    fn a_run_is_over_when_its_last_file_is_gone() {
        let folder = Arc::new(DiskManagerBuilder::default().build().unwrap());
        let over = CancellationToken::new();
        let alive = Arc::new(over.clone().drop_guard());
        let files = temporary_files(&folder, vec![alive]).unwrap();
        let file = files.create_tmp_file("a test").unwrap();
        let path = file.path().unwrap().to_owned();
        drop(files);
        assert!(path.exists() && !over.is_cancelled());
        drop(file);
        assert!(!path.exists() && over.is_cancelled());
    }
}
