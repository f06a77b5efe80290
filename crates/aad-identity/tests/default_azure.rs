//! The default chain: which sources, in which order, and when it moves on.
//!
//! The tables are those of azure-identity's own tests (test_default.py,
//! test_token_credentials_env.py) in our words.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use std::time::Duration;

use aad_core::{ErrorKind, Result, TokenCredential, TokenRequest};
use aad_identity::{
    AttemptReport, DefaultAzureCredential, DefaultAzureOptions, DefaultSource,
    DeveloperToolOptions, ManagedIdentityId,
};
use futures::executor::block_on;
use testkit::context::{Reply, Run, World, json, response};

use DefaultSource::{
    AzureCli, AzureDeveloperCli, AzurePowerShell, Environment, InteractiveBrowser, ManagedIdentity,
    WorkloadIdentity,
};

const SCOPE: &str = "https://datalake.azure.net//.default";
const AZ_TOKEN: &str = r#"{"accessToken":"az","expires_on":1795187472}"#;
const AZD_TOKEN: &str = r#"{"token":"azd","expiresOn":"2026-11-20T15:11:12Z"}"#;

fn chain(world: &World) -> Result<DefaultAzureCredential> {
    DefaultAzureCredential::new(world.context())
}

fn ask(credential: &DefaultAzureCredential) -> Result<String> {
    let token = block_on(credential.token(&TokenRequest::new([SCOPE])))?;
    Ok(token.token.expose().to_owned())
}

