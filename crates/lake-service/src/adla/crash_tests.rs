//! The process dies at any step that a job takes on the disk: nothing is lost, nothing runs twice,
//! and a job whose output is there has succeeded.

use std::path::Path;

use http::{Method, StatusCode};
use lake_store::testing::{Fault, FaultyDisk};
use lake_store::{Ambient, Severity, verify};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::testing::{Reply, TestLake};

/// Every third step keeps the test short; 1 goes through all of them, about 300.
const STRIDE: u64 = 3;

const ID: Uuid = Uuid::from_u128(1);

async fn submit(lake: &TestLake) -> Reply {
    let properties = json!({"type": "USql", "script": "/out.txt stage"});
    let body = json!({"name": "n", "type": "USql", "properties": properties});
    lake.adla(Method::PUT, &format!("/jobs/{ID}"), body.to_string())
        .await
}

async fn settled(lake: &TestLake) -> Value {
    lake.lake.jobs().settled("lakeanalytics", ID).await;
    lake.adla(Method::GET, &format!("/jobs/{ID}"), "")
        .await
        .json()
}

/// Runs the job on a disk that dies at `step`; says whether it came so far, and what the client was told.
async fn run_until(root: &Path, step: u64) -> (bool, Option<Reply>) {
    let disk = FaultyDisk::new(step, Fault::Crash);
    let ambient = Ambient::system().with_disk(std::sync::Arc::new(disk.clone()));
    let mut told = None;
    if let Ok(lake) = TestLake::try_open(root, ambient).await {
        told = Some(submit(&lake).await);
        lake.lake.jobs().settled("lakeanalytics", ID).await;
        lake.lake.shutdown().await;
    }
    (disk.has_failed(), told)
}

/// What a client sees after the restart, whatever happened before it.
async fn check_after(root: &Path, step: u64, told: Option<Reply>) {
    let found = verify(root, Ambient::system()).unwrap().into_iter();
    let damage = found.filter(|finding| finding.problem.severity() == Severity::Damage);
    assert_eq!(damage.collect::<Vec<_>>(), [], "step {step}");
    let lake = TestLake::open(root).await;
    let kept = lake.adla(Method::GET, &format!("/jobs/{ID}"), "").await;
    if told.is_some_and(|reply| reply.status == StatusCode::OK) {
        assert_eq!(
            kept.status,
            StatusCode::OK,
            "step {step}: an accepted job is lost"
        );
    }
    // The client repeats its submission, because it lost the reply or to be sure.
    let again = submit(&lake).await;
    assert_eq!(
        again.status,
        StatusCode::OK,
        "step {step}: {}",
        again.text()
    );
    let job = settled(&lake).await;
    assert_eq!(job["state"], "Ended", "step {step}");
    let states: Vec<&str> = job["stateAuditRecords"]
        .as_array()
        .unwrap()
        .iter()
        .map(|record| record["newState"].as_str().unwrap())
        .collect();
    let times = |state| states.iter().filter(|found| **found == state).count();
    assert!(
        times("Running") <= 1,
        "step {step}: it ran twice: {states:?}"
    );
    assert_eq!(
        (times("New"), times("Ended")),
        (1, 1),
        "step {step}: {states:?}"
    );

    let url = "/webhdfs/v1/out.txt?op=OPEN";
    let output = lake.gen1(lake.user(), Method::GET, url, "").await;
    match job["result"].as_str().unwrap() {
        "Succeeded" => assert_eq!(output.text(), "done", "step {step}"),
        "Failed" => {
            let code = &job["errorMessage"][0]["errorId"];
            let excused = code == "E_RUNTIME_SYSTEM_JOBINTERRUPTED"
                || code == "VertexFailedFast"
                || code == "E_RUNTIME_SYSTEM_INTERNALISSUE";
            assert!(excused, "step {step}: {job}");
            let nothing = output.status == StatusCode::NOT_FOUND;
            assert!(nothing, "step {step}: failed with an output: {output:?}");
        }
        other => panic!("step {step}: {other}"),
    }
    lake.lake.shutdown().await;
    drop(lake);
    assert_eq!(verify(root, Ambient::system()).unwrap(), [], "step {step}");
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

#[tokio::test]
async fn a_crash_at_any_step_leaves_a_job_that_ends_and_ran_at_most_once() {
    let prepared = tempfile::tempdir().unwrap();
    let lake = TestLake::open(prepared.path()).await;
    lake.lake.shutdown().await;
    drop(lake);
    let mut step = 0;
    loop {
        let root = tempfile::tempdir().unwrap();
        copy(prepared.path(), root.path());
        let (failed, told) = run_until(root.path(), step).await;
        check_after(root.path(), step, told).await;
        if !failed {
            break;
        }
        step += STRIDE;
    }
    assert!(
        step > 100,
        "only {step} steps: the job did not go through the disk"
    );
}
