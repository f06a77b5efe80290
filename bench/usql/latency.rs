//! How long somebody waits: for a small job, and for the answer of the compiler.

use std::{
    fmt::Write,
    time::{Duration, Instant, SystemTime},
};

use adla_jobs::{JobClientOptions, Submission};
use futures::TryStreamExt;
use lake_usql::LocalLake;
use usql_sema::{CompileEnvironment, FileInfo, LakePath};

use crate::{Outcome, lake};

const HELLO: &str = include_str!("../../fixtures/scripts/hello_world.usql");

/// How many statements the long script has.
const STATEMENTS: usize = 200;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Latency {
    /// From the PUT of a job to its end, as a client sees it.
    Job,
    /// Source to checked plan.
    Compile,
}

impl Latency {
    pub const ALL: [Self; 2] = [Self::Job, Self::Compile];

    pub fn name(self) -> &'static str {
        match self {
            Self::Job => "job",
            Self::Compile => "compile",
        }
    }

    pub fn measure(self, rounds: usize) -> Outcome<()> {
        let (title, mut times) = match self {
            Self::Job => ("HelloWorld, PUT to Ended", job(rounds * 10)?),
            Self::Compile => ("compile of 200 statements", compile(rounds * 10)?),
        };
        times.sort();
        println!(
            "{title}: {:.1} ms (least {:.1}, most {:.1})",
            milliseconds(times[times.len() / 2]),
            milliseconds(times[0]),
            milliseconds(times[times.len() - 1]),
        );
        Ok(())
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn job(times: usize) -> Outcome<Vec<Duration>> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_time()
        .build()?;
    runtime.block_on(async {
        let lake = LocalLake::start_temporary().await?;
        let jobs = lake::client(&lake, JobClientOptions::default())?;
        let mut found = Vec::new();
        let mut way = String::new();
        for _ in 0..times {
            let (began, start) = (SystemTime::now(), Instant::now());
            let job = jobs.submit(&Submission::new("Hello", HELLO)).await?;
            let taken = start.elapsed();
            let mut states = std::pin::pin!(jobs.states(job.id));
            way = format!("PUT answered after {:.1} ms", milliseconds(taken));
            while let Some(change) = states.try_next().await? {
                let at = change.at.map(SystemTime::from).unwrap_or(began);
                let after = at.duration_since(began).unwrap_or_default();
                write!(
                    way,
                    ", {} {:.1} ms",
                    change.state.as_str(),
                    milliseconds(after)
                )?;
            }
            found.push(start.elapsed());
            jobs.get(job.id).await?.ensure_succeeded()?;
        }
        println!("the last job by the lake's clock: {way}");
        lake.shutdown().await;
        Ok(found)
    })
}

fn compile(times: usize) -> Outcome<Vec<Duration>> {
    let script = long_script()?;
    (0..times)
        .map(|_| {
            let start = Instant::now();
            let parse = usql_syntax::parse(&script);
            usql_sema::check(&parse, &EveryFile).map_err(|errors| format!("{errors:?}"))?;
            Ok(start.elapsed())
        })
        .collect()
}

/// Extracts, joins, groups and outputs in the proportions of real scripts.
fn long_script() -> Outcome<String> {
    let mut script = String::new();
    for part in 0..STATEMENTS / 5 {
        write!(
            script,
            r#"
            DECLARE @path{part} string = "/Output/" + "part{part}" + ".csv";
            @log{part} = EXTRACT UserId int, Start DateTime, Region string, Query string, Duration int?, Urls string
                         FROM "/Samples/Data/SearchLog{part}.tsv" USING Extractors.Tsv(skipFirstNRows: 1);
            @rows{part} = SELECT UserId, Region.ToUpper() AS Region, Duration ?? 0 AS Duration,
                                 Query.Length > 10 ? Query.Substring(0, 10) : Query AS Query
                          FROM @log{part} WHERE Region == "en-us" AND Start >= new DateTime(2012, 2, 16);
            @groups{part} = SELECT r.Region, COUNT(*) AS Queries, SUM(r.Duration) AS Total
                            FROM @rows{part} AS r INNER JOIN @log{part} AS l ON r.UserId == l.UserId
                            GROUP BY r.Region HAVING COUNT(*) > 1;
            OUTPUT @groups{part} TO @path{part} ORDER BY Total DESC USING Outputters.Csv(outputHeader: true);"#
        )?;
    }
    Ok(script)
}

struct EveryFile;

impl CompileEnvironment for EveryFile {
    fn file(&self, _: &LakePath) -> Option<FileInfo> {
        Some(FileInfo::of_length(1 << 20))
    }
}
