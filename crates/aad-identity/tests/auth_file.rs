//! Applications that a file describes.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use aad_core::explanation::{SourceExplanation, Verdict};
use aad_core::{Cloud, Error, ErrorKind, TokenRequest};
use aad_identity::{AuthFile, CredentialOptions};
use futures::executor::block_on;
use serde_json::{Value, json};
use testkit::context::{LogWatch, World};

const PATH: &str = "/home/u/azure.auth";
const SECRET: &str = "s3cr3t";

/// What `az ad sp create-for-rbac --sdk-auth` writes.
fn content() -> Value {
    json!({
        "clientId": "client",
        "clientSecret": SECRET,
        "subscriptionId": "sub",
        "tenantId": "contoso.com",
        "activeDirectoryEndpointUrl": "https://login.microsoftonline.com",
        "resourceManagerEndpointUrl": "https://management.azure.com/",
        "activeDirectoryGraphResourceId": "https://graph.windows.net/",
        "sqlManagementEndpointUrl": "https://management.core.windows.net:8443/",
        "galleryEndpointUrl": null,
        "managementEndpointUrl": "https://management.core.windows.net/",
    })
}

fn with(changes: &Value) -> Value {
    let mut content = content();
    for (name, value) in changes.as_object().unwrap() {
        content[name] = value.clone();
    }
    content
}

