//! Jobs from their submission to their end, through the wire.

use futures::FutureExt as _;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::testing::{Reply, TestLake};

struct World {
    lake: TestLake,
    root: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        Self {
            lake: TestLake::open(root.path()).await,
            root,
        }
    }

    /// The lake stops in the middle of whatever it does, and starts again on what it had committed.
    async fn restart(self) -> Self {
        self.lake.lake.shutdown().await;
        drop(self.lake);
        Self {
            lake: TestLake::open(self.root.path()).await,
            root: self.root,
        }
    }

    async fn submit(&self, id: u128, script: &str) -> Reply {
        self.submit_with(id, script, 1000).await
    }

    async fn submit_with(&self, id: u128, script: &str, priority: i32) -> Reply {
        let body = json!({
            "name": "test", "type": "USql", "degreeOfParallelism": 2, "priority": priority,
            "properties": {"type": "USql", "script": script},
        });
        self.lake
            .adla(Method::PUT, &url(id), body.to_string())
            .await
    }

    async fn show(&self, id: u128) -> Value {
        self.lake.adla(Method::GET, &url(id), "").await.json()
    }

    async fn cancel(&self, id: u128) -> Reply {
        self.lake
            .adla(Method::POST, &url_of(id, "/CancelJob"), "")
            .await
    }

    /// The job once it does not change any more.
    async fn ended(&self, id: u128) -> Value {
        self.lake
            .lake
            .jobs()
            .settled("lakeanalytics", Uuid::from_u128(id))
            .await;
        let job = self.show(id).await;
        assert_eq!(job["state"], "Ended", "{job}");
        job
    }

    async fn file(&self, path: &str) -> Reply {
        let url = format!("/webhdfs/v1{path}?op=OPEN");
        self.lake
            .gen1(self.lake.user(), Method::GET, &url, "")
            .await
    }
}

fn url(id: u128) -> String {
    url_of(id, "")
}

fn url_of(id: u128, what: &str) -> String {
    format!("/Jobs/{}{what}?api-version=2016-11-01", Uuid::from_u128(id))
}

fn states(job: &Value) -> Vec<&str> {
    let records = job["stateAuditRecords"].as_array().unwrap();
    records
        .iter()
        .map(|record| record["newState"].as_str().unwrap())
        .collect()
}

const ALL_STATES: [&str; 7] = [
    "New",
    "Compiling",
    "Queued",
    "Scheduling",
    "Starting",
    "Running",
    "Ended",
];

#[tokio::test]
async fn a_job_passes_every_state_and_its_output_is_there() {
    let world = World::new().await;
    let accepted = world.submit(1, "/out.txt stage").await;
    assert_eq!(accepted.status, StatusCode::OK);
    let accepted = accepted.json();
    assert_eq!(
        (&accepted["state"], &accepted["result"]),
        (&json!("Compiling"), &json!("None"))
    );
    assert_eq!(states(&accepted), ["New"]);
    assert_eq!(accepted["properties"].get("script"), None);

    let job = world.ended(1).await;
    assert_eq!(states(&job), ALL_STATES);
    assert_eq!(job["result"], "Succeeded");
    assert_eq!(job["properties"]["script"], "/out.txt stage");
    let details = |n: usize| {
        job["stateAuditRecords"][n]["details"]
            .as_str()
            .unwrap_or_default()
    };
    assert_eq!(details(0), "userName:;submitMachine:N/A");
    assert_eq!(details(1), "CcsAttempts:1;Status:Dispatched");
    assert_eq!(job["stateAuditRecords"][2].get("details"), None);
    assert!(details(3).starts_with("Detail:Dispatching job to cluster.;rootProcessId:"));
    assert!(details(4).starts_with("runtimeVersion:"));
    assert_eq!(details(5), "runAttempt:1");
    assert_eq!(details(6), "result:Succeeded");
    assert_eq!(world.file("/out.txt").await.text(), "done");
}

