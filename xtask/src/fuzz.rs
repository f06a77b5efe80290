//! Every fuzz target for a while. Needs a nightly compiler and cargo-fuzz, so it is not part of `test`.

use anyhow::{Context as _, Result, ensure};

use crate::shell;

/// The targets, each with further seeds if it has no folder of its own.
const TARGETS: [(&str, Option<&str>); 16] = [
    ("usql_lex", Some(SCRIPTS)),
    ("usql_parse", Some(SCRIPTS)),
    ("usql_check", Some(SCRIPTS)),
    ("token_response", None),
    ("error_body", None),
    ("challenge", None),
    ("federation_description", None),
    ("federation_answer", None),
    ("msal_cache", None),
    ("certificate_pem", Some(CERTIFICATES)),
    ("certificate_pfx", Some(CERTIFICATES)),
    ("lake_acl", None),
    ("lake_request", None),
    ("fs_path", None),
    ("fs_acl", None),
    ("fs_answer", None),
];

const SCRIPTS: &str = "fixtures/scripts";

const CERTIFICATES: &str = "crates/aad-identity/tests/certificates";

pub(crate) fn run(only: Option<&str>, seconds: &str) -> Result<()> {
    let chosen = |(name, _): &(&str, _)| only.is_none_or(|only| only == *name);
    ensure!(TARGETS.iter().any(chosen), "no fuzz target has this name");
    for (name, seeds) in TARGETS.into_iter().filter(chosen) {
        let own = format!("fuzz/seeds/{name}");
        // The words of U-SQL are the same for all that reads it.
        let dictionary = name.split('_').next().filter(|&first| first == "usql");
        let dictionary = dictionary.unwrap_or(name);
        let corpus = format!("fuzz/corpus/{name}");
        std::fs::create_dir_all(shell::root().join(&corpus))?;
        shell::run(
            // `cargo` is the one of this toolchain; only rustup's knows `+nightly`.
            shell::program("rustup")
                .args(["run", "nightly", "cargo", "fuzz", "run", name, &corpus])
                .arg(seeds.unwrap_or(&own))
                .args(["--", "-timeout=60"])
                .arg(format!("-dict=fuzz/dictionaries/{dictionary}.dict"))
                .arg(format!("-max_total_time={seconds}")),
        )
        .with_context(|| format!("{name}; what is wrong is in fuzz/artifacts/{name}"))?;
    }
    shell::verdict("fuzz", &[])
}
