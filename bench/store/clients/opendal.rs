//! OpenDAL: its services for Gen2 and for WebHDFS.

use futures::TryStreamExt;
use opendal::{Operator, services};

use crate::client::{Client, Outcome};
use crate::workload::PART;

pub struct Azdls(Operator);

pub struct Webhdfs(Operator);

impl Client for Azdls {
    fn new(port: u16) -> Outcome<Self> {
        opendal::install_default();
        let service = services::Azdls::default()
            .endpoint(&format!("http://127.0.0.1:{port}"))
            .filesystem("fs")
            // The cheapest credential that it has: it goes into the url as it is.
            .sas_token("sv=2022-11-02&ss=b&srt=sco&sp=rwdlac&sig=c2lnbmF0dXJl");
        Ok(Self(Operator::new(service)?))
    }

    async fn read(&self, path: &str) -> Outcome<u64> {
        read(&self.0, path).await
    }

    async fn write(&self, path: &str, piece: &[u8], times: usize) -> Outcome<()> {
        let mut writer = self.0.writer_with(path).chunk(PART).await?;
        for _ in 0..times {
            writer.write(piece.to_vec()).await?;
        }
        writer.close().await?;
        Ok(())
    }

    async fn put(&self, path: &str, content: &'static [u8]) -> Outcome<()> {
        self.0.write(path, content).await?;
        Ok(())
    }

    async fn get(&self, path: &str) -> Outcome<usize> {
        Ok(self.0.read(path).await?.len())
    }

    async fn stat(&self, path: &str) -> Outcome<u64> {
        Ok(self.0.stat(path).await?.content_length())
    }

    async fn list(&self, path: &str) -> Outcome<usize> {
        list(&self.0, path).await
    }
}

impl Client for Webhdfs {
    fn new(port: u16) -> Outcome<Self> {
        opendal::install_default();
        let endpoint = format!("http://127.0.0.1:{port}");
        let service = services::Webhdfs::default().endpoint(&endpoint);
        Ok(Self(Operator::new(service)?))
    }

    async fn read(&self, path: &str) -> Outcome<u64> {
        read(&self.0, path).await
    }

    async fn write(&self, _: &str, _: &[u8], _: usize) -> Outcome<()> {
        Err("it needs a server that concatenates".into())
    }

    async fn put(&self, path: &str, content: &'static [u8]) -> Outcome<()> {
        self.0.write(path, content).await?;
        Ok(())
    }

    async fn get(&self, path: &str) -> Outcome<usize> {
        Ok(self.0.read(path).await?.len())
    }

    async fn stat(&self, path: &str) -> Outcome<u64> {
        Ok(self.0.stat(path).await?.content_length())
    }

    async fn list(&self, path: &str) -> Outcome<usize> {
        list(&self.0, path).await
    }
}

async fn read(operator: &Operator, path: &str) -> Outcome<u64> {
    let mut pieces = operator.reader(path).await?.into_bytes_stream(..).await?;
    let mut length = 0;
    while let Some(piece) = pieces.try_next().await? {
        length += piece.len() as u64;
    }
    Ok(length)
}

async fn list(operator: &Operator, path: &str) -> Outcome<usize> {
    let entries = operator.lister(&format!("{path}/")).await?;
    let files = entries.try_filter(|entry| std::future::ready(entry.metadata().is_file()));
    Ok(files.try_fold(0, async |sum, _| Ok(sum + 1)).await?)
}
