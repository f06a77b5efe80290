//! Recorded traffic of the real services, replayed by tools that score the answers.

use std::path::Path;

use anyhow::{Context as _, Result, bail};

use super::lake::Lake;
use crate::shell;

/// Gen1 wants the data lake's own audience, ADLA and ARM the management one.
const RUNS: [(&str, &str, &str); 2] = [
    ("replay_gen1.py", "gen1", "https://datalake.azure.net/"),
    (
        "replay_adla.py",
        "adla",
        "https://management.core.windows.net/",
    ),
];

pub(super) fn run(args: &[&str]) -> Result<()> {
    let ["--recordings", recordings, "--tools", tools, rest @ ..] = args else {
        bail!("interop replay wants --recordings DIR --tools DIR, then options for the tools");
    };
    for (tool, folder, resource) in RUNS {
        let lake = Lake::start(folder)?;
        let said = shell::read(
            shell::program("python3")
                .arg(Path::new(tools).join(tool))
                .args([
                    "--endpoint",
                    &lake.endpoints.http,
                    "--token",
                    &lake.token(resource)?,
                ])
                .args(rest)
                .arg("--recordings")
                .arg(Path::new(recordings).join(folder)),
        )?;
        shell::say(&said);
        shell::say(&format!(
            "{tool}: {}",
            said.lines().last().context("the tool said nothing")?
        ));
    }
    Ok(())
}
