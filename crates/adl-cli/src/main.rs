//! The binary `adl`: a whole data lake in one process, and a client for it.
//!
//! This crate owns what is ambient: arguments, environment, printing, exit codes and signals.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Parser as _;

use arguments::{Arguments, Command, Global};
use connection::Connection;
use print::Printer;

mod arguments;
mod commands;
mod connection;
mod exit;
mod partial;
mod print;
mod progress;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log_to_standard_error(arguments.global.verbose);
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return fail(&anyhow::Error::from(error).context("cannot start")),
    };
    let code = runtime.block_on(run(arguments));
    // Reading standard input blocks a thread of the runtime; nobody waits for it.
    runtime.shutdown_background();
    code
}

async fn run(arguments: Arguments) -> ExitCode {
    let Arguments { global, command } = arguments;
    let work = dispatch(&global, command);
    let done = match work {
        // The server ends by Ctrl-C, in its own way.
        Work::UntilStopped(serving) => serving.await,
        Work::Interruptible(work) => tokio::select! {
            done = work => done,
            _ = tokio::signal::ctrl_c() => return ExitCode::from(exit::INTERRUPTED),
        },
    };
    match done {
        Err(error) if !error.is::<print::ReaderLeft>() => fail(&error),
        _ => ExitCode::SUCCESS,
    }
}

type Running<'a> = std::pin::Pin<Box<dyn Future<Output = Result<()>> + 'a>>;

enum Work<'a> {
    UntilStopped(Running<'a>),
    Interruptible(Running<'a>),
}

fn dispatch(global: &Global, command: Command) -> Work<'_> {
    let printer = Printer::new(global.output);
    let root = || {
        global
            .root
            .clone()
            .unwrap_or_else(|| PathBuf::from(DEFAULT_ROOT))
    };
    match command {
        Command::Serve(options) => {
            let root = root();
            Work::UntilStopped(Box::pin(async move {
                commands::serve::run(options, &root).await
            }))
        }
        Command::Env { shell } => {
            let root = root();
            Work::Interruptible(Box::pin(async move { commands::env::run(shell, &root) }))
        }
        Command::Job(job) => Work::Interruptible(Box::pin(async move {
            commands::job::run(job, &connect(global)?, &printer).await
        })),
        Command::Fs(fs) => Work::Interruptible(Box::pin(async move {
            commands::fs::run(fs, &connect(global)?, &printer).await
        })),
        Command::Account(account) => Work::Interruptible(Box::pin(async move {
            commands::account::run(account, || connect(global), &printer).await
        })),
    }
}

/// The folder that is served unless another is named.
const DEFAULT_ROOT: &str = "lake";

fn connect(global: &Global) -> Result<Connection> {
    Connection::open(global.root.as_deref(), Path::new(DEFAULT_ROOT))
        .context("cannot tell which lake is meant")
}

fn fail(error: &anyhow::Error) -> ExitCode {
    print::note(format_args!("error: {error:#}"));
    exit::code(error)
}

fn log_to_standard_error(verbose: u8) {
    let level = match verbose {
        0 => "warn",
        1 => "info",
        _ => "debug",
    };
    let ours = [
        "aad_core",
        "aad_identity",
        "adla_jobs",
        "adls_fs",
        "lake_service",
        "lake_store",
        "lake_usql",
        "usql_engine",
    ];
    let filter = ours.map(|name| format!("{name}={level}")).join(",");
    let filter = tracing_subscriber::EnvFilter::try_from_env("ADL_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(filter));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}
