//! Two hundred jobs at once on real threads, half of them cancelled: what is left of them in the process and on the
//! disk. One test, because it counts what the process holds.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "shared/send.rs"]
mod send;

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use http::StatusCode;
use lake_service::{Authentication, JobLimits, Lake, LakeOptions};
use lake_store::testing::XorShift;
use lake_store::{Ambient, Store, StoreOptions, verify};
use lake_usql::LakeRunner;
use serde_json::{Value, json};
use uuid::Uuid;

use send::send;

/// So little that the sorts of each job spill.
const MEMORY: usize = 1 << 20;

const JOBS: u128 = 200;

/// Reads, sorts, and writes two files.
const SCRIPT: &str = r#"
    @rows = EXTRACT n int, s string FROM "/in.csv" USING Extractors.Csv();
    @some = SELECT n, s FROM @rows WHERE n % 7 == 0;
    OUTPUT @rows TO "/out/ID/sorted.csv" ORDER BY s USING Outputters.Csv();
    OUTPUT @some TO "/out/ID/some.csv" USING Outputters.Csv();"#;

struct Client(Lake);

impl Client {
    async fn send(&self, method: &str, url: &str, body: impl Into<Bytes>) -> (StatusCode, Bytes) {
        send(&self.0, method, url, body).await
    }

    async fn submit(&self, id: u128) {
        let id = Uuid::from_u128(id);
        let script = SCRIPT.replace("ID", &id.to_string());
        let properties = json!({ "type": "USql", "script": script });
        let body = json!({ "name": "test", "type": "USql", "properties": properties });
        let (status, body) = self
            .send("PUT", &format!("/jobs/{id}"), body.to_string())
            .await;
        assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&body));
    }

    async fn show(&self, id: u128) -> Value {
        let (_, body) = self
            .send("GET", &format!("/jobs/{}", Uuid::from_u128(id)), "")
            .await;
        serde_json::from_slice(&body).unwrap()
    }

    async fn cancel(&self, id: u128) {
        let url = format!("/jobs/{}/CancelJob", Uuid::from_u128(id));
        assert_eq!(self.send("POST", &url, "").await.0, StatusCode::OK);
    }

    async fn read(&self, path: &str) -> Option<Bytes> {
        let (status, body) = self
            .send("GET", &format!("/webhdfs/v1{path}?op=OPEN"), "")
            .await;
        (status == StatusCode::OK).then_some(body)
    }
}

async fn open(root: &Path) -> (Lake, Arc<LakeRunner>) {
    let store = Store::open(root, StoreOptions::default(), Ambient::system()).unwrap();
    let engine = LakeRunner::engine_options(&store)
        .with_parallelism(2)
        .with_memory_limit(MEMORY);
    let runner = Arc::new(LakeRunner::with_options(engine).unwrap());
    let options = LakeOptions::default()
        .with_authentication(Authentication::InsecureNone)
        .with_jobs(JobLimits::default().with_running(4));
    let lake = Lake::open(options, store, runner.clone()).await.unwrap();
    (lake, runner)
}

/// Open files of this process, where the system tells.
fn handles() -> usize {
    std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}

fn count(folder: &Path) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

/// Cancels whichever job a seed chooses, when it has come as far as a seed chooses, or has ended before that.
async fn cancel_half(client: &Client, seed: u64) -> Vec<u128> {
    let mut random = XorShift::new(seed);
    let mut jobs: Vec<u128> = (1..=JOBS).collect();
    let mut chosen = Vec::new();
    for _ in 0..JOBS / 2 {
        let index = random.below(jobs.len() as u64) as usize;
        chosen.push((jobs.swap_remove(index), random.below(4)));
    }
    let cancels = chosen.iter().map(async |&(id, moment)| {
        loop {
            let job = client.show(id).await;
            let state = job["state"].as_str().unwrap();
            let reached = match moment {
                0 => true,
                1 => state != "Compiling",
                2 => matches!(state, "Starting" | "Running" | "Ended"),
                _ => matches!(state, "Running" | "Ended"),
            };
            if reached {
                break;
            }
            tokio::task::yield_now().await;
        }
        client.cancel(id).await;
    });
    futures::future::join_all(cancels).await;
    chosen.into_iter().map(|(id, _)| id).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_jobs_of_which_half_are_cancelled_leave_nothing_behind() {
    let mut input = String::new();
    for n in 0..8_000 {
        let key = n * 7919 % 8_000;
        writeln!(input, "{key},\"a text that takes some room, number {key}\"").unwrap();
    }
    let root = tempfile::tempdir().unwrap();
    let before = handles();
    let (lake, runner) = open(root.path()).await;
    let client = Client(lake.clone());
    let url = "/webhdfs/v1/in.csv?op=CREATE&write=true";
    assert_eq!(client.send("PUT", url, input).await.0, StatusCode::CREATED);

    let submissions = (1..=JOBS).map(|id| client.submit(id));
    futures::future::join_all(submissions).await;
    let cancelled = cancel_half(&client, 11).await;
    let (mut succeeded, mut stopped, mut expected) = (0, 0, None);
    for id in 1..=JOBS {
        let job = loop {
            let job = client.show(id).await;
            if job["state"] == "Ended" {
                break job;
            }
            tokio::task::yield_now().await;
        };
        let folder = format!("/out/{}", Uuid::from_u128(id));
        let sorted = client.read(&format!("{folder}/sorted.csv")).await;
        let some = client.read(&format!("{folder}/some.csv")).await;
        if job["result"] == "Succeeded" {
            let outputs = (sorted.unwrap(), some.unwrap());
            assert!(*expected.get_or_insert(outputs.clone()) == outputs, "{job}");
            succeeded += 1;
        } else {
            assert_eq!(job["result"], "Cancelled", "{job}");
            assert!(cancelled.contains(&id), "{job}");
            assert_eq!((sorted, some), (None, None), "{job}");
            stopped += 1;
        }
    }
    assert!(
        succeeded >= 100 && stopped > 20,
        "{succeeded} and {stopped}"
    );

    drop(client);
    lake.shutdown().await;
    let memory = runner.engine().memory();
    assert_eq!(memory.held, 0);
    assert!(memory.peak > 0 && memory.peak <= 4 * MEMORY, "{memory:?}");
    let mut looks = 0;
    while runner.engine().tasks() > 0 {
        looks += 1;
        assert!(
            looks < 10_000_000,
            "{} tasks go on",
            runner.engine().tasks()
        );
        tokio::task::yield_now().await;
    }
    drop((lake, runner));
    let own = root.path().join(".lake");
    assert_eq!(
        (count(&own.join("spill")), count(&own.join("spool"))),
        (0, 0)
    );
    assert_eq!(verify(root.path(), Ambient::system()).unwrap(), []);
    // The engine's threads close what they hold when they end, and nobody waits for them.
    let mut looks = 0;
    while handles() > before {
        looks += 1;
        assert!(looks < 100_000, "{} handles, {before} before", handles());
        tokio::task::yield_now().await;
    }
}