#[tokio::test]
async fn the_job_folder_holds_what_the_resources_list_and_the_submitter_may_read_it() {
    let world = World::new().await;
    world.submit(1, "stage").await;
    let job = world.ended(1).await;
    let resources = job["properties"]["resources"].as_array().unwrap();
    let names: Vec<&str> = resources
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Script.usql", "diagnosticsjson", "Profile"]);
    for resource in resources {
        let uri = resource["resourcePath"].as_str().unwrap();
        let path = uri
            .strip_prefix("adl://lakestore.azuredatalakestore.net")
            .unwrap();
        assert!(path.contains("/system/jobservice/jobs/Usql/2"), "{path}");
        assert_eq!(world.file(path).await.status, StatusCode::OK, "{path}");
    }
    let stages = world
        .lake
        .adla(Method::GET, &url_of(1, "/GetStatistics"), "")
        .await;
    let stage = &stages.json()["stages"][0];
    assert_eq!(stage["stageName"], "SV1");
    assert_eq!(
        (&stage["tempDataWritten"], &stage["totalPeakMemUsage"]),
        (&json!(300), &json!(2000))
    );
    let vertex = &stage["maxPeakMemUsageVertex"];
    assert_eq!(
        (&vertex["name"], &vertex["peakMemUsage"]),
        (&json!("SV1[0]"), &json!(2000))
    );
    let paths = world
        .lake
        .adla(Method::GET, &url_of(1, "/getdebugdatapath"), "")
        .await;
    assert_eq!(paths.json()["paths"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_script_that_does_not_compile_ends_without_running() {
    let world = World::new().await;
    world.submit(1, "compile-error /out.txt").await;
    let job = world.ended(1).await;
    assert_eq!(states(&job), ["New", "Compiling", "Ended"]);
    assert_eq!(job["result"], "Failed");
    assert_eq!(job["errorMessage"][0]["errorId"], "E_CSC_USER_SYNTAXERROR");
    assert_eq!(job["properties"]["errorSource"], "UserError");
    assert_eq!(job["properties"]["diagnostics"][0]["columnNumber"], 18);
    assert_eq!(world.file("/out.txt").await.status, StatusCode::NOT_FOUND);
    let url = url_of(1, "/GetStatistics");
    let statistics = world.lake.adla(Method::GET, &url, "").await;
    assert_eq!(statistics.status, StatusCode::BAD_REQUEST);
    assert_eq!(statistics.json()["error"]["code"], "JobHasNeverRun");
}

#[tokio::test]
async fn a_failure_at_run_time_is_wrapped_in_the_vertex_failure() {
    let world = World::new().await;
    world.submit(1, "fail").await;
    let job = world.ended(1).await;
    assert_eq!((states(&job).len(), &job["result"]), (7, &json!("Failed")));
    let error = &job["errorMessage"][0];
    assert_eq!(error["errorId"], "VertexFailedFast");
    assert_eq!(
        error["innerError"]["errorId"],
        "E_RUNTIME_USER_EXTRACT_ROW_ERROR"
    );
    assert_eq!(error["innerError"]["innerError"], Value::Null);
}

#[tokio::test]
async fn a_panic_in_the_runner_fails_that_job_only() {
    let world = World::new().await;
    world.submit(1, "compile-panic").await;
    world.submit(2, "panic").await;
    world.submit(3, "/out.txt").await;
    assert_eq!(
        world.ended(1).await["errorMessage"][0]["errorId"],
        "E_CSC_SYSTEM_INTERNAL"
    );
    let job = world.ended(2).await;
    assert_eq!(
        job["errorMessage"][0]["errorId"],
        "E_RUNTIME_SYSTEM_INTERNALISSUE"
    );
    assert_eq!(job["properties"]["errorSource"], "SystemError");
    assert_eq!(world.ended(3).await["result"], "Succeeded");
}

#[tokio::test]
async fn the_same_submission_again_does_not_run_again_and_another_is_refused() {
    let world = World::new().await;
    world.submit(1, "hang /out.txt").await;
    world.lake.hanging.reached().await;
    // The client did not see the first reply.
    let again = world.submit(1, "hang /out.txt").await;
    assert_eq!(again.status, StatusCode::OK);
    assert_eq!(again.json()["state"], "Running");
    let other = world.submit(1, "something else").await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    assert_eq!(other.json()["error"]["code"], "ResourceAlreadyExists");
    world.lake.hanging.release();
    world.ended(1).await;
    let late = world.submit(1, "hang /out.txt").await;
    assert_eq!(states(&late.json()), ALL_STATES, "it ran once");
}

#[tokio::test]
async fn a_running_job_that_is_cancelled_has_ended_when_the_answer_comes() {
    let world = World::new().await;
    world.submit(1, "hang /out.txt").await;
    world.lake.hanging.reached().await;
    let cancelled = world.cancel(1).await;
    assert_eq!((cancelled.status, cancelled.text()), (StatusCode::OK, ""));
    let job = world.show(1).await;
    assert_eq!(
        (&job["state"], &job["result"]),
        (&json!("Ended"), &json!("Cancelled"))
    );
    assert_eq!(
        job["errorMessage"][0]["errorId"],
        "I_USER_CJS_CANCELEDBYUSER"
    );
    let last = job["stateAuditRecords"].as_array().unwrap().last().unwrap();
    assert_eq!(last["details"], "result:CanceledByUser");
    assert_eq!(world.file("/out.txt").await.status, StatusCode::NOT_FOUND);
    // Again is harmless, and so is cancelling what has ended.
    assert_eq!(world.cancel(1).await.status, StatusCode::OK);
    assert_eq!(world.cancel(2).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_cancelled_job_whose_runner_does_not_listen_publishes_nothing() {
    let world = World::new().await;
    world.submit(1, "deaf /out.txt").await;
    world.lake.hanging.reached().await;
    assert_eq!(world.cancel(1).await.status, StatusCode::OK);
    assert_eq!(world.show(1).await["result"], "Cancelled");
    world.lake.hanging.release();
    assert_eq!(world.ended(1).await["result"], "Cancelled");
    world.lake.lake.shutdown().await;
    assert_eq!(world.file("/out.txt").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_job_that_has_published_cannot_be_cancelled_any_more() {
    let world = World::new().await;
    world.submit(1, "/out.txt deaf").await;
    world.lake.hanging.reached().await;
    let cancel = world.cancel(1);
    let mut cancel = std::pin::pin!(cancel);
    assert!(
        (&mut cancel).now_or_never().is_none(),
        "it waits for the end"
    );
    world.lake.hanging.release();
    assert_eq!(cancel.await.status, StatusCode::OK);
    assert_eq!(world.show(1).await["result"], "Succeeded");
    assert_eq!(world.file("/out.txt").await.text(), "done");
}

#[tokio::test]
async fn a_job_is_cancelled_while_it_compiles_or_waits() {
    let world = World::new().await;
    world.submit(1, "compile-hang").await;
    world.lake.hanging.reached().await;
    world.cancel(1).await;
    assert_eq!(states(&world.show(1).await), ["New", "Compiling", "Ended"]);

    for id in 2..=4 {
        world.submit(id, "hang").await;
        world.lake.hanging.reached().await;
    }
    world.submit(5, "succeed").await;
    while world.show(5).await["state"] != "Queued" {
        tokio::task::yield_now().await;
    }
    world.cancel(5).await;
    assert_eq!(
        states(&world.show(5).await),
        ["New", "Compiling", "Queued", "Ended"]
    );
}

#[tokio::test]
async fn a_job_that_a_failing_disk_left_behind_can_be_cancelled() {
    let world = World::new().await;
    world.submit(1, "stage").await;
    world.ended(1).await;
    let table = world.lake.lake.store().jobs("lakeanalytics").unwrap();
    let left = |row: &mut lake_store::JobRow| row.state = lake_store::JobState::Running;
    table.update(Uuid::from_u128(1), left).unwrap();

    assert_eq!(world.cancel(1).await.status, StatusCode::OK);
    let job = world.ended(1).await;
    assert_eq!(job["result"], "Cancelled");
}

#[tokio::test]
async fn three_jobs_run_at_once_and_the_lowest_priority_number_is_next() {
    let world = World::new().await;
    for id in 1..=3 {
        world.submit(id, "hang").await;
        world.lake.hanging.reached().await;
    }
    for (id, priority) in [(4, 9), (5, 1)] {
        world.submit_with(id, "hang", priority).await;
        while world.show(id).await["state"] != "Queued" {
            tokio::task::yield_now().await;
        }
    }
    world.cancel(1).await;
    world.lake.hanging.reached().await;
    assert_eq!(world.show(5).await["state"], "Running");
    assert_eq!(world.show(4).await["state"], "Queued");
    world.lake.lake.shutdown().await;
}

#[tokio::test]
async fn after_a_stop_what_had_not_begun_runs_and_what_ran_has_failed() {
    let world = World::new().await;
    for id in 1..=3 {
        world.submit(id, "hang").await;
        world.lake.hanging.reached().await;
    }
    world.submit(4, "/queued.txt").await;
    while world.show(4).await["state"] != "Queued" {
        tokio::task::yield_now().await;
    }
    world.submit(5, "compile-hang /compiling.txt").await;
    world.lake.hanging.reached().await;

    let world = world.restart().await;
    world.lake.hanging.release();
    for id in 1..=3 {
        let job = world.ended(id).await;
        assert_eq!(job["result"], "Failed");
        assert_eq!(
            job["errorMessage"][0]["errorId"],
            "E_RUNTIME_SYSTEM_JOBINTERRUPTED"
        );
        assert!(
            job["errorMessage"][0]["description"]
                .as_str()
                .unwrap()
                .contains("Running")
        );
    }
    for (id, path) in [(4, "/queued.txt"), (5, "/compiling.txt")] {
        let job = world.ended(id).await;
        assert_eq!(job["result"], "Succeeded");
        assert_eq!(
            job["stateAuditRecords"][if id == 4 { 3 } else { 2 }]["details"],
            "CcsAttempts:2;Status:Dispatched"
        );
        assert_eq!(world.file(path).await.text(), "done");
    }
}

#[tokio::test]
async fn a_build_says_what_is_wrong_and_keeps_no_job() {
    let world = World::new().await;
    let build = async |script: &str| {
        let body =
            json!({"type": "USql", "name": "b", "properties": {"type": "USql", "script": script}});
        let reply = world.lake.adla(
            Method::POST,
            "/BuildJob?api-version=2016-11-01",
            body.to_string(),
        );
        let reply = reply.await;
        assert_eq!(reply.status, StatusCode::OK);
        reply.json()
    };
    let failed = build("compile-error").await;
    assert_eq!(
        (&failed["state"], &failed["result"]),
        (&json!("Ended"), &json!("Failed"))
    );
    assert_eq!(failed["submitTime"], "0001-01-01T00:00:00");
    assert_eq!(
        (&failed["degreeOfParallelism"], &failed["priority"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(
        failed["properties"]["diagnostics"],
        json!([{"severity": "Error", "lineNumber": 1, "columnNumber": 18, "start": 17, "end": 22,
            "message": "E_CSC_USER_SYNTAXERROR: syntax error. Expected one of: EXISTS "}])
    );
    assert_eq!(build("fine").await["result"], "Succeeded");
    assert_eq!(build("compile-panic").await["result"], "Failed");
    let jobs = world.lake.adla(Method::GET, "/jobs", "").await;
    assert_eq!(jobs.text(), r#"{"value":[]}"#);
}

#[tokio::test]
async fn lists_are_filtered_selected_and_paged() {
    let world = World::new().await;
    for id in 1..=4 {
        world
            .submit(id, if id == 3 { "fail" } else { "succeed" })
            .await;
        world.ended(id).await;
    }
    let list = async |query: &str| {
        world
            .lake
            .adla(Method::GET, &format!("/Jobs?{query}"), "")
            .await
    };
    let ids = |reply: &Reply| -> Vec<u128> {
        let page = reply.json();
        let jobs = page["value"].as_array().unwrap();
        let id = |job: &Value| {
            job["jobId"]
                .as_str()
                .unwrap()
                .parse::<Uuid>()
                .unwrap()
                .as_u128()
        };
        jobs.iter().map(id).collect()
    };
    assert_eq!(ids(&list("api-version=2016-11-01").await), [1, 2, 3, 4]);
    assert_eq!(ids(&list("$filter=result%20eq%20'Failed'").await), [3]);
    assert_eq!(
        ids(&list("$orderby=submitTime%20desc&$top=2").await),
        [4, 3]
    );
    let future = "submitTime%20ge%20datetimeoffset'2999-01-01'";
    assert_eq!(
        list(&format!("$filter={future}")).await.text(),
        r#"{"value":[]}"#
    );
    let counted = list("$count=true&$select=jobId,state&$top=1").await.json();
    assert_eq!(counted["count"], 4);
    assert_eq!(counted["value"][0].as_object().unwrap().len(), 2);
    let text = list("$top=1").await;
    let order = [
        "jobId",
        "name",
        "type",
        "submitter",
        "degreeOfParallelism",
        "priority",
        "submitTime",
        "startTime",
        "endTime",
        "state",
        "result",
    ];
    let places: Vec<_> = order
        .map(|key| text.text().find(&format!("\"{key}\":")))
        .into();
    assert!(
        places.is_sorted() && places.iter().all(Option::is_some),
        "{}",
        text.text()
    );
    let refused = list("$filter=colour%20eq%20'red'").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(
        refused.json()["error"]["message"]
            .as_str()
            .unwrap()
            .contains("colour")
    );
}

#[tokio::test]
async fn submissions_that_make_no_sense_are_refused_and_leave_no_job() {
    let world = World::new().await;
    for body in [
        "",
        "{",
        "[]",
        r#"{"name":"x","type":"USql"}"#,
        r#"{"name":"x","type":"USql","properties":{"type":"USql","script":" "}}"#,
        r#"{"name":"x","type":"Hive","properties":{"type":"Hive","script":"a"}}"#,
        r#"{"type":"USql","properties":{"type":"USql","script":"a"}}"#,
        r#"{"name":"x","type":"USql","priority":0,"properties":{"script":"a"}}"#,
        r#"{"name":"x","type":"USql","degreeOfParallelism":-1,"properties":{"script":"a"}}"#,
    ] {
        let reply = world.lake.adla(Method::PUT, &url(1), body).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(reply.json()["error"]["code"], "BadRequest");
    }
    let missing = world.lake.adla(Method::GET, &url(1), "").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert_eq!(missing.json()["error"]["code"], "ResourceNotFound");
}

#[tokio::test]
async fn a_job_has_the_rights_of_its_submitter() {
    let world = World::new().await;
    let admin = world.lake.admin();
    let url_of = |op: &str| format!("/webhdfs/v1/private?op={op}");
    let made = world
        .lake
        .gen1(admin, Method::PUT, &url_of("MKDIRS&permission=700"), "")
        .await;
    assert_eq!(made.status, StatusCode::OK);
    world.submit(1, "/private/out.txt").await;
    assert_eq!(world.ended(1).await["result"], "Failed");
    let body = json!({"name": "test", "type": "USql", "properties": {"type": "USql", "script": "/private/out.txt"}});
    let admin = world.lake.admin();
    world
        .lake
        .adla_as(admin, Method::PUT, &url(2), body.to_string())
        .await;
    assert_eq!(world.ended(2).await["result"], "Succeeded");
}
