//! What the service says is understood, and what is not understood is kept.

use std::time::Duration;

use adla_jobs::{Job, JobResult, JobState, JobStatistics, JobType, Severity};
use serde_json::{Value, json};
use time::macros::datetime;

fn job(value: &Value) -> Job {
    serde_json::from_value(value.clone()).expect("a job")
}

/// Written by hand after the recorded answer about a cancelled job.
fn cancelled() -> Value {
    json!({
        "jobId": "5b8f41fb-fe45-416f-8796-5048e2c3e261",
        "name": "demo",
        "type": "USql",
        "submitter": "someone@contoso.com",
        "degreeOfParallelism": 1,
        "priority": 1000,
        "submitTime": "2017-03-13T23:52:03.8137+00:00",
        "endTime": "2017-03-13T23:52:04.5793481+00:00",
        "state": "Ended",
        "result": "Cancelled",
        "errorMessage": [{
            "errorId": "I_USER_CJS_CANCELEDBYUSER", "name": "CANCELED_BY_USER",
            "severity": "Info", "source": "User", "component": "CJS",
            "message": "Job was cancelled.", "details": "",
            "description": "Job was cancelled by someone@contoso.com.",
            "resolution": "", "helpLink": "", "innerError": null,
        }],
        "stateAuditRecords": [
            { "newState": "New", "timeStamp": "2017-03-13T23:52:03.8137+00:00",
              "details": "userName:;submitMachine:N/A" },
            { "newState": "Ended", "timeStamp": "2017-03-13T23:52:04.5793481+00:00",
              "details": "result:CanceledByUser" },
        ],
        "properties": {
            "owner": "someone@contoso.com",
            "resources": [{ "name": "Profile", "resourcePath": "adl://s/profile",
                            "type": "StatisticsResource" }],
            "runtimeVersion": "default",
            "rootProcessNodeId": "00000000-0000-0000-0000-000000000000",
            "script": "DROP DATABASE IF EXISTS FOO;",
            "compileMode": "Semantic",
            "errorSource": "UserError",
            "totalCompilationTime": "PT0.6250132S",
            "totalPausedTime": "PT0S",
            "expirationTimeUtc": "0001-01-01T00:00:00",
            "yarnApplicationId": 4711,
            "type": "USql",
        },
    })
}

#[test]
fn a_job_is_read_whole() {
    let job = job(&cancelled());
    assert_eq!(job.job_type, JobType::USql);
    assert_eq!(job.result(), Some(&JobResult::Cancelled));
    assert_eq!(
        job.end_time,
        Some(datetime!(2017-03-13 23:52:04.579_348_1 UTC))
    );
    assert_eq!(job.start_time, None);
    assert_eq!(job.errors[0].severity, Severity::Info);
    assert_eq!(
        job.errors[0].report().to_string(),
        "I_USER_CJS_CANCELEDBYUSER: Job was cancelled.\n  Job was cancelled by someone@contoso.com."
    );
    assert_eq!(
        job.state_changes[1].details.as_deref(),
        Some("result:CanceledByUser")
    );
    let properties = &job.properties;
    let compiled = Duration::from_nanos(625_013_200);
    assert_eq!(properties.total_compilation_time, Some(compiled));
    assert_eq!(properties.yarn_application_id.as_deref(), Some("4711"));
    assert_eq!(properties.resources[0].resource_path, "adl://s/profile");
    assert_eq!(properties.total_running_time, None);
}

#[test]
fn what_is_unknown_is_kept_and_written_back() {
    let mut value = cancelled();
    value["tags"] = json!({ "a": "b" });
    value["state"] = "Hibernating".into();
    value["properties"]["quantum"] = json!([1, { "x": null }]);
    value["stateAuditRecords"][0]["phase"] = 3.into();
    value["errorMessage"][0]["severity"] = "Fatal".into();
    let read = job(&value);
    assert_eq!(read.state, JobState::Other("Hibernating".to_owned()));
    assert_eq!(read.result(), None);
    assert_eq!(read.unknown["tags"]["a"], "b");
    assert_eq!(read.properties.unknown["quantum"][0], 1);
    let written = serde_json::to_value(&read).unwrap();
    assert_eq!(job(&written), read);
    for field in ["tags", "state", "name", "jobId"] {
        assert_eq!(written[field], value[field]);
    }
    assert_eq!(
        written["properties"]["expirationTimeUtc"],
        "0001-01-01T00:00:00"
    );
}

