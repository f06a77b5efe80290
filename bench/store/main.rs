//! adls-fs beside other clients of Azure's stores, in one run over one null server, each in a
//! process of its own; and the lake's service beside Azurite. What each row means is in
//! docs/reference/performance.md.
//!
//! `store [rounds] [workload]...`, `store service`, `store million [entries]`
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measurement reads the clock and the variables of the machine and prints what it saw"
)]

mod client;
mod clients;
mod compare;
mod lake;
mod measure;
mod null_server;
mod report;
mod scratch;
mod service;
mod workload;

use std::env;
use std::path::Path;

use client::{Outcome, Subject};
use service::{Load, Service};
use workload::Workload;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["service"] => service::compare(),
        ["million"] => service::list_a_million(service::MILLION),
        ["million", entries] => service::list_a_million(entries.parse()?),
        // The processes of a run.
        ["null-server"] => Ok(null_server::serve()?),
        ["lake", root] => lake::serve(Path::new(root)),
        ["client", subject, workload, port, folder] => {
            let subject = Subject::named(subject).ok_or("no such client")?;
            let workload = Workload::named(workload).ok_or("no such workload")?;
            println!(
                "{}",
                subject.run(workload, port.parse()?, Path::new(folder))?
            );
            Ok(())
        }
        ["load", service, load, port, amount] => {
            let service = Service::named(service).ok_or("no such service")?;
            let load = Load::named(load).ok_or("no such load")?;
            let (done, cost) = service.load(load, port.parse()?, amount.parse()?)?;
            println!("{done} {cost}");
            Ok(())
        }
        _ => {
            let rounds = arguments.iter().find_map(|word| word.parse().ok());
            let chosen = Workload::ALL.into_iter().filter(|workload| {
                let named = arguments.iter().any(|word| Workload::named(word).is_some());
                !named || arguments.contains(&workload.name())
            });
            compare::compare(rounds.unwrap_or(5), chosen)
        }
    }
}
