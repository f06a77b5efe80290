//! `adl job`: U-SQL jobs.

use std::path::Path;

use adla_jobs::{
    Direction, Filter, Job, JobClient, JobField, JobResult, JobState, JobSummary, ListOptions,
    Severity, Submission,
};
use anyhow::{Context as _, Result};
use futures::TryStreamExt as _;
use serde_json::Value;
use tokio::io::AsyncReadExt as _;
use uuid::Uuid;

use crate::arguments::{self, AnalyticsAccount};
use crate::connection::Connection;
use crate::exit::JobFailed;
use crate::print::{Printer, note};

pub(crate) async fn run(
    command: arguments::Job,
    connection: &Connection,
    printer: &Printer,
) -> Result<()> {
    use arguments::Job as Command;
    let open = |account: AnalyticsAccount| connection.jobs(account.account);
    match command {
        Command::Submit {
            account,
            script,
            name,
            degree_of_parallelism,
            priority,
            wait,
        } => {
            let name = name.unwrap_or_else(|| default_name(&script));
            let submission = Submission::new(name, read_script(&script).await?)
                .with_degree_of_parallelism(degree_of_parallelism)
                .with_priority(priority);
            let jobs = open(account)?;
            let job = jobs.submit(&submission).await?;
            if wait {
                follow(&jobs, job.id, printer).await
            } else {
                show(&job, printer)
            }
        }
        Command::Build { account, script } => {
            let submission = Submission::new(default_name(&script), read_script(&script).await?);
            built(&open(account)?.build(&submission).await?, printer)
        }
        Command::Show { account, id } => show(&open(account)?.get(id).await?, printer),
        Command::List {
            account,
            name,
            state,
            result,
            top,
        } => {
            let options = list_options(name, state, result).with_top(top);
            let jobs: Vec<JobSummary> = open(account)?.list_opts(&options).try_collect().await?;
            let items = jobs
                .iter()
                .map(serde_json::to_value)
                .collect::<Result<Vec<_>, _>>()?;
            printer.list(&["jobId", "name", "state", "result", "submitTime"], &items)
        }
        Command::Wait { account, id } => follow(&open(account)?, id, printer).await,
        Command::Cancel { account, id } => Ok(open(account)?.cancel(id).await?),
    }
}

fn default_name(script: &Path) -> String {
    let name = script
        .file_stem()
        .map(|name| name.to_string_lossy().into_owned());
    name.filter(|name| name != "-")
        .unwrap_or_else(|| "script".to_owned())
}

/// Does not block the thread that looks for Ctrl-C.
async fn read_script(path: &Path) -> Result<String> {
    if path == Path::new("-") {
        let mut script = String::new();
        let read = tokio::io::stdin().read_to_string(&mut script).await;
        read.context("cannot read the script from standard input")?;
        Ok(script)
    } else {
        tokio::fs::read_to_string(path)
            .await
            .with_context(|| format!("cannot read the script {}", path.display()))
    }
}

fn list_options(
    name: Option<String>,
    state: Option<String>,
    result: Option<String>,
) -> ListOptions {
    let filters = [
        name.map(|name| Filter::name(&name)),
        state.map(|state| Filter::state(&JobState::from(&*state))),
        result.map(|result| Filter::result(&JobResult::from(&*result))),
    ];
    let options = ListOptions::default().with_order(JobField::SubmitTime, Direction::Descending);
    match filters.into_iter().flatten().reduce(Filter::and) {
        Some(filter) => options.with_filter(filter),
        None => options,
    }
}

/// Shows each state as it is reached, then the job. Ctrl-C stops the watching, not the job.
async fn follow(jobs: &JobClient, id: Uuid, printer: &Printer) -> Result<()> {
    note(format_args!("job {id}"));
    let mut states = std::pin::pin!(jobs.states(id));
    while let Some(change) = states.try_next().await? {
        note(format_args!("  {}", change.state));
    }
    let job = jobs.get(id).await?;
    show(&job, printer)?;
    match job.result() {
        Some(JobResult::Succeeded) => return Ok(()),
        Some(result) => note(format_args!("{result}")),
        None => {}
    }
    for error in &job.errors {
        note(error.report());
    }
    Err(JobFailed(format!("the job {id} did not succeed")).into())
}

fn show(job: &Job, printer: &Printer) -> Result<()> {
    let all = serde_json::to_value(job)?;
    match printer.format() {
        arguments::Format::Json => printer.one(&all),
        arguments::Format::Table => {
            let keys = [
                "jobId",
                "name",
                "state",
                "result",
                "submitter",
                "submitTime",
                "startTime",
                "endTime",
            ];
            let some = keys
                .iter()
                .map(|key| ((*key).to_owned(), all[*key].clone()));
            printer.one(&Value::Object(some.collect()))
        }
    }
}

/// Shows what the compiler found; an error among it is the command's failure.
fn built(job: &Job, printer: &Printer) -> Result<()> {
    if printer.format() == arguments::Format::Json {
        printer.one(&serde_json::to_value(job)?)?;
    }
    for found in &job.properties.diagnostics {
        let at = |number: Option<u32>| {
            number.map_or_else(|| "?".to_owned(), |number| number.to_string())
        };
        let (line, column) = (at(found.line_number), at(found.column_number));
        note(format_args!(
            "{}: {} (line {line}, column {column})",
            found.severity, found.message
        ));
    }
    let errors = job
        .properties
        .diagnostics
        .iter()
        .filter(|found| found.severity == Severity::Error)
        .count();
    if job.result() == Some(&JobResult::Succeeded) {
        return Ok(());
    }
    Err(JobFailed(format!("the script does not compile; {errors} error(s)")).into())
}
