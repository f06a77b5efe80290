//! Serves a lake whose jobs understand no script: sign-in and files only.
//!
//! `cargo run -p lake-service --features listen --example serve_without_engine -- <root> [http port] [https port]`

use std::path::PathBuf;
use std::sync::Arc;

use lake_service::{
    CompiledJob, JobRunner, JobScript, Lake, LakeFiles, LakeOptions, ListenOptions, Listener,
    ScriptDiagnostic, Shell, Sockets,
};
use lake_store::{Ambient, Store, StoreOptions};
use tokio_util::sync::CancellationToken;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let root = PathBuf::from(arguments.next().unwrap_or_else(|| "lake".into()));
    let http = arguments.next().map_or(Ok(7170), |port| port.parse())?;
    let https = arguments.next().map_or(Ok(7171), |port| port.parse())?;

    let store = Store::open(&root, StoreOptions::default(), Ambient::system())?;
    let sockets = Sockets::bind(ListenOptions::default().with_ports(http, https)).await?;
    let lake = Lake::open(LakeOptions::default(), store, Arc::new(NoLanguage)).await?;
    let listener = Listener::new(lake.clone(), sockets).await?;
    let endpoints = listener.endpoints();
    endpoints.write(&root)?;
    print(&endpoints.export_lines(Shell::Sh));

    let stop = CancellationToken::new();
    let serving = listener.serve(stop.clone());
    let interrupted = async {
        let _ = tokio::signal::ctrl_c().await;
        stop.cancel();
    };
    tokio::join!(serving, interrupted);
    lake.shutdown().await;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a program may print")]
fn print(text: &str) {
    println!("{text}");
}

struct NoLanguage;

impl JobRunner for NoLanguage {
    fn compile(
        &self,
        _script: JobScript,
        _files: LakeFiles,
        _: &CancellationToken,
    ) -> Result<Box<dyn CompiledJob>, Vec<ScriptDiagnostic>> {
        Err(vec![ScriptDiagnostic::error(
            "E_CSC_USER_SYNTAXERROR",
            "this lake has no engine",
        )])
    }
}
