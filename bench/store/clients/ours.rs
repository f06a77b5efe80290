//! adls-fs.

use std::path::Path;
use std::sync::Arc;

use aad_core::{AccessToken, Context, PipelineOptions};
use aad_identity::StaticTokenCredential;
use adls_fs::transfer::{Downloader, Overwrite, TransferOptions, Uploader};
use adls_fs::{FileSystem, FileSystemOptions, LakePath};
use futures::io::{AsyncBufReadExt, AsyncWriteExt};
use futures::{StreamExt, TryStreamExt};

use crate::client::{Client, Outcome};

pub struct Ours(FileSystem);

impl Client for Ours {
    fn new(port: u16) -> Outcome<Self> {
        let context = Context::system()?;
        let scope = "https://datalake.azure.net//.default";
        let hour = std::time::Duration::from_secs(3600);
        let token = AccessToken::new(super::token(), context.time_in(hour));
        let credential = StaticTokenCredential::new(context.clone(), scope, token);
        let pipeline = PipelineOptions::default().allow_http_loopback();
        let options = FileSystemOptions::default().with_pipeline(pipeline);
        let endpoint = format!("http://127.0.0.1:{port}").parse()?;
        let files = FileSystem::gen1_opts(context, &endpoint, Arc::new(credential), options)?;
        Ok(Self(files))
    }

    async fn read(&self, path: &str) -> Outcome<u64> {
        let mut file = self.0.open(&lake(path)?).await?;
        let mut length = 0;
        loop {
            let piece = file.fill_buf().await?.len();
            if piece == 0 {
                return Ok(length);
            }
            length += piece as u64;
            file.consume_unpin(piece);
        }
    }

    async fn write(&self, path: &str, piece: &[u8], times: usize) -> Outcome<()> {
        let mut file = self.0.writer(&lake(path)?).await?;
        for _ in 0..times {
            file.write_all(piece).await?;
        }
        Ok(file.close().await?)
    }

    async fn put(&self, path: &str, content: &'static [u8]) -> Outcome<()> {
        Ok(self.0.create(&lake(path)?, content).await?)
    }

    async fn get(&self, path: &str) -> Outcome<usize> {
        Ok(self.0.read(&lake(path)?).await?.len())
    }

    async fn stat(&self, path: &str) -> Outcome<u64> {
        Ok(self.0.stat(&lake(path)?).await?.length)
    }

    async fn list(&self, path: &str) -> Outcome<usize> {
        let path = lake(path)?;
        let entries = self.0.list(&path).into_stream();
        let counted = entries.map(|entry| entry.map(|entry| usize::from(entry.is_file())));
        Ok(counted.try_fold(0, async |sum, one| Ok(sum + one)).await?)
    }

    async fn upload(&self, from: &Path, to: &str) -> Outcome<usize> {
        let uploader = Uploader::new_opts(self.0.clone(), replacing());
        let report = uploader.folder(from, &lake(to)?).await?.into_result()?;
        Ok(report.transferred as usize)
    }

    async fn download(&self, from: &str, to: &Path) -> Outcome<usize> {
        let downloader = Downloader::new_opts(self.0.clone(), replacing());
        let report = downloader.folder(&lake(from)?, to).await?.into_result()?;
        Ok(report.transferred as usize)
    }
}

/// The null server says that everything is there already.
fn replacing() -> TransferOptions {
    TransferOptions::default().with_overwrite(Overwrite::Always)
}

fn lake(path: &str) -> Outcome<LakePath> {
    Ok(format!("/{path}").parse()?)
}