fn world() -> World {
    let world = World::new();
    world.set_var("AZURE_AUTH_LOCATION", PATH);
    world.transport.always(|_| {
        testkit::context::json(200, r#"{"access_token":"t0k3n","expires_in":3599}"#).into()
    });
    world
}

/// The address and the body by which a token was asked for.
fn asked(world: &World, file: &AuthFile) -> Result<(String, String), Error> {
    let context = world.context();
    let credential = block_on(file.credential(&context))?;
    block_on(credential.token(&TokenRequest::new([file.scope()?])))?;
    let requests = world.transport.requests();
    let request = requests.last().unwrap();
    let body = String::from_utf8(request.body().to_vec()).unwrap();
    Ok((request.uri().to_string(), body))
}

#[test]
fn the_file_that_the_environment_names_signs_its_application_in() {
    let world = world();
    world.files.write(PATH, format!("\u{feff}{}", content()));
    let file = block_on(AuthFile::from_env(&world.context())).unwrap();
    let watch = LogWatch::new([SECRET, "t0k3n"]);
    let (address, body) = watch.run(|| asked(&world, &file)).unwrap();
    assert_eq!(
        address,
        "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token"
    );
    for field in [
        "client_id=client",
        "client_secret=s3cr3t",
        "scope=https%3A%2F%2Fmanagement.azure.com%2F%2F.default",
    ] {
        assert!(body.contains(field), "{body}");
    }
    watch.check(&format!("{file:?}"));
    assert_eq!(file.subscription_id.as_deref(), Some("sub"));
    assert_eq!(file.cloud(), Some(Cloud::PUBLIC));
    let endpoints = &file.endpoints;
    let management = Some("https://management.core.windows.net/");
    assert_eq!(endpoints.management.as_deref(), management);
    assert_eq!(endpoints.gallery, None);
}

#[test]
fn the_endpoint_says_which_authority_and_of_what_kind() {
    for (endpoint, address) in [
        (
            "https://login.chinacloudapi.cn/",
            "https://login.chinacloudapi.cn/contoso.com/oauth2/v2.0/token",
        ),
        (
            "https://fs.contoso.com/adfs",
            "https://fs.contoso.com/adfs/oauth2/token",
        ),
        (
            "https://fs.contoso.com/ADFS/",
            "https://fs.contoso.com/adfs/oauth2/token",
        ),
    ] {
        let content = with(&json!({"activeDirectoryEndpointUrl": endpoint}));
        let file = AuthFile::parse(content.to_string()).unwrap();
        assert_eq!(asked(&world(), &file).unwrap().0, address, "{endpoint}");
    }
    // An ADFS has no tenants.
    let adfs = json!({"activeDirectoryEndpointUrl": "https://x.y/adfs", "tenantId": null});
    assert_eq!(
        AuthFile::parse(with(&adfs).to_string()).unwrap().tenant,
        "adfs"
    );
}

#[test]
fn an_authority_of_the_options_counts_before_that_of_the_file() {
    let world = world();
    world.set_var("AZURE_AUTHORITY_HOST", "login.example");
    let file = AuthFile::parse(content().to_string()).unwrap();
    let (address, _) = asked(&world, &file).unwrap();
    assert!(
        address.starts_with("https://login.microsoftonline.com/"),
        "{address}"
    );
    let options = CredentialOptions::default()
        .with_authority("https://lake.example")
        .without_instance_discovery();
    let credential = block_on(file.credential_opts(&world.context(), options)).unwrap();
    block_on(credential.token(&TokenRequest::new(["scope"]))).unwrap();
    let address = world.transport.requests()[1].uri().to_string();
    assert!(address.starts_with("https://lake.example/"), "{address}");
}

#[test]
fn the_resource_of_the_tokens_is_its_own_or_that_of_resource_manager() {
    let scope = |changes: Value| AuthFile::parse(with(&changes).to_string()).unwrap().scope();
    let lake = json!({"activeDirectoryResourceId": "https://datalake.azure.net/"});
    assert_eq!(scope(lake).unwrap(), "https://datalake.azure.net//.default");
    let null = json!({"activeDirectoryResourceId": null});
    assert_eq!(
        scope(null).unwrap(),
        "https://management.azure.com//.default"
    );
    let neither = json!({"resourceManagerEndpointUrl": ""});
    assert_eq!(scope(neither).unwrap_err().kind(), ErrorKind::Credentials);
}

#[test]
fn what_is_missing_or_wrong_is_named_and_nothing_else_is() {
    for (changes, named) in [
        (json!({"clientId": null}), "clientId"),
        (json!({"tenantId": ""}), "tenantId"),
        (json!({"clientSecret": null}), "neither clientSecret nor"),
        (
            json!({"clientSecret": ["s3cr3t"]}),
            "clientSecret is not a text",
        ),
        (json!({"subscriptionId": 7}), "subscriptionId is not a text"),
        (
            json!({"activeDirectoryEndpointUrl": {}}),
            "activeDirectoryEndpointUrl",
        ),
    ] {
        let world = world();
        world.files.write(PATH, with(&changes).to_string());
        let error = block_on(AuthFile::from_env(&world.context())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials);
        let text = error.to_string();
        assert!(text.contains(named) && text.contains(PATH), "{text}");
        LogWatch::new([SECRET]).check_error(&error);
    }
}

#[test]
fn an_endpoint_or_tenant_that_would_send_the_secret_elsewhere_is_refused() {
    for changes in [
        json!({"activeDirectoryEndpointUrl": "http://login.microsoftonline.com"}),
        json!({"activeDirectoryEndpointUrl": "https://a@evil.example"}),
        json!({"activeDirectoryEndpointUrl": "https://x.y/?a="}),
        json!({"activeDirectoryEndpointUrl": "/adfs"}),
        json!({"tenantId": "../evil"}),
    ] {
        let file = AuthFile::parse(with(&changes).to_string()).unwrap();
        let world = world();
        let error = asked(&world, &file).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request, "{changes}");
        assert!(world.transport.requests().is_empty());
        LogWatch::new([SECRET]).check_error(&error);
    }
}

#[test]
fn only_a_variable_that_is_not_set_lets_a_chain_move_on() {
    let kind = |world: &World| {
        block_on(AuthFile::from_env(&world.context()))
            .unwrap_err()
            .kind()
    };
    assert_eq!(kind(&World::new()), ErrorKind::Unavailable);
    let world = world();
    assert_eq!(kind(&world), ErrorKind::Credentials, "there is no file");
    world.files.write(PATH, vec![b' '; 5 << 20]);
    assert_eq!(kind(&world), ErrorKind::Credentials, "it is too large");
}