fn granted(token: &str) -> Reply {
    json(
        200,
        &format!(r#"{{"access_token":"{token}","expires_in":3600}}"#),
    )
    .into()
}

/// What was tried, and how each attempt ended.
fn report(error: &aad_core::Error) -> Vec<(String, ErrorKind)> {
    let report = AttemptReport::of(error).unwrap();
    let attempts = report.attempts().iter();
    attempts
        .map(|one| (one.source.clone(), one.error.kind()))
        .collect()
}

#[test]
fn the_sources_are_those_that_the_variable_selects() {
    let sources = |value: &str| {
        let world = World::new();
        world.set_var("AZURE_TOKEN_CREDENTIALS", value);
        chain(&world)
            .map(|chain| chain.sources().to_vec())
            .map_err(|error| error.kind())
    };
    let production = [Environment, WorkloadIdentity, ManagedIdentity];
    let developers = [AzureCli, AzurePowerShell, AzureDeveloperCli];
    assert_eq!(sources("").unwrap(), [production, developers].concat());
    assert_eq!(sources("prod").unwrap(), production);
    assert_eq!(sources("dev").unwrap(), developers);
    assert_eq!(sources(" DeV ").unwrap(), developers);
    for source in [production, developers].concat() {
        assert_eq!(sources(source.name()).unwrap(), [source]);
        assert_eq!(sources(&source.name().to_lowercase()).unwrap(), [source]);
    }
    for value in [
        "invalid",
        "InvalidCredential",
        "SharedTokenCacheCredential",
        "VisualStudioCodeCredential",
        "dev,prod",
    ] {
        assert_eq!(sources(value), Err(ErrorKind::Request), "{value}");
    }
}

#[cfg(feature = "browser")]
#[test]
fn a_browser_comes_last_and_only_where_it_was_asked_for() {
    let world = World::new();
    let on_demand = DefaultAzureOptions::default().with(InteractiveBrowser);
    let chain = DefaultAzureCredential::new_opts(world.context(), &on_demand).unwrap();
    assert_eq!(chain.sources(), DefaultSource::ALL);
    world.set_var("AZURE_TOKEN_CREDENTIALS", "interactivebrowsercredential");
    let chain = DefaultAzureCredential::new(world.context()).unwrap();
    assert_eq!(chain.sources(), [InteractiveBrowser]);
}

#[cfg(feature = "browser")]
#[tokio::test]
async fn the_browser_shows_the_page_of_the_tenant_and_the_application_that_were_named() {
    let opened = async |variables: &[(&str, &str)], options: DefaultAzureOptions| {
        let world = World::new();
        world.processes.install(|_| Run::ends(3, "", "no display"));
        for (name, value) in variables {
            world.set_var(name, value);
        }
        let options = options.without(Environment);
        let chain = DefaultAzureCredential::new_opts(world.context(), &options).unwrap();
        let error = chain.token(&TokenRequest::new([SCOPE])).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        let command = world.processes.commands().pop().unwrap();
        let url = url::Url::parse(command.arguments.last().unwrap()).unwrap();
        let client_id = url.query_pairs().find(|(key, _)| key == "client_id");
        (url.path().to_owned(), client_id.unwrap().1.into_owned())
    };
    let selected = ("AZURE_TOKEN_CREDENTIALS", "InteractiveBrowserCredential");
    let (path, client_id) = opened(&[selected], DefaultAzureOptions::default()).await;
    assert_eq!(path, "/organizations/oauth2/v2.0/authorize");
    assert_eq!(client_id, aad_identity::AZURE_CLI_CLIENT_ID);
    let tenant = ("AZURE_TENANT_ID", "contoso.com");
    let (path, _) = opened(&[selected, tenant], DefaultAzureOptions::default()).await;
    assert_eq!(path, "/contoso.com/oauth2/v2.0/authorize");
    let named = DefaultAzureOptions::default()
        .with_interactive_browser_tenant("fabrikam.com")
        .with_interactive_browser_client_id("app");
    let (path, client_id) = opened(&[selected, tenant], named).await;
    assert_eq!(path, "/fabrikam.com/oauth2/v2.0/authorize");
    assert_eq!(client_id, "app");
}

#[cfg(not(feature = "browser"))]
#[test]
fn a_browser_that_was_not_built_in_is_not_silently_left_out() {
    let world = World::new();
    world.set_var("AZURE_TOKEN_CREDENTIALS", "InteractiveBrowserCredential");
    let error = chain(&world).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    assert!(error.to_string().contains("feature `browser`"), "{error}");
}

#[test]
fn the_options_have_the_last_word() {
    let sources = |value: &str, options: DefaultAzureOptions| {
        let world = World::new();
        world.set_var("AZURE_TOKEN_CREDENTIALS", value);
        let chain = DefaultAzureCredential::new_opts(world.context(), &options);
        chain
            .map(|chain| chain.sources().to_vec())
            .map_err(|error| error.kind())
    };
    let options = DefaultAzureOptions::default;
    let without = |source| options().without(source);
    assert_eq!(
        sources("prod", without(Environment)).unwrap(),
        [WorkloadIdentity, ManagedIdentity]
    );
    assert_eq!(
        sources("dev", without(AzureCli)).unwrap(),
        [AzurePowerShell, AzureDeveloperCli]
    );
    assert_eq!(
        sources("EnvironmentCredential", options().with(AzurePowerShell)).unwrap(),
        [Environment, AzurePowerShell]
    );
    let nobody = without(AzurePowerShell);
    assert_eq!(
        sources("AzurePowerShellCredential", nobody),
        Err(ErrorKind::Request)
    );
    let required = options().require_selection();
    assert_eq!(sources("", required.clone()), Err(ErrorKind::Request));
    assert_eq!(sources("dev", required).unwrap().len(), 3);
}

#[test]
fn with_nothing_configured_it_gives_up_within_a_second_and_says_what_it_tried() {
    let world = World::new();
    world.transport.push(Reply::Silence);
    let start = world.clock.now();
    let error = ask(&chain(&world).unwrap()).unwrap_err();
    assert!(world.clock.now() - start <= Duration::from_millis(1100));
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    let asked = DefaultSource::ALL
        .iter()
        .filter(|one| **one != InteractiveBrowser);
    let expected = asked.map(|source| (source.name().to_owned(), ErrorKind::Unavailable));
    assert_eq!(report(&error), expected.collect::<Vec<_>>());
    let text = AttemptReport::of(&error).unwrap().to_string();
    let sources = text
        .lines()
        .filter(|line| !line.starts_with(char::is_whitespace));
    assert_eq!(sources.count(), 6, "{text}");
    for words in [
        "AZURE_TENANT_ID",
        "AZURE_FEDERATED_TOKEN_FILE",
        "metadata service",
        "no az",
        "no pwsh",
        "no azd",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[test]
fn a_failure_of_a_configured_identity_ends_the_chain() {
    let world = World::new();
    world.set_var("AZURE_TENANT_ID", "contoso.com");
    world.set_var("AZURE_CLIENT_ID", "client");
    world.set_var("AZURE_CLIENT_SECRET", "wrong");
    world.processes.install(|_| Run::ends(0, AZ_TOKEN, ""));
    let refusal =
        r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret"}"#;
    world.transport.push(json(401, refusal));
    let error = ask(&chain(&world).unwrap()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(error.code(), Some("AADSTS7000215"));
    assert_eq!(
        report(&error),
        [("EnvironmentCredential".to_owned(), ErrorKind::Credentials)]
    );
    assert!(world.processes.commands().is_empty());
}

#[test]
fn a_developers_tool_that_failed_does_not_hide_another_ones_sign_in() {
    for stderr in [
        "ERROR: AADSTS70043: The refresh token has expired",
        "broken",
    ] {
        let world = World::new();
        world.transport.push(Reply::RequestLost);
        world.processes.install(
            move |command| match command.program.trim_end_matches(".cmd") {
                "az" => Run::ends(1, "", stderr),
                "azd" => Run::ends(0, AZD_TOKEN, ""),
                _ => Run::Fails(std::io::ErrorKind::NotFound),
            },
        );
        let credential = chain(&world).unwrap();
        assert_eq!(ask(&credential).unwrap(), "azd");
        assert_eq!(credential.chosen(), Some("AzureDeveloperCliCredential"));
    }
}

#[test]
fn every_tool_has_the_time_that_the_options_give_it() {
    let world = World::new();
    world.set_var("AZURE_TOKEN_CREDENTIALS", "dev");
    world.processes.install(|_| Run::Hangs);
    let tool = DeveloperToolOptions::default().with_timeout(Duration::from_secs(3));
    let options = DefaultAzureOptions::default().with_developer_tool(tool);
    let credential = DefaultAzureCredential::new_opts(world.context(), &options).unwrap();
    let start = world.clock.now();
    let error = ask(&credential).unwrap_err();
    assert_eq!(report(&error).len(), 3);
    assert_eq!((world.clock.now() - start).whole_seconds(), 3 * 3);
}

#[test]
fn what_the_tool_said_is_in_the_report() {
    let world = World::new();
    world.set_var("AZURE_TOKEN_CREDENTIALS", "AzureCliCredential");
    world
        .processes
        .install(|_| Run::ends(1, "", "ERROR: AADSTS70043: expired"));
    let error = ask(&chain(&world).unwrap()).unwrap_err();
    let report = AttemptReport::of(&error).unwrap();
    assert_eq!(report.attempts()[0].error.code(), Some("AADSTS70043"));
    assert!(
        report.to_string().contains("AADSTS70043: expired"),
        "{report}"
    );
}

#[test]
fn a_scope_that_is_none_ends_the_chain() {
    let world = World::new();
    world.set_var("AZURE_TOKEN_CREDENTIALS", "dev");
    let credential = chain(&world).unwrap();
    let error = block_on(credential.token(&TokenRequest::new(["a;b"]))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    assert!(world.processes.commands().is_empty());
}

#[test]
fn the_source_that_gave_a_token_is_kept() {
    let world = World::new();
    // The probe, and the token.
    world
        .transport
        .push(response(400, &[], ""))
        .push(granted("first"));
    let credential = chain(&world).unwrap();
    assert_eq!(ask(&credential).unwrap(), "first");
    assert_eq!(credential.chosen(), Some("ManagedIdentityCredential"));
    // Later it fails, and nobody else is asked.
    block_on(world.context().sleep(Duration::from_secs(3700)));
    world.processes.install(|_| Run::ends(0, AZ_TOKEN, ""));
    world.transport.push(response(401, &[], ""));
    assert_eq!(ask(&credential).unwrap_err().kind(), ErrorKind::Credentials);
    assert!(world.processes.commands().is_empty());
}

#[test]
fn a_managed_identity_that_was_named_alone_is_not_probed() {
    let world = World::new();
    world.set_var("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential");
    world.transport.push(granted("t"));
    assert_eq!(ask(&chain(&world).unwrap()).unwrap(), "t");
    assert!(
        world.transport.requests()[0]
            .headers()
            .contains_key("metadata")
    );
}

#[test]
fn a_managed_identity_is_the_one_that_an_option_or_a_variable_names() {
    let query = |options: &DefaultAzureOptions| {
        let world = World::new();
        world.set_var("AZURE_TOKEN_CREDENTIALS", "prod");
        world.set_var("AZURE_CLIENT_ID", "variable");
        world.transport.always(|_| granted("t"));
        let credential = DefaultAzureCredential::new_opts(world.context(), options).unwrap();
        ask(&credential).unwrap();
        world.transport.requests()[1]
            .uri()
            .query()
            .unwrap()
            .to_owned()
    };
    assert!(query(&DefaultAzureOptions::default()).ends_with("&client_id=variable"));
    let object = ManagedIdentityId::ObjectId("option".to_owned());
    let options = DefaultAzureOptions::default().with_managed_identity(object);
    assert!(query(&options).ends_with("&object_id=option"));
}

#[test]
fn cloud_shell_ignores_an_identity_that_only_a_variable_names() {
    let world = World::new();
    world.set_var("AZURE_CLIENT_ID", "variable");
    world.set_var("MSI_ENDPOINT", "http://localhost:50342/oauth2/token");
    world.transport.push(granted("t"));
    assert_eq!(ask(&chain(&world).unwrap()).unwrap(), "t");
    let body = world.transport.requests()[0].body().clone();
    assert_eq!(body, "resource=https%3A%2F%2Fdatalake.azure.net%2F");
    let identity = ManagedIdentityId::ClientId("demanded".to_owned());
    let options = DefaultAzureOptions::default().with_managed_identity(identity);
    let demanding = DefaultAzureCredential::new_opts(world.context(), &options).unwrap();
    assert_eq!(ask(&demanding).unwrap_err().kind(), ErrorKind::Request);
}

/// As azidentity for Go reads `AZURE_ADDITIONALLY_ALLOWED_TENANTS`: for every source.
#[test]
fn the_environment_may_allow_a_tool_further_tenants() {
    let request = TokenRequest::new([SCOPE]).with_tenant("fabrikam.com");
    for (variable, outcome) in [
        ("", Err(ErrorKind::Request)),
        ("contoso.com; fabrikam.com", Ok("az".to_owned())),
    ] {
        let world = World::new();
        world.set_var("AZURE_TOKEN_CREDENTIALS", "AzureCliCredential");
        world.set_var("AZURE_ADDITIONALLY_ALLOWED_TENANTS", variable);
        world.processes.install(|_| Run::ends(0, AZ_TOKEN, ""));
        let tool = DeveloperToolOptions::default().with_tenant("own.example");
        let options = DefaultAzureOptions::default().with_developer_tool(tool);
        let chain = DefaultAzureCredential::new_opts(world.context(), &options).unwrap();
        let token = block_on(chain.token(&request));
        let token = token.map(|token| token.token.expose().to_owned());
        assert_eq!(token.map_err(|error| error.kind()), outcome);
    }
}
