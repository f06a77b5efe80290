//! The real files and programs of this machine.
#![cfg(all(feature = "reqwest", target_os = "linux"))]
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use std::future::Future;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use aad_core::Context;
use aad_core::context::ProcessCommand;
use futures::future::{Either, select};

fn on_this_machine<T, F: Future<Output = T>>(work: impl FnOnce(Context) -> F) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(work(Context::system().unwrap()))
}

fn sh(script: &str) -> ProcessCommand {
    ProcessCommand::new("sh", ["-c", script])
}

#[test]
fn a_file_is_read_up_to_a_limit() {
    on_this_machine(|context| async move {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let files = context.files();
        let known = files.metadata(&file).await.unwrap();
        assert!(!known.is_folder && known.modified.unwrap() <= context.now());
        let content = files.read(&file, known.len).await.unwrap();
        assert!(content.starts_with(b"[package]"));
        let error = files.read(&file, known.len - 1).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::FileTooLarge);
        let error = files.read(Path::new("/no/such"), 9).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
        let names = files.list(file.parent().unwrap()).await.unwrap();
        assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "{names:?}");
        assert!(names.contains(&"Cargo.toml".to_owned()));
    });
}

#[test]
fn a_program_gets_its_arguments_variables_and_folder_and_no_input() {
    on_this_machine(|context| async move {
        let command = ProcessCommand::new(
            "sh",
            [
                "-c",
                "cat; pwd; echo \"$1,$A\"; echo no >&2; exit 3",
                "sh",
                "$(a b)",
            ],
        )
        .with_var("A", "v")
        .with_directory("/");
        let output = context.processes().run(&command).await.unwrap();
        assert_eq!(output.code, Some(3));
        assert_eq!(std::str::from_utf8(&output.stdout), Ok("/\n$(a b),v\n"));
        assert_eq!(std::str::from_utf8(&output.stderr), Ok("no\n"));
        assert!(!format!("{output:?}").contains("no"));
        let output = context.processes().run(&sh("kill -9 $$")).await.unwrap();
        assert_eq!(output.code, None);
        let missing = ProcessCommand::new("no-such-program", [""; 0]);
        let error = context.processes().run(&missing).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
    });
}

#[test]
fn a_program_that_nobody_waits_for_is_killed() {
    on_this_machine(|context| async move {
        let folder = std::env::temp_dir().join(context.uuid().to_string());
        std::fs::create_dir(&folder).unwrap();
        let command =
            sh("echo $$ > pid.new; mv pid.new pid; exec sleep 600").with_directory(&folder);
        let started = async {
            loop {
                if let Ok(pid) = std::fs::read_to_string(folder.join("pid")) {
                    return pid;
                }
                context.sleep(Duration::from_millis(5)).await;
            }
        };
        let run = context.processes().run(&command);
        let pid = match select(run, Box::pin(started)).await {
            Either::Right((pid, _run)) => pid.trim().to_owned(),
            Either::Left(_) => panic!("it ended by itself"),
        };
        std::fs::remove_dir_all(&folder).unwrap();
        let state = || std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let alive = |stat: &str| !stat.is_empty() && !stat.contains(") Z ");
        for _ in 0..1000 {
            if !alive(&state()) {
                return;
            }
            context.sleep(Duration::from_millis(5)).await;
        }
        panic!("it is still running: {}", state());
    });
}
