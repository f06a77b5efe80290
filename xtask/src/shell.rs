//! Running programs and speaking to the person who runs us.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// The repository, as the cargo that runs us says: in a target directory that clones share, this program may have been
/// compiled in another of them.
#[expect(
    clippy::disallowed_methods,
    reason = "a chore reads its own environment"
)]
pub(crate) fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").expect("a chore is run by cargo");
    Path::new(&here)
        .parent()
        .expect("xtask lies in the repository")
        .to_owned()
}

/// The target directory, where this program lies in `debug`.
pub(crate) fn target() -> Result<PathBuf> {
    let here = std::env::current_exe().context("this program has no path")?;
    let target = here
        .ancestors()
        .nth(2)
        .context("xtask is not in a target directory")?;
    Ok(target.to_owned())
}

/// The cargo that runs us.
#[expect(
    clippy::disallowed_methods,
    reason = "a chore reads its own environment"
)]
pub(crate) fn cargo() -> Command {
    program(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()))
}

/// A program, started in the repository.
#[expect(clippy::disallowed_methods, reason = "a chore runs programs")]
pub(crate) fn program(name: &str) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root());
    command
}

/// Runs to the end, showing the output; an exit code other than 0 is an error.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    say(&format!("$ {}", line(command)));
    let status = command
        .status()
        .with_context(|| format!("cannot start {}", line(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", line(command));
    }
    Ok(())
}

/// Runs to the end and gives what it wrote to standard output.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("cannot start {}", line(command)))?;
    if !output.status.success() {
        bail!(
            "{} ended with {}:\n{}",
            line(command),
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("{} wrote something else than UTF-8", line(command)))
}

#[expect(clippy::print_stdout, reason = "a chore speaks on standard output")]
pub(crate) fn say(text: &str) {
    println!("{text}");
}

#[expect(clippy::print_stderr, reason = "a chore complains on standard error")]
pub(crate) fn complain(error: &anyhow::Error) {
    eprintln!("error: {error:#}");
}

/// Ends a check: prints what is wrong, or that nothing is.
pub(crate) fn verdict(check: &str, problems: &[String]) -> Result<()> {
    if problems.is_empty() {
        say(&format!("{check}: ok"));
        return Ok(());
    }
    bail!("{check}:\n  {}", problems.join("\n  "));
}

fn line(command: &Command) -> String {
    let name = Path::new(command.get_program())
        .file_stem()
        .unwrap_or_default();
    let words = std::iter::once(name).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}
