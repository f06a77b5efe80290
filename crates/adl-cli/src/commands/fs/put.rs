//! `adl fs put`: a file goes up.

use std::path::Path;

use adls_fs::{FileSystem, WriteMode, WriteOptions};
use anyhow::{Context as _, Result};
use futures::AsyncWriteExt as _;
use tokio_util::compat::TokioAsyncReadCompatExt as _;

use super::content::copy;
use super::parse;
use crate::arguments::fs::Put;
use crate::progress::Progress;

pub(super) async fn run(files: &FileSystem, arguments: Put) -> Result<()> {
    let Put {
        source,
        path,
        overwrite,
    } = arguments;
    let path = parse(&path)?;
    let mode = if overwrite {
        WriteMode::Overwrite
    } else {
        WriteMode::CreateNew
    };
    let mut options = WriteOptions::default();
    options.mode = mode;
    let mut writer = files.writer_opts(&path, options).await?;
    let mut progress;
    let copied = if source == Path::new("-") {
        progress = Progress::start(path.as_str(), None);
        copy(tokio::io::stdin().compat(), &mut writer, &mut progress).await
    } else {
        let file = tokio::fs::File::open(&source)
            .await
            .with_context(|| format!("cannot open {}", source.display()))?;
        let length = file
            .metadata()
            .await
            .with_context(|| format!("cannot read {}", source.display()))?
            .len();
        progress = Progress::start(path.as_str(), Some(length));
        copy(file.compat(), &mut writer, &mut progress).await
    };
    let closed = match copied {
        Ok(()) => writer.close().await.map_err(anyhow::Error::from),
        Err(error) => Err(error),
    };
    progress.finish();
    closed
        .with_context(|| format!("{path} was not uploaded whole; upload it again with --overwrite"))
}
