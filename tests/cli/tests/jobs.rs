//! `adl job`, as a person uses it.

use cli::Lake;

const HELLO: &str = include_str!("../../../fixtures/scripts/hello_world.usql");

#[test]
fn a_script_runs_and_each_state_is_shown() {
    let lake = Lake::start();
    let said = lake.feed(
        &[
            "job",
            "submit",
            "-",
            "--name=hello",
            "--wait",
            "--output=json",
        ],
        HELLO.as_bytes(),
    );
    for state in [
        "New",
        "Compiling",
        "Queued",
        "Scheduling",
        "Starting",
        "Running",
        "Ended",
    ] {
        assert!(
            said.err.contains(state),
            "{state} is missing:\n{}",
            said.err
        );
    }
    let job: serde_json::Value = serde_json::from_str(&said.ok()).unwrap();
    assert_eq!(job["result"], "Succeeded");
    let written =
        std::fs::read(lake.root().join("lakestore/Samples/Output/HelloWorld.csv")).unwrap();
    assert_eq!(written, b"\"Hello, World!\"\r\n");

    let id = job["jobId"].as_str().unwrap();
    assert!(lake.run(&["job", "show", id]).ok().contains("Succeeded"));
    assert!(lake.run(&["job", "list", "--name=hello"]).ok().contains(id));
    assert!(
        !lake
            .run(&["job", "list", "--result=Failed"])
            .ok()
            .contains(id)
    );
    lake.run(&["job", "wait", id]).ok();
}

#[test]
fn a_script_that_does_not_compile_says_where() {
    let lake = Lake::start();
    let complaint = lake
        .feed(&["job", "build", "-"], b"DROP DATABASE IF EXIST FOO;")
        .failed(5);
    assert!(complaint.contains("E_CSC_USER_SYNTAXERROR"), "{complaint}");
    assert!(complaint.contains("Expected one of: EXISTS"), "{complaint}");
    assert!(complaint.contains("line 1, column 18"), "{complaint}");
}

#[test]
fn a_job_that_fails_says_why() {
    let lake = Lake::start();
    lake.feed(&["fs", "put", "-", "/in.csv"], b"1\r\ntwo\r\n")
        .ok();
    let script = br#"@a = EXTRACT n int FROM "/in.csv" USING Extractors.Csv(); OUTPUT @a TO "/out.csv" USING Outputters.Csv();"#;
    let complaint = lake
        .feed(&["job", "submit", "-", "--wait"], script)
        .failed(5);
    assert!(complaint.contains("E_RUNTIME_USER_EXTRACT"), "{complaint}");
    lake.run(&["fs", "stat", "/out.csv"]).failed(3);
}

#[test]
fn an_unknown_job_is_not_found() {
    let lake = Lake::start();
    lake.run(&["job", "show", "00000000-0000-0000-0000-000000000000"])
        .failed(3);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_command_that_waits_for_its_script() {
    let lake = Lake::start();
    let mut command = lake.command(&["job", "submit", "-"]);
    let mut waiting = command.stdin(std::process::Stdio::piped()).spawn().unwrap();
    let ended = (0..2000).any(|_| {
        cli::interrupt(&waiting);
        waiting.try_wait().unwrap().is_some()
    });
    waiting.kill().unwrap();
    waiting.wait().unwrap();
    assert!(ended, "Ctrl-C did nothing");
}
