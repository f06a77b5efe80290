//! Faults on purpose: which requests they hit, how often, and what is left of the answer.

use std::time::Duration;

use http::{Method, Request, Response, StatusCode};
use lake_service::{Body, Delay};
use serde_json::{Value, json};

use crate::harness::{DATA_LAKE, Harness, header, json, text};

const KEYS: &str = "https://login.microsoftonline.com/common/discovery/keys";

impl Harness {
    pub(crate) async fn admin_token(&self) -> String {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", self.endpoints.admin_client_id.as_str()),
            ("client_secret", self.endpoints.admin_client_secret.expose()),
            ("resource", DATA_LAKE),
        ];
        let form = form.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let url = format!("https://localhost/{}/oauth2/token", self.endpoints.tenant);
        let answer = json(self.post_form(&url, &form).await).await;
        answer["access_token"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn faults(&self, method: Method, token: &str, body: &Value) -> Response<Body> {
        let request = Request::builder()
            .method(method)
            .uri("http://127.0.0.1:7170/_lake/faults")
            .header("authorization", format!("Bearer {token}"));
        let body = Body::from(body.to_string());
        self.send(request.body(body).unwrap()).await
    }
}

#[tokio::test]
async fn a_fault_of_the_file_hits_so_many_requests_and_those_of_its_paths_only() {
    let lake = Harness::with_directory(
        "[[faults]]\npath = \"/Common/\"\nanswer = \"throttled\"\nretry_after = 3\ntimes = 2\n\
         [[faults]]\npath = \"/_lake/identity/\"\nanswer = \"gone\"\n",
    )
    .await;
    for _ in 0..2 {
        let answer = lake.get(KEYS).await;
        assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(header(&answer, "retry-after"), "3");
        assert!(json(answer).await["error"].is_string());
    }
    assert_eq!(lake.get(KEYS).await.status(), StatusCode::OK);
    let imds = "http://127.0.0.1:7170/_lake/identity/imds/metadata/identity/oauth2/token";
    for _ in 0..3 {
        assert_eq!(lake.get(imds).await.status(), StatusCode::GONE);
    }
}

#[tokio::test]
async fn the_administrator_sets_lists_and_clears_faults() {
    let lake = Harness::new().await;
    let admin = lake.admin_token().await;
    let fault = json!({"path": "/", "answer": "unavailable", "times": 2});
    let stranger = lake.token(DATA_LAKE).await;
    let refused = lake.faults(Method::POST, &stranger, &fault).await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let added = lake.faults(Method::POST, &admin, &fault).await;
    assert_eq!(added.status(), StatusCode::CREATED);
    let page = json!({"path": "/", "answer": "html"});
    lake.faults(Method::POST, &admin, &page).await;
    assert_eq!(
        lake.get(KEYS).await.status(),
        StatusCode::SERVICE_UNAVAILABLE
    );
    let listed = json(lake.faults(Method::GET, &admin, &Value::Null).await).await;
    let left = json!({"path": "/", "answer": "unavailable", "times": 1});
    assert_eq!(listed["value"], json!([left, page]));
    assert_eq!(
        lake.get(KEYS).await.status(),
        StatusCode::SERVICE_UNAVAILABLE
    );
    let shown = lake.get(KEYS).await;
    assert_eq!(shown.status(), StatusCode::BAD_GATEWAY);
    assert_eq!(header(&shown, "content-type"), "text/html");
    // The file system is not what is tried.
    let root = "https://lakestore.azuredatalakestore.net/webhdfs/v1/?op=LISTSTATUS";
    assert_eq!(lake.get_with(root, &admin).await.status(), StatusCode::OK);
    lake.faults(Method::DELETE, &admin, &Value::Null).await;
    assert_eq!(lake.get(KEYS).await.status(), StatusCode::OK);
    for (bad, words) in [
        (
            json!({"path": "/", "answer": "sad"}),
            "unknown variant `sad`, expected one of",
        ),
        (json!({"path": "/"}), "missing field `answer`"),
        (
            json!({"path": "/", "answer": "gone", "time": 1}),
            "unknown field `time`",
        ),
        (
            json!({"path": "/", "answer": "slow"}),
            "say how slow with `seconds`",
        ),
    ] {
        let refused = lake.faults(Method::POST, &admin, &bad).await;
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
        assert!(text(refused).await.contains(words), "{words}");
    }
}

#[tokio::test]
async fn what_is_not_refused_is_done_and_its_answer_spoilt() {
    let lake = Harness::new().await;
    let admin = lake.admin_token().await;
    let whole = text(lake.get(KEYS).await).await;
    for answer in ["slow", "wrong-type", "truncated"] {
        let mut fault = json!({"path": "/common/discovery", "answer": answer, "times": 1});
        if answer == "slow" {
            fault["seconds"] = 7.into();
        }
        lake.faults(Method::POST, &admin, &fault).await;
    }
    let slow = lake.get(KEYS).await;
    assert_eq!(
        slow.extensions().get(),
        Some(&Delay(Duration::from_secs(7)))
    );
    assert_eq!(text(slow).await, whole);
    let wrong = lake.get(KEYS).await;
    assert_eq!(header(&wrong, "content-type"), "text/plain");
    assert_eq!(text(wrong).await, whole);
    let truncated = lake.get(KEYS).await;
    assert_eq!(
        header(&truncated, "content-length"),
        whole.len().to_string()
    );
    let mut body = truncated.into_body();
    assert_eq!(
        body.chunk().await.unwrap().unwrap(),
        whole[..whole.len() / 2]
    );
    assert!(body.chunk().await.unwrap().is_err());
    assert_eq!(text(lake.get(KEYS).await).await, whole);
}
