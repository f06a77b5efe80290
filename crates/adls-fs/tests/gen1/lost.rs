//! Requests and replies are lost; no byte is lost or doubled, and nothing is reported wrongly.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use aad_core::Transport;
use adls_fs::{
    CreateOptions, DeleteOptions, Existing, FileSystem, Result, WriteMode, WriteOptions,
};
use futures::executor::block_on;
use futures::io::AsyncWriteExt;
use testkit::context::World;

use crate::fake::{Cut, FakeGen1, file_system, path};

/// A program that does a bit of everything, and what each step told it.
async fn program(files: &FileSystem) -> Result<Vec<String>> {
    let mut told = Vec::new();
    let options = WriteOptions::default()
        .with_mode(WriteMode::CreateNew)
        .with_buffer(4);
    let mut writer = files.writer_opts(&path("/in/new"), options).await?;
    for text in ["ab", "cdefgh", "i"] {
        told.push(streamed(writer.write_all(text.as_bytes()).await));
    }
    told.push(streamed(writer.flush().await));
    told.push(streamed(writer.write_all(b"jklmnopq").await));
    told.push(streamed(writer.close().await));

    let body = "made once";
    let new = CreateOptions::default().with_existing(Existing::Fail);
    told.push(described(
        files
            .create_opts(&path("/in/once"), body, new.clone())
            .await,
    ));
    told.push(described(
        files.create_opts(&path("/in/new"), body, new).await,
    ));
    told.push(described(files.create(&path("/in/old"), "v1").await));
    told.push(described(files.append(&path("/in/old"), 2, ",v2").await));
    told.push(described(files.append(&path("/in/old"), 2, ",v3").await));
    told.push(described(files.mkdirs(&path("/out/deep")).await));
    told.push(described(
        files.rename(&path("/in/new"), &path("/out/moved")).await,
    ));
    told.push(described(
        files.rename(&path("/in/gone"), &path("/out/moved")).await,
    ));
    told.push(described(
        files.rename(&path("/in/old"), &path("/out/moved")).await,
    ));
    told.push(described(files.delete(&path("/in/once")).await));
    told.push(described(files.delete(&path("/in/never")).await));
    let all = DeleteOptions::default().recursive();
    told.push(described(files.delete_opts(&path("/out/deep"), all).await));
    told.push(described(files.read(&path("/out/moved")).await));
    told.push(described(files.read_range(&path("/out/moved"), 3, 4).await));
    Ok(told)
}

fn described<T: std::fmt::Debug>(outcome: Result<T>) -> String {
    match outcome {
        Ok(value) => format!("{value:?}"),
        // Not the words: the store's and ours differ when it is found out by asking.
        Err(error) => format!("{:?}", error.kind()),
    }
}

fn streamed(outcome: io::Result<()>) -> String {
    match outcome {
        Ok(()) => "()".to_owned(),
        Err(error) => error.kind().to_string(),
    }
}

struct Run {
    told: Vec<String>,
    files: BTreeMap<String, String>,
    log: Vec<String>,
}

fn run(cuts: &[(usize, Cut)]) -> Run {
    let store = Arc::new(FakeGen1::default());
    for (n, cut) in cuts {
        store.cut(*n, *cut);
    }
    let files = file_system(&World::new(), Arc::clone(&store) as Arc<dyn Transport>);
    let told = block_on(program(&files)).expect("a writer opens");
    store.settle();
    Run {
        told,
        files: store.files(),
        log: store.log(),
    }
}

/// The same story, except that a deletion may admit that it does not know.
fn assert_same_story(told: &[String], calm: &[String], cuts: &[(usize, Cut)]) {
    assert_eq!(told.len(), calm.len(), "{cuts:?}");
    for (told, calm) in told.iter().zip(calm) {
        let honest = told == "Gone" && (calm == "Removed" || calm == "NotThere");
        assert!(told == calm || honest, "{cuts:?}: {told} is not {calm}");
    }
}

#[test]
fn nothing_happens_in_calm_weather_that_should_not() {
    let calm = run(&[]);
    let files: Vec<_> = calm
        .files
        .iter()
        .map(|(p, b)| (p.as_str(), b.as_str()))
        .collect();
    assert_eq!(
        files,
        [("/in/old", "v1,v2"), ("/out/moved", "abcdefghijklmnopq")]
    );
    let told: Vec<&str> = calm.told.iter().map(String::as_str).collect();
    let expected = [
        // The writer.
        "()",
        "()",
        "()",
        "()",
        "()",
        "()",
        // Made once, and not made again.
        "()",
        "Conflict",
        // Made, appended at the end, and not in the middle.
        "()",
        "()",
        "Conflict",
        "()",
        // Renamed; from nowhere; onto something.
        "()",
        "NotFound",
        "Conflict",
        "Removed",
        "NotThere",
        "Removed",
        "b\"abcdefghijklmnopq\"",
        "b\"defg\"",
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_cut_at_any_request_changes_nothing() {
    let calm = run(&[]);
    assert!(calm.log.len() > 20);
    for n in 0..calm.log.len() {
        for cut in [Cut::Request, Cut::Reply, Cut::Late, Cut::BadGateway] {
            let cuts = [(n, cut)];
            let outcome = run(&cuts);
            assert!(outcome.log.len() > calm.log.len(), "{cuts:?} met nothing");
            assert_eq!(outcome.files, calm.files, "{cuts:?}");
            assert_same_story(&outcome.told, &calm.told, &cuts);
        }
    }
}

#[test]
fn two_cuts_close_together_change_nothing() {
    let calm = run(&[]);
    for n in 0..calm.log.len() {
        for (first, second) in pairs() {
            for distance in 1..4 {
                let cuts = [(n, first), (n + distance, second)];
                let outcome = run(&cuts);
                assert_eq!(outcome.files, calm.files, "{cuts:?}");
                assert_same_story(&outcome.told, &calm.told, &cuts);
            }
        }
    }
}

#[test]
fn a_reply_that_cannot_be_read_is_looked_into() {
    let calm = run(&[]);
    let answers_in_json = |text: &&String| text.starts_with("RENAME") || text.starts_with("DELETE");
    let writes = calm.log.iter().enumerate();
    let writes: Vec<_> = writes.filter(|(_, text)| answers_in_json(text)).collect();
    assert_eq!(writes.len(), 5);
    for (n, _) in writes {
        let cuts = [(n, Cut::HalfReply)];
        let outcome = run(&cuts);
        assert_eq!(outcome.files, calm.files, "{cuts:?}");
        assert_same_story(&outcome.told, &calm.told, &cuts);
    }
}

fn pairs() -> impl Iterator<Item = (Cut, Cut)> {
    let kinds = [Cut::Request, Cut::Reply, Cut::Late];
    kinds.into_iter().flat_map(move |a| kinds.map(|b| (a, b)))
}
