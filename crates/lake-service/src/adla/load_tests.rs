//! Many jobs at a time: how many run, who is next, who is refused, and what is left of those that were cancelled.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use http::{Method, StatusCode};
use lake_store::testing::XorShift;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::options::JobLimits;
use crate::testing::{Reply, TestLake};

const ACCOUNT: &str = "lakeanalytics";

struct World {
    lake: TestLake,
    root: tempfile::TempDir,
}

impl World {
    async fn new(running: usize, queued: usize) -> Self {
        let root = tempfile::tempdir().unwrap();
        let limits = JobLimits::default()
            .with_running(running)
            .with_queued(queued);
        Self {
            lake: TestLake::open_with(root.path(), limits).await,
            root,
        }
    }

    async fn submit(&self, id: u128, script: &str) -> Reply {
        let body = json!({
            "name": "test", "type": "USql",
            "properties": {"type": "USql", "script": script},
        });
        let url = format!("/Jobs/{}", Uuid::from_u128(id));
        self.lake.adla(Method::PUT, &url, body.to_string()).await
    }

    async fn show(&self, id: u128) -> Value {
        let url = format!("/Jobs/{}", Uuid::from_u128(id));
        self.lake.adla(Method::GET, &url, "").await.json()
    }

    async fn cancel(&self, id: u128) {
        let url = format!("/Jobs/{}/CancelJob", Uuid::from_u128(id));
        let reply = self.lake.adla(Method::POST, &url, "").await;
        assert_eq!(reply.status, StatusCode::OK);
    }

    /// Waits until a job is in a state.
    async fn until(&self, id: u128, state: &str) {
        while self.show(id).await["state"] != state {
            tokio::task::yield_now().await;
        }
    }

    async fn settled(&self, id: u128) {
        let jobs = self.lake.lake.jobs();
        jobs.settled(ACCOUNT, Uuid::from_u128(id)).await;
    }

    async fn has(&self, path: &str) -> bool {
        let url = format!("/webhdfs/v1{path}?op=OPEN");
        let reply = self
            .lake
            .gen1(self.lake.user(), Method::GET, &url, "")
            .await;
        reply.status == StatusCode::OK
    }
}

fn count(folder: &Path) -> usize {
    fs::read_dir(folder).unwrap().count()
}

#[tokio::test]
async fn a_full_queue_refuses_jobs_until_one_has_ended_and_knows_those_that_it_has() {
    let world = World::new(1, 2).await;
    for id in 1..=3 {
        let accepted = world.submit(id, "hang").await;
        assert_eq!(accepted.status, StatusCode::OK);
    }
    let refused = world.submit(4, "hang").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.json()["error"]["code"], "TooManyRequests");
    assert_eq!(refused.header("retry-after"), "10");
    let missing = world.show(4).await;
    assert_eq!(missing["error"]["code"], "ResourceNotFound");

    let again = world.submit(2, "hang").await;
    assert_eq!(again.status, StatusCode::OK, "it was accepted before");
    let other = world.submit(2, "another").await;
    assert_eq!(other.status, StatusCode::CONFLICT);

    world.cancel(2).await;
    assert_eq!(world.submit(4, "hang").await.status, StatusCode::OK);
    let full = world.submit(5, "hang").await.status;
    assert_eq!(full, StatusCode::TOO_MANY_REQUESTS);
    world.lake.lake.shutdown().await;
}

#[tokio::test]
async fn jobs_that_were_accepted_go_on_after_a_restart_with_a_shorter_queue() {
    let world = World::new(1, 10).await;
    world.submit(1, "hang").await;
    world.lake.hanging.reached().await;
    for id in 2..=6 {
        world.submit(id, &format!("/{id}")).await;
    }
    world.lake.lake.shutdown().await;
    let World { lake, root } = world;
    drop(lake);
    let limits = JobLimits::default().with_running(1).with_queued(0);
    let lake = TestLake::open_with(root.path(), limits).await;
    let world = World { lake, root };
    for id in 2..=6 {
        world.settled(id).await;
        let job = world.show(id).await;
        assert_eq!(job["result"], "Succeeded", "{job}");
    }
}

