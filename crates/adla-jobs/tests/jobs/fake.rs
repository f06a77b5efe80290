//! A small Data Lake Analytics service in memory, written from its recorded behaviour, and a
//! network in front of it that loses things.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aad_core::transport::{ResponseBody, Sent, TransportError};
use aad_core::{AccessToken, TokenCredential, TokenRequest, Transport};
use adla_jobs::{JobClient, JobClientOptions};
use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};
use testkit::context::{World, json as answer, response};
use url::Url;

/// The way of every job that succeeds, as recorded.
pub(crate) const WAY: [&str; 7] = [
    "New",
    "Compiling",
    "Queued",
    "Scheduling",
    "Starting",
    "Running",
    "Ended",
];

/// What the network does with one request, without the client learning it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// It is lost on the way there.
    Request,
    /// Its reply is lost on the way back.
    Reply,
    /// The client gives it up, and it arrives after the next one.
    Late,
    /// Its reply is a proxy's page.
    BadGateway,
    /// The second half of its reply is missing, and only who reads it can notice.
    HalfReply,
}

#[derive(Debug, Default)]
pub(crate) struct FakeJobs(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    jobs: BTreeMap<String, FakeJob>,
    submissions: usize,
    /// How many steps every job takes between two requests.
    pace: usize,
    cuts: BTreeMap<usize, Cut>,
    late: VecDeque<Request<Bytes>>,
    log: Vec<String>,
}

#[derive(Debug)]
struct FakeJob {
    name: String,
    script: String,
    steps: usize,
    cancelled: bool,
}

impl FakeJobs {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets every job take so many steps between two requests.
    pub(crate) fn pace(&self, steps: usize) {
        self.state().pace = steps;
    }

    /// Plans what happens to the `n`th request, counted from 0.
    pub(crate) fn cut(&self, n: usize, cut: Cut) {
        self.state().cuts.insert(n, cut);
    }

    /// `METHOD /path`, in order.
    pub(crate) fn log(&self) -> Vec<String> {
        self.state().log.clone()
    }

    /// How many submissions were carried out.
    pub(crate) fn submissions(&self) -> usize {
        let mut state = self.state();
        while let Some(request) = state.late.pop_front() {
            state.answer(&request);
        }
        state.submissions
    }
}

#[async_trait]
impl Transport for FakeJobs {
    async fn send(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<ResponseBody>, TransportError> {
        let mut state = self.state();
        let n = state.log.len();
        let line = format!("{} {}", request.method(), request.uri().path());
        state.log.push(line);
        let late: Vec<_> = state.late.drain(..).collect();
        let lost = || TransportError::new(Sent::Maybe, "the connection broke");
        let outcome = match state.cuts.remove(&n) {
            None => Ok(state.answer(&request)),
            Some(Cut::Request) => Err(lost()),
            Some(Cut::Reply) => {
                state.answer(&request);
                Err(lost())
            }
            Some(Cut::Late) => {
                state.late.push_back(request);
                Err(lost())
            }
            Some(Cut::BadGateway) => {
                state.answer(&request);
                Ok(response(502, &[], "<html>Bad Gateway</html>"))
            }
            Some(Cut::HalfReply) => {
                let whole = state.answer(&request);
                let half = whole.body().len() / 2;
                Ok(whole.map(|body| body.slice(..half)))
            }
        };
        for request in late {
            state.answer(&request);
        }
        outcome.map(|response| response.map(ResponseBody::full))
    }
}

impl State {
    fn answer(&mut self, request: &Request<Bytes>) -> Response<Bytes> {
        assert_eq!(request.headers()["authorization"], "Bearer letmein");
        let query = request.uri().query().unwrap_or_default();
        assert!(query.contains("api-version=2016-11-01"), "{query}");
        for job in self.jobs.values_mut() {
            job.steps = (job.steps + self.pace).min(WAY.len());
        }
        let path = request.uri().path().to_lowercase();
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        match (request.method().as_str(), parts.as_slice()) {
            ("PUT", ["jobs", id]) => self.submit(id, request.body()),
            ("GET", ["jobs", id]) => match self.jobs.get(*id) {
                Some(job) => answer(200, &job.json(id).to_string()),
                None => not_found(id),
            },
            ("POST", ["jobs", id, "canceljob"]) => match self.jobs.get_mut(*id) {
                Some(job) if job.is_ended() => refusal(400, "JobEnded", "the job has ended"),
                Some(job) => {
                    job.cancelled = true;
                    response(200, &[], "")
                }
                None => not_found(id),
            },
            (method, _) => panic!("{method} {path} is no operation"),
        }
    }

