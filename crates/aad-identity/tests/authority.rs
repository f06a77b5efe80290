//! Which authorities are believed, which are asked about, and where applications' tokens come from.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use aad_core::transport::Direct;
use aad_core::{Cloud, ErrorKind, Result, TokenCredential, TokenRequest};
use aad_identity::{
    AssertionRequest, ClientAssertionCredential, ClientSecretCredential, CredentialOptions,
    DeviceCodeCredential, Region,
};
use futures::executor::block_on;
use testkit::context::{Reply, World, json, response};

const SCOPE: &str = "https://datalake.azure.net//.default";

fn granted() -> Reply {
    json(200, r#"{"access_token":"t0k3n","expires_in":3599}"#).into()
}

/// The answer for a host that belongs to a cloud which wants to be asked elsewhere.
fn known(preferred: &str, aliases: &str) -> Reply {
    let body = format!(
        r#"{{"tenant_discovery_endpoint":"https://{preferred}/t/v2.0/.well-known/openid-configuration",
            "api-version":"1.1","metadata":[
            {{"preferred_network":"login.microsoftonline.com","preferred_cache":"login.windows.net",
              "aliases":["login.microsoftonline.com","login.windows.net"]}},
            {{"preferred_network":"{preferred}","preferred_cache":"{preferred}","aliases":[{aliases}]}}]}}"#
    );
    json(200, &body).into()
}

fn unknown() -> Reply {
    let body = r#"{"error":"invalid_instance","error_description":"AADSTS50049: Unknown or invalid instance.\r\nTrace ID: t","error_codes":[50049]}"#;
    json(400, body).into()
}

fn at(authority: &str) -> CredentialOptions {
    CredentialOptions::default().with_authority(authority)
}

fn secret(world: &World, tenant: &str, options: &CredentialOptions) -> ClientSecretCredential {
    ClientSecretCredential::new_opts(world.context(), tenant, "app", "s3cr3t", options).unwrap()
}

fn ask(credential: &impl TokenCredential) -> Result<String> {
    let token = block_on(credential.token(&TokenRequest::new([SCOPE])))?;
    Ok(token.token.expose().to_owned())
}

/// The addresses asked so far, without what they are asked.
fn addresses(world: &World) -> Vec<String> {
    let requests = world.transport.requests();
    let address = |request: &http::Request<bytes::Bytes>| {
        let uri = request.uri().to_string();
        uri.split('?').next().unwrap().to_owned()
    };
    requests.iter().map(address).collect()
}

#[test]
fn nobody_is_asked_about_a_host_that_everybody_knows() {
    for (authority, tenant) in [
        ("login.windows.net", "contoso.com"),
        ("https://login.microsoft.com", "contoso.com"),
        ("sts.windows.net", "contoso.com"),
        ("LOGIN.chinacloudapi.cn", "contoso.com"),
        ("login.partner.microsoftonline.cn", "contoso.com"),
        ("login.microsoftonline.us", "contoso.com"),
        ("login.usgovcloudapi.net", "contoso.com"),
        ("login-us.microsoftonline.com", "contoso.com"),
        ("login.microsoftonline.de", "contoso.com"),
        ("login.sovcloud-identity.fr", "contoso.com"),
        ("contoso.ciamlogin.com", "contoso.com"),
        ("https://adfs.contoso.com", "adfs"),
        ("https://adfs.contoso.com/adfs/", "ADFS"),
        ("https://localhost:7171", "contoso.com"),
        ("https://login.localhost", "contoso.com"),
        ("http://127.0.0.1:7170", "contoso.com"),
        ("http://[::1]:7170", "contoso.com"),
    ] {
        let world = World::new();
        world.transport.push(granted());
        let options = at(authority).allow_http_loopback();
        ask(&secret(&world, tenant, &options)).unwrap();
        assert_eq!(world.transport.requests().len(), 1, "{authority}");
    }
}

