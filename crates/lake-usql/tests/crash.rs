//! The process dies at any step that a real job takes on the disk, from its submission over the reading of its input
//! and the writing of its two outputs to its end: both outputs are there or none, as the job says, and nothing else. The
//! catalog has changed if they are there, and not otherwise.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "shared/send.rs"]
mod send;

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use http::StatusCode;
use lake_service::{Authentication, Lake, LakeOptions};
use lake_store::testing::{Fault, FaultyDisk};
use lake_store::{Ambient, Severity, Store, StoreOptions, verify};
use lake_usql::LakeRunner;
use serde_json::{Value, json};

use send::send;

/// 1 goes through every step, about 350; this keeps the test short and meets every kind of step over the faults.
const STRIDE: u64 = 5;

const JOB: &str = "/jobs/00000000-0000-4000-8000-000000000001";

const SCRIPT: &str = r#"
    @rows = EXTRACT n int, s string FROM "/in.csv" USING Extractors.Csv();
    OUTPUT @rows TO "/out/first.csv" ORDER BY n USING Outputters.Csv();
    OUTPUT @rows TO "/out/second.csv" ORDER BY n DESC USING Outputters.Csv();
    CREATE DATABASE D;
    CREATE VIEW D.dbo.V AS EXTRACT n int, s string FROM "/in.csv" USING Extractors.Csv();"#;

struct World(Lake, Store);

impl World {
    async fn open(root: &Path, ambient: Ambient) -> Option<Self> {
        let store = Store::open(root, StoreOptions::default(), ambient).ok()?;
        // So little memory that the sorts spill.
        let engine = LakeRunner::engine_options(&store)
            .with_parallelism(1)
            .with_memory_limit(256 << 10);
        let runner = LakeRunner::with_options(engine).ok()?;
        let options = LakeOptions::default().with_authentication(Authentication::InsecureNone);
        let lake = Lake::open(options, store.clone(), Arc::new(runner)).await;
        Some(Self(lake.ok()?, store))
    }

    async fn send(&self, method: &str, url: &str, body: impl Into<Bytes>) -> (StatusCode, Bytes) {
        send(&self.0, method, url, body).await
    }

    async fn submit(&self) -> StatusCode {
        let properties = json!({ "type": "USql", "script": SCRIPT });
        let body = json!({ "name": "test", "type": "USql", "properties": properties });
        self.send("PUT", JOB, body.to_string()).await.0
    }

    /// The job when it has ended; none if it does not get there because the disk is gone.
    async fn ended(&self, disk: Option<&FaultyDisk>) -> Option<Value> {
        loop {
            let (status, body) = self.send("GET", JOB, "").await;
            if status == StatusCode::OK {
                let job: Value = serde_json::from_slice(&body).unwrap();
                if job["state"] == "Ended" {
                    return Some(job);
                }
            }
            if disk.is_some_and(FaultyDisk::has_failed) {
                return None;
            }
            tokio::task::yield_now().await;
        }
    }

    /// What is in the catalog.
    fn items(&self) -> Vec<String> {
        let account = self.0.endpoints("http://localhost", "http://localhost");
        let catalog = self.1.catalog(&account.analytics_account).unwrap();
        let rows = catalog.snapshot().unwrap().rows().unwrap();
        rows.iter().map(|(name, _)| name.to_string()).collect()
    }

    async fn read(&self, path: &str) -> Option<Bytes> {
        let (status, body) = self
            .send("GET", &format!("/webhdfs/v1{path}?op=OPEN"), "")
            .await;
        (status == StatusCode::OK).then_some(body)
    }
}

/// Runs the job on a disk that dies at `step`; says whether it came so far, and whether the job was accepted.
async fn run_until(root: &Path, step: u64, fault: Fault) -> (bool, bool) {
    let disk = FaultyDisk::new(step, fault);
    let ambient = Ambient::system().with_disk(Arc::new(disk.clone()));
    let mut accepted = false;
    if let Some(world) = World::open(root, ambient).await {
        accepted = world.submit().await == StatusCode::OK;
        world.ended(Some(&disk)).await;
        world.0.shutdown().await;
    }
    (disk.has_failed(), accepted)
}

async fn check_after(root: &Path, accepted: bool, place: &str) {
    let found = verify(root, Ambient::system()).unwrap();
    let damage = found
        .iter()
        .find(|finding| finding.problem.severity() == Severity::Damage);
    assert_eq!(damage, None, "{place}");

    let world = World::open(root, Ambient::system()).await.unwrap();
    if accepted {
        let known = world.send("GET", JOB, "").await.0;
        assert_eq!(known, StatusCode::OK, "{place}: an accepted job is lost");
    }
    // The client repeats its submission, because it lost the reply or to be sure.
    assert_eq!(world.submit().await, StatusCode::OK, "{place}");
    let job = world.ended(None).await.unwrap();
    let first = world.read("/out/first.csv").await;
    let second = world.read("/out/second.csv").await;
    let items = world.items();
    match job["result"].as_str().unwrap() {
        "Succeeded" => {
            assert_eq!(first.unwrap().len(), second.unwrap().len(), "{place}");
            assert_eq!(items, ["D", "D.dbo.V"], "{place}");
        }
        "Failed" => {
            assert_eq!((first, second), (None, None), "{place}: {job}");
            assert_eq!(items, [""; 0], "{place}");
        }
        other => panic!("{place}: {other}"),
    }
    world.0.shutdown().await;
    drop(world);
    assert_eq!(verify(root, Ambient::system()).unwrap(), [], "{place}");
    let spill = root.join(".lake/spill");
    assert_eq!(std::fs::read_dir(spill).unwrap().count(), 0, "{place}");
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).unwrap()),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_step_of_a_job_the_process_dies_at_both_outputs_are_there_or_none() {
    let prepared = tempfile::tempdir().unwrap();
    let world = World::open(prepared.path(), Ambient::system())
        .await
        .unwrap();
    let mut input = String::new();
    for n in 0..3_000 {
        writeln!(input, "{},\"a row that is sorted\"", n * 7919 % 3_000).unwrap();
    }
    let url = "/webhdfs/v1/in.csv?op=CREATE&write=true";
    assert_eq!(world.send("PUT", url, input).await.0, StatusCode::CREATED);
    world.0.shutdown().await;
    drop(world);
    for (offset, fault) in [Fault::Crash, Fault::CrashAfter].into_iter().enumerate() {
        let mut step = offset as u64 * 2;
        loop {
            let root = tempfile::tempdir().unwrap();
            copy(prepared.path(), root.path());
            let (failed, accepted) = run_until(root.path(), step, fault).await;
            check_after(root.path(), accepted, &format!("{fault:?} at step {step}")).await;
            if !failed {
                break;
            }
            step += STRIDE;
        }
        assert!(
            step > 150,
            "only {step} steps: the job did not go through the disk"
        );
    }
}
