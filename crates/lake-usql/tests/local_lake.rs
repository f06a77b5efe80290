//! A lake in this process, as a client on the wire sees it.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Arc;

use aad_core::Transport;
use bytes::Bytes;
use http::{Request, StatusCode};
use lake_usql::{LocalLake, LocalLakeOptions};
use serde_json::{Value, json};

/// A client with the ordinary principal's token.
struct Client {
    lake: LocalLake,
    transport: Arc<dyn Transport>,
    token: String,
}

impl Client {
    async fn new() -> Self {
        Self::with(LocalLakeOptions::default()).await
    }

    async fn with(options: LocalLakeOptions) -> Self {
        let lake = LocalLake::start_temporary_opts(options).await.unwrap();
        let transport = lake.transport();
        let endpoints = lake.endpoints();
        let form = format!(
            "grant_type=client_credentials&client_id={}&client_secret={}&resource=https%3A%2F%2Fdatalake.azure.net%2F",
            endpoints.client_id,
            endpoints.client_secret.expose().replace('+', "%2B"),
        );
        let url = format!("{}/{}/oauth2/token", lake.authority_url(), endpoints.tenant);
        let request = Request::post(url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Bytes::from(form))
            .unwrap();
        let (status, body) = collect(&transport, request).await;
        assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&body));
        let token: Value = serde_json::from_slice(&body).unwrap();
        let token = token["access_token"].as_str().unwrap().to_owned();
        Self {
            lake,
            transport,
            token,
        }
    }

    async fn send(&self, method: &str, url: &str, body: impl Into<Bytes>) -> (StatusCode, Bytes) {
        let request = Request::builder()
            .method(method)
            .uri(url)
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json")
            .body(body.into())
            .unwrap();
        collect(&self.transport, request).await
    }

    async fn put_file(&self, path: &str, bytes: &str) {
        let url = format!(
            "{}/webhdfs/v1{path}?op=CREATE&overwrite=true&write=true",
            self.lake.store_url()
        );
        let (status, body) = self.send("PUT", &url, bytes.to_owned()).await;
        assert_eq!(
            status,
            StatusCode::CREATED,
            "{}",
            String::from_utf8_lossy(&body)
        );
    }

    async fn read_file(&self, path: &str) -> (StatusCode, String) {
        let url = format!(
            "{}/webhdfs/v1{path}?op=OPEN&read=true",
            self.lake.store_url()
        );
        let (status, body) = self.send("GET", &url, Bytes::new()).await;
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    /// Submits a script, waits until its job has ended, and gives the job.
    async fn run(&self, id: &str, script: &str) -> Value {
        let url = format!(
            "{}/Jobs/{id}?api-version=2016-11-01",
            self.lake.analytics_url()
        );
        let job = json!({
            "name": "test", "type": "USql", "degreeOfParallelism": 1, "priority": 1000,
            "properties": { "type": "USql", "script": script }
        });
        let (status, body) = self.send("PUT", &url, job.to_string()).await;
        assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&body));
        loop {
            let (status, body) = self.send("GET", &url, Bytes::new()).await;
            assert_eq!(status, StatusCode::OK);
            let job: Value = serde_json::from_slice(&body).unwrap();
            if job["state"] == "Ended" {
                return job;
            }
            tokio::task::yield_now().await;
        }
    }
}

async fn collect(transport: &Arc<dyn Transport>, request: Request<Bytes>) -> (StatusCode, Bytes) {
    let response = transport.send(request).await.unwrap();
    let status = response.status();
    (
        status,
        response.into_body().collect(64 << 20).await.unwrap(),
    )
}

const HELLO: &str = r#"@a = SELECT * FROM (VALUES ("Hello, World!")) AS T(message);
OUTPUT @a TO "/Samples/Output/HelloWorld.csv" USING Outputters.Csv();"#;

#[tokio::test]
async fn hello_world_runs_from_sign_in_to_the_bytes_of_its_result() {
    let client = Client::new().await;
    let job = client
        .run("00000000-0000-4000-8000-000000000001", HELLO)
        .await;
    assert_eq!(job["result"], "Succeeded", "{job:#}");
    let (status, text) = client.read_file("/Samples/Output/HelloWorld.csv").await;
    assert_eq!(
        (status, text.as_str()),
        (StatusCode::OK, "\"Hello, World!\"\r\n")
    );
    // The folder of the lake holds the file under its own name.
    let account = client.lake.endpoints().store_account;
    let path = client
        .lake
        .root()
        .join(account)
        .join("Samples/Output/HelloWorld.csv");
    assert_eq!(std::fs::read(path).unwrap(), b"\"Hello, World!\"\r\n");
    client.lake.shutdown().await;
}

#[tokio::test]
async fn a_script_reads_what_a_client_uploaded() {
    let client = Client::new().await;
    client
        .put_file(
            "/Samples/Data/log.tsv",
            "en-us\t73\nen-gb\t614\nen-us\t74\n",
        )
        .await;
    let job = client
        .run(
            "00000000-0000-4000-8000-000000000002",
            r#"@log = EXTRACT region string, duration int? FROM "/Samples/Data/log.tsv" USING Extractors.Tsv();
               @sums = SELECT region, SUM(duration) AS total FROM @log GROUP BY region;
               OUTPUT @sums TO "adl://lakestore.azuredatalakestore.net/out.csv"
                   ORDER BY region USING Outputters.Csv();"#,
        )
        .await;
    assert_eq!(job["result"], "Succeeded", "{job:#}");
    let (_, text) = client.read_file("/out.csv").await;
    assert_eq!(text, "\"en-gb\",614\r\n\"en-us\",147\r\n");
    client.lake.shutdown().await;
}

