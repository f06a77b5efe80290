//! Peers' clients against our service. Needs Python and the network's package registries, so
//! it is not part of `test`.

use anyhow::{Result, bail};

mod browser;
mod federation;
mod gen1;
mod identity;
mod keyring;
mod lake;
mod main_job;
mod replay;
mod usql;
mod webhdfs;

pub(crate) fn run(args: &[&str]) -> Result<()> {
    match args {
        ["browser"] => browser::run(),
        ["gen1", rest @ ..] => gen1::run(rest),
        ["identity"] => identity::run(),
        ["keyring"] => keyring::run(),
        ["main-job"] => main_job::run(),
        ["replay", rest @ ..] => replay::run(rest),
        ["usql"] => usql::run(),
        ["webhdfs"] => webhdfs::run(),
        ["ws-trust", rest @ ..] => federation::run(rest),
        _ => bail!(
            "interop wants `browser`, `gen1 [--java-sdk DIR] [WORD]`, `identity`, `keyring`, `main-job`, `replay --recordings DIR --tools DIR`, `usql`, `webhdfs` or `ws-trust --fixtures DIR`"
        ),
    }
}
