//! reqwest as adls-fs sets it up, and nothing around it: urls by hand, one token, answers unread
//! but for their bytes.

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;

use crate::client::{Client, Outcome};
use crate::workload::{PART, SMALL};

pub struct Bare {
    client: reqwest::Client,
    base: String,
}

impl Bare {
    fn url(&self, path: &str, query: &str) -> String {
        let path = path.replace(' ', "%20");
        format!("{}/{path}?api-version=2018-09-01&{query}", self.base)
    }
}

impl Client for Bare {
    fn new(port: u16) -> Outcome<Self> {
        let token = HeaderValue::try_from(format!("Bearer {}", super::token()))?;
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(Duration::from_secs(10))
            .read_timeout(Duration::from_secs(60))
            .default_headers(HeaderMap::from_iter([(AUTHORIZATION, token)]))
            .build()?;
        let base = format!("http://127.0.0.1:{port}/webhdfs/v1");
        Ok(Self { client, base })
    }

    async fn read(&self, path: &str) -> Outcome<u64> {
        let url = self.url(path, "op=OPEN&read=true");
        let mut response = self.client.get(url).send().await?.error_for_status()?;
        let mut length = 0;
        while let Some(piece) = response.chunk().await? {
            length += piece.len() as u64;
        }
        Ok(length)
    }

    async fn write(&self, path: &str, piece: &[u8], times: usize) -> Outcome<()> {
        let part = bytes::Bytes::from(piece.repeat(PART / piece.len()));
        let times = times * piece.len() / PART;
        let url = self.url(path, "op=CREATE&write=true&overwrite=true");
        self.client
            .put(url)
            .body(part.clone())
            .send()
            .await?
            .error_for_status()?;
        for _ in 1..times {
            let url = self.url(path, "op=APPEND&append=true&syncFlag=DATA");
            self.client
                .post(url)
                .body(part.clone())
                .send()
                .await?
                .error_for_status()?;
        }
        Ok(())
    }

    async fn put(&self, path: &str, content: &'static [u8]) -> Outcome<()> {
        let url = self.url(path, "op=CREATE&write=true&overwrite=true&syncFlag=CLOSE");
        let response = self
            .client
            .put(url)
            .body(content)
            .send()
            .await?
            .error_for_status()?;
        response.bytes().await?;
        Ok(())
    }

    async fn get(&self, path: &str) -> Outcome<usize> {
        let url = self.url(path, "op=OPEN&read=true");
        let response = self.client.get(url).send().await?.error_for_status()?;
        Ok(response.bytes().await?.len())
    }

    async fn stat(&self, path: &str) -> Outcome<u64> {
        let url = self.url(path, "op=GETFILESTATUS");
        let response = self.client.get(url).send().await?.error_for_status()?;
        response.bytes().await?;
        Ok(SMALL)
    }

    async fn list(&self, _: &str) -> Outcome<usize> {
        Err("bytes are no entries".into())
    }
}
