//! The binary `adl`: a whole data lake in one process, and a client for it.
//!
//! This crate owns what is ambient: arguments, environment, printing, exit codes and signals.

use std::path::Path;
use std::process::ExitCode;

use aad_core::Context;
use anyhow::Result;
use clap::Parser as _;

use arguments::fs::Fs;
use arguments::{Arguments, Command, Global};
use choice::Choice;
use connection::{Connection, choose};
use print::Printer;
use session::Session;

mod arguments;
mod choice;
mod commands;
mod connection;
mod exit;
mod memory;
mod print;
mod progress;
mod session;

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
        // The server and a transfer end by Ctrl-C, in their own ways.
        Work::UntilStopped(serving) => serving.await,
        Work::Interruptible(work) => tokio::select! {
            // First, so that it is listened for before the work says anything.
            biased;
            _ = tokio::signal::ctrl_c() => return ExitCode::from(exit::INTERRUPTED),
            done = work => done,
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
    let printer = Printer::new(global.format());
    let root = global.root.as_deref();
    let served = root.unwrap_or(Path::new(DEFAULT_ROOT));
    match command {
        Command::Serve(options) => Work::UntilStopped(Box::pin(async move {
            commands::serve::run(options, served).await
        })),
        Command::Env { shell } => {
            Work::Interruptible(Box::pin(async move { commands::env::run(shell, served) }))
        }
        Command::Fsck(options) => Work::Interruptible(Box::pin(async move {
            commands::fsck::run(&options, served, &printer)
        })),
        Command::Job(job) => Work::Interruptible(Box::pin(async move {
            commands::job::run(job, &connect(global).await?, &printer).await
        })),
        // A transfer says how to go on when it was stopped.
        Command::Fs(fs) if matches!(fs.command, Fs::Put(_) | Fs::Get(_)) => {
            Work::UntilStopped(Box::pin(async move {
                let connection = commands::fs::stoppable(connect(global)).await?;
                commands::fs::run(fs, &connection, &printer).await
            }))
        }
        Command::Fs(fs) => Work::Interruptible(Box::pin(async move {
            commands::fs::run(fs, &connect(global).await?, &printer).await
        })),
        // A run says that it was stopped, and leaves nothing behind.
        Command::Usql(usql) => Work::UntilStopped(Box::pin(async move {
            let folder = root.unwrap_or(Path::new("."));
            commands::usql::run(usql.command, folder, &printer).await
        })),
        Command::Login(login) => Work::Interruptible(Box::pin(async move {
            let context = Context::system()?;
            let session = Session::open(&context);
            commands::login::run(login, root, &context, &session, &printer).await
        })),
        Command::Logout(logout) => Work::Interruptible(Box::pin(async move {
            let session = Session::open(&Context::system()?);
            commands::logout::run(&logout, root, &session).await
        })),
        Command::Account(account) => Work::Interruptible(Box::pin(async move {
            commands::account::run(account, global, &printer).await
        })),
    }
}

/// The folder that is served unless another is named.
const DEFAULT_ROOT: &str = "lake";

/// The lake that a command talks to.
async fn connect(global: &Global) -> Result<Connection> {
    let context = Context::system()?;
    let session = Session::open(&context);
    let choice = chosen(global, &context, &session).await?;
    Connection::open(context, &session, &choice).await
}

/// Which lake that is, and as whom.
async fn chosen(global: &Global, context: &Context, session: &Session) -> Result<Choice> {
    choose(
        context,
        session,
        global.root.as_deref(),
        Path::new(DEFAULT_ROOT),
    )
    .await
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
