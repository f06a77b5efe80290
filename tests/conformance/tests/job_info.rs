//! What a script learns of its own job from `@@JobInfo`.

use adla_jobs::{Job, JobClient, Submission};
use conformance::World;

const SCRIPT: &str = r#"
DECLARE CONST @folder = "/of/" + @@JobInfo.Submit.Alias.Substring(0, @@JobInfo.Submit.Alias.IndexOf('@'));
@job = SELECT @@JobInfo.Id, @@JobInfo.Name AS Job, @@JobInfo.Priority, @@JobInfo.Allocation,
              @@JobInfo.Account.Name AS Account, @@JobInfo.Submit.Alias, @@JobInfo.Submit.Date
       FROM (VALUES (1)) AS T(x);
OUTPUT @job TO @folder + "/job.csv" USING Outputters.Csv(quoting: false, dateTimeFormat: "yyyy-MM-ddTHH:mm:ss.fff");
"#;

async fn run(jobs: &JobClient, submission: &Submission) -> Job {
    let job = jobs.submit(submission).await.expect("the lake takes a job");
    jobs.wait(job.id).await.expect("the lake ends a job")
}

#[tokio::test]
async fn a_script_sees_who_submitted_it_where_and_how() {
    let world = World::start().await;
    let jobs = world.jobs_for(world.administrator());
    let submission = Submission::new("Monthly, again", SCRIPT)
        .with_priority(7)
        .with_degree_of_parallelism(3);
    let built = jobs.build(&submission).await.expect("the lake compiles");
    World::succeeded(&built);
    let job = run(&jobs, &submission).await;
    World::succeeded(&job);

    let endpoints = world.lake.endpoints();
    let (person, account) = (endpoints.admin_user, endpoints.analytics_account);
    let (alias, _) = person.split_once('@').expect("a name to sign in with");
    let root = world.root().join(&endpoints.store_account);
    let written = std::fs::read_to_string(root.join(format!("of/{alias}/job.csv")));
    let written = written.expect("the job wrote it");
    let row = format!("{},Monthly, again,7,3,{account},{person},", job.id);
    let date = written
        .strip_prefix(&row)
        .unwrap_or_else(|| panic!("{written}"));
    let submitted = job.submit_time.expect("it was submitted");
    let format = time::format_description::well_known::Iso8601::DEFAULT;
    let expected = submitted.format(&format).expect("a date");
    assert_eq!(date.trim_end(), &expected[..23]);
}

#[tokio::test]
async fn an_application_has_no_name_that_a_script_could_take_apart() {
    let world = World::start().await;
    let job = run(&world.jobs, &Submission::new("test", SCRIPT)).await;
    let codes = job
        .errors
        .iter()
        .filter_map(|error| error.error_id.as_deref());
    let codes: Vec<&str> = codes.collect();
    assert_eq!(codes, ["E_CSC_USER_EXPRESSIONNOTCONSTANTFOLDABLE"]);
}
