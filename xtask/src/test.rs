//! Every test of the workspace, in one command.

use anyhow::{Context as _, Result, ensure};

use crate::shell;

/// What HelloWorld.csv holds: quoted, ended by CR LF, as the service's outputter wrote it.
const HELLO_WORLD: &str = "\"Hello, World!\"\r\n";

pub(crate) fn run(rest: &[&str]) -> Result<()> {
    // Everything in one build: the whole-program tests start `adl`, the examples are run below, and
    // other features for one of them would compile the engine once more.
    let workspace = ["--workspace", "--all-features"];
    shell::run(
        shell::cargo()
            .arg("build")
            .args(workspace)
            .arg("--all-targets"),
    )?;
    shell::run(shell::cargo().arg("test").args(workspace).args(rest))?;
    examples()
}

/// Each example runs against the local lake, as its reader would run it.
fn examples() -> Result<()> {
    let said = example("hello_world")?;
    ensure!(
        said.contains(HELLO_WORLD),
        "the example hello_world did not print the file:\n{said}"
    );
    ensure!(
        said.contains("Succeeded"),
        "the example hello_world did not print the result:\n{said}"
    );
    let said = example("default_credential")?;
    ensure!(
        !said.is_empty(),
        "the example default_credential printed nothing"
    );
    shell::say("examples: ok");
    Ok(())
}

fn example(name: &str) -> Result<String> {
    let program = shell::target()?.join("debug/examples").join(name);
    let program = program.with_extension(std::env::consts::EXE_EXTENSION);
    let program = program.to_str().context("a path that is not UTF-8")?;
    shell::read(&mut shell::program(program)).with_context(|| format!("the example {name} failed"))
}
