//! object_store over Blob storage.

use futures::TryStreamExt;
use object_store::azure::{MicrosoftAzure, MicrosoftAzureBuilder};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, WriteMultipart};

use crate::client::{Client, Outcome};
use crate::workload::PART;

pub struct Blob(MicrosoftAzure);

impl Client for Blob {
    fn new(port: u16) -> Outcome<Self> {
        let store = MicrosoftAzureBuilder::new()
            .with_account("account")
            .with_container_name("fs")
            .with_endpoint(format!("http://127.0.0.1:{port}"))
            .with_allow_http(true)
            .with_bearer_token_authorization(super::token())
            .build()?;
        Ok(Self(store))
    }

    async fn read(&self, path: &str) -> Outcome<u64> {
        let mut pieces = self.0.get(&Path::from(path)).await?.into_stream();
        let mut length = 0;
        while let Some(piece) = pieces.try_next().await? {
            length += piece.len() as u64;
        }
        Ok(length)
    }

    async fn write(&self, path: &str, piece: &[u8], times: usize) -> Outcome<()> {
        let upload = self.0.put_multipart(&Path::from(path)).await?;
        let mut writer = WriteMultipart::new_with_chunk_size(upload, PART);
        for _ in 0..times {
            // One request at a time, while the next is filled.
            writer.wait_for_capacity(1).await?;
            writer.write(piece);
        }
        writer.finish().await?;
        Ok(())
    }

    async fn put(&self, path: &str, content: &'static [u8]) -> Outcome<()> {
        self.0.put(&Path::from(path), content.into()).await?;
        Ok(())
    }

    async fn get(&self, path: &str) -> Outcome<usize> {
        Ok(self.0.get(&Path::from(path)).await?.bytes().await?.len())
    }

    async fn stat(&self, path: &str) -> Outcome<u64> {
        Ok(self.0.head(&Path::from(path)).await?.size)
    }

    async fn list(&self, path: &str) -> Outcome<usize> {
        let entries = self.0.list(Some(&Path::from(path)));
        Ok(entries.try_fold(0, async |sum, _| Ok(sum + 1)).await?)
    }
}
