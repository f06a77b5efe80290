//! `adl serve` is killed while many clients write to it; what it acknowledged is there when it is served again.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Barrier, Mutex};

use cli::wire::Client;
use cli::{Lake, adl, run};

/// Clients that write at the same time.
const WRITERS: u64 = 4;

/// What a client knows of its files: what was acknowledged, and what was asked for and not answered.
#[derive(Default)]
struct Known {
    /// None: it is not there.
    files: BTreeMap<String, Option<Vec<u8>>>,
    unanswered: Option<(String, Option<Vec<u8>>)>,
}

impl Known {
    /// Asks for something that leaves these bytes at the path; false if the lake is gone.
    fn write(
        &mut self,
        client: &mut Client,
        (method, path, query): (&str, &str, &str),
        body: &[u8],
        after: Option<Vec<u8>>,
    ) -> bool {
        self.unanswered = Some((path.to_owned(), after));
        let Some((status, answer)) = client.ask(method, &store(path, query), body) else {
            return false;
        };
        let answer = String::from_utf8_lossy(&answer);
        assert!(
            matches!(status, 200 | 201),
            "{method} {path}?{query}: {status} {answer}"
        );
        self.files.extend(self.unanswered.take());
        true
    }

    /// Files created, replaced, appended to in both ways, deleted; one after the other until the lake is gone.
    fn write_on(&mut self, client: &mut Client, writer: u64, round: u64, answers: &Sender<()>) {
        for number in 0_u64.. {
            let path = format!("/w{writer}/{round}/{}", number / 5);
            // Small bodies and some that take several writes.
            let size = if number % 7 == 0 { 300_000 } else { 100 };
            let body = vec![b'a' + (number % 26) as u8; size];
            let appended = || {
                let before = self.files[&path].as_deref().unwrap_or_default();
                Some([before, &body].concat())
            };
            let alive = match number % 5 {
                0 => self.write(
                    client,
                    ("PUT", &path, "op=CREATE&overwrite=true"),
                    &body,
                    Some(body.clone()),
                ),
                1 | 2 => {
                    let after = appended();
                    self.write(
                        client,
                        ("POST", &path, "op=APPEND&syncFlag=CLOSE"),
                        &body,
                        after,
                    )
                }
                3 => {
                    let query = "op=CREATE&overwrite=true";
                    self.write(client, ("PUT", &path, query), &body, Some(body.clone()))
                }
                _ if number % 2 == 0 => {
                    self.write(client, ("DELETE", &path, "op=DELETE"), b"", None)
                }
                _ => true,
            };
            if !alive {
                return;
            }
            // Nobody counts any more when the lake is being killed.
            let _ = answers.send(());
        }
    }

    /// What the lake has is what it acknowledged, and of what it did not answer all or nothing.
    fn check(&mut self, client: &mut Client) {
        if let Some((path, after)) = self.unanswered.take() {
            let now = open(client, &path);
            let before = self.files.get(&path).cloned().flatten();
            assert!(now == before || now == after, "{path} is half written");
            self.files.insert(path, now);
        }
        for (path, bytes) in &self.files {
            assert!(
                open(client, path) == *bytes,
                "{path} was acknowledged and is lost"
            );
        }
    }
}

fn store(path: &str, query: &str) -> String {
    format!("/webhdfs/v1{path}?{query}")
}

fn open(client: &mut Client, path: &str) -> Option<Vec<u8>> {
    match client.ask("GET", &store(path, "op=OPEN"), b"").unwrap() {
        (200, bytes) => Some(bytes),
        (404, _) => None,
        (status, _) => panic!("{path}: {status}"),
    }
}

/// Kills the lake after so many answers, which a seed decides, and looks; again and again in the same folder.
fn kill_again_and_again(rounds: u64, seed: u64) {
    let folder = tempfile::tempdir().unwrap();
    let serve = || Lake::serve_with(Path::new("."), folder.path(), &["--insecure-no-auth"]);
    let known: Vec<_> = (0..WRITERS).map(|_| Mutex::new(Known::default())).collect();
    let mut random = seed;
    for round in 0..rounds {
        let mut lake = serve();
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let enough = 20 + (random >> 33) % 400;
        let (answered, answers) = channel();
        let looked = Barrier::new(WRITERS as usize);
        std::thread::scope(|scope| {
            for (writer, known) in (0..).zip(&known) {
                let (lake, looked, answered) = (&lake, &looked, answered.clone());
                let mut client = Client::connect(lake);
                scope.spawn(move || {
                    let mut known = known.lock().unwrap();
                    known.check(&mut client);
                    looked.wait();
                    known.write_on(&mut client, writer, round, &answered);
                });
            }
            assert_eq!(answers.iter().take(enough as usize).count() as u64, enough);
            lake.strike();
        });
        lake.kill();
        let checked = run(adl()
            .args(["fsck", "--output=json", "--root"])
            .arg(folder.path()));
        assert!(
            !checked.ok().contains("\"damage\""),
            "seed {seed}, round {round}"
        );
    }
    let lake = serve();
    for known in &known {
        known.lock().unwrap().check(&mut Client::connect(&lake));
    }
    drop(lake);
    let sound = run(adl().args(["fsck", "--root"]).arg(folder.path())).ok();
    assert!(
        !sound.contains("damage") && !sound.contains("foreign"),
        "{sound}"
    );
}

#[test]
fn what_was_acknowledged_before_the_lake_was_killed_is_there() {
    // A hundred rounds take two minutes on an idle machine; nothing but time is against more here.
    kill_again_and_again(3, 1);
}
