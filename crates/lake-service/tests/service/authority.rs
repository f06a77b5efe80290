//! Azure AD as its clients see it, and what the other surfaces make of its tokens.

use crate::harness::{self, DATA_LAKE, Harness, header, json};
use http::StatusCode;

#[tokio::test]
async fn a_client_with_its_secret_gets_a_v1_token_whose_numbers_are_strings() {
    let lake = Harness::new().await;
    let url = format!(
        "http://127.0.0.1:7170/{}/oauth2/token?api-version=1.0",
        lake.endpoints.tenant
    );
    let response = lake
        .post_form(&url, &lake.client_form(&[("resource", DATA_LAKE)]))
        .await;
    assert_eq!(response.status(), StatusCode::OK);
    let token = json(response).await;
    assert_eq!(token["token_type"], "Bearer");
    assert_eq!(token["expires_in"], "3599");
    assert_eq!(token["resource"], DATA_LAKE);
    assert_eq!(token["expires_on"], "1500003600");
    let claims = harness::claims(token["access_token"].as_str().unwrap());
    assert_eq!(claims["aud"], DATA_LAKE);
    assert_eq!(
        claims["iss"],
        format!("https://sts.windows.net/{}/", lake.endpoints.tenant)
    );
    assert_eq!(claims["appid"], lake.endpoints.client_id);
    assert_eq!(claims["ver"], "1.0");
    assert_eq!(claims["exp"], 1_500_003_600);
}

#[tokio::test]
async fn a_v2_token_for_the_double_slash_scope_has_the_slash_in_its_audience() {
    let lake = Harness::new().await;
    let url = format!(
        "https://login.microsoftonline.com/{}/oauth2/v2.0/token",
        lake.endpoints.tenant
    );
    let scope = [("scope", "https://datalake.azure.net//.default")];
    let token = json(lake.post_form(&url, &lake.client_form(&scope)).await).await;
    assert_eq!(token["expires_in"], 3599);
    assert!(token.get("resource").is_none());
    assert_eq!(
        harness::claims(token["access_token"].as_str().unwrap())["aud"],
        DATA_LAKE
    );
}

#[tokio::test]
async fn a_wrong_secret_is_told_as_azure_ad_tells_it() {
    let lake = Harness::new().await;
    let url = format!(
        "https://login.microsoftonline.com/{}/oauth2/token",
        lake.endpoints.tenant
    );
    let mut form = lake.client_form(&[("resource", DATA_LAKE)]);
    form.iter_mut()
        .find(|(name, _)| name == "client_secret")
        .unwrap()
        .1 = "wrong".into();
    let id = "0b3c1f6e-6f0c-4c1d-9d3e-0a4f1f3f7b11";
    let request = http::Request::post(&url)
        .header("client-request-id", id)
        .header("return-client-request-id", "true");
    let response = lake.send(harness::with_form(request, &form)).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(header(&response, "client-request-id"), id);
    let trace = header(&response, "x-ms-request-id").to_owned();
    let body = json(response).await;
    assert_eq!(body["error"], "invalid_client");
    assert_eq!(body["error_codes"], serde_json::json!([7_000_215]));
    assert_eq!(body["correlation_id"], id);
    assert_eq!(body["trace_id"], trace);
    assert_eq!(body["timestamp"], "2017-07-14 02:40:00Z");
    let description = body["error_description"].as_str().unwrap();
    assert!(
        description.starts_with("AADSTS7000215: Invalid client secret provided."),
        "{description}"
    );
    assert!(
        description.contains(&format!(
            "Trace ID: {trace} Correlation ID: {id} Timestamp: "
        )),
        "{description}"
    );
}

#[tokio::test]
async fn an_unknown_tenant_is_told_by_azure_ad_under_every_host() {
    let lake = Harness::new().await;
    for base in ["https://login.microsoftonline.com", "http://127.0.0.1:7170"] {
        let url = format!("{base}/contoso.onmicrosoft.com/oauth2/v2.0/token");
        let response = lake
            .post_form(&url, &lake.client_form(&[("scope", "x")]))
            .await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        assert_eq!(json(response).await["error_codes"][0], 90002);
        let response = lake
            .get(&format!(
                "{base}/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration"
            ))
            .await;
        assert_eq!(json(response).await["error_codes"][0], 90002);
    }
}

