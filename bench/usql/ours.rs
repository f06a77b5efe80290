//! A script, compiled and run by our engine over ordinary files.

use std::{
    fs::{self, File, Metadata},
    io::{self, BufWriter, Write},
    ops::ControlFlow,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use tokio_util::sync::CancellationToken;
use usql_engine::{Engine, EngineOptions, FileError, Files, Input};
use usql_sema::{CompileEnvironment, Entry, FileInfo, LakePath, ListError};

use crate::{
    Outcome,
    measure::{Cost, Start},
    row::Row,
};

/// With what `adl usql run` has by default: every core, no limit of memory.
pub fn run(row: Row, folder: &Path) -> Outcome<Cost> {
    let disk = Arc::new(Disk(folder.to_owned()));
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let start = Start::now();
    let parse = usql_syntax::parse(row.script());
    let plan = usql_sema::check(&parse, disk.as_ref()).map_err(|errors| format!("{errors:?}"))?;
    let engine = Engine::new(EngineOptions::new(Arc::new(SystemTime::now)))?;
    runtime.block_on(engine.run(Arc::new(plan), disk, CancellationToken::new()))?;
    Ok(start.cost())
}

/// A folder that is the root of all paths.
struct Disk(PathBuf);

impl Disk {
    fn place(&self, path: &LakePath) -> PathBuf {
        self.0.join(path.path().trim_start_matches('/'))
    }
}

impl CompileEnvironment for Disk {
    fn file(&self, path: &LakePath) -> Option<FileInfo> {
        self.place(path).metadata().ok().map(info)
    }

    fn list(
        &self,
        directory: &LakePath,
        prefix: &str,
        each: &mut dyn FnMut(Entry<'_>) -> ControlFlow<()>,
    ) -> Result<(), ListError> {
        let listed = entries(&self.place(directory), prefix);
        for (name, metadata) in listed.map_err(|error| ListError::new(error.to_string()))? {
            let entry = match metadata.is_dir() {
                true => Entry::Directory(&name),
                false => Entry::File(&name, info(metadata)),
            };
            if each(entry).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// What is in a directory, in the order of the names' bytes.
fn entries(directory: &Path, prefix: &str) -> io::Result<Vec<(String, Metadata)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name().into_string();
        if let Ok(name) = name
            && name.starts_with(prefix)
        {
            found.push((name, entry.metadata()?));
        }
    }
    found.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    Ok(found)
}

fn info(metadata: Metadata) -> FileInfo {
    let info = FileInfo::of_length(metadata.len());
    match metadata.modified() {
        Ok(modified) => info.with_modified(modified),
        Err(_) => info,
    }
}

impl Files for Disk {
    type Staged = BufWriter<File>;

    fn open(&self, path: &LakePath) -> Result<Arc<dyn Input>, FileError> {
        let file = File::open(self.place(path)).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        Ok(Arc::new(Opened { file, length }))
    }

    fn stage(&self, path: &LakePath) -> Result<Self::Staged, FileError> {
        let file = File::create(self.place(path)).map_err(failed)?;
        Ok(BufWriter::new(file))
    }

    fn publish(&self, staged: Vec<Self::Staged>) -> Result<(), FileError> {
        staged
            .into_iter()
            .try_for_each(|mut file| file.flush().map_err(failed))
    }
}

fn failed(error: io::Error) -> FileError {
    FileError::new("the file is not there").with_source(error)
}

struct Opened {
    file: File,
    length: u64,
}

impl Input for Opened {
    fn len(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read_at(buffer, offset)
    }
}
