//! `adl env`: the variables that point unmodified programs at a served lake.

use std::path::Path;

use anyhow::Result;
use lake_service::Endpoints;

use crate::arguments::Shell;
use crate::print;

pub(crate) fn run(shell: Shell, root: &Path) -> Result<()> {
    let shell = match shell {
        Shell::Sh => lake_service::Shell::Sh,
        Shell::Fish => lake_service::Shell::Fish,
        Shell::Powershell => lake_service::Shell::PowerShell,
        Shell::Cmd => lake_service::Shell::Cmd,
    };
    print::line(Endpoints::read(root)?.export_lines(shell).trim_end())
}