    fn submit(&mut self, id: &str, body: &[u8]) -> Response<Bytes> {
        if self.jobs.contains_key(id) {
            let message = "A resource with this name already exists. Trace: t Time: t";
            return refusal(409, "ResourceAlreadyExists", message);
        }
        let body: Value = serde_json::from_slice(body).expect("a submission is JSON");
        assert_eq!(body["type"], "USql");
        assert_eq!(body["properties"]["type"], "USql");
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let job = FakeJob {
            name: text(&body["name"]),
            script: text(&body["properties"]["script"]),
            steps: 1,
            cancelled: false,
        };
        let mut json = job.json(id);
        // The service says "Compiling" while its records are still at "New", and omits the script.
        json["state"] = "Compiling".into();
        json["properties"] = json!({ "type": "USql" });
        self.jobs.insert(id.to_owned(), job);
        self.submissions += 1;
        answer(200, &json.to_string())
    }
}

impl FakeJob {
    fn is_ended(&self) -> bool {
        self.cancelled || self.steps == WAY.len()
    }

    fn json(&self, id: &str) -> Value {
        let mut states = WAY[..self.steps].to_vec();
        if self.cancelled && self.steps < WAY.len() {
            states.push("Ended");
        }
        let records = states.iter().enumerate().map(|(n, state)| {
            let time = format!("2017-03-13T23:51:{n:02}.5317044+00:00");
            json!({ "newState": state, "timeStamp": time })
        });
        let records: Vec<Value> = records.collect();
        let result = match (self.is_ended(), self.cancelled) {
            (true, true) => "Cancelled",
            (true, false) => "Succeeded",
            (false, _) => "None",
        };
        json!({
            "jobId": id,
            "name": self.name,
            "type": "USql",
            "state": states.last(),
            "result": result,
            "stateAuditRecords": records,
            "properties": { "type": "USql", "script": self.script },
        })
    }
}

pub(crate) fn refusal(status: u16, code: &str, message: &str) -> Response<Bytes> {
    let body = json!({ "error": { "code": code, "message": message } });
    answer(status, &body.to_string())
}

fn not_found(id: &str) -> Response<Bytes> {
    let message = format!("The specified job {id} was not found. Trace: t Time: t");
    refusal(404, "JobNotFound", &message)
}

/// Signs in without asking anybody.
#[derive(Debug)]
struct Letmein(World);

#[async_trait]
impl TokenCredential for Letmein {
    async fn token(&self, request: &TokenRequest) -> aad_core::Result<AccessToken> {
        let scope = "https://management.core.windows.net//.default";
        assert_eq!(request.scopes, [scope]);
        let expires_on = self.0.clock.now() + Duration::from_secs(36_000);
        Ok(AccessToken::new("letmein", expires_on))
    }
}

pub(crate) fn client_over(world: &World, transport: Arc<dyn Transport>) -> JobClient {
    let endpoint = Url::parse("https://contoso.azuredatalakeanalytics.net").expect("a url");
    let credential = Arc::new(Letmein(world.clone()));
    let options = JobClientOptions::default();
    JobClient::new_opts(
        world.context_over(transport),
        &endpoint,
        credential,
        options,
    )
    .expect("the endpoint is one")
}

/// A client of a fresh service.
pub(crate) fn fresh() -> (World, JobClient, Arc<FakeJobs>) {
    let world = World::new();
    let service = Arc::new(FakeJobs::default());
    let client = client_over(&world, Arc::clone(&service) as Arc<dyn Transport>);
    (world, client, service)
}

/// A client whose service does what a test says.
pub(crate) fn scripted() -> (World, JobClient) {
    let world = World::new();
    let transport = Arc::clone(&world.transport) as Arc<dyn Transport>;
    let client = client_over(&world, transport);
    (world, client)
}
