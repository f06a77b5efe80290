//! This machine's programs.

use std::io;
use std::process::Stdio;

use async_trait::async_trait;

use crate::context::{ProcessCommand, ProcessOutput, Processes};

#[derive(Debug)]
pub(super) struct SystemProcesses;

#[async_trait]
impl Processes for SystemProcesses {
    #[expect(
        clippy::disallowed_methods,
        reason = "these are the context's processes"
    )]
    async fn run(&self, command: &ProcessCommand) -> io::Result<ProcessOutput> {
        let mut process = tokio::process::Command::new(&command.program);
        process
            .args(&command.arguments)
            .envs(command.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        if let Some(directory) = &command.directory {
            process.current_dir(directory);
        }
        let output = process.spawn()?.wait_with_output().await?;
        Ok(ProcessOutput::new(
            output.status.code(),
            output.stdout,
            output.stderr,
        ))
    }
}
