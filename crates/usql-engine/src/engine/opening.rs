//! Opening the files of an EXTRACT.

use std::{collections::HashMap, sync::Arc};

use usql_sema::{InputFile, LakePath};

use crate::{
    error::RuntimeError,
    extract::OpenInput,
    files::{FileError, Files, Input},
};

/// Sets of at most so many files are opened when the run begins, and stay open.
const MAX_HELD: usize = 64;

/// The open files of a run, so that all readers of a file see the same bytes.
pub(super) type Held = HashMap<LakePath, Arc<dyn Input>>;

/// The files of one EXTRACT.
///
/// A small set is opened now and read as it is now, whatever happens to the names later. A large one would need a
/// handle for each file, so its files are opened one by one when it is their turn; one that is not as it was when the
/// script was compiled fails the run, since its rows would not belong with the others.
pub(super) fn open<F: Files>(
    store: &Arc<F>,
    files: &Arc<[InputFile]>,
    held: &mut Held,
) -> Result<Arc<dyn OpenInput>, RuntimeError> {
    if files.len() > MAX_HELD {
        return Ok(Arc::new(OneByOne {
            store: Arc::clone(store),
            files: Arc::clone(files),
        }));
    }
    let mut inputs = Vec::with_capacity(files.len());
    for file in files.iter() {
        let input = match held.get(&file.path) {
            Some(input) => Arc::clone(input),
            None => opened(store.as_ref(), &file.path)?,
        };
        held.insert(file.path.clone(), Arc::clone(&input));
        inputs.push(input);
    }
    Ok(Arc::new(AllAtOnce(inputs)))
}

fn opened<F: Files>(store: &F, path: &LakePath) -> Result<Arc<dyn Input>, RuntimeError> {
    let opened = store.open(path);
    opened.map_err(|error| RuntimeError::files("open", path, error))
}

struct AllAtOnce(Vec<Arc<dyn Input>>);

impl OpenInput for AllAtOnce {
    fn open(&self, index: usize) -> Result<Arc<dyn Input>, RuntimeError> {
        Ok(Arc::clone(&self.0[index]))
    }
}

struct OneByOne<F> {
    store: Arc<F>,
    files: Arc<[InputFile]>,
}

impl<F: Files> OpenInput for OneByOne<F> {
    fn open(&self, index: usize) -> Result<Arc<dyn Input>, RuntimeError> {
        let file = &self.files[index];
        let input = opened(self.store.as_ref(), &file.path)?;
        let modified = input.modified().unwrap_or(file.info.modified);
        if input.len() == file.info.length && modified == file.info.modified {
            return Ok(input);
        }
        let changed = FileError::new("the file has changed since the script was compiled");
        Err(RuntimeError::files("open", &file.path, changed))
    }
}
