//! object_store over Blob storage.

use futures::TryStreamExt;
use object_store::azure::{MicrosoftAzure, MicrosoftAzureBuilder};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, WriteMultipart};

use crate::client::{Client, Outcome};
use crate::workload::PART;

pub struct Blob(MicrosoftAzure);

/// The same against Azurite.
pub struct Azurite(Blob);

/// What the key that every emulator has signed for everything until 2099.
const SIGNED: [(&str, &str); 6] = [
    ("sv", "2019-12-12"),
    ("ss", "b"),
    ("srt", "sco"),
    ("sp", "rwdlac"),
    ("se", "2099-01-01T00:00:00Z"),
    ("sig", "YKAtmJudHaH98kax9IHOYkiCF9veHhGg4TBHNwluLXo="),
];

impl Azurite {
    /// The url whose PUT makes the container.
    pub fn container(port: u16) -> String {
        let signed = SIGNED.map(|(key, value)| format!("{key}={}", value.replace('=', "%3D")));
        let signed = signed.join("&");
        format!("http://127.0.0.1:{port}/devstoreaccount1/files?restype=container&{signed}")
    }
}

fn builder(endpoint: String) -> MicrosoftAzureBuilder {
    MicrosoftAzureBuilder::new()
        .with_container_name("files")
        .with_endpoint(endpoint)
        .with_allow_http(true)
}

impl Client for Azurite {
    fn new(port: u16) -> Outcome<Self> {
        let signed = SIGNED.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let store = builder(format!("http://127.0.0.1:{port}/devstoreaccount1"))
            .with_account("devstoreaccount1")
            .with_sas_authorization(signed)
            .build()?;
        Ok(Self(Blob(store)))
    }

    async fn read(&self, path: &str) -> Outcome<u64> {
        self.0.read(path).await
    }

    async fn write(&self, path: &str, piece: &[u8], times: usize) -> Outcome<()> {
        self.0.write(path, piece, times).await
    }

    async fn put(&self, path: &str, content: &'static [u8]) -> Outcome<()> {
        self.0.put(path, content).await
    }

    async fn get(&self, path: &str) -> Outcome<usize> {
        self.0.get(path).await
    }

    async fn stat(&self, path: &str) -> Outcome<u64> {
        self.0.stat(path).await
    }

    async fn list(&self, path: &str) -> Outcome<usize> {
        self.0.list(path).await
    }
}

impl Client for Blob {
    fn new(port: u16) -> Outcome<Self> {
        let store = builder(format!("http://127.0.0.1:{port}"))
            .with_account("account")
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
