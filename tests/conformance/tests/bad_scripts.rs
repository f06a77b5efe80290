//! Scripts and data that are wrong: a clear error in the service's own shape, and nothing lost.

use adla_jobs::{Job, JobError, JobResult};
use conformance::World;

/// Runs a script that must fail. Whatever it would have written is as it was before.
async fn fails(world: &World, script: &str) -> Job {
    world.write("/out/kept.csv", "kept\r\n").await;
    let job = world.run(script).await;
    assert_eq!(job.result(), Some(&JobResult::Failed), "{script}");
    assert!(!job.errors.is_empty(), "a failed job says why");
    assert_eq!(
        world.read("/out/kept.csv").await.as_deref(),
        Some(&b"kept\r\n"[..]),
        "a failed job changes no file"
    );
    assert_eq!(
        world.read("/out/other.csv").await,
        None,
        "a failed job writes none of its outputs"
    );
    job
}

/// The error with all that caused it, as one text.
fn told(job: &Job) -> String {
    job.errors
        .iter()
        .map(|error| error.report().to_string())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The job failed for this reason, whatever the service wraps around it.
#[track_caller]
fn because_of(job: &Job, code: &str) {
    let mut chain = job.errors.iter().flat_map(JobError::chain);
    let found = chain.any(|error| error.error_id.as_deref() == Some(code));
    assert!(found, "no {code} in:\n{}", told(job));
}

/// A script over `/in.csv` with the columns `n int, s string`, written to two files.
fn over_input(select: &str) -> String {
    format!(
        r#"@in = EXTRACT n int, s string FROM "/in.csv" USING Extractors.Csv();
@r = {select};
OUTPUT @r TO "/out/kept.csv" USING Outputters.Csv();
OUTPUT @in TO "/out/other.csv" USING Outputters.Csv();"#
    )
}

#[tokio::test]
async fn a_malformed_script_is_a_syntax_error_with_what_was_expected() {
    let world = World::start().await;
    let job = fails(
        &world,
        "@a = SELEC * FROM @b;\nOUTPUT @a TO \"/out/kept.csv\" USING Outputters.Csv();",
    )
    .await;
    because_of(&job, "E_CSC_USER_SYNTAXERROR");
    assert!(told(&job).contains("Expected one of"), "{}", told(&job));
    assert_eq!(job.errors[0].line_number, Some(1));
}

#[tokio::test]
async fn a_missing_input_is_a_compile_error_that_names_the_file() {
    let world = World::start().await;
    let job = fails(&world, &over_input("SELECT * FROM @in")).await;
    because_of(&job, "E_CSC_USER_FILENOTFOUND");
    assert!(told(&job).contains("/in.csv"), "{}", told(&job));
    let states: Vec<_> = job
        .state_changes
        .iter()
        .map(|change| change.state.to_string())
        .collect();
    assert_eq!(states, ["New", "Compiling", "Ended"], "it never ran");
}

#[tokio::test]
async fn a_row_with_too_many_columns_fails_the_job() {
    let world = World::start().await;
    world.write("/in.csv", "1,\"a\"\r\n2,\"b\",3\r\n").await;
    let job = fails(&world, &over_input("SELECT * FROM @in")).await;
    because_of(&job, "E_RUNTIME_USER_EXTRACT_ROW_DELIMITER_EXPECTED");
}

#[tokio::test]
async fn a_row_with_too_few_columns_fails_the_job() {
    let world = World::start().await;
    world.write("/in.csv", "1,\"a\"\r\n2\r\n").await;
    let job = fails(&world, &over_input("SELECT * FROM @in")).await;
    because_of(&job, "E_RUNTIME_USER_EXTRACT_UNEXPECTED_NUMBER_COLUMNS");
}

#[tokio::test]
async fn a_value_that_does_not_convert_names_its_column() {
    let world = World::start().await;
    world.write("/in.csv", "1,\"a\"\r\ntwo,\"b\"\r\n").await;
    let job = fails(&world, &over_input("SELECT * FROM @in")).await;
    because_of(
        &job,
        "E_RUNTIME_USER_EXTRACT_COLUMN_CONVERSION_INVALID_ERROR",
    );
    assert!(told(&job).contains("'n'"), "{}", told(&job));
}

#[tokio::test]
async fn an_integer_division_by_zero_fails_the_job() {
    let world = World::start().await;
    world.write("/in.csv", "1,\"a\"\r\n0,\"b\"\r\n").await;
    let job = fails(&world, &over_input("SELECT 10 / n AS q FROM @in")).await;
    because_of(&job, "E_RUNTIME_USER_UNHANDLED_EXCEPTION_FROM_USER_CODE");
    assert!(told(&job).contains("divide by zero"), "{}", told(&job));
}

#[tokio::test]
async fn an_output_path_cannot_leave_the_lake() {
    let world = World::start().await;
    let script = r#"@a = SELECT * FROM (VALUES (1)) AS T(n); OUTPUT @a TO "/out/../../outside.csv" USING Outputters.Csv();"#;
    let job = fails(&world, script).await;
    because_of(&job, "E_CSC_USER_INVALIDFILENAME");
    assert!(!world.root().parent().unwrap().join("outside.csv").exists());
}
