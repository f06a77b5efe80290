//! Applications that sign in with a token of another issuer.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use std::time::Duration;

use aad_core::{ErrorKind, Result, TokenCredential, TokenRequest};
use aad_identity::{
    AzurePipelinesCredential, GitHubActionsCredential, WorkloadIdentityCredential,
    WorkloadIdentityOptions,
};
use futures::executor::block_on;
use testkit::context::{LogWatch, Reply, World, json, response};

const SCOPE: &str = "https://datalake.azure.net//.default";
const FILE: &str = "/var/run/secrets/azure/tokens/azure-identity-token";
const PIPELINES: &str = "https://dev.azure.com/org/_apis/distributedtask/oidctoken";
const GITHUB: &str = "https://run.actions.githubusercontent.com/t?api-version=2.0";

fn granted(seconds: u32) -> Reply {
    json(
        200,
        &format!(r#"{{"access_token":"t0k3n","expires_in":{seconds}}}"#),
    )
    .into()
}

fn in_kubernetes() -> World {
    let world = World::new();
    world.set_var("AZURE_TENANT_ID", "contoso.com");
    world.set_var("AZURE_CLIENT_ID", "client");
    world.set_var("AZURE_FEDERATED_TOKEN_FILE", FILE);
    world.files.write(FILE, "f3d3r4t3d\n");
    world
}

fn ask(credential: &dyn TokenCredential) -> Result<String> {
    let token = block_on(credential.token(&TokenRequest::new([SCOPE])))?;
    Ok(token.token.expose().to_owned())
}

fn sign_in_with(assertion: &str) -> String {
    format!(
        "grant_type=client_credentials&client_id=client\
         &client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer\
         &client_assertion={assertion}&scope=https%3A%2F%2Fdatalake.azure.net%2F%2F.default"
    )
}

fn body(world: &World, request: usize) -> String {
    let body = world.transport.requests()[request].body().clone();
    String::from_utf8(body.to_vec()).unwrap()
}

#[test]
fn a_workload_signs_in_with_the_token_of_its_service_account() {
    let world = in_kubernetes();
    world.transport.push(granted(3600));
    let credential = WorkloadIdentityCredential::new(world.context());
    assert_eq!(ask(&credential).unwrap(), "t0k3n");
    let uri = world.transport.requests()[0].uri().to_string();
    assert_eq!(
        uri,
        "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token"
    );
    assert_eq!(body(&world, 0), sign_in_with("f3d3r4t3d"));
}

#[test]
fn the_file_is_read_again_at_each_sign_in() {
    let world = in_kubernetes();
    world.transport.always(|_| granted(600));
    let credential = WorkloadIdentityCredential::new(world.context());
    ask(&credential).unwrap();
    ask(&credential).unwrap();
    assert_eq!(world.files.reads().len(), 1, "the token is kept");
    world.files.write(FILE, "n3w");
    block_on(world.context().sleep(Duration::from_secs(601)));
    ask(&credential).unwrap();
    assert_eq!(body(&world, 1), sign_in_with("n3w"));
}

#[test]
fn options_come_before_variables() {
    let world = in_kubernetes();
    world.files.write("/f", "other");
    world.transport.push(granted(3600));
    let options = WorkloadIdentityOptions::default()
        .with_tenant("fabrikam.com")
        .with_client_id("app")
        .with_token_file("/f");
    ask(&WorkloadIdentityCredential::new_opts(
        world.context(),
        options,
    ))
    .unwrap();
    let uri = world.transport.requests()[0].uri().to_string();
    assert!(uri.contains("/fabrikam.com/"), "{uri}");
    assert!(body(&world, 0).contains("client_id=app&"));
    assert!(body(&world, 0).contains("client_assertion=other&"));
}

#[test]
fn what_is_missing_is_named() {
    let missing = |set: &[&str]| {
        let world = World::new();
        for name in set {
            world.set_var(name, "x");
        }
        let error = ask(&WorkloadIdentityCredential::new(world.context())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        error.to_string()
    };
    assert_eq!(
        missing(&[]),
        "AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_FEDERATED_TOKEN_FILE are not set"
    );
    assert_eq!(
        missing(&["AZURE_TENANT_ID", "AZURE_CLIENT_ID"]),
        "AZURE_FEDERATED_TOKEN_FILE is not set"
    );
}

#[test]
fn a_file_without_a_token_is_a_mistake_that_ends_a_chain() {
    for (content, why) in [
        (None, "does not exist"),
        (Some(&b""[..]), "is empty"),
        (Some(b" \n"), "is empty"),
        (Some(b"\xff\xfe"), "is not text"),
    ] {
        let world = in_kubernetes();
        match content {
            Some(content) => world.files.write(FILE, content),
            None => world.files.remove(FILE),
        }
        let error = ask(&WorkloadIdentityCredential::new(world.context())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials);
        assert!(error.to_string().ends_with(why), "{error}");
        assert!(world.transport.requests().is_empty());
    }
}

fn in_pipelines(world: &World) -> Result<AzurePipelinesCredential> {
    AzurePipelinesCredential::new(world.context(), "contoso.com", "client", "c0nn", "sy5t3m")
}

#[test]
fn a_job_of_azure_pipelines_exchanges_its_own_token() {
    let world = World::new();
    world.set_var("SYSTEM_OIDCREQUESTURI", &format!("{PIPELINES}/"));
    world
        .transport
        .push(json(200, r#"{"oidcToken":"f3d3r4t3d"}"#))
        .push(granted(3600));
    assert_eq!(ask(&in_pipelines(&world).unwrap()).unwrap(), "t0k3n");
    let request = &world.transport.requests()[0];
    assert_eq!(request.method(), "POST");
    let expected = format!("{PIPELINES}?api-version=7.1&serviceConnectionId=c0nn");
    assert_eq!(request.uri().to_string(), expected);
    assert_eq!(request.headers()["authorization"], "Bearer sy5t3m");
    assert_eq!(request.headers()["x-tfs-fedauthredirect"], "Suppress");
    assert_eq!(request.headers()["content-type"], "application/json");
    assert_eq!(body(&world, 1), sign_in_with("f3d3r4t3d"));
}

fn in_github(world: &World) -> Result<GitHubActionsCredential> {
    world.set_var("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "r3qu3st");
    GitHubActionsCredential::new(world.context(), "contoso.com", "client")
}

#[test]
fn a_job_of_github_actions_exchanges_its_own_token() {
    let world = World::new();
    world.set_var("ACTIONS_ID_TOKEN_REQUEST_URL", GITHUB);
    world
        .transport
        .push(json(200, r#"{"value":"f3d3r4t3d"}"#))
        .push(granted(3600));
    assert_eq!(ask(&in_github(&world).unwrap()).unwrap(), "t0k3n");
    let request = &world.transport.requests()[0];
    assert_eq!(request.method(), "GET");
    let expected = format!("{GITHUB}&audience=api%3A%2F%2FAzureADTokenExchange");
    assert_eq!(request.uri().to_string(), expected);
    assert_eq!(request.headers()["authorization"], "Bearer r3qu3st");
    assert_eq!(body(&world, 1), sign_in_with("f3d3r4t3d"));
}

#[test]
fn elsewhere_than_in_a_job_there_is_no_such_source() {
    let world = World::new();
    for error in [
        in_pipelines(&world).unwrap_err(),
        in_github(&world).unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Unavailable);
    }
}

#[test]
fn what_proves_a_job_goes_over_https_only() {
    for address in [
        "http://dev.azure.com/x",
        "ftp://x",
        "nonsense",
        "http://127.0.0.1/x",
    ] {
        let world = World::new();
        world.set_var("SYSTEM_OIDCREQUESTURI", address);
        world.set_var("ACTIONS_ID_TOKEN_REQUEST_URL", address);
        for error in [
            in_pipelines(&world).unwrap_err(),
            in_github(&world).unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::Request, "{address}");
        }
    }
}

#[test]
fn an_answer_without_a_token_is_an_error() {
    for (reply, kind) in [
        (json(200, "{}"), ErrorKind::Protocol),
        (json(200, r#"{"oidcToken":""}"#), ErrorKind::Protocol),
        (json(200, r#"{"oidcToken":{}}"#), ErrorKind::Protocol),
        (
            response(200, &[], "<html>sign in</html>"),
            ErrorKind::Protocol,
        ),
        (response(401, &[], ""), ErrorKind::Credentials),
    ] {
        let world = World::new();
        world.set_var("SYSTEM_OIDCREQUESTURI", PIPELINES);
        world.transport.push(reply);
        let error = ask(&in_pipelines(&world).unwrap()).unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
    }
}

#[test]
fn no_secret_reaches_a_log_or_an_error() {
    let watch = LogWatch::new(["f3d3r4t3d", "sy5t3m", "r3qu3st", "t0k3n"]);
    watch.run(|| {
        let world = in_kubernetes();
        world.set_var("SYSTEM_OIDCREQUESTURI", PIPELINES);
        world.set_var("ACTIONS_ID_TOKEN_REQUEST_URL", GITHUB);
        let credentials: [Box<dyn TokenCredential>; 3] = [
            Box::new(WorkloadIdentityCredential::new(world.context())),
            Box::new(in_pipelines(&world).unwrap()),
            Box::new(in_github(&world).unwrap()),
        ];
        let answer = r#"{"oidcToken":"f3d3r4t3d","value":"f3d3r4t3d"}"#;
        for (credential, is_job) in credentials.iter().zip([false, true, true]) {
            for outcome in [
                json(401, r#"{"error":"invalid_client"}"#).into(),
                granted(3600),
            ] {
                if is_job {
                    world.transport.push(json(200, answer));
                }
                world.transport.push(outcome);
                tracing::info!(?credential, "asking");
                if let Err(error) = ask(&**credential) {
                    watch.check_error(&error);
                }
                // A refusal is remembered.
                world.clock.advance(Duration::from_secs(5));
            }
        }
        assert_eq!(world.transport.unused(), 0);
    });
}