#[tokio::test]
async fn a_token_request_is_a_post_and_small() {
    let lake = Harness::new().await;
    let url = format!(
        "http://127.0.0.1:7170/{}/oauth2/token",
        lake.endpoints.tenant
    );
    assert_eq!(
        lake.get(&url).await.status(),
        StatusCode::METHOD_NOT_ALLOWED
    );
    let huge = "x".repeat(100_000);
    let response = lake
        .post_form(&url, &lake.client_form(&[("resource", &huge)]))
        .await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_discovered_key_is_the_one_that_tokens_name() {
    let lake = Harness::new().await;
    for path in [
        ".well-known/openid-configuration",
        "v2.0/.well-known/openid-configuration",
    ] {
        for tenant in [
            "common",
            "organizations",
            lake.endpoints.tenant.as_str(),
            "lake.onmicrosoft.com",
        ] {
            let document = json(
                lake.get(&format!("https://127.0.0.1:9/{tenant}/{path}"))
                    .await,
            )
            .await;
            let keys = json(lake.get(document["jwks_uri"].as_str().unwrap()).await).await;
            let token = lake.token(DATA_LAKE).await;
            assert_eq!(keys["keys"][0]["kid"], harness::token_header(&token)["kid"]);
        }
    }
}

#[tokio::test]
async fn an_instance_that_is_neither_azures_nor_ours_is_refused() {
    let lake = Harness::new().await;
    let url = |authority: &str| {
        format!(
            "https://login.microsoftonline.com/common/discovery/instance?api-version=1.1\
             &authorization_endpoint=https://{authority}/t/oauth2/v2.0/authorize"
        )
    };
    let known = json(lake.get(&url("login.windows.net")).await).await;
    assert_eq!(known["metadata"][0]["preferred_cache"], "login.windows.net");
    let unknown = lake.get(&url("evil.example")).await;
    assert_eq!(unknown.status(), StatusCode::BAD_REQUEST);
    assert_eq!(json(unknown).await["error"], "invalid_instance");
}

const GEN1: &str = "https://lakestore.azuredatalakestore.net/webhdfs/v1/?op=LISTSTATUS";
const ADLA: &str = "https://lakeanalytics.azuredatalakeanalytics.net/jobs?api-version=2016-11-01";

#[tokio::test]
async fn every_surface_challenges_a_request_without_a_token_in_its_own_words() {
    let lake = Harness::new().await;
    let response = lake.get(GEN1).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    let challenge = format!(
        "Bearer authorization_uri=\"https://login.microsoftonline.com/{}\", resource=\"{DATA_LAKE}\", \
         error=\"invalid_token\", error_description=\"The access token is missing.\"",
        lake.endpoints.tenant
    );
    assert_eq!(header(&response, "www-authenticate"), challenge);
    assert_eq!(
        json(response).await["RemoteException"]["exception"],
        "SecurityException"
    );

    let response = lake.get(ADLA).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(
        json(response).await["error"]["code"],
        "AuthenticationFailed"
    );

    let response = lake
        .get("http://127.0.0.1:7170/webhdfs/v1/?op=LISTSTATUS")
        .await;
    let uri = format!(
        "authorization_uri=\"http://127.0.0.1:7170/{}\"",
        lake.endpoints.tenant
    );
    assert!(header(&response, "www-authenticate").contains(&uri));
}

#[tokio::test]
async fn a_token_is_good_for_its_audience_until_it_expires() {
    let lake = Harness::new().await;
    let data_lake = lake.token(DATA_LAKE).await;
    let classic = lake.token("https://management.core.windows.net/").await;
    let storage = lake.token("https://storage.azure.com/").await;
    let status = async |url, token| lake.get_with(url, token).await.status();
    assert_ne!(status(GEN1, &data_lake).await, StatusCode::UNAUTHORIZED);
    assert_ne!(status(ADLA, &data_lake).await, StatusCode::UNAUTHORIZED);
    assert_ne!(status(ADLA, &classic).await, StatusCode::UNAUTHORIZED);
    assert_eq!(status(GEN1, &classic).await, StatusCode::UNAUTHORIZED);
    assert_eq!(status(GEN1, &storage).await, StatusCode::UNAUTHORIZED);
    assert_eq!(status(ADLA, &storage).await, StatusCode::UNAUTHORIZED);

    lake.advance(3600 + 299);
    assert_ne!(status(GEN1, &data_lake).await, StatusCode::UNAUTHORIZED);
    lake.advance(1);
    let response = lake.get_with(ADLA, &data_lake).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert!(header(&response, "www-authenticate").contains("The access token has expired."));
    assert_eq!(
        json(response).await["error"]["code"],
        "ExpiredAuthenticationToken"
    );
}

#[tokio::test]
async fn a_tampered_token_is_refused() {
    let lake = Harness::new().await;
    let token = lake.token(DATA_LAKE).await;
    let mut parts: Vec<_> = token.split('.').collect();
    let admin = harness::encoded_claims(&token, "oid", "00000000-0000-0000-0000-000000000000");
    parts[1] = &admin;
    assert_eq!(
        lake.get_with(GEN1, &parts.join(".")).await.status(),
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_lake_that_is_opened_again_knows_its_clients_and_their_tokens() {
    let mut lake = Harness::new().await;
    let token = lake.token(DATA_LAKE).await;
    let before = lake.endpoints.clone();
    lake.reopen().await;
    assert_eq!(lake.endpoints.tenant, before.tenant);
    assert_eq!(
        lake.endpoints.client_secret.expose(),
        before.client_secret.expose()
    );
    assert_eq!(lake.endpoints.admin_client_id, before.admin_client_id);
    assert_ne!(
        lake.get_with(GEN1, &token).await.status(),
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn two_lakes_do_not_take_each_others_tokens() {
    let (lake, other) = (Harness::new().await, Harness::with_seed(2).await);
    let token = other.token(DATA_LAKE).await;
    assert_eq!(
        lake.get_with(GEN1, &token).await.status(),
        StatusCode::UNAUTHORIZED
    );
}
