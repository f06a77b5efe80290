//! A job is followed through every state, however rarely one looks.

use std::pin::pin;
use std::time::Duration;

use aad_core::polling::PollPolicy;
use adla_jobs::{ErrorKind, JobResult, JobState, Result, StateChange, Submission};
use futures::executor::block_on;
use futures::{StreamExt, TryStreamExt};
use serde_json::{Value, json};
use testkit::context::{World, json as answer};
use uuid::Uuid;

use crate::fake::{Cut, WAY, fresh, scripted};

fn names(changes: &[StateChange]) -> Vec<&str> {
    changes.iter().map(|change| change.state.as_str()).collect()
}

#[test]
fn no_state_is_missed_however_fast_a_job_is() {
    for pace in 1..=WAY.len() {
        let (_, client, service) = fresh();
        let job = block_on(client.submit(&Submission::new("n", "s"))).unwrap();
        service.pace(pace);
        let changes: Result<Vec<_>> = block_on(client.states(job.id).try_collect());
        let changes = changes.unwrap();
        assert_eq!(names(&changes), WAY, "{pace}");
        assert!(changes.is_sorted_by_key(|change| change.at), "{pace}");
        // One look a state at most, and none after the end.
        assert!(
            service.log().len() <= 1 + WAY.len().div_ceil(pace),
            "{pace}"
        );
    }
}

#[test]
fn a_lost_look_is_made_again() {
    for n in 1..6 {
        let (_, client, service) = fresh();
        let job = block_on(client.submit(&Submission::new("n", "s"))).unwrap();
        service.pace(1);
        service.cut(n, Cut::Reply);
        let changes: Result<Vec<_>> = block_on(client.states(job.id).try_collect());
        assert_eq!(names(&changes.unwrap()), WAY);
    }
}

/// Follows a job whose looks show these states and records.
fn follow(looks: Vec<(&str, Vec<&str>)>) -> (World, Result<Vec<StateChange>>) {
    let (world, client) = scripted();
    for (state, records) in looks {
        let records = records.iter().map(|name| json!({ "newState": name }));
        let records: Vec<Value> = records.collect();
        let job = json!({
            "jobId": Uuid::nil(), "state": state, "result": "Succeeded",
            "stateAuditRecords": records,
        });
        world.transport.push(answer(200, &job.to_string()));
    }
    let changes = block_on(client.states(Uuid::nil()).try_collect());
    assert_eq!(world.transport.unused(), 0, "it stopped too early");
    (world, changes)
}

#[test]
fn a_state_that_comes_back_is_told_again() {
    let way = [
        "New", "Queued", "Running", "Paused", "Queued", "Running", "Ended",
    ];
    let looks = vec![
        ("Running", way[..3].to_vec()),
        ("Running", way[..6].to_vec()),
        ("Ended", way.to_vec()),
    ];
    assert_eq!(names(&follow(looks).1.unwrap()), way);
}

#[test]
fn a_state_ahead_of_the_records_waits_for_them() {
    let looks = vec![
        ("Compiling", vec!["New"]),
        ("Compiling", vec!["New", "Compiling"]),
        // An answer from a replica that lags.
        ("Compiling", vec!["New"]),
        ("Ended", vec!["New", "Compiling"]),
    ];
    let changes = follow(looks).1.unwrap();
    assert_eq!(names(&changes), ["New", "Compiling", "Ended"]);
}

#[test]
fn a_service_without_records_is_followed_by_its_state() {
    let looks = vec![
        ("Compiling", vec![]),
        ("Compiling", vec![]),
        ("Finalizing", vec![]),
        ("Ended", vec![]),
    ];
    let changes = follow(looks).1.unwrap();
    assert_eq!(names(&changes), ["Compiling", "Finalizing", "Ended"]);
}

#[test]
fn waiting_ends_with_the_job_and_not_with_its_result() {
    let (world, client) = scripted();
    for (state, result) in [
        ("Compiling", "Succeeded"),
        ("Running", "Failed"),
        ("Ended", "Failed"),
    ] {
        let job = json!({ "jobId": Uuid::nil(), "state": state, "result": result,
        "errorMessage": [
            { "errorId": "W1", "severity": "Warning", "message": "hm" },
            { "errorId": "E1", "severity": "Error", "source": "User", "message": "bad row" },
        ]});
        world.transport.push(answer(200, &job.to_string()));
    }
    let job = block_on(client.wait(Uuid::nil())).unwrap();
    assert_eq!(job.state, JobState::Ended);
    assert_eq!(job.result(), Some(&JobResult::Failed));
    let error = job.ensure_succeeded().unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Request, Some("E1"))
    );
    assert!(
        error.to_string().ends_with("ended as Failed: E1: bad row"),
        "{error}"
    );
}

#[test]
fn patience_ends_where_the_caller_says() {
    let (world, client) = scripted();
    let job = json!({ "jobId": Uuid::nil(), "state": "Running",
        "stateAuditRecords": [{ "newState": "Running" }] });
    world
        .transport
        .always(move |_| answer(200, &job.to_string()).into());
    let policy = PollPolicy::default().with_timeout(Duration::from_secs(60));
    let start = world.clock.now();
    let error = block_on(client.wait_opts(Uuid::nil(), &policy)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert!(world.clock.now() - start <= Duration::from_secs(60));

    let start = world.clock.now();
    let mut states = pin!(client.states_opts(Uuid::nil(), policy));
    let first = block_on(states.next()).unwrap().unwrap();
    assert_eq!(first.state, JobState::Running);
    let error = block_on(states.next()).unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert!(world.clock.now() - start <= Duration::from_secs(60));
    assert!(block_on(states.next()).is_none());
}

#[test]
fn nobody_is_asked_before_the_stream_is_read() {
    let (world, client) = scripted();
    drop(client.states(Uuid::nil()));
    assert!(world.transport.requests().is_empty());
}

#[test]
fn a_job_that_is_not_there_is_not_found() {
    let (_, client, _) = fresh();
    let error = block_on(client.wait(Uuid::nil())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let states: Result<Vec<_>> = block_on(client.states(Uuid::nil()).try_collect());
    assert_eq!(states.unwrap_err().kind(), ErrorKind::NotFound);
}