#[cfg(feature = "certificate")]
mod certificate {
    use super::*;

    const KEY: &str = include_str!("certificates/key.pem");
    const LEAF: &str = include_str!("certificates/leaf.crt");

    fn file(certificate: &str) -> AuthFile {
        let changes = json!({"clientSecret": null, "clientCertificate": certificate});
        AuthFile::parse(with(&changes).to_string()).unwrap()
    }

    #[test]
    fn a_certificate_is_in_another_file_or_in_this_one() {
        let pem = [KEY, LEAF].concat();
        for place in ["/secrets/app.pem", &pem] {
            let world = world();
            world.files.write("/secrets/app.pem", pem.as_str());
            let (_, body) = asked(&world, &file(place)).unwrap();
            assert!(body.contains("client_assertion=eyJ"), "{body}");
        }
    }

    #[test]
    fn a_certificate_in_the_place_of_its_path_reaches_no_error() {
        let key = KEY.lines().nth(1).unwrap();
        let error = asked(&world(), &file(key)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials);
        LogWatch::new([key]).check_error(&error);
        LogWatch::new([key]).check(&format!("{:?}", file(key)));
    }

    #[test]
    fn a_secret_counts_before_a_certificate() {
        let changes = json!({"clientCertificate": "/secrets/app.pem"});
        let file = AuthFile::parse(with(&changes).to_string()).unwrap();
        let (_, body) = asked(&world(), &file).unwrap();
        assert!(body.contains("client_secret=s3cr3t"), "{body}");
    }
}

#[cfg(not(feature = "certificate"))]
#[test]
fn without_the_feature_its_name_is_the_answer() {
    let changes = json!({"clientSecret": null, "clientCertificate": "/secrets/app.pem"});
    let file = AuthFile::parse(with(&changes).to_string()).unwrap();
    let error = asked(&world(), &file).unwrap_err();
    assert!(error.to_string().contains("feature"), "{error}");
}

fn explain(world: &World) -> SourceExplanation {
    let explanation = block_on(AuthFile::explain(&world.context()));
    assert!(world.transport.requests().is_empty());
    let [source] = explanation.into_sources().try_into().unwrap();
    source
}

#[test]
fn what_an_application_s_file_lacks_is_seen_before_it_is_used() {
    let nothing = explain(&World::new());
    assert_eq!(nothing.verdict, Verdict::NotConfigured);
    assert!(nothing.advice.unwrap().contains("AZURE_AUTH_LOCATION"));

    let world = world();
    let absent = explain(&world);
    assert_eq!(absent.verdict, Verdict::Faulty);
    let found: Vec<_> = absent.looked_for.iter().map(|one| one.found).collect();
    assert_eq!(found, [true, false]);
    assert_eq!(absent.looked_for[1].what, PATH);

    world
        .files
        .write(PATH, with(&json!({"clientId": null})).to_string());
    let incomplete = explain(&world);
    assert_eq!(incomplete.verdict, Verdict::Faulty);
    assert!(incomplete.advice.unwrap().contains("it has no clientId"));

    world.files.write(PATH, content().to_string());
    assert_eq!(explain(&world).verdict, Verdict::Ready);
}

#[test]
fn the_application_of_a_file_says_where_it_is_from() {
    let world = world();
    world.files.write(PATH, content().to_string());
    let context = world.context();
    let explain = |file: AuthFile| {
        let credential = block_on(file.credential(&context)).unwrap();
        let explanation = block_on(credential.explain());
        assert!(!format!("{explanation:?}").contains(SECRET));
        explanation.to_string()
    };
    let file = block_on(AuthFile::from_env(&context)).unwrap();
    assert!(explain(file).contains("found: AZURE_AUTH_LOCATION, /home/u/azure.auth"));
    let text = explain(AuthFile::parse(content().to_string()).unwrap());
    assert!(text.contains("AuthFile  ready"), "{text}");
}
