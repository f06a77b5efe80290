//! Which surface answers, and to whom.

use crate::harness::{DATA_LAKE, Harness, header, json, text};
use http::StatusCode;
use lake_service::{Authentication, LakeOptions};

#[tokio::test]
async fn the_page_says_where_everything_is_and_no_secret() {
    let lake = Harness::new().await;
    let response = lake.get("http://localhost:7170/").await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(
        header(&response, "content-type"),
        "text/html; charset=utf-8"
    );
    let page = text(response).await;
    assert!(page.contains(&lake.endpoints.tenant));
    assert!(page.contains("http://localhost:7170/webhdfs/v1/"));
    assert!(!page.contains(lake.endpoints.client_secret.expose()));
    assert!(!page.contains(lake.endpoints.admin_client_id.as_str()));
}

#[tokio::test]
async fn a_page_of_another_site_cannot_look_through_dns_rebinding() {
    let lake = Harness::new().await;
    for url in [
        "http://evil.example/",
        "http://evil.example:7170/_lake/",
        "http://lakestore.evil.example/",
    ] {
        assert_eq!(lake.get(url).await.status(), StatusCode::FORBIDDEN, "{url}");
    }
    let open = LakeOptions::default().with_authentication(Authentication::InsecureNone);
    let lake = Harness::with_options(open).await;
    let files = "/webhdfs/v1/?op=LISTSTATUS";
    assert_eq!(
        lake.get(&format!("http://evil.example{files}"))
            .await
            .status(),
        StatusCode::FORBIDDEN
    );
    assert_ne!(
        lake.get(&format!("http://localhost{files}")).await.status(),
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn without_authentication_nobody_is_asked_for_a_token() {
    let open = LakeOptions::default().with_authentication(Authentication::InsecureNone);
    let lake = Harness::with_options(open).await;
    let status = lake
        .get("http://127.0.0.1/webhdfs/v1/?op=LISTSTATUS")
        .await
        .status();
    assert_ne!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn what_is_nowhere_is_not_found() {
    let lake = Harness::new().await;
    let response = lake.get("http://127.0.0.1/nothing/here").await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert_eq!(header(&response, "x-ms-request-id").len(), 36);
    assert_eq!(json(response).await["error"]["code"], "ResourceNotFound");
    let token = lake.token(DATA_LAKE).await;
    let response = lake
        .get_with(
            "https://nobody.azuredatalakestore.net/webhdfs/v1/?op=LISTSTATUS",
            &token,
        )
        .await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert!(text(response).await.contains("'nobody'"));
}

#[tokio::test]
async fn a_protocol_that_is_not_served_says_so_after_asking_for_a_token() {
    let lake = Harness::new().await;
    let url = "https://kv.vault.azure.net/secrets/s";
    assert_eq!(lake.get(url).await.status(), StatusCode::UNAUTHORIZED);
    let token = lake.token("https://vault.azure.net").await;
    assert_eq!(
        lake.get_with(url, &token).await.status(),
        StatusCode::NOT_IMPLEMENTED
    );
}

#[cfg(unix)]
#[tokio::test]
async fn other_users_of_the_machine_cannot_reach_the_keys() {
    use std::os::unix::fs::PermissionsExt as _;
    let lake = Harness::new().await;
    let folder = std::fs::metadata(lake.root().join(".lake")).unwrap();
    assert_eq!(folder.permissions().mode() & 0o777, 0o700);
}
