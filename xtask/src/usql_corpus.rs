//! The public U-SQL scripts in a lake of their own: `tests/usql-corpus`, a program of its own so that no other
//! chore waits for DataFusion.

use anyhow::Result;

use crate::shell;

pub(crate) fn run(args: &[&str]) -> Result<()> {
    let mut cargo = shell::cargo();
    cargo.args(["run", "--quiet", "--package", "usql-corpus", "--", "corpus"]);
    shell::run(cargo.args(args))
}