#[test]
fn a_host_that_nobody_knows_is_asked_about_once_and_before_a_secret_goes_to_it() {
    let world = World::new();
    let host = r#""login.lab.example""#;
    world
        .transport
        .push(known("login.lab.example", host))
        .push(granted())
        .push(granted());
    let options = at("https://login.lab.example:8443").with_additionally_allowed_tenant("*");
    let credential = secret(&world, "contoso.com", &options);
    assert_eq!(world.transport.requests().len(), 0, "none when it is made");
    ask(&credential).unwrap();
    let elsewhere = TokenRequest::new([SCOPE]).with_tenant("fabrikam.com");
    block_on(credential.token(&elsewhere)).unwrap();
    let requests = world.transport.requests();
    assert_eq!(
        requests[0].uri().to_string(),
        "https://login.microsoftonline.com/common/discovery/instance?api-version=1.1\
         &authorization_endpoint=https%3A%2F%2Flogin.lab.example%2Fcontoso.com%2Foauth2%2Fv2.0%2Fauthorize"
    );
    assert_eq!(requests[0].method(), "GET");
    assert!(requests[0].body().is_empty());
    assert_eq!(
        addresses(&world)[1..],
        [
            "https://login.lab.example/contoso.com/oauth2/v2.0/token",
            "https://login.lab.example/fabrikam.com/oauth2/v2.0/token"
        ]
    );
}

#[test]
fn a_cloud_is_asked_at_the_host_that_it_prefers() {
    let world = World::new();
    let aliases = r#""old.lab.example","New.Lab.example""#;
    world
        .transport
        .push(known("new.lab.example", aliases))
        .push(granted());
    let options = at("https://old.lab.example");
    let assert = |wanted: AssertionRequest| async move { Ok(wanted.token_endpoint.into()) };
    let credential =
        ClientAssertionCredential::new_opts(world.context(), "t", "app", assert, &options).unwrap();
    ask(&credential).unwrap();
    let request = &world.transport.requests()[1];
    assert_eq!(request.uri(), "https://new.lab.example/t/oauth2/v2.0/token");
    let body = std::str::from_utf8(request.body()).unwrap();
    assert!(
        body.contains("client_assertion=https%3A%2F%2Fnew.lab.example%2Ft%2Foauth2%2Fv2.0%2Ftoken"),
        "what is signed for the endpoint names it: {body}"
    );
}

#[test]
fn what_is_no_authority_gets_no_secret_and_the_error_says_how_to_insist() {
    let world = World::new();
    world.transport.always(|_| unknown());
    world.set_var("AZURE_AUTHORITY_HOST", "login.phish.example");
    let credential = secret(&world, "contoso.com", &CredentialOptions::default());
    for attempt in 1..=2 {
        let error = ask(&credential).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request);
        assert_eq!(error.code(), Some("invalid_instance"));
        assert!(error.to_string().contains("without_instance_discovery"));
        assert!(error.to_string().contains("login.phish.example"));
        assert_eq!(world.transport.requests().len(), attempt);
    }
    world.transport.always(|_| granted());
    let insisting = CredentialOptions::default().without_instance_discovery();
    ask(&secret(&world, "contoso.com", &insisting)).unwrap();
    assert_eq!(
        addresses(&world)[2],
        "https://login.phish.example/contoso.com/oauth2/v2.0/token"
    );
}

#[test]
fn a_person_is_not_sent_to_a_host_that_nobody_knows() {
    let world = World::new();
    world.transport.always(|_| unknown());
    let shown = |_: &_| panic!("nobody must be sent there");
    let options = at("login.phish.example");
    let credential =
        DeviceCodeCredential::new_opts(world.context(), "organizations", "app", shown, &options);
    let error = ask(&credential.unwrap()).unwrap_err();
    assert_eq!(error.code(), Some("invalid_instance"));
    assert_eq!(world.transport.requests().len(), 1);
}

