//! How the application of the environment signs in.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use aad_core::{Error, ErrorKind, TokenCredential, TokenRequest};
use aad_identity::EnvironmentCredential;
use futures::executor::block_on;
use testkit::context::{World, json};

const SECRET: (&str, &str) = ("AZURE_CLIENT_SECRET", "s3cr3t");
const CERTIFICATE: (&str, &str) = ("AZURE_CLIENT_CERTIFICATE_PATH", "/secrets/app.pem");
const USER: [(&str, &str); 2] = [
    ("AZURE_USERNAME", "u@contoso.com"),
    ("AZURE_PASSWORD", "p4ss"),
];

/// An application with these variables besides its own.
fn world(variables: &[(&str, &str)]) -> World {
    let world = World::new();
    world.set_var("AZURE_TENANT_ID", "contoso.com");
    world.set_var("AZURE_CLIENT_ID", "client");
    for (name, value) in variables {
        world.set_var(name, value);
    }
    world.transport.always(|request| {
        // What the realm of a user is, and then a token.
        let body = match request.method().as_str() {
            "GET" => r#"{"account_type":"Managed"}"#,
            _ => r#"{"access_token":"t0k3n","expires_in":3599}"#,
        };
        json(200, body).into()
    });
    world
}

/// The body by which a token was asked for.
fn asked(world: &World) -> Result<String, Error> {
    let credential = EnvironmentCredential::new(world.context());
    block_on(credential.token(&TokenRequest::new(["scope"])))?;
    let requests = world.transport.requests();
    Ok(String::from_utf8(requests.last().unwrap().body().to_vec()).unwrap())
}

#[test]
fn a_secret_counts_before_a_certificate_and_that_before_a_password() {
    let all = [&[SECRET, CERTIFICATE][..], &USER].concat();
    let body = asked(&world(&all)).unwrap();
    assert!(body.contains("client_secret=s3cr3t"), "{body}");
    let body = asked(&world(&USER)).unwrap();
    assert!(body.starts_with("grant_type=password&"), "{body}");
    let error = asked(&world(&all[1..])).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(
        error.to_string().contains("AZURE_CLIENT_CERTIFICATE_PATH"),
        "{error}"
    );
}

#[test]
fn a_person_needs_no_tenant_and_an_application_does() {
    let asked_at = |proof: &[(&str, &str)]| {
        let world = world(proof);
        world.set_var("AZURE_TENANT_ID", "");
        asked(&world).map(|_| world.transport.requests().last().unwrap().uri().to_string())
    };
    let url = asked_at(&USER).unwrap();
    assert!(url.contains("/organizations/oauth2/"), "{url}");
    let error = asked_at(&[SECRET]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.to_string().contains("AZURE_TENANT_ID"), "{error}");
}

#[cfg(feature = "certificate")]
mod certificate {
    use super::*;
    use testkit::context::LogWatch;

    const PASSWORD: (&str, &str) = ("AZURE_CLIENT_CERTIFICATE_PASSWORD", "pässword");
    const KEY: &str = include_str!("certificates/key.pem");
    const LEAF: &str = include_str!("certificates/leaf.crt");
    const MODERN: &[u8] = include_bytes!("certificates/modern.pfx");

    #[test]
    fn the_certificate_is_read_once_when_a_token_is_asked_for() {
        let world = world(&[CERTIFICATE]);
        let credential = EnvironmentCredential::new(world.context());
        let ask = |scope| block_on(credential.token(&TokenRequest::new([scope])));
        assert_eq!(ask("a").unwrap_err().kind(), ErrorKind::Credentials);
        // The file that a volume mounts late is found at the next attempt.
        world.files.write("/secrets/app.pem", [KEY, LEAF].concat());
        ask("a").unwrap();
        ask("b").unwrap();
        assert_eq!(world.files.reads().len(), 2);
        let body = world.transport.requests()[0].body().clone();
        let body = std::str::from_utf8(&body).unwrap();
        assert!(body.contains("&client_assertion=eyJ"), "{body}");
        assert!(!body.contains("client_secret"), "{body}");
    }

    #[test]
    fn its_password_comes_from_the_environment_too() {
        let protected = world(&[CERTIFICATE, PASSWORD]);
        protected.files.write("/secrets/app.pem", MODERN);
        let watch = LogWatch::new([PASSWORD.1]);
        let body = watch.run(|| asked(&protected)).unwrap();
        assert!(body.contains("&client_assertion=eyJ"), "{body}");

        let wrong = world(&[CERTIFICATE]);
        wrong.files.write("/secrets/app.pem", MODERN);
        let error = asked(&wrong).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials);
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert!(cause.contains("password"), "{cause}");
    }

    #[test]
    fn the_chain_is_sent_where_the_environment_says_so() {
        for (value, sent) in [
            ("true", true),
            ("TRUE", true),
            ("1", true),
            ("0", false),
            ("no", false),
        ] {
            let world = world(&[CERTIFICATE, ("AZURE_CLIENT_SEND_CERTIFICATE_CHAIN", value)]);
            world.files.write("/secrets/app.pem", [KEY, LEAF].concat());
            let body = asked(&world).unwrap();
            // A chain of one certificate is longer than all the rest.
            assert_eq!(body.len() > 1500, sent, "{value}: {body}");
        }
    }

    #[test]
    fn a_file_that_is_no_certificate_does_not_let_a_chain_move_on() {
        let world = world(&[CERTIFICATE]);
        world.files.write("/secrets/app.pem", LEAF);
        let error = asked(&world).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request);
        assert!(error.to_string().contains("/secrets/app.pem"), "{error}");
    }
}

#[cfg(not(feature = "certificate"))]
#[test]
fn without_the_feature_its_name_is_the_answer() {
    let error = asked(&world(&[CERTIFICATE])).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(error.to_string().contains("feature"), "{error}");
}
