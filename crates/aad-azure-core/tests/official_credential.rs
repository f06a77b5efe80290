//! Official credentials in our clients.

use std::sync::Arc;
use std::time::Duration;

use aad_azure_core::{FromAzureCore, ToAzureCore, TransportClient};
use aad_core::{
    AccessToken, Error, ErrorKind, Pipeline, PipelineOptions, Repeat, Result, TokenCredential,
    TokenRequest,
};
use async_trait::async_trait;
use azure_core::credentials::{Secret, TokenRequestOptions};
use azure_core::http::{ClientOptions, RetryOptions, Transport};
use azure_identity::{ClientSecretCredential, ClientSecretCredentialOptions};
use bytes::Bytes;
use futures::executor::block_on;
use testkit::context::{LogWatch, Reply, World, json, response};
use time::macros::datetime;

const SCOPE: &str = "https://datalake.azure.net//.default";

/// `azure_identity`'s own credential, over the network of this world.
fn official(world: &World) -> FromAzureCore {
    let http = TransportClient::new(world.context().transport().clone());
    let options = ClientSecretCredentialOptions {
        client_options: ClientOptions {
            transport: Some(Transport::new(Arc::new(http))),
            // Its waits are real.
            retry: RetryOptions::none(),
            ..ClientOptions::default()
        },
    };
    let secret = Secret::new("s3cr3t");
    let credential =
        ClientSecretCredential::new("contoso.com", "app".into(), secret, Some(options))
            .expect("the tenant is one");
    FromAzureCore::new(credential)
}

fn token(world: &World) -> Result<AccessToken> {
    block_on(official(world).token(&TokenRequest::new([SCOPE])))
}

fn granted(token: &str) -> http::Response<Bytes> {
    json(
        200,
        &format!(r#"{{"token_type":"Bearer","expires_in":3599,"access_token":"{token}"}}"#),
    )
}

#[test]
fn our_client_signs_in_with_an_official_credential() {
    let world = World::new();
    world
        .transport
        .push(granted("tok"))
        .push(response(200, &[], "hello"));
    let pipeline = Pipeline::new(world.context(), PipelineOptions::default())
        .with_credential(Arc::new(official(&world)), SCOPE);
    let request = http::Request::get("https://contoso.azuredatalakestore.net/webhdfs/v1/");
    let request = request.body(Bytes::new()).unwrap();
    let response = block_on(pipeline.send_collected(request, Repeat::Safe)).unwrap();
    assert_eq!(response.body(), "hello");
    let requests = world.transport.requests();
    assert_eq!(
        requests[0].uri(),
        "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token"
    );
    let form = String::from_utf8(requests[0].body().to_vec()).unwrap();
    // The doubled slash that Data Lake Store insists on survives.
    assert!(
        form.contains("scope=https%3A%2F%2Fdatalake.azure.net%2F%2F.default"),
        "{form}"
    );
    assert_eq!(requests[1].headers()["authorization"], "Bearer tok");
}

#[test]
fn a_refusal_says_as_much_as_one_of_our_own_credentials() {
    let world = World::new();
    world.transport.push(response(
        401,
        &[("x-ms-request-id", "trace")],
        r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided. Trace ID: t Correlation ID: c","error_codes":[7000215]}"#,
    ));
    let error = token(&world).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(error.code(), Some("AADSTS7000215"));
    assert_eq!(error.status(), Some(http::StatusCode::UNAUTHORIZED));
    assert_eq!(error.request_id(), Some("trace"));
    let text = error.to_string();
    assert!(
        text.starts_with("the authority refused: AADSTS7000215: Invalid client secret"),
        "{text}"
    );
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(
        source.contains("ClientSecretCredential authentication failed"),
        "{source}"
    );
}

#[test]
fn a_throttled_sign_in_says_how_long_to_wait() {
    let world = World::new();
    let body = r#"{"error":"temporarily_unavailable","error_codes":[50196]}"#;
    world
        .transport
        .push(response(429, &[("retry-after", "7")], body));
    let error = token(&world).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Throttled);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));

    let date = [
        ("date", "Fri, 20 Nov 2026 10:00:00 GMT"),
        ("retry-after", "Fri, 20 Nov 2026 10:00:05 GMT"),
    ];
    world.transport.push(response(503, &date, "{}"));
    let error = token(&world).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transient);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(5)));
}

#[test]
fn a_network_that_fails_is_worth_another_try_and_a_page_of_a_proxy_is_not_understood() {
    let world = World::new();
    for (reply, kind) in [
        (Reply::RequestLost, ErrorKind::Transient),
        (Reply::ReplyLost, ErrorKind::Transient),
        (
            Reply::Answer(response(200, &[], "<html>sign in here</html>")),
            ErrorKind::Protocol,
        ),
    ] {
        world.transport.push(reply);
        let error = token(&world).unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert_eq!(error.status(), None);
    }
}

