//! What runs on a service shows that service's word instead of a secret.

use http::{Method, Request};
use lake_service::Body;

use crate::harness::{self, DATA_LAKE, Harness, json, text};

const NOTEBOOK: &str = "2f9f4f3a-7a3e-4d0f-8a53-0c9a3b1d6c01";

impl Harness {
    async fn workload(&self, method: Method, path: &str, secret: &str) -> (u16, String) {
        let request = Request::builder()
            .method(method)
            .uri(format!("http://127.0.0.1:7170/_lake/identity/{path}"))
            .header("authorization", format!("Bearer {secret}"));
        let answer = self.send(request.body(Body::empty()).unwrap()).await;
        (answer.status().as_u16(), text(answer).await)
    }

    async fn pod(&self) -> String {
        let secret = self.endpoints.client_secret.expose();
        self.workload(Method::GET, "kubernetes", secret).await.1
    }

    /// The number of the refusal; 0 if a token was granted.
    async fn shows(&self, client_id: &str, assertion: &str) -> u64 {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", client_id),
            (
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ),
            ("client_assertion", assertion),
            ("resource", DATA_LAKE),
        ];
        let form = form.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let url = format!(
            "https://localhost:7171/{}/oauth2/token",
            self.endpoints.tenant
        );
        let answer = json(self.post_form(&url, &form).await).await;
        answer["error_codes"][0].as_u64().unwrap_or(0)
    }
}

#[tokio::test]
async fn each_service_gives_its_word_in_its_own_form() {
    let lake = Harness::new().await;
    let secret = lake.endpoints.client_secret.expose();
    let (_, pipelines) = lake
        .workload(
            Method::POST,
            "pipelines?api-version=7.1&serviceConnectionId=x",
            secret,
        )
        .await;
    let pipelines: serde_json::Value = serde_json::from_str(&pipelines).unwrap();
    let audience = "api%3A%2F%2FAzureADTokenExchange";
    let (_, github) = lake
        .workload(Method::GET, &format!("github?audience={audience}"), secret)
        .await;
    let github: serde_json::Value = serde_json::from_str(&github).unwrap();
    for word in [
        pipelines["oidcToken"].as_str().unwrap(),
        github["value"].as_str().unwrap(),
        &lake.pod().await,
    ] {
        assert_eq!(harness::claims(word)["aud"], "api://AzureADTokenExchange");
        assert_eq!(lake.shows(&lake.endpoints.client_id, word).await, 0);
        // It opens nothing by itself.
        let root = "https://lakestore.azuredatalakestore.net/webhdfs/v1/?op=LISTSTATUS";
        assert_eq!(lake.get_with(root, word).await.status(), 401);
    }
    for (method, path, secret, status) in [
        (Method::POST, "pipelines", "wrong", 401),
        (Method::GET, "pipelines", secret, 405),
        (Method::GET, "kubernetes", "", 401),
        (Method::GET, "elsewhere", secret, 404),
    ] {
        assert_eq!(
            lake.workload(method, path, secret).await.0,
            status,
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_word_is_good_for_its_application_its_audience_and_its_time() {
    let lake = Harness::with_directory(&format!(
        "[[applications]]\nclient_id = \"{NOTEBOOK}\"\nworkloads = [\"kubernetes\"]\n"
    ))
    .await;
    let secret = lake.endpoints.client_secret.expose();
    let own = lake.endpoints.client_id.as_str();
    let pod = lake.pod().await;
    assert_eq!(lake.shows(NOTEBOOK, &pod).await, 0);
    assert_eq!(
        lake.shows(&lake.endpoints.admin_client_id, &pod).await,
        700213
    );
    let github = |audience: &'static str| {
        let (lake, path) = (&lake, format!("github?audience={audience}"));
        async move {
            let (_, answer) = lake.workload(Method::GET, &path, secret).await;
            let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
            answer["value"].as_str().unwrap().to_owned()
        }
    };
    assert_eq!(lake.shows(NOTEBOOK, &github("").await).await, 700212);
    let elsewhere = github("https%3A%2F%2Fexample.com").await;
    assert_eq!(lake.shows(own, &elsewhere).await, 700212);
    // A token for a resource says nothing about who its bearer may be.
    let access = lake.token(DATA_LAKE).await;
    assert_eq!(lake.shows(own, &access).await, 700211);
    let changed = {
        let parts: Vec<&str> = pod.split('.').collect();
        let claims = harness::encoded_claims(&pod, "sub", "lake:github");
        format!("{}.{claims}.{}", parts[0], parts[2])
    };
    assert_eq!(lake.shows(own, &changed).await, 50027);
    lake.advance(3600 + 300);
    assert_eq!(lake.shows(own, &pod).await, 700024);
}