#[tokio::test]
async fn jobs_that_wait_hold_no_plan_and_run_in_the_order_of_their_submission() {
    let world = World::new(1, 200).await;
    world.submit(1, "hang").await;
    world.lake.hanging.reached().await;
    for id in 2..=40 {
        world.submit(id, &format!("/{id}")).await;
    }
    for id in 2..=40 {
        world.until(id, "Queued").await;
    }
    // The last one to be queued drops its plan a moment later.
    while world.lake.hanging.plans() > 1 {
        tokio::task::yield_now().await;
    }
    world.lake.hanging.release();
    let mut started = Vec::new();
    for id in 1..=40 {
        world.settled(id).await;
        let job = world.show(id).await;
        assert_eq!(job["result"], "Succeeded");
        started.push(job["startTime"].as_str().unwrap().to_owned());
    }
    assert!(started.is_sorted(), "{started:?}");
    assert_eq!(world.lake.hanging.busiest(), 1);
}

#[tokio::test]
async fn a_job_whose_input_went_away_while_it_waited_fails_as_if_it_had_just_been_compiled() {
    let world = World::new(1, 200).await;
    world.submit(1, "/input hang").await;
    world.lake.hanging.reached().await;
    world.submit(2, "needs:/input /out").await;
    world.until(2, "Queued").await;
    let user = world.lake.user();
    let url = "/webhdfs/v1/input?op=DELETE";
    world.lake.gen1(user, Method::DELETE, url, "").await;
    world.lake.hanging.release();
    world.settled(2).await;
    let job = world.show(2).await;
    assert_eq!(job["result"], "Failed");
    assert_eq!(job["errorMessage"][0]["errorId"], "E_CSC_USER_INVALIDINPUT");
    assert!(!world.has("/out").await);
}

/// What 200 jobs do: run, hang while they compile, hang while they run, and hang without listening.
const SCRIPTS: [&str; 4] = ["/{} stage", "compile-hang /{}", "hang /{}", "deaf /{}"];

/// Submits 200 jobs at once, cancels half of them at moments that a seed decides, and looks at what is left.
async fn cancel_half(seed: u64) {
    let world = World::new(4, 200).await;
    let mut random = XorShift::new(seed);
    let mut below = |bound: usize| random.below(bound as u64) as usize;
    let jobs: Vec<u128> = (1..=200).collect();
    for &id in &jobs {
        let script = SCRIPTS[below(SCRIPTS.len())].replace("{}", &id.to_string());
        assert_eq!(world.submit(id, &script).await.status, StatusCode::OK);
    }
    let mut cancelled = BTreeSet::new();
    while cancelled.len() < 100 {
        match below(3) {
            0 => {
                let id = jobs[below(jobs.len())];
                world.cancel(id).await;
                cancelled.insert(id);
            }
            1 => world.lake.hanging.release(),
            _ => {
                for _ in 0..below(50) {
                    tokio::task::yield_now().await;
                }
            }
        }
    }
    // Each hangs twice at most: when it is compiled, and once more if it had to wait.
    for _ in 0..2 * jobs.len() {
        world.lake.hanging.release();
    }
    for &id in &jobs {
        world.settled(id).await;
        let job = world.show(id).await;
        assert_eq!(job["state"], "Ended", "{job}");
        let succeeded = job["result"] == "Succeeded";
        assert!(
            succeeded || (job["result"] == "Cancelled" && cancelled.contains(&id)),
            "{job}"
        );
        assert_eq!(world.has(&format!("/{id}")).await, succeeded, "{job}");
    }
    nothing_is_left(world).await;
}

async fn nothing_is_left(world: World) {
    let jobs = world.lake.lake.jobs();
    assert_eq!(jobs.on_their_way(), 0);
    assert_eq!(jobs.free_places(), 204);
    assert!(world.lake.hanging.busiest() <= 4);
    assert_eq!(world.lake.hanging.plans(), 0);
    let lake = world.root.path().join(".lake");
    assert_eq!(
        (count(&lake.join("spool")), count(&lake.join("spill"))),
        (0, 0)
    );
    assert_eq!(world.lake.lake.store().verify().unwrap(), []);
    // A task that has done its work is counted until the runtime has looked at it again.
    let mut looks = 0;
    while world.lake.lake.tasks().running() > 0 {
        looks += 1;
        assert!(looks < 1_000_000, "tasks go on");
        tokio::task::yield_now().await;
    }
    world.lake.lake.shutdown().await;
}

#[tokio::test]
async fn of_two_hundred_jobs_half_are_cancelled_at_any_moment_and_nothing_is_left_behind() {
    for seed in 1..=3 {
        cancel_half(seed).await;
    }
}
