//! adls-fs beside other clients of Azure's stores, in one run over one null server, each in a
//! process of its own. What each row means is in docs/reference/performance.md.
//!
//! `store [rounds] [workload]...`
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measurement reads the clock of the machine and prints what it saw"
)]

mod client;
mod clients;
mod measure;
mod null_server;
mod report;
mod workload;

use std::env;
use std::error::Error;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use client::{Outcome, Subject};
use measure::Cost;
use report::Report;
use workload::Workload;

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["null-server"] => Ok(null_server::serve()?),
        ["client", subject, workload, port] => {
            let subject = Subject::named(subject).ok_or("no such client")?;
            let workload = Workload::named(workload).ok_or("no such workload")?;
            println!("{}", subject.run(workload, port.parse()?)?);
            Ok(())
        }
        _ => compare(&arguments),
    }
}

/// Runs every client for every workload, in turn, so that what else the machine does disturbs
/// all alike.
fn compare(arguments: &[&str]) -> Outcome<()> {
    let rounds = arguments
        .iter()
        .find_map(|word| word.parse().ok())
        .unwrap_or(5);
    let chosen = Workload::ALL
        .into_iter()
        .filter(|it| arguments.len() < 2 || arguments.contains(&it.name()));
    let server = Server::start()?;
    for workload in chosen {
        let able = Subject::ALL
            .into_iter()
            .filter(|subject| subject.can(workload));
        let mut report = Report::new(workload, able.collect());
        for _ in 0..rounds {
            for subject in report.subjects() {
                match server.measure(subject, workload) {
                    Ok(cost) => report.add(subject, cost),
                    Err(error) => eprintln!("{}, {}: {error}", subject.name(), workload.name()),
                }
            }
        }
        println!("{report}");
    }
    Ok(())
}

/// The null server's process.
struct Server {
    process: Child,
    port: String,
}

impl Server {
    fn start() -> Outcome<Self> {
        let mut process = Command::new(env::current_exe()?)
            .arg("null-server")
            .stdout(Stdio::piped())
            .spawn()?;
        let mut port = String::new();
        let output = process.stdout.take().ok_or("the server has no output")?;
        BufReader::new(output).read_line(&mut port)?;
        let port = port.trim().to_owned();
        Ok(Self { process, port })
    }

    fn measure(&self, subject: Subject, workload: Workload) -> Outcome<Cost> {
        let output = Command::new(env::current_exe()?)
            .args(["client", subject.name(), workload.name(), &self.port])
            .stderr(Stdio::inherit())
            .output()?;
        Ok(String::from_utf8(output.stdout)?.parse()?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
