//! A lake in a temporary folder, with a runner whose scripts say what happens to them.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use lake_store::{Ambient, Principal, Store, StoreOptions};
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::body::Body;
use crate::jobs::{
    CompiledJob, JobFailure, JobRunner, JobScript, LakeFiles, RunReport, ScriptDiagnostic,
    StageReport,
};
use crate::lake::{Call, Lake};
use crate::options::{JobLimits, LakeOptions};
use crate::origin::Origin;
use crate::{adla, gen1};

/// Does what the words of a script say, one after the other: see [`FakeRunner::compile`] and [`FakeJob::run`].
#[derive(Clone, Default)]
pub(crate) struct FakeRunner {
    /// Gets a permit whenever a script reaches `hang` or `compile-hang`.
    pub(crate) hanging: Arc<Hanging>,
}

/// Where a test and a hanging script meet.
pub(crate) struct Hanging {
    reached: Semaphore,
    released: Semaphore,
    plans: AtomicUsize,
    busy: AtomicUsize,
    busiest: AtomicUsize,
}

impl Default for Hanging {
    fn default() -> Self {
        Self {
            reached: Semaphore::new(0),
            released: Semaphore::new(0),
            plans: AtomicUsize::new(0),
            busy: AtomicUsize::new(0),
            busiest: AtomicUsize::new(0),
        }
    }
}

impl Hanging {
    /// Waits until one more script hangs.
    pub(crate) async fn reached(&self) {
        self.reached.acquire().await.unwrap().forget();
    }

    /// Lets one script go on.
    pub(crate) fn release(&self) {
        self.released.add_permits(1);
    }

    /// How many compiled scripts there are.
    pub(crate) fn plans(&self) -> usize {
        self.plans.load(Ordering::SeqCst)
    }

    /// How many scripts ran at the same time at most.
    pub(crate) fn busiest(&self) -> usize {
        self.busiest.load(Ordering::SeqCst)
    }

    async fn hang(&self) {
        self.reached.add_permits(1);
        self.released.acquire().await.unwrap().forget();
    }
}

struct FakeJob {
    script: String,
    files: LakeFiles,
    hanging: Arc<Hanging>,
}

impl JobRunner for FakeRunner {
    fn compile(
        &self,
        script: JobScript,
        files: LakeFiles,
        cancel: &CancellationToken,
    ) -> Result<Box<dyn CompiledJob>, Vec<ScriptDiagnostic>> {
        for word in script.text.split(' ') {
            match word {
                "compile-hang" => {
                    let hang = cancel.run_until_cancelled(self.hanging.hang());
                    let _ = tokio::runtime::Handle::current().block_on(hang);
                }
                "compile-panic" => panic!("the compiler has a bug"),
                "compile-error" => {
                    let mut error = ScriptDiagnostic::error(
                        "E_CSC_USER_SYNTAXERROR",
                        "syntax error. Expected one of: EXISTS ",
                    );
                    error.description = "Invalid syntax found in the script.".into();
                    (error.column, error.start, error.end) = (18, 17, 22);
                    return Err(vec![error]);
                }
                _ => {
                    if let Some(path) = word.strip_prefix("needs:")
                        && files.stat(path).is_err()
                    {
                        let error = ScriptDiagnostic::error("E_CSC_USER_INVALIDINPUT", path);
                        return Err(vec![error]);
                    }
                }
            }
        }
        let hanging = self.hanging.clone();
        hanging.plans.fetch_add(1, Ordering::SeqCst);
        Ok(Box::new(FakeJob {
            script: script.text,
            files,
            hanging,
        }))
    }
}

