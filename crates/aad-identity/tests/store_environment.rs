//! Whoever the variables of `azure-datalake-store` name.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aad_core::explanation::Verdict;
use aad_core::{Error, ErrorKind, TokenCredential, TokenRequest};
use aad_identity::StoreEnvironmentCredential;
use futures::executor::block_on;
use testkit::context::{World, json};

const CLI: &str = "client_id=04b07795-8ddb-461a-bbee-02f9e1bf7b46&";

/// Where the credential asked first for a token and in which words, in a world with these
/// variables; and how often a person was shown something.
fn sign_in(variables: &[(&str, &str)]) -> Result<(String, String, usize), Error> {
    let world = World::new();
    for (name, value) in variables {
        world.set_var(name, value);
    }
    world.transport.always(|request| {
        json(200, match request.uri().path().rsplit('/').next() {
            Some("devicecode") => r#"{"device_code":"d","user_code":"u","verification_uri":"https://x.example","expires_in":900,"interval":1}"#,
            Some("token") => r#"{"access_token":"tok","refresh_token":"r","expires_in":3600}"#,
            _ => r#"{"account_type":"Managed"}"#,
        }).into()
    });
    let shown = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&shown);
    let credential = StoreEnvironmentCredential::new(world.context(), move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
    });
    block_on(credential.token(&TokenRequest::new(["https://datalake.azure.net//.default"])))?;
    let requests = world.transport.requests();
    let asked = requests
        .iter()
        .find(|request| request.method() == "POST")
        .unwrap();
    let form = String::from_utf8(asked.body().to_vec()).unwrap();
    Ok((
        asked.uri().path().to_owned(),
        form,
        shown.load(Ordering::SeqCst),
    ))
}

const TENANT: (&str, &str) = ("azure_tenant_id", "contoso.com");
const CLIENT: (&str, &str) = ("azure_client_id", "app");
const SECRET: (&str, &str) = ("azure_client_secret", "s3cr3t");
const USER: (&str, &str) = ("azure_username", "someone@contoso.com");
const PASSWORD: (&str, &str) = ("azure_password", "p4ss");

#[test]
fn with_a_tenant_or_nothing_a_person_signs_in_on_another_device() {
    let (path, form, shown) = sign_in(&[]).unwrap();
    assert_eq!(
        (path.as_str(), shown),
        ("/common/oauth2/v2.0/devicecode", 1)
    );
    assert!(form.contains(CLI), "{form}");
    let (path, _, shown) = sign_in(&[TENANT]).unwrap();
    assert_eq!(
        (path.as_str(), shown),
        ("/contoso.com/oauth2/v2.0/devicecode", 1)
    );
    let (_, form, _) = sign_in(&[CLIENT]).unwrap();
    assert!(form.contains("client_id=app&"), "{form}");
}

#[test]
fn a_name_and_a_password_are_a_persons() {
    let (path, form, shown) = sign_in(&[USER, PASSWORD]).unwrap();
    assert_eq!((path.as_str(), shown), ("/common/oauth2/v2.0/token", 0));
    assert!(form.starts_with("grant_type=password&"), "{form}");
    assert!(form.contains(CLI), "{form}");
    // Even beside a secret, which is not sent.
    let (_, form, _) = sign_in(&[TENANT, CLIENT, SECRET, USER, PASSWORD]).unwrap();
    assert!(
        form.starts_with("grant_type=password&client_id=app&"),
        "{form}"
    );
    assert!(!form.contains("s3cr3t"), "{form}");
}

#[test]
fn a_secret_is_an_applications() {
    for variables in [
        &[TENANT, CLIENT, SECRET][..],
        &[TENANT, CLIENT, SECRET, USER],
    ] {
        let (path, form, shown) = sign_in(variables).unwrap();
        assert_eq!(
            (path.as_str(), shown),
            ("/contoso.com/oauth2/v2.0/token", 0)
        );
        assert!(
            form.starts_with("grant_type=client_credentials&client_id=app&client_secret=s3cr3t&"),
            "{form}"
        );
    }
}

#[test]
fn half_a_sign_in_names_the_other_half() {
    for (variables, missing) in [
        (&[TENANT, USER][..], "azure_password"),
        (&[PASSWORD], "azure_username"),
        (&[TENANT, SECRET], "azure_client_id"),
    ] {
        let error = sign_in(variables).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials);
        assert!(
            error.to_string().contains(&format!("{missing} is not")),
            "{error}"
        );
    }
}

#[test]
fn it_explains_which_variables_it_found() {
    let world = World::new();
    world.set_var(USER.0, USER.1);
    let credential = StoreEnvironmentCredential::new(world.context(), |_| {});
    let explanation = block_on(credential.explain());
    let [source] = explanation.sources() else {
        panic!("{explanation}")
    };
    assert_eq!(source.verdict, Verdict::Faulty);
    let found = source.looked_for.iter().filter(|one| one.found);
    let found: Vec<_> = found.map(|one| one.what.as_str()).collect();
    assert_eq!(found, ["azure_username"]);
    assert!(!format!("{explanation} {credential:?}").contains(USER.1));
}