#[test]
fn where_nobody_can_be_asked_the_next_sign_in_asks_again() {
    let world = World::new();
    for _ in 0..5 {
        world.transport.push(Reply::RequestLost);
    }
    world
        .transport
        .push(response(200, &[], "<html>log in to this hotel</html>"));
    let credential = secret(&world, "t", &at("login.lab.example"));
    let error = ask(&credential).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transient);
    assert!(error.to_string().contains("login.lab.example"), "{error}");
    assert!(error.to_string().contains("without_instance_discovery"));
    let error = ask(&credential).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    world
        .transport
        .push(known("login.lab.example", r#""login.lab.example""#))
        .push(granted());
    ask(&credential).unwrap();
    assert_eq!(world.transport.unused(), 0);
}

/// Beside what is above, the rows of ADAL's tests (`test_authority.py`).
#[test]
fn an_authority_is_what_adals_tests_take_for_one() {
    let options = |address: &str| at(address).without_instance_discovery();
    let refused = |address: &str, tenant: &str| {
        let world = World::new();
        let credential = ClientSecretCredential::new_opts(
            world.context(),
            tenant,
            "app",
            "s3cr3t",
            &options(address),
        );
        credential.unwrap_err().kind() == ErrorKind::Request
    };
    assert!(refused("http://this.is.not.https.com", "mytenant.com"));
    assert!(refused(
        "https://login.doesntexist.com?this=should&not=be",
        "t"
    ));
    assert!(refused(
        "https://login.doesntexist.com",
        "mytenant.com/extra/path"
    ));
    for (address, tenant, asked) in [
        (
            "https://login.doesntexist.com/",
            "t",
            "https://login.doesntexist.com/t/oauth2/v2.0/token",
        ),
        (
            "https://login.doesntexist.com//",
            "t",
            "https://login.doesntexist.com/t/oauth2/v2.0/token",
        ),
        // The directory service of Microsoft's own data centres; its tenant is the second part of the path.
        (
            "https://test-dsts.dsts.core.azure-test.net/dstsv2",
            "common",
            "https://test-dsts.dsts.core.azure-test.net/dstsv2/common/oauth2/v2.0/token",
        ),
    ] {
        let world = World::new();
        world.transport.push(granted());
        ask(&secret(&world, tenant, &options(address))).unwrap();
        assert_eq!(addresses(&world), [asked]);
    }
    // Who is asked about a host may be out of order, or say why not.
    let asking = |status, body: &'static str| {
        let world = World::new();
        world.transport.always(move |_| json(status, body).into());
        ask(&secret(&world, "t", &at("https://login.doesntexist.com"))).unwrap_err()
    };
    let error = asking(500, "");
    assert_eq!(error.kind(), ErrorKind::Transient);
    assert!(error.to_string().contains("500"), "{error}");
    let invalid = r#"{"error":"invalid_instance","error_description":"the instance was invalid"}"#;
    let error = asking(400, invalid);
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("the instance was invalid"), "{cause}");
}

