//! The main job, and what a careful reader of its answers sees.

use adla_jobs::{JobResult, JobState, Submission};
use conformance::World;
use futures::TryStreamExt as _;

const HELLO: &str = include_str!("../../../fixtures/scripts/hello_world.usql");

#[tokio::test]
async fn hello_world_passes_every_state_and_writes_one_quoted_line() {
    let world = World::start().await;
    let job = world
        .jobs
        .submit(&Submission::new("hello", HELLO))
        .await
        .unwrap();
    let states: Vec<_> = world
        .jobs
        .states(job.id)
        .map_ok(|change| change.state)
        .try_collect()
        .await
        .unwrap();
    use JobState::{Compiling, Ended, New, Queued, Running, Scheduling, Starting};
    assert_eq!(
        states,
        [New, Compiling, Queued, Scheduling, Starting, Running, Ended]
    );
    let job = world.jobs.get(job.id).await.unwrap();
    assert_eq!(job.result(), Some(&JobResult::Succeeded));
    assert_eq!(
        world.read("/Samples/Output/HelloWorld.csv").await.unwrap(),
        b"\"Hello, World!\"\r\n"
    );
    // The same bytes lie in the folder, for a person to open.
    let on_disk = world.root().join("lakestore/Samples/Output/HelloWorld.csv");
    assert_eq!(std::fs::read(on_disk).unwrap(), b"\"Hello, World!\"\r\n");
}

#[tokio::test]
async fn the_job_folder_keeps_the_script() {
    let world = World::start().await;
    let job = world.run(HELLO).await;
    World::succeeded(&job);
    let mut resources = job.properties.resources.iter();
    let script = resources
        .find(|resource| resource.name == "Script.usql")
        .unwrap();
    let folder = format!("/{}/Script.usql", job.id);
    assert!(
        script.resource_path.ends_with(&folder),
        "{}",
        script.resource_path
    );
    let inside = script
        .resource_path
        .find("/system/jobservice/jobs/Usql/")
        .unwrap();
    let path = &script.resource_path[inside..];
    assert_eq!(world.read(path).await.unwrap(), HELLO.as_bytes());
}

#[tokio::test]
async fn submitting_the_same_job_again_does_not_run_it_again() {
    let world = World::start().await;
    let submission = Submission::new("hello", HELLO)
        .with_id("5b1c1b36-1a5c-4b7e-9d3e-000000000001".parse().unwrap());
    let first = world.jobs.submit(&submission).await.unwrap();
    world.jobs.wait(first.id).await.unwrap();
    let again = world.jobs.submit(&submission).await.unwrap();
    assert_eq!(again.id, first.id);
    let listed: Vec<_> = world.jobs.list().try_collect().await.unwrap();
    assert_eq!(listed.len(), 1);
}
