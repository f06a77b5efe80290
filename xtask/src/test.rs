//! Every test of the workspace, in one command.

use anyhow::{Context as _, Result, ensure};

use crate::shell;

/// What HelloWorld.csv holds: quoted, ended by CR LF, as the service's outputter wrote it.
const HELLO_WORLD: &str = "\"Hello, World!\"\r\n";

pub(crate) fn run(rest: &[&str]) -> Result<()> {
    // The whole-program tests start this binary.
    shell::run(shell::cargo().args(["build", "--package", "adl-cli"]))?;
    shell::run(
        shell::cargo()
            .args(["test", "--workspace", "--all-features"])
            .args(rest),
    )?;
    examples()
}

/// Each example runs against the local lake, as its reader would run it.
fn examples() -> Result<()> {
    let said = shell::read(shell::cargo().args([
        "run",
        "--quiet",
        "--package=examples",
        "--example=hello_world",
    ]))
    .context("the example hello_world failed")?;
    ensure!(
        said.contains(HELLO_WORLD),
        "the example hello_world did not print the file:\n{said}"
    );
    ensure!(
        said.contains("Succeeded"),
        "the example hello_world did not print the result:\n{said}"
    );
    shell::say("examples: ok");
    Ok(())
}
