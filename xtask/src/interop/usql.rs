//! Scripts of ours beside DuckDB: `xtask/interop/usql` holds pairs of a U-SQL script and SQL that means the same.

use anyhow::Result;

use super::lake::{folder, python};
use crate::shell;

const PACKAGES: [&str; 1] = ["duckdb==2.0.0"];
const SCRIPTS: &str = "xtask/interop/usql";
const PROGRAM: &str = "xtask/interop/usql.py";

pub(super) fn run() -> Result<()> {
    let python = python("usql", &PACKAGES)?;
    let python = python.to_string_lossy();
    let here = folder()?.join("usql");
    if here.exists() {
        std::fs::remove_dir_all(&here)?;
    }
    let (data, out) = (here.join("lake"), here.join("out"));
    std::fs::create_dir_all(&out)?;
    let made = data.join("data");
    shell::run(shell::program(&python).args([PROGRAM, "data"]).arg(&made))?;
    let mut scripts = shell::cargo();
    scripts.args([
        "run",
        "--quiet",
        "--package",
        "usql-corpus",
        "--",
        "folder",
        SCRIPTS,
    ]);
    shell::run(scripts.arg(&data).arg(&out))?;
    let mut compare = shell::program(&python);
    shell::run(
        compare
            .args([PROGRAM, "compare", SCRIPTS])
            .arg(&made)
            .arg(&out),
    )
}
