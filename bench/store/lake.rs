//! The lake's service as `adl serve` runs it, without the engine for jobs, and letting everybody
//! in: the clients here have no way to sign in to Azurite either.

use std::path::Path;
use std::sync::Arc;

use lake_service::{
    Authentication, CompiledJob, JobRunner, JobScript, Lake, LakeFiles, LakeOptions, ListenOptions,
    Listener, ScriptDiagnostic, Sockets,
};
use lake_store::{Ambient, Store, StoreOptions};
use tokio_util::sync::CancellationToken;

use crate::client::Outcome;

/// Serves until the process is ended. Says on which port.
pub fn serve(root: &Path) -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let store = Store::open(root, StoreOptions::default(), Ambient::system())?;
        let sockets = Sockets::bind(ListenOptions::default().with_ports(0, 0)).await?;
        let options = LakeOptions::default().with_authentication(Authentication::InsecureNone);
        let lake = Lake::open(options, store, Arc::new(NoLanguage)).await?;
        let listener = Listener::new(lake, sockets).await?;
        println!("{}", listener.http_address().port());
        listener.serve(CancellationToken::new()).await;
        Ok(())
    })
}

struct NoLanguage;

impl JobRunner for NoLanguage {
    fn compile(
        &self,
        _: JobScript,
        _: LakeFiles,
        _: &CancellationToken,
    ) -> Result<Box<dyn CompiledJob>, Vec<ScriptDiagnostic>> {
        Err(vec![ScriptDiagnostic::error(
            "E_CSC_USER_SYNTAXERROR",
            "this lake has no engine",
        )])
    }
}