#[test]
fn an_id_is_all_that_a_job_needs() {
    let id = "5b8f41fb-fe45-416f-8796-5048e2c3e261";
    let bare = job(&json!({ "jobId": id }));
    assert_eq!(bare.state, JobState::Other(String::new()));
    assert!(bare.ensure_succeeded().is_err());
    let mut nulls = cancelled();
    for (key, value) in nulls.as_object_mut().unwrap() {
        if key != "jobId" {
            *value = Value::Null;
        }
    }
    assert_eq!(job(&nulls).errors, []);
    let mut inner_nulls = cancelled();
    for part in [
        "/properties",
        "/errorMessage/0",
        "/stateAuditRecords/0",
        "/properties/resources/0",
    ] {
        for value in inner_nulls
            .pointer_mut(part)
            .unwrap()
            .as_object_mut()
            .unwrap()
            .values_mut()
        {
            if !value.is_array() {
                *value = Value::Null;
            }
        }
    }
    assert_eq!(job(&inner_nulls).state, JobState::Ended);
}

#[test]
fn dates_of_old_versions_are_read() {
    let old = job(&json!({
        "jobId": "5b8f41fb-fe45-416f-8796-5048e2c3e261",
        "submitTime": "Mon, 13 Mar 2017 23:52:03 GMT",
        "endTime": "Mon, 01 Jan 0001 00:00:00 GMT",
        "startTime": "whenever",
        "related": { "pipelineId": "", "recurrenceId": "5b8f41fb-fe45-416f-8796-5048e2c3e262" },
    }));
    assert_eq!(old.submit_time, Some(datetime!(2017-03-13 23:52:03 UTC)));
    assert_eq!((old.start_time, old.end_time), (None, None));
    let related = old.related.as_ref().unwrap();
    assert!(related.pipeline_id.is_none() && related.recurrence_id.is_some());
}

#[test]
fn a_failure_of_the_service_is_not_the_scripts() {
    let failed = |source: &str| {
        job(&json!({
            "jobId": "5b8f41fb-fe45-416f-8796-5048e2c3e261", "state": "Ended", "result": "Failed",
            "errorMessage": [{ "errorId": "E", "severity": "Error", "source": source, "message": "m" }],
        }))
    };
    let kind = |source| failed(source).ensure_succeeded().unwrap_err().kind();
    assert_eq!(kind("System"), adla_jobs::ErrorKind::Transient);
    assert_eq!(kind("User"), adla_jobs::ErrorKind::Request);
}

#[test]
fn statistics_keep_what_they_do_not_name() {
    let statistics: JobStatistics = serde_json::from_value(json!({
        "lastUpdateTimeUtc": "2017-03-13T23:52:03Z",
        "finalizingTimeUtc": null,
        "stages": [{
            "stageName": "SV1_Extract", "dataRead": 9_000_000_000_i64, "totalCount": 2,
            "totalSucceededTime": "PT1M", "dataReadCrossPod": 5, "totalPeakMemUsage": 7_000_000_000_i64,
            "maxDataReadVertex": { "name": "v", "executionTime": "PT2.5S", "peakMemUsage": null },
        }],
    }))
    .unwrap();
    let stage = &statistics.stages[0];
    assert_eq!(stage.data_read, Some(9_000_000_000));
    assert_eq!(stage.total_succeeded_time, Some(Duration::from_secs(60)));
    assert_eq!(stage.total_peak_mem_usage, Some(7_000_000_000));
    assert_eq!(stage.unknown["dataReadCrossPod"], 5);
    let vertex = stage.max_data_read_vertex.as_ref().unwrap();
    assert_eq!(vertex.execution_time, Some(Duration::from_millis(2500)));
}
