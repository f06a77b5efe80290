//! A token cache that is sealed with a key in a real keyring: gnome-keyring, on a session bus of its own.

use anyhow::{Context as _, Result};

use super::identity::example;
use crate::shell;

pub(super) fn run() -> Result<()> {
    shell::run(
        shell::program("dbus-run-session")
            .args(["--", "python3", "-B", "xtask/interop/sealed_cache.py"])
            .arg(example("token_cache", "reqwest,keyring")?),
    )
    .context("it wants dbus-run-session and gnome-keyring-daemon (Debian: dbus, gnome-keyring)")
}