#[test]
fn what_an_official_credential_cannot_be_asked_for_is_not_asked() {
    let world = World::new();
    let credential = official(&world);
    let refused = |request| block_on(credential.token(&request)).unwrap_err();
    let request = TokenRequest::new([SCOPE]);
    let error = refused(request.clone().with_tenant("fabrikam.com"));
    assert_eq!(error.kind(), ErrorKind::Request);
    let error = refused(request.with_claims(r#"{"access_token":{}}"#));
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(error.claims(), Some(r#"{"access_token":{}}"#));
    assert!(world.transport.requests().is_empty());
}

#[test]
fn nothing_secret_is_logged_or_printed() {
    let watch = LogWatch::new(["s3cr3t", "t0k3n"]);
    watch.run(|| {
        let world = World::new();
        world.transport.push(granted("t0k3n"));
        let credential = official(&world);
        let token = block_on(credential.token(&TokenRequest::new([SCOPE]))).unwrap();
        assert_eq!(token.token.expose(), "t0k3n");
        let body = r#"{"error":"invalid_grant","error_codes":[70008]}"#;
        world.transport.push(response(400, &[], body));
        let error = self::token(&world).unwrap_err();
        // What a program would print must hold as little as what is logged.
        let printed = format!("{credential:?} {token:?} {error:?}");
        assert!(
            !printed.contains("s3cr3t") && !printed.contains("t0k3n"),
            "{printed}"
        );
    });
}

/// An official credential that fails with this.
#[derive(Debug)]
struct Failing(fn() -> azure_core::Error);

#[async_trait]
impl azure_core::credentials::TokenCredential for Failing {
    async fn get_token(
        &self,
        _: &[&str],
        _: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<azure_core::credentials::AccessToken> {
        Err((self.0)())
    }
}

#[test]
fn each_official_kind_says_what_to_do_next() {
    use azure_core::error::ErrorKind as Official;
    let failed = |make: fn() -> azure_core::Error| {
        let credential = FromAzureCore::new(Arc::new(Failing(make)));
        block_on(credential.token(&TokenRequest::new([SCOPE]))).unwrap_err()
    };
    let error =
        failed(|| azure_core::Error::with_message(Official::Credential, "az is not signed in"));
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(error.to_string(), "az is not signed in");
    let error = failed(|| Official::Connection.into_error().with_context("sign-in"));
    assert_eq!(error.kind(), ErrorKind::Transient);
    let error = failed(|| {
        let status = azure_core::http::StatusCode::Forbidden;
        let (error_code, raw_response) = (Some("Blocked".to_owned()), None);
        Official::HttpResponse {
            status,
            error_code,
            raw_response,
        }
        .into_error()
    });
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    assert_eq!(error.code(), Some("Blocked"));
    let error = failed(|| azure_core::Error::with_message(Official::Other, "no idea"));
    assert_eq!(error.kind(), ErrorKind::Credentials);
}

/// One of ours that is throttled.
#[derive(Debug)]
struct Throttled;

#[async_trait]
impl TokenCredential for Throttled {
    async fn token(&self, _: &TokenRequest) -> Result<AccessToken> {
        let error = Error::new(ErrorKind::Throttled, "too often")
            .with_status(http::StatusCode::TOO_MANY_REQUESTS)
            .with_suberror("basic_action")
            .with_retry_after(Duration::from_secs(9));
        Err(error)
    }
}

#[test]
fn an_error_survives_the_way_there_and_back() {
    let there = ToAzureCore::new(Arc::new(Throttled));
    let back = FromAzureCore::new(Arc::new(there));
    let error = block_on(back.token(&TokenRequest::new([SCOPE]))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Throttled);
    assert_eq!(error.to_string(), "too often");
    assert_eq!(error.suberror(), Some("basic_action"));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(9)));
}

#[test]
fn a_token_survives_the_way_there_and_back() {
    #[derive(Debug)]
    struct Fixed;
    #[async_trait]
    impl TokenCredential for Fixed {
        async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
            let expires = datetime!(2027-01-01 00:00 UTC);
            Ok(AccessToken::new(request.scopes.join(" "), expires))
        }
    }
    let back = FromAzureCore::new(Arc::new(ToAzureCore::new(Arc::new(Fixed))));
    let token = block_on(back.token(&TokenRequest::new(["a", "b"]))).unwrap();
    assert_eq!(token.token.expose(), "a b");
    assert_eq!(token.expires_on, datetime!(2027-01-01 00:00 UTC));
}