#[test]
fn a_preferred_host_that_is_none_gets_nothing() {
    for preferred in ["evil.example/x?", "a@evil.example", "", "ev il"] {
        let world = World::new();
        world
            .transport
            .push(known(preferred, r#""login.lab.example""#));
        world.transport.always(|_| granted());
        let asked = ask(&secret(&world, "t", &at("login.lab.example")));
        asked.unwrap_err();
        assert_eq!(world.transport.requests().len(), 1, "{preferred}");
    }
}

/// Variables, options, and the host that is asked; MSAL for Python 1.39, `_get_regional_authority`.
#[test]
fn an_applications_tokens_come_from_its_region() {
    let region = |name: &str| CredentialOptions::default().with_region(name);
    let plain = CredentialOptions::default();
    let name = "AZURE_REGIONAL_AUTHORITY_NAME";
    for (variables, options, host) in [
        (&[][..], plain.clone(), "login.microsoftonline.com"),
        (
            &[("REGION_NAME", "westus2")],
            plain.clone(),
            "login.microsoftonline.com",
        ),
        (&[], region("westus2"), "westus2.login.microsoft.com"),
        (
            &[],
            region("westus2").with_authority("sts.windows.net"),
            "westus2.login.microsoft.com",
        ),
        (
            &[],
            region("usgovvirginia").with_cloud(Cloud::US_GOVERNMENT),
            "usgovvirginia.login.microsoftonline.us",
        ),
        (
            &[],
            region("chinaeast").with_cloud(Cloud::CHINA),
            "chinaeast.login.chinacloudapi.cn",
        ),
        (
            &[(name, "eastus")],
            plain.clone(),
            "eastus.login.microsoft.com",
        ),
        (
            &[("MSAL_FORCE_REGION", "eastus")],
            plain.clone(),
            "eastus.login.microsoft.com",
        ),
        (
            &[(name, "eastus")],
            region("westus2"),
            "westus2.login.microsoft.com",
        ),
        (
            &[(name, "eastus")],
            plain.clone().with_region(Region::Global),
            "login.microsoftonline.com",
        ),
        (
            &[(name, "TryAutoDetect"), ("REGION_NAME", "uksouth")],
            plain.clone(),
            "uksouth.login.microsoft.com",
        ),
        (
            &[(name, "True"), ("REGION_NAME", "uksouth")],
            plain.clone(),
            "uksouth.login.microsoft.com",
        ),
        (
            &[(name, "true"), ("REGION_NAME", "UK South")],
            plain,
            "login.microsoftonline.com",
        ),
        (
            &[(name, "eastus")],
            at("https://login.lab.example").without_instance_discovery(),
            "login.lab.example",
        ),
        (
            &[(name, "eastus")],
            at("https://localhost:7171"),
            "localhost",
        ),
    ] {
        let world = World::new();
        for (name, value) in variables {
            world.set_var(name, value);
        }
        world.transport.push(granted());
        ask(&secret(&world, "t", &options)).unwrap();
        let asked = world.transport.requests()[0].uri().clone();
        assert_eq!(asked.host(), Some(host), "{variables:?}");
        assert_eq!(asked.path(), "/t/oauth2/v2.0/token");
    }
}

#[test]
fn the_machine_is_asked_once_in_which_region_it_is() {
    for (answer, host) in [
        (
            Reply::from(json(200, r#"{"location":"northeurope","name":"vm"}"#)),
            "northeurope.login.microsoft.com",
        ),
        (
            json(200, r#"{"location":"evil.example/"}"#).into(),
            "login.microsoftonline.com",
        ),
        (
            json(200, r#"{"location":5}"#).into(),
            "login.microsoftonline.com",
        ),
        (json(200, "[]").into(), "login.microsoftonline.com"),
        (json(503, "{}").into(), "login.microsoftonline.com"),
        (Reply::RequestLost, "login.microsoftonline.com"),
        (Reply::Silence, "login.microsoftonline.com"),
    ] {
        let world = World::new();
        let what = format!("{answer:?}");
        world.transport.push(answer);
        world.transport.always(|_| granted());
        let options = CredentialOptions::default().with_region(Region::Detect);
        let credential = secret(&world, "t", &options);
        let before = world.clock.now();
        ask(&credential).unwrap();
        assert!((world.clock.now() - before).whole_seconds() <= 2, "{what}");
        block_on(credential.token(&TokenRequest::new(["https://other.example/.default"]))).unwrap();
        let requests = world.transport.requests();
        assert_eq!(
            requests[0].uri().to_string(),
            "http://169.254.169.254/metadata/instance/compute?api-version=2021-02-01"
        );
        assert_eq!(requests[0].headers()["metadata"], "true");
        assert!(requests[0].extensions().get::<Direct>().is_some());
        let hosts: Vec<_> = requests[1..]
            .iter()
            .map(|request| request.uri().host())
            .collect();
        assert_eq!(hosts, [Some(host); 2], "{what}");
    }
}

#[test]
fn what_cannot_be_a_region_is_refused_at_once() {
    let make = |world: &World, options: &CredentialOptions| {
        ClientSecretCredential::new_opts(world.context(), "t", "app", "s3cr3t", options)
    };
    let long = "a".repeat(64);
    for name in [
        "",
        "West Europe",
        "westEurope",
        "-a",
        "a-",
        "1a",
        "a.b",
        "a/b",
        &long,
    ] {
        let options = CredentialOptions::default().with_region(name);
        let error = make(&World::new(), &options).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request, "{name}");
    }
    let world = World::new();
    world.set_var("AZURE_REGIONAL_AUTHORITY_NAME", "evil.example/");
    make(&world, &CredentialOptions::default()).unwrap_err();
}

#[test]
fn a_person_signs_in_globally_and_what_is_signed_names_the_global_endpoint() {
    let world = World::new();
    world.set_var("AZURE_REGIONAL_AUTHORITY_NAME", "eastus");
    world
        .transport
        .push(json(400, r#"{"error":"invalid_client"}"#));
    world.transport.always(|_| granted());
    let person = DeviceCodeCredential::new(world.context(), "organizations", "app", |_| {});
    ask(&person.unwrap()).unwrap_err();
    let assert = |wanted: AssertionRequest| async move { Ok(wanted.token_endpoint.into()) };
    let signed = ClientAssertionCredential::new(world.context(), "t", "app", assert).unwrap();
    ask(&signed).unwrap();
    let requests = world.transport.requests();
    assert_eq!(requests[0].uri().host(), Some("login.microsoftonline.com"));
    assert_eq!(requests[1].uri().host(), Some("eastus.login.microsoft.com"));
    let body = std::str::from_utf8(requests[1].body()).unwrap();
    assert!(
        body.contains("client_assertion=https%3A%2F%2Flogin.microsoftonline.com%2Ft%2F"),
        "{body}"
    );
}

/// azure-identity for Python 1.27, `resolve_tenant`.
#[test]
fn where_there_is_one_tenant_a_request_for_another_gets_a_token_of_it() {
    let foreign = TokenRequest::new([SCOPE]).with_tenant("fabrikam.com");
    for (variable, tenant, further, path) in [
        (
            Some("1"),
            "contoso.com",
            "*",
            "/contoso.com/oauth2/v2.0/token",
        ),
        (None, "contoso.com", "*", "/fabrikam.com/oauth2/v2.0/token"),
        (None, "adfs", "*", "/adfs/oauth2/token"),
    ] {
        let world = World::new();
        world.transport.push(granted());
        if let Some(variable) = variable {
            world.set_var("AZURE_IDENTITY_DISABLE_MULTITENANTAUTH", variable);
        }
        let options = CredentialOptions::default().with_additionally_allowed_tenant(further);
        block_on(secret(&world, tenant, &options).token(&foreign)).unwrap();
        assert_eq!(world.transport.requests()[0].uri().path(), path);
    }
}

#[test]
fn whoever_signs_in_through_organizations_may_be_asked_for_any_tenant() {
    let foreign = TokenRequest::new([SCOPE]).with_tenant("fabrikam.com");
    let world = World::new();
    world.transport.push(granted());
    let open = secret(&world, "organizations", &CredentialOptions::default());
    block_on(open.token(&foreign)).unwrap();
    assert_eq!(
        world.transport.requests()[0].uri().path(),
        "/fabrikam.com/oauth2/v2.0/token"
    );
    let listed = CredentialOptions::default().with_additionally_allowed_tenant("contoso.com");
    let strict = secret(&world, "organizations", &listed);
    let error = block_on(strict.token(&foreign)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
}
