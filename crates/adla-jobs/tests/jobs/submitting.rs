//! A job is submitted once, whatever the network loses.

use adla_jobs::{CompileMode, ErrorKind, JobResult, JobState, Relationship, Submission};
use futures::executor::block_on;
use serde_json::{Value, json};
use testkit::context::{Reply, json as answer};
use uuid::Uuid;

use crate::fake::{Cut, fresh, refusal, scripted};

const CUTS: [Cut; 5] = [
    Cut::Request,
    Cut::Reply,
    Cut::Late,
    Cut::BadGateway,
    Cut::HalfReply,
];

#[test]
fn a_submission_is_written_as_the_service_expects() {
    let (world, client) = scripted();
    let id = Uuid::from_u128(5);
    let taken = json!({ "jobId": id, "name": "n", "state": "Compiling", "result": "Succeeded" });
    world.transport.push(answer(200, &taken.to_string()));
    let related = Relationship::recurrence(Uuid::from_u128(6)).with_pipeline(
        Uuid::from_u128(7),
        "p",
        Uuid::from_u128(8),
    );
    let submission = Submission::new("n", "SELECT \"é\";")
        .with_id(id)
        .with_degree_of_parallelism(3)
        .with_priority(-1)
        .with_runtime_version("default")
        .with_compile_mode(CompileMode::Semantic)
        .with_log_file_pattern("*.log")
        .with_related(related);
    let job = block_on(client.submit(&submission)).unwrap();
    assert_eq!((job.id, &job.state), (id, &JobState::Compiling));
    assert_eq!(job.result(), None, "a result means nothing before the end");

    let request = world.transport.requests().remove(0);
    let base = "https://contoso.azuredatalakeanalytics.net";
    assert_eq!(request.method(), "PUT");
    assert_eq!(
        request.uri().to_string(),
        format!("{base}/jobs/{id}?api-version=2016-11-01")
    );
    assert_eq!(
        request.headers()["content-type"],
        "application/json; charset=utf-8"
    );
    let body: Value = serde_json::from_slice(request.body()).unwrap();
    let expected = json!({
        "type": "USql",
        "name": "n",
        "degreeOfParallelism": 3,
        "priority": -1,
        "logFilePatterns": ["*.log"],
        "related": {
            "pipelineId": Uuid::from_u128(7),
            "pipelineName": "p",
            "runId": Uuid::from_u128(8),
            "recurrenceId": Uuid::from_u128(6),
        },
        "properties": {
            "type": "USql",
            "script": "SELECT \"é\";",
            "runtimeVersion": "default",
            "compileMode": "Semantic",
        },
    });
    assert_eq!(body, expected);
}

#[test]
fn what_is_not_set_is_not_sent() {
    let (world, client) = scripted();
    world.transport.always(|request| {
        let id = request.uri().path().rsplit('/').next().unwrap_or_default();
        answer(200, &json!({ "jobId": id }).to_string()).into()
    });
    block_on(client.submit(&Submission::new("n", "s"))).unwrap();
    let body: Value = serde_json::from_slice(world.transport.requests()[0].body()).unwrap();
    let expected =
        json!({ "type": "USql", "name": "n", "properties": { "type": "USql", "script": "s" } });
    assert_eq!(body, expected);
}

#[test]
fn a_job_runs_once_whatever_is_lost() {
    for first in CUTS {
        for second in CUTS.map(Some).into_iter().chain([None]) {
            let (_, client, service) = fresh();
            service.cut(0, first);
            if let Some(second) = second {
                service.cut(1, second);
            }
            let outcome = block_on(client.submit(&Submission::new("n", "s")));
            match outcome {
                Ok(job) => assert_eq!(job.name, "n"),
                // Nobody could read whether it landed; that is said and not guessed.
                Err(error) => {
                    assert_eq!(second, Some(Cut::HalfReply), "{first:?}");
                    assert_eq!(error.kind(), ErrorKind::Protocol);
                }
            }
            assert!(service.submissions() <= 1, "{first:?} {second:?}");
            let once = service.submissions() == 1;
            assert!(
                once || second == Some(Cut::HalfReply),
                "{first:?} {second:?}"
            );
        }
    }
}

