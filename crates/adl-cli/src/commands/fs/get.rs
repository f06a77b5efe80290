//! `adl fs get`: a file comes down.

use std::path::{Path, PathBuf};

use adls_fs::FileSystem;
use anyhow::{Context as _, Result, bail};
use futures::AsyncWriteExt as _;
use tokio_util::compat::TokioAsyncWriteCompatExt as _;

use super::content::copy;
use super::parse;
use crate::arguments::fs::Get;
use crate::partial::Partial;
use crate::progress::Progress;

/// Downloads beside the target and renames at the end, so that the target is whole or not there.
pub(super) async fn run(files: &FileSystem, arguments: Get) -> Result<()> {
    let Get {
        path,
        target,
        overwrite,
    } = arguments;
    let path = parse(&path)?;
    let name = path.name().context("the root is not a file; name one")?;
    // `C:x` and `..\x` are names of the lake and ways out of the folder on Windows.
    let is_plain = Path::new(name).file_name() == Some(name.as_ref());
    if !is_plain && target.as_ref().is_none_or(|target| target.is_dir()) {
        bail!("this machine has no file named {name:?}; name the target");
    }
    let target = match target {
        Some(folder) if folder.is_dir() => folder.join(name),
        Some(file) => file,
        None => PathBuf::from(name),
    };
    if !overwrite && target.exists() {
        bail!(
            "{} is there already; give another name or --overwrite",
            target.display()
        );
    }
    let reader = files.open(&path).await?;
    let not_created = || format!("cannot create {}", target.display());
    let (partial, file) = Partial::create(&target).with_context(not_created)?;
    let mut file = tokio::fs::File::from_std(file).compat_write();
    let mut progress = Progress::start(path.as_str(), Some(reader.length()));
    let copied = copy(reader, &mut file, &mut progress).await;
    progress.finish();
    copied?;
    let closed = file.close().await;
    closed.context("cannot write the file to its end")?;
    drop(file);
    partial.finish().with_context(not_created)
}