#[tokio::test]
async fn a_sort_larger_than_the_limit_spills_and_the_statistics_say_so() {
    const LIMIT: usize = 1 << 20;
    let client = Client::with(LocalLakeOptions::default().with_memory_limit(LIMIT)).await;
    let rows: String = (0..60_000)
        .map(|n| format!("{:08},some text of a row\n", n * 7919 % 60_000))
        .collect();
    client.put_file("/in.csv", &rows).await;
    let id = "00000000-0000-4000-8000-000000000004";
    let script = r#"@a = EXTRACT n string, s string FROM "/in.csv" USING Extractors.Csv();
        OUTPUT @a TO "/out.csv" ORDER BY n USING Outputters.Csv(quoting: false);"#;
    let job = client.run(id, script).await;
    assert_eq!(job["result"], "Succeeded", "{job:#}");
    let (_, sorted) = client.read_file("/out.csv").await;
    assert!(sorted.lines().count() == 60_000 && sorted.lines().is_sorted());
    let url = format!(
        "{}/Jobs/{id}/GetStatistics?api-version=2016-11-01",
        client.lake.analytics_url()
    );
    let (_, statistics) = client.send("GET", &url, Bytes::new()).await;
    let statistics: Value = serde_json::from_slice(&statistics).unwrap();
    let stages = statistics["stages"].as_array().unwrap();
    let output = stages.last().unwrap();
    assert!(output["tempDataWritten"].as_u64() > Some(LIMIT as u64));
    let held = output["totalPeakMemUsage"].as_u64();
    assert!(Some(LIMIT as u64 / 4) < held && held <= Some(LIMIT as u64));
    let spilled = client.lake.root().join(".lake/spill");
    let own: Vec<_> = std::fs::read_dir(spilled).unwrap().collect();
    let files = |folder: &std::path::Path| std::fs::read_dir(folder).unwrap().count();
    assert!(
        own.iter()
            .all(|own| files(&own.as_ref().unwrap().path()) == 0)
    );
    client.lake.shutdown().await;
}

#[tokio::test]
async fn what_does_not_compile_fails_with_the_place_in_the_script() {
    let client = Client::new().await;
    let script = "@a = EXTRACT x int FROM \"/missing.csv\" USING Extractors.Csv();\nOUTPUT @a TO \"/o.csv\" USING Outputters.Csv();";
    let job = client
        .run("00000000-0000-4000-8000-000000000003", script)
        .await;
    assert_eq!(job["result"], "Failed", "{job:#}");
    let error = &job["errorMessage"][0];
    assert!(
        error["errorId"]
            .as_str()
            .unwrap()
            .starts_with("E_CSC_USER_"),
        "{job:#}"
    );
    let url = format!(
        "{}/BuildJob?api-version=2016-11-01",
        client.lake.analytics_url()
    );
    let build = json!({ "type": "USql", "properties": { "type": "USql", "script": "DROP DATABASE IF EXIST FOO;" } });
    let (status, body) = client.send("POST", &url, build.to_string()).await;
    assert_eq!(status, StatusCode::OK);
    let built: Value = serde_json::from_slice(&body).unwrap();
    let diagnostic = &built["properties"]["diagnostics"][0];
    assert_eq!(diagnostic["severity"], "Error", "{built:#}");
    assert_eq!(
        (&diagnostic["lineNumber"], &diagnostic["columnNumber"]),
        (&json!(1), &json!(18)),
        "{built:#}"
    );
    assert_eq!(
        (&diagnostic["start"], &diagnostic["end"]),
        (&json!(17), &json!(22)),
        "{built:#}"
    );
    client.lake.shutdown().await;
}

#[tokio::test]
async fn what_fails_at_run_time_names_the_vertex_and_the_cause_and_writes_nothing() {
    let client = Client::new().await;
    client.put_file("/in.csv", "1,a\nx,b\n").await;
    let job = client
        .run(
            "00000000-0000-4000-8000-000000000004",
            r#"@a = EXTRACT x int, s string FROM "/in.csv" USING Extractors.Csv();
               OUTPUT @a TO "/out.csv" USING Outputters.Csv();"#,
        )
        .await;
    assert_eq!(job["result"], "Failed", "{job:#}");
    let outer = &job["errorMessage"][0];
    assert_eq!(outer["errorId"], "VertexFailedFast");
    let row = &outer["innerError"];
    assert_eq!(
        row["errorId"], "E_RUNTIME_USER_EXTRACT_ROW_ERROR",
        "{job:#}"
    );
    assert_eq!(
        row["innerError"]["errorId"],
        "E_RUNTIME_USER_EXTRACT_COLUMN_CONVERSION_INVALID_ERROR"
    );
    let (status, _) = client.read_file("/out.csv").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    client.lake.shutdown().await;
}
