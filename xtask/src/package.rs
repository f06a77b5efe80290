//! Every published crate can be packaged: metadata is complete and each file it needs is inside.

use anyhow::Result;

use crate::{arrows, shell};

pub(crate) fn check() -> Result<()> {
    let mut cargo = shell::cargo();
    // The tests compile the crates already; verifying would compile DataFusion a second time.
    cargo.args([
        "package",
        "--workspace",
        "--no-verify",
        "--allow-dirty",
        "--quiet",
        "--locked",
    ]);
    for package in arrows::metadata()?.packages {
        if package
            .publish
            .is_some_and(|registries| registries.is_empty())
        {
            cargo.args(["--exclude", &package.name]);
        }
    }
    shell::run(&mut cargo)?;
    shell::verdict("package", &[])
}
