//! Every client for every workload, in turn, so that what else the machine does disturbs all alike.

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::client::{Outcome, Subject};
use crate::measure::Cost;
use crate::report::Report;
use crate::scratch::{Process, Scratch};
use crate::workload::{FOLDER, SMALL, Workload};

/// The interpreter that has azure-datalake-store 1.0.1. Without it, its rows are left out.
const PYTHON: &str = "BENCH_PYTHON";

pub fn compare(rounds: usize, workloads: impl Iterator<Item = Workload>) -> Outcome<()> {
    let server = Process::start(&mut itself(&["null-server"])?)?;
    let scratch = Scratch::new()?;
    for workload in workloads {
        let subjects = Subject::ALL.into_iter().filter(|subject| {
            let is_here = *subject != Subject::Python || env::var_os(PYTHON).is_some();
            is_here && subject.can(workload)
        });
        let mut report = Report::new(workload, subjects.collect());
        if workload == Workload::Upload {
            fill(&scratch.path("source"))?;
        }
        for _ in 0..rounds {
            for subject in report.subjects() {
                match measure(subject, workload, &server.line, &scratch) {
                    Ok(cost) => report.add(subject, cost),
                    Err(error) => eprintln!("{}, {}: {error}", subject.name(), workload.name()),
                }
            }
        }
        println!("{report}");
    }
    Ok(())
}

fn measure(subject: Subject, workload: Workload, port: &str, scratch: &Scratch) -> Outcome<Cost> {
    let folder = scratch.path(match workload {
        Workload::Upload => "source",
        _ => "target",
    });
    let mut client = match subject {
        Subject::Python => {
            let mut python = Command::new(env::var_os(PYTHON).ok_or("no interpreter")?);
            let script = concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/store/clients/python_client.py"
            );
            python.args([script, workload.name(), port]);
            python
        }
        _ => itself(&["client", subject.name(), workload.name(), port])?,
    };
    let output = client.arg(&folder).stderr(Stdio::inherit()).output()?;
    if workload == Workload::Download {
        fs::remove_dir_all(&folder)?;
    }
    Ok(String::from_utf8(output.stdout)?.parse()?)
}

/// This program again, as one of the processes of the run.
pub fn itself(arguments: &[&str]) -> Outcome<Command> {
    let mut command = Command::new(env::current_exe()?);
    command.args(arguments);
    Ok(command)
}

fn fill(folder: &Path) -> Outcome<()> {
    fs::create_dir(folder)?;
    let content = [b'x'; SMALL as usize];
    for index in 0..FOLDER {
        fs::write(folder.join(format!("file-{index:08}")), content)?;
    }
    Ok(())
}