#[test]
fn jobs_without_an_id_get_one_each() {
    let (_, client, service) = fresh();
    let submission = Submission::new("n", "s");
    let ids = block_on(async {
        let first = client.submit(&submission).await?;
        let second = client.submit(&submission).await?;
        Ok::<_, adla_jobs::Error>([first.id, second.id])
    });
    let [first, second] = ids.unwrap();
    assert_ne!(first, second);
    assert_eq!(first.get_version_num(), 4);
    assert_eq!(service.submissions(), 2);
}

#[test]
fn the_id_of_another_job_is_a_conflict() {
    let (_, client, service) = fresh();
    let id = Uuid::from_u128(1);
    let submit = |name: &str| block_on(client.submit(&Submission::new(name, "s").with_id(id)));
    submit("first").unwrap();
    let error = submit("second").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(error.code(), Some("ResourceAlreadyExists"));
    service.cut(service.log().len(), Cut::Reply);
    let error = submit("second").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.to_string().contains("\"first\""), "{error}");
    assert_eq!(service.submissions(), 1);
}

#[test]
fn a_script_that_does_not_compile_is_an_answer() {
    let (world, client) = scripted();
    let failed = json!({
        "jobId": Uuid::from_u128(9),
        "name": "",
        "type": "USql",
        "degreeOfParallelism": 0,
        "priority": 0,
        "submitTime": "0001-01-01T00:00:00",
        "state": "Ended",
        "result": "Failed",
        "properties": { "type": "USql", "diagnostics": [{
            "severity": "Error", "lineNumber": 1, "columnNumber": 18, "start": 17, "end": 22,
            "message": "E_CSC_USER_SYNTAXERROR: syntax error. Expected one of: EXISTS ",
        }]},
    });
    world.transport.push(answer(200, &failed.to_string()));
    let script = "DROP DATABASE IF EXIST FOO;";
    let job = block_on(client.build(&Submission::new("n", script))).unwrap();
    assert_eq!(job.result(), Some(&JobResult::Failed));
    assert_eq!(job.submit_time, None);
    let found = &job.properties.diagnostics[0];
    assert_eq!(
        (found.line_number, found.column_number),
        (Some(1), Some(18))
    );
    assert_eq!(&script[17..22], "EXIST");
    assert_eq!((found.start, found.end), (Some(17), Some(22)));
    let request = &world.transport.requests()[0];
    assert_eq!(
        (request.method().as_str(), request.uri().path()),
        ("POST", "/buildJob")
    );
}

#[test]
fn cancelling_is_done_once_it_is_accepted() {
    for cut in CUTS.map(Some).into_iter().chain([None]) {
        let (_, client, service) = fresh();
        let job = block_on(client.submit(&Submission::new("n", "s"))).unwrap();
        if let Some(cut) = cut {
            service.cut(1, cut);
        }
        block_on(client.cancel(job.id)).unwrap();
        let job = block_on(client.wait(job.id)).unwrap();
        assert_eq!(job.result(), Some(&JobResult::Cancelled), "{cut:?}");
        let error = job.ensure_succeeded().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled);
        let again = block_on(client.cancel(job.id)).unwrap_err();
        assert_eq!(again.code(), Some("JobEnded"));
    }
}

#[test]
fn refusals_keep_the_services_words() {
    let cases = [
        (404, "JobResourceNotFound", ErrorKind::NotFound),
        (400, "JobHasNeverRun", ErrorKind::Request),
        (409, "ResourceConflicted", ErrorKind::Conflict),
        (403, "Forbidden", ErrorKind::Forbidden),
        (401, "ExpiredAuthenticationToken", ErrorKind::Credentials),
    ];
    for (status, code, kind) in cases {
        let (world, client) = scripted();
        world
            .transport
            .always(move |_| refusal(status, code, "why").into());
        let error = block_on(client.statistics(Uuid::nil())).unwrap_err();
        assert_eq!((error.kind(), error.code()), (kind, Some(code)));
        assert_eq!(error.to_string(), "why");
    }
    let (world, client) = scripted();
    world.transport.push(Reply::from(answer(404, "<html>")));
    let error = block_on(client.get(Uuid::nil())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}
