//! Hosts of managed identity, as their clients ask them.

use http::{Request, StatusCode};
use lake_service::Body;
use serde_json::Value;

use crate::harness::{self, DATA_LAKE, Harness, json};

/// Asks the host of Service Fabric, whose secret is that of the lake's application.
async fn fabric(lake: &Harness, query: &str, secret: &str) -> (StatusCode, Value) {
    let url = format!(
        "https://127.0.0.1:7171/_lake/identity/service-fabric?api-version=2019-07-01-preview&{query}"
    );
    let request = Request::get(url).header("secret", secret);
    let answer = lake.send(request.body(Body::empty()).unwrap()).await;
    (answer.status(), json(answer).await)
}

#[tokio::test]
async fn service_fabric_has_one_identity_whoever_is_asked_for() {
    let lake = Harness::new().await;
    let secret = lake.endpoints.client_secret.expose();
    let (status, token) = fabric(&lake, &format!("resource={DATA_LAKE}&client_id=x"), secret).await;
    assert_eq!(status, StatusCode::OK, "{token}");
    let expires: i64 = token["expires_on"].as_str().unwrap().parse().unwrap();
    assert_eq!(expires, 1_500_000_000 + 3600);
    assert_eq!(token["token_type"], "Bearer");
    let claims = harness::claims(token["access_token"].as_str().unwrap());
    assert_eq!(claims["appid"], lake.endpoints.client_id);
    for (query, secret, status, code) in [
        (
            format!("resource={DATA_LAKE}"),
            "wrong",
            401,
            "SecretHeaderNotFound",
        ),
        (String::new(), secret, 400, "ArgumentNullOrEmpty"),
        (
            "resource=https://nothing.example".into(),
            secret,
            400,
            "ManagedIdentityNotFound",
        ),
    ] {
        let (found, refused) = fabric(&lake, &query, secret).await;
        assert_eq!(
            (found.as_u16(), &refused["error"]["code"]),
            (status, &code.into())
        );
    }
}
