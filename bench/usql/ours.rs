//! A script, compiled and run by our engine over ordinary files.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use tokio_util::sync::CancellationToken;
use usql_engine::{Engine, EngineOptions, FileError, Files, Input};
use usql_sema::{CompileEnvironment, FileInfo, LakePath};

use crate::{
    Outcome,
    measure::{Cost, Start},
    row::Row,
};

/// With what `adl usql run` has by default: every core, no limit of memory.
pub fn run(row: Row, input: &Path, output: &Path) -> Outcome<Cost> {
    let disk = Arc::new(Disk {
        input: input.to_owned(),
        output: output.to_owned(),
    });
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let start = Start::now();
    let parse = usql_syntax::parse(row.script());
    let plan = usql_sema::check(&parse, disk.as_ref()).map_err(|errors| format!("{errors:?}"))?;
    let engine = Engine::new(EngineOptions::new(Arc::new(SystemTime::now)))?;
    runtime.block_on(engine.run(Arc::new(plan), disk, CancellationToken::new()))?;
    Ok(start.cost())
}

/// `/in.csv` and `/out.csv`, somewhere.
struct Disk {
    input: PathBuf,
    output: PathBuf,
}

impl CompileEnvironment for Disk {
    fn file(&self, _: &LakePath) -> Option<FileInfo> {
        let found = self.input.metadata().ok()?;
        Some(FileInfo::of_length(found.len()))
    }
}

impl Files for Disk {
    type Staged = BufWriter<File>;

    fn open(&self, _: &LakePath) -> Result<Arc<dyn Input>, FileError> {
        let file = File::open(&self.input).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        Ok(Arc::new(Opened { file, length }))
    }

    fn stage(&self, _: &LakePath) -> Result<Self::Staged, FileError> {
        Ok(BufWriter::new(File::create(&self.output).map_err(failed)?))
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
