//! The lake's files as the engine's port, with the rights of the submitter.

use std::io;
use std::sync::Arc;

use lake_service::{LakeFiles, Output};
use lake_store::{FileKind, FileReader};
use usql_engine::{FileError, Files, Input};
use usql_sema::{CompileEnvironment, LakePath, Settings};

/// The files of a job.
pub(crate) struct JobFiles(pub(crate) LakeFiles);

impl Files for JobFiles {
    type Staged = Output;

    fn open(&self, path: &LakePath) -> Result<Arc<dyn Input>, FileError> {
        let reader = self.0.open(&path.to_string()).map_err(file_error)?;
        Ok(Arc::new(LakeInput(reader)))
    }

    fn stage(&self, path: &LakePath) -> Result<Output, FileError> {
        self.0.stage(&path.to_string()).map_err(file_error)
    }

    fn publish(&self, staged: Vec<Output>) -> Result<(), FileError> {
        self.0.publish(staged).map_err(file_error)
    }
}

fn file_error(error: lake_store::Error) -> FileError {
    FileError::new(error.to_string()).with_source(error)
}

struct LakeInput(FileReader);

impl Input for LakeInput {
    fn len(&self) -> u64 {
        self.0.len()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read_at(offset, buffer).map_err(io::Error::other)
    }
}

/// What the checker may ask of the lake.
pub(crate) struct JobEnvironment<'a> {
    pub(crate) files: &'a LakeFiles,
    pub(crate) settings: Settings,
}

impl CompileEnvironment for JobEnvironment<'_> {
    /// A file that the submitter may not see is not there, as on the service.
    fn file_exists(&self, path: &LakePath) -> bool {
        let status = self.files.stat(&path.to_string());
        status.is_ok_and(|status| status.kind == FileKind::File)
    }

    fn settings(&self) -> Settings {
        self.settings
    }
}
