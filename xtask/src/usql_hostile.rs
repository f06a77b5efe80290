//! Scripts cut off, misspelt, nested and long: `tests/usql-hostile`, with compilers' optimizations, since it reads
//! hundreds of megabytes.

use anyhow::Result;

use crate::shell;

pub(crate) fn run(args: &[&str]) -> Result<()> {
    let mut cargo = shell::cargo();
    cargo.args([
        "run",
        "--quiet",
        "--release",
        "--package",
        "usql-hostile",
        "--",
    ]);
    shell::run(cargo.args(args))
}
