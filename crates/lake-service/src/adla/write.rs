//! Submitting, compiling and cancelling jobs.

use http::{Response, StatusCode};
use lake_store::JobState;
use uuid::Uuid;

use crate::adla::failure::Failure;
use crate::adla::{Ask, view, wire};
use crate::body::{Body, CollectError};
use crate::jobs::record::{Asked, Submission, value};
use crate::jobs::service::{Submitted, name_of};
use crate::jobs::{JobScript, SubmittedJob};
use crate::reply;

type Outcome = Result<Response<Body>, Failure>;

/// The largest submission. A script may have 3 MB in the service; JSON escapes need room.
const LARGEST_BODY: usize = 8 << 20;

/// What the service takes where a submission says nothing.
const DEFAULT_PRIORITY: i64 = 1000;

/// Accepts a job. The same submission again is answered and not run again: clients repeat a PUT whose reply was lost.
pub(crate) async fn submit(ask: &Ask<'_>, id: Uuid, body: Body) -> Outcome {
    let submission = submission(id, parse(body).await?)?;
    let caller = ask.call.caller.clone();
    let script = submission.script.clone();
    match ask
        .lake
        .jobs()
        .submit(&ask.call.account, caller, submission)
        .await?
    {
        Submitted::Taken => Err(Failure::taken(id)),
        Submitted::Full => Err(Failure::full()),
        Submitted::Accepted(row) => {
            let store = ask.lake.jobs().store_account();
            let job = match row.state {
                JobState::New => view::accepted(&row, store)?,
                _ => view::job(&row, Some(script), store, ask.lake.ambient().now())?,
            };
            Ok(reply::json(StatusCode::OK, &job))
        }
    }
}

/// Compiles a script at once; 200 even when it does not compile.
pub(crate) async fn build(ask: &Ask<'_>, body: Body) -> Outcome {
    let body = parse(body).await?;
    let name = body.name.clone().unwrap_or_default();
    let caller = ask.call.caller.clone();
    let id = ask.lake.ambient().uuid();
    let mut script = JobScript::new(script_of(&body)?);
    script.job = Some(SubmittedJob {
        id,
        name: name.clone(),
        priority: positive("priority", body.priority.unwrap_or(DEFAULT_PRIORITY))?,
        account: ask.call.account.clone(),
        submitter: name_of(&caller).to_owned(),
        submitted: ask.lake.ambient().timestamp(),
    });
    let account = &ask.call.account;
    let built = ask.lake.jobs();
    let built = built.build(account, caller.clone(), script.clone()).await;
    Ok(reply::json(
        StatusCode::OK,
        &view::built(id, name, &caller, script.text, built),
    ))
}

/// Ends a job, and answers when it has ended.
pub(crate) async fn cancel(ask: &Ask<'_>, id: Uuid) -> Outcome {
    ask.lake
        .jobs()
        .cancel(&ask.call.account, id, &ask.call.caller)
        .await?;
    Ok(Response::new(Body::empty()))
}

async fn parse(body: Body) -> Result<wire::SubmitBody, Failure> {
    let bytes = body
        .collect_up_to(LARGEST_BODY)
        .await
        .map_err(|error| match error {
            CollectError::TooLarge => Failure::too_large(LARGEST_BODY),
            CollectError::Broken(_) => Failure::argument("The body ended before it was complete."),
        })?;
    // .NET clients may begin with a byte order mark.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    serde_json::from_slice(bytes)
        .map_err(|error| Failure::argument(format!("The body is not a job: {error}.")))
}

fn submission(id: Uuid, body: wire::SubmitBody) -> Result<Submission, Failure> {
    let script = script_of(&body)?;
    let Some(name) = body.name.filter(|name| !name.trim().is_empty()) else {
        return Err(Failure::argument("The job has no name."));
    };
    let degree = positive(
        "degreeOfParallelism",
        body.degree_of_parallelism.unwrap_or(1),
    )?;
    let priority = positive("priority", body.priority.unwrap_or(DEFAULT_PRIORITY))?;
    let properties = body.properties;
    let asked = Asked {
        compile_mode: properties
            .as_ref()
            .and_then(|asked| asked.compile_mode.clone()),
        runtime_version: properties.and_then(|asked| asked.runtime_version),
        log_file_patterns: body.log_file_patterns.unwrap_or_default(),
        tags: body.tags.map(serde_json::Value::Object),
    };
    Ok(Submission {
        id,
        name,
        script,
        degree_of_parallelism: degree.unsigned_abs(),
        priority,
        related: body.related.as_ref().map(value),
        asked,
    })
}

fn positive(what: &str, number: i64) -> Result<i32, Failure> {
    match i32::try_from(number) {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(Failure::argument(format!(
            "{what} must be at least 1 and is {number}."
        ))),
    }
}

/// The script of a job that this service can run.
fn script_of(body: &wire::SubmitBody) -> Result<String, Failure> {
    let properties = body.properties.as_ref();
    let kinds = [
        body.kind.as_deref(),
        properties.and_then(|asked| asked.kind.as_deref()),
    ];
    for kind in kinds.into_iter().flatten() {
        if !kind.eq_ignore_ascii_case("USql") {
            return Err(Failure::argument(format!(
                "Jobs of type {kind} are not supported."
            )));
        }
    }
    let script = properties.and_then(|asked| asked.script.clone());
    script
        .filter(|script| !script.trim().is_empty())
        .ok_or_else(|| Failure::argument("The job has no script."))
}
