//! The WebHDFS dialect, through the wire.

mod access;
mod acls;
mod anything;
mod callers;
mod expiry;
mod hadoop;
mod hostile;
mod lease;
mod names;
mod reading;
mod refusals;
mod trash;
mod writing;

use std::sync::Arc;

use http::Method;
use lake_store::Ambient;
use lake_store::testing::{self, ManualClock};
use serde_json::Value;

use crate::body::Body;
use crate::testing::{Reply, TestLake};

struct World {
    lake: TestLake,
    root: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        Self::of(Ambient::system()).await
    }

    /// One where time passes only when a test says so.
    async fn timeless() -> (Self, Arc<ManualClock>) {
        let (ambient, clock) = testing::ambient(1);
        (Self::of(ambient).await, clock)
    }

    async fn of(ambient: Ambient) -> Self {
        let root = tempfile::tempdir().unwrap();
        Self {
            lake: TestLake::try_open(root.path(), ambient).await.unwrap(),
            root,
        }
    }

    /// The names that the host has in a directory of the account.
    fn host_names(&self, path: &str) -> Vec<String> {
        let folder = self.root.path().join("lakestore").join(path);
        let mut names: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    async fn ask(&self, method: Method, path: &str, body: impl Into<Body>) -> Reply {
        let url = format!("/webhdfs/v1{path}");
        self.lake.gen1(self.lake.user(), method, &url, body).await
    }

    async fn get(&self, path: &str) -> Reply {
        self.ask(Method::GET, path, "").await
    }

    async fn put(&self, path: &str, body: &'static str) -> Reply {
        self.ask(Method::PUT, path, body).await
    }

    async fn append(&self, path: &str, body: &'static str) -> Reply {
        self.ask(Method::POST, path, body).await
    }

    async fn delete(&self, path: &str) -> Reply {
        self.ask(Method::DELETE, path, "").await
    }

    /// A request of an operation that Hadoop does not have.
    async fn extension(&self, method: Method, path: &str, body: &'static str) -> Reply {
        let url = format!("/WebHdfsExt{path}");
        self.lake.gen1(self.lake.user(), method, &url, body).await
    }

    async fn length(&self, path: &str) -> Value {
        self.get(&format!("{path}?op=GETFILESTATUS")).await.json()["FileStatus"]["length"].clone()
    }

    async fn names(&self, path: &str) -> Vec<String> {
        let page = self.get(path).await.json();
        let entries = page["FileStatuses"]["FileStatus"].as_array().unwrap();
        entries
            .iter()
            .map(|entry| entry["pathSuffix"].as_str().unwrap().to_owned())
            .collect()
    }
}
