//! A store with a runner, without a service around them.

use std::path::PathBuf;
use std::sync::Arc;

use lake_service::{CompiledJob, JobFailure, JobRunner as _, JobScript, LakeFiles};
use lake_store::{
    AccountKind, Ambient, CreateOptions, Disk, Existing, LakePath, Principal, Store, StoreOptions,
    SystemDisk,
};
use lake_usql::LakeRunner;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const ACCOUNT: &str = "lakestore";

pub(crate) struct Lake {
    root: TempDir,
    pub(crate) store: Store,
    runner: LakeRunner,
}

/// Who owns everything.
pub(crate) fn admin() -> Principal {
    Principal::superuser("admin")
}

impl Lake {
    pub(crate) fn new() -> Self {
        Self::on(Arc::new(SystemDisk))
    }

    /// A lake on a disk of the caller's.
    pub(crate) fn on(disk: Arc<dyn Disk>) -> Self {
        let root = tempfile::tempdir().unwrap();
        let ambient = Ambient::system().with_disk(disk);
        let store = Store::open(root.path(), StoreOptions::default(), ambient).unwrap();
        let made = store.create_account(&admin(), ACCOUNT, AccountKind::Store);
        made.unwrap();
        let engine = LakeRunner::engine_options(&store).with_parallelism(2);
        let runner = LakeRunner::with_options(engine).unwrap();
        let lake = Self {
            root,
            store,
            runner,
        };
        lake.permit("/", 0o755);
        lake
    }

    /// Where the host has a path.
    pub(crate) fn host(&self, path: &str) -> PathBuf {
        self.root
            .path()
            .join(ACCOUNT)
            .join(path.trim_start_matches('/'))
    }

    pub(crate) fn put(&self, path: &str, bytes: &str) {
        let options = CreateOptions::default().with_existing(Existing::Replace);
        let path = LakePath::parse(path).unwrap();
        let files = self.store.files(ACCOUNT).unwrap();
        let created = files.create(&admin(), &path, &options, bytes.as_bytes());
        created.unwrap();
    }

    pub(crate) fn permit(&self, path: &str, permission: u16) {
        let path = LakePath::parse(path).unwrap();
        let files = self.store.files(ACCOUNT).unwrap();
        files.set_permission(&admin(), &path, permission).unwrap();
    }

    pub(crate) fn remove(&self, path: &str) {
        let path = LakePath::parse(path).unwrap();
        let files = self.store.files(ACCOUNT).unwrap();
        let only = lake_store::Recursion::EmptyOnly;
        files.delete(&admin(), &path, only).unwrap();
    }

    /// What a file holds; none if it is not there.
    pub(crate) fn text(&self, path: &str) -> Option<String> {
        std::fs::read_to_string(self.host(path)).ok()
    }

    /// Compiles a script for a submitter. What is wrong with it: code, message and resolution.
    pub(crate) fn compile(
        &self,
        who: Principal,
        script: &str,
        cancel: &CancellationToken,
    ) -> Result<Box<dyn CompiledJob>, String> {
        let files = LakeFiles::new(self.store.clone(), who, ACCOUNT);
        let compiled = self.runner.compile(JobScript::new(script), files, cancel);
        compiled.map_err(|found| {
            let said = found
                .iter()
                .map(|each| format!("{}: {} {}", each.code, each.message, each.resolution));
            said.collect::<Vec<_>>().join("\n")
        })
    }

    /// Runs a script for a submitter and gives what it wrote to `/out.csv`, or why it did not.
    pub(crate) fn run(&self, who: Principal, script: &str) -> Result<String, String> {
        let cancel = CancellationToken::new();
        let job = self.compile(who, script, &cancel)?;
        finish(job, cancel)?;
        Ok(self.text("/out.csv").unwrap().replace("\r\n", "\n"))
    }
}

/// Runs a job to its end.
pub(crate) fn finish(job: Box<dyn CompiledJob>, cancel: CancellationToken) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.build().unwrap();
    let done = runtime.block_on(job.run(cancel));
    done.map(drop).map_err(|failure| said(&failure))
}

fn said(failure: &JobFailure) -> String {
    let inner = failure.inner.as_deref().map(said).unwrap_or_default();
    format!(
        "{}: {} {}\n{inner}",
        failure.code, failure.message, failure.description
    )
}

/// `EXTRACT columns FROM path`, and the rows where a condition holds in the order of all columns.
pub(crate) fn rows(columns: &str, path: &str, condition: &str) -> String {
    let names: Vec<&str> = columns
        .split(", ")
        .filter_map(|column| column.split(' ').next())
        .collect();
    format!(
        "@a = EXTRACT {columns} FROM \"{path}\" USING Extractors.Csv();\n\
         @b = SELECT * FROM @a WHERE {condition};\n\
         OUTPUT @b TO \"/out.csv\" ORDER BY {} USING Outputters.Csv(quoting: false);",
        names.join(", ")
    )
}