impl Drop for FakeJob {
    fn drop(&mut self) {
        self.hanging.plans.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Counts a script that runs.
struct Busy(Arc<Hanging>);

impl Busy {
    fn new(hanging: &Arc<Hanging>) -> Self {
        let busy = hanging.busy.fetch_add(1, Ordering::SeqCst) + 1;
        hanging.busiest.fetch_max(busy, Ordering::SeqCst);
        Self(hanging.clone())
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl CompiledJob for FakeJob {
    async fn run(self: Box<Self>, cancel: CancellationToken) -> Result<RunReport, Box<JobFailure>> {
        let _busy = Busy::new(&self.hanging);
        let mut report = RunReport::default();
        for word in self.script.split(' ') {
            match word {
                "hang" => tokio::select! {
                    () = self.hanging.hang() => {}
                    () = cancel.cancelled() => break,
                },
                // A runner that does not listen.
                "deaf" => self.hanging.hang().await,
                "panic" => panic!("the engine has a bug"),
                "fail" => {
                    let mut failure =
                        JobFailure::user("E_RUNTIME_USER_EXTRACT_ROW_ERROR", "bad row");
                    failure.stage = "SV1_Extract".into();
                    return Err(Box::new(failure));
                }
                "stage" => report.stages.push(StageReport {
                    name: "SV1".into(),
                    vertices: 1,
                    temp_data_written: 300,
                    peak_memory: 2000,
                    ..Default::default()
                }),
                path if path.starts_with('/') => {
                    let mut output = self.files.stage(path).map_err(system)?;
                    std::io::Write::write_all(&mut output, b"done").map_err(system)?;
                    self.files.publish(vec![output]).map_err(system)?;
                }
                _ => {}
            }
        }
        Ok(report)
    }
}

fn system(error: impl std::fmt::Display) -> Box<JobFailure> {
    Box::new(JobFailure::system(error.to_string()))
}

/// A lake for one test.
pub(crate) struct TestLake {
    pub(crate) lake: Lake,
    pub(crate) hanging: Arc<Hanging>,
}

/// An answer that has arrived as a whole.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }
}

impl TestLake {
    /// Opens the lake in a folder, new or left by an earlier one.
    pub(crate) async fn open(root: &Path) -> Self {
        let opened = Self::try_open(root, Ambient::system()).await;
        opened.unwrap()
    }

    /// The same with other limits.
    pub(crate) async fn open_with(root: &Path, limits: JobLimits) -> Self {
        let opened = Self::try_open_with(root, Ambient::system(), limits).await;
        opened.unwrap()
    }

    /// The same in another world, where it may fail.
    pub(crate) async fn try_open(
        root: &Path,
        ambient: Ambient,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        // However many cores there are.
        let limits = JobLimits::default().with_running(3);
        Self::try_open_with(root, ambient, limits).await
    }

    async fn try_open_with(
        root: &Path,
        ambient: Ambient,
        limits: JobLimits,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let store = Store::open(root, StoreOptions::default(), ambient)?;
        let runner = FakeRunner::default();
        let hanging = runner.hanging.clone();
        let options = LakeOptions::default().with_jobs(limits);
        let lake = Lake::open(options, store, Arc::new(runner)).await?;
        Ok(Self { lake, hanging })
    }

    /// The ordinary principal.
    pub(crate) fn user(&self) -> Principal {
        self.lake.authority().directory.client.principal()
    }

    pub(crate) fn admin(&self) -> Principal {
        self.lake.authority().directory.admin.principal()
    }

    /// Sends a request of the store service as a principal.
    pub(crate) async fn gen1(
        &self,
        caller: Principal,
        method: Method,
        url: &str,
        body: impl Into<Body>,
    ) -> Reply {
        let (call, request) = self.request(caller, "lakestore", method, url, body);
        collect(gen1::handle(&self.lake, call, request).await).await
    }

    /// Sends a request of the job service as the ordinary principal.
    pub(crate) async fn adla(&self, method: Method, url: &str, body: impl Into<Body>) -> Reply {
        self.adla_as(self.user(), method, url, body).await
    }

    pub(crate) async fn adla_as(
        &self,
        caller: Principal,
        method: Method,
        url: &str,
        body: impl Into<Body>,
    ) -> Reply {
        let (call, request) = self.request(caller, "lakeanalytics", method, url, body);
        collect(adla::handle(&self.lake, call, request).await).await
    }

    fn request(
        &self,
        caller: Principal,
        account: &str,
        method: Method,
        url: &str,
        body: impl Into<Body>,
    ) -> (Call, Request<Body>) {
        let mut request = Request::new(body.into());
        *request.method_mut() = method;
        *request.uri_mut() = format!("http://localhost:7170{url}").parse().unwrap();
        let origin = Origin::of(&request).unwrap();
        let request_id = Uuid::from_u128(0x5eed);
        (
            Call {
                caller,
                account: account.into(),
                origin,
                request_id,
            },
            request,
        )
    }
}

async fn collect(response: http::Response<Body>) -> Reply {
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Reply {
        status: parts.status,
        headers: parts.headers,
        body,
    }
}
