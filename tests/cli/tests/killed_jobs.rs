//! `adl serve` is killed while jobs run; each job that it acknowledged ends, with both of its outputs or none.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::fmt::Write as _;
use std::path::Path;
use std::sync::mpsc::{Sender, channel};

use cli::wire::Client;
use cli::{Lake, adl, run};
use serde_json::{Value, json};

/// Clients that submit at the same time.
const CLIENTS: u64 = 3;

const SCRIPT: &str = r#"
    @rows = EXTRACT n int, s string FROM "/in.csv" USING Extractors.Csv();
    OUTPUT @rows TO "/out/ID/up.csv" ORDER BY n USING Outputters.Csv();
    OUTPUT @rows TO "/out/ID/down.csv" ORDER BY n DESC USING Outputters.Csv();"#;

fn id(client: u64, number: u64) -> String {
    format!("00000000-0000-4000-8000-{client:04x}{number:08x}")
}

fn submit(client: &mut Client, id: &str) -> Option<(u16, Vec<u8>)> {
    let properties = json!({ "type": "USql", "script": SCRIPT.replace("ID", id) });
    let body = json!({ "name": "n", "type": "USql", "properties": properties });
    client.ask("PUT", &format!("/jobs/{id}"), body.to_string().as_bytes())
}

/// Submits jobs until the lake is gone; the ids of those that were acknowledged.
fn submit_on(lake: &Lake, number: u64, round: u64, answers: &Sender<()>) -> Vec<String> {
    let mut client = Client::connect(lake);
    let mut accepted = Vec::new();
    for next in 0.. {
        let id = id(number, round << 16 | next);
        match submit(&mut client, &id) {
            Some((200, _)) => accepted.push(id),
            // The queue is full.
            Some((429, _)) => {}
            Some((status, body)) => panic!("{status}: {}", String::from_utf8_lossy(&body)),
            None => break,
        }
        // Nobody counts any more when the lake is being killed.
        let _ = answers.send(());
    }
    accepted
}

fn read(client: &mut Client, path: &str) -> Option<Vec<u8>> {
    match client.ask("GET", &format!("/webhdfs/v1{path}?op=OPEN"), b"") {
        Some((200, bytes)) => Some(bytes),
        Some((404, _)) => None,
        other => panic!("{path}: {other:?}"),
    }
}

/// Waits for every job, and compares what it says with what is there. Gives how many succeeded.
fn check(lake: &Lake, jobs: &[String]) -> usize {
    let mut client = Client::connect(lake);
    let mut succeeded = 0;
    for id in jobs {
        let job = loop {
            let (status, body) = client.ask("GET", &format!("/jobs/{id}"), b"").unwrap();
            assert_eq!(status, 200, "job {id} was acknowledged and is lost");
            let job: Value = serde_json::from_slice(&body).unwrap();
            if job["state"] == "Ended" {
                break job;
            }
        };
        let outputs =
            ["up", "down"].map(|name| read(&mut client, &format!("/out/{id}/{name}.csv")));
        match job["result"].as_str().unwrap() {
            "Succeeded" => {
                let [up, down] = outputs.map(Option::unwrap);
                assert!(up.len() > 100_000 && up.len() == down.len() && up != down);
                succeeded += 1;
            }
            "Failed" => {
                let code = &job["errorMessage"][0]["errorId"];
                assert_eq!(code, "E_RUNTIME_SYSTEM_JOBINTERRUPTED", "{job}");
                assert_eq!(outputs, [None, None], "{job}");
            }
            _ => panic!("{job}"),
        }
    }
    succeeded
}

fn left(root: &Path, folder: &str) -> usize {
    std::fs::read_dir(root.join(".lake").join(folder))
        .unwrap()
        .count()
}

#[test]
fn jobs_that_were_acknowledged_before_the_lake_was_killed_end_with_all_outputs_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    // So little memory that every job spills, and more jobs than run at a time.
    let options = [
        "--insecure-no-auth",
        "--running-jobs=2",
        "--queued-jobs=6",
        "--memory=1MiB",
    ];
    let serve = || Lake::serve_with(Path::new("."), root, &options);
    let mut input = String::new();
    for n in 0..8_000 {
        writeln!(input, "{},\"a row of some length\"", n * 7919 % 8_000).unwrap();
    }
    let mut jobs = Vec::new();
    let mut random = 7_u64;
    for round in 0..4 {
        let mut lake = serve();
        if round == 0 {
            let url = "/webhdfs/v1/in.csv?op=CREATE&write=true";
            let made = Client::connect(&lake)
                .ask("PUT", url, input.as_bytes())
                .unwrap();
            assert_eq!(made.0, 201);
        }
        check(&lake, &jobs);
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let enough = 4 + (random >> 33) as usize % 30;
        let (answered, answers) = channel();
        std::thread::scope(|scope| {
            let clients: Vec<_> = (0..CLIENTS)
                .map(|number| {
                    let (lake, answered) = (&lake, answered.clone());
                    scope.spawn(move || submit_on(lake, number, round, &answered))
                })
                .collect();
            assert_eq!(answers.iter().take(enough).count(), enough);
            lake.strike();
            for client in clients {
                jobs.extend(client.join().unwrap());
            }
        });
        lake.kill();
        let checked = run(adl().args(["fsck", "--output=json", "--root"]).arg(root));
        assert!(!checked.ok().contains("\"damage\""), "round {round}");
    }
    let mut lake = serve();
    assert!(
        check(&lake, &jobs) > 0,
        "no job of {} succeeded",
        jobs.len()
    );
    lake.interrupt();
    let sound = run(adl().args(["fsck", "--root"]).arg(root)).ok();
    assert!(
        !sound.contains("damage") && !sound.contains("foreign"),
        "{sound}"
    );
    assert_eq!(
        (left(root, "spill"), left(root, "spool")),
        (0, 0),
        "{sound}"
    );
}
