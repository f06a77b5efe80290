//! What jobs leave in the catalog for the jobs after them.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "shared/send.rs"]
mod send;

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use http::StatusCode;
use lake_service::{Authentication, Lake, LakeOptions};
use lake_store::{Ambient, Store, StoreOptions};
use lake_usql::LakeRunner;
use serde_json::{Value, json};

use send::send;

struct World(Lake);

impl World {
    async fn open(root: &Path) -> Self {
        let store = Store::open(root, StoreOptions::default(), Ambient::system()).unwrap();
        let runner = LakeRunner::new(&store).unwrap();
        let options = LakeOptions::default().with_authentication(Authentication::InsecureNone);
        Self(Lake::open(options, store, Arc::new(runner)).await.unwrap())
    }

    async fn send(&self, method: &str, url: &str, body: String) -> (StatusCode, Bytes) {
        send(&self.0, method, url, body).await
    }

    async fn submit(&self, number: u32, script: &str) -> String {
        let job = format!("/jobs/00000000-0000-4000-8000-{number:012}");
        let properties = json!({ "type": "USql", "script": script });
        let body = json!({ "name": "test", "type": "USql", "properties": properties });
        let (status, body) = self.send("PUT", &job, body.to_string()).await;
        assert_eq!(status, StatusCode::OK, "{body:?}");
        job
    }

    /// A job when it has ended.
    async fn ended(&self, job: &str) -> Value {
        loop {
            let (_, body) = self.send("GET", job, String::new()).await;
            let row: Value = serde_json::from_slice(&body).unwrap();
            if row["state"] == "Ended" {
                return row;
            }
            tokio::task::yield_now().await;
        }
    }

    /// Runs a script, which succeeds.
    async fn run(&self, number: u32, script: &str) {
        let job = self.submit(number, script).await;
        let job = self.ended(&job).await;
        assert_eq!(job["result"], "Succeeded", "{job:#}");
    }

    async fn read(&self, path: &str) -> String {
        let url = format!("/webhdfs/v1{path}?op=OPEN");
        let (status, body) = self.send("GET", &url, String::new()).await;
        assert_eq!(status, StatusCode::OK);
        String::from_utf8(body.to_vec()).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_of_one_job_is_there_for_the_next_and_after_a_restart() {
    let root = tempfile::tempdir().unwrap();
    let world = World::open(root.path()).await;
    world
        .run(
            1,
            "CREATE DATABASE Sales; USE DATABASE Sales; CREATE SCHEMA Eu;
             CREATE TYPE Eu.Row AS TABLE (n int, s string);
             CREATE VIEW Eu.Big AS SELECT * FROM (VALUES (1, \"a\"), (20, \"b\"), (30, \"c\")) AS t(n, s) WHERE n > 10;",
        )
        .await;
    world.0.shutdown().await;
    drop(world);
    let world = World::open(root.path()).await;
    world
        .run(
            2,
            "USE DATABASE Sales; USE SCHEMA Eu;
             OUTPUT Big TO \"/big.csv\" ORDER BY n DESC USING Outputters.Csv();
             CREATE VIEW One AS SELECT b.s FROM Big AS b WHERE n == 20;
             OUTPUT One TO \"/one.csv\" USING Outputters.Csv();",
        )
        .await;
    assert_eq!(world.read("/big.csv").await, "30,\"c\"\r\n20,\"b\"\r\n");
    assert_eq!(world.read("/one.csv").await, "\"b\"\r\n");
    world.run(3, "DROP DATABASE Sales;").await;
    let job = world.submit(4, "OUTPUT Sales.Eu.Big TO \"/x\" USING Outputters.Csv();");
    let job = world.ended(&job.await).await;
    assert_eq!(job["result"], "Failed", "{job:#}");
    world.0.shutdown().await;
}

/// Whether the second one is compiled before or after the first has ended, it fails, and for that reason.
#[tokio::test(flavor = "multi_thread")]
async fn of_jobs_that_make_the_same_thing_one_succeeds_and_the_others_leave_no_output() {
    let root = tempfile::tempdir().unwrap();
    let world = World::open(root.path()).await;
    let mut jobs = Vec::new();
    for number in 0..12 {
        let script = format!(
            "CREATE DATABASE Once;
             @r = SELECT n FROM (VALUES ({number})) AS t(n);
             OUTPUT @r TO \"/out/{number}\" USING Outputters.Csv();"
        );
        jobs.push(world.submit(number, &script).await);
    }
    let mut succeeded = 0;
    for (number, job) in jobs.iter().enumerate() {
        let job = world.ended(job).await;
        let url = format!("/webhdfs/v1/out/{number}?op=OPEN");
        let (status, _) = world.send("GET", &url, String::new()).await;
        if job["result"] == "Succeeded" {
            succeeded += 1;
            assert_eq!(status, StatusCode::OK);
        } else {
            assert_eq!(status, StatusCode::NOT_FOUND);
            let said = job.to_string();
            assert!(said.contains("E_CSC_USER_DDLENTITYALREADYEXISTS"), "{said}");
        }
    }
    assert_eq!(succeeded, 1);
    world.0.shutdown().await;
}
