//! The managed identity of Service Fabric: what is asked, of whom, and what the answers mean.
//!
//! Facts: MSAL for Python 1.39 (`_obtain_token_on_service_fabric`) and
//! learn.microsoft.com, how-to-managed-identity-service-fabric-app-code.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use aad_core::retry::RetryPolicy;
use aad_core::transport::{Direct, ServerProof};
use aad_core::{AccessToken, Context, ErrorKind, Result, Secret, TokenCredential, TokenRequest};
use aad_identity::{ManagedIdentityCredential, ManagedIdentityId, ManagedIdentityOptions};
use futures::executor::block_on;
use testkit::context::{LogWatch, Reply, World, json};

const SCOPE: &str = "https://datalake.azure.net//.default";
const HEADER: &str = "h3ad3r";
const THUMBPRINT: &str = "b8:d3:04:F6:84:F6:B0:0C:9A:D0 F1FF3B9F2F0B1C7F0A11";
const BYTES: [u8; 20] = [
    0xb8, 0xd3, 0x04, 0xf6, 0x84, 0xf6, 0xb0, 0x0c, 0x9a, 0xd0, 0xf1, 0xff, 0x3b, 0x9f, 0x2f, 0x0b,
    0x1c, 0x7f, 0x0a, 0x11,
];
const ENDPOINT: &str = "https://10.0.0.4:2377/metadata/identity/oauth2/token";

fn node(endpoint: &str, thumbprint: &str) -> World {
    let world = World::new();
    world.set_var("IDENTITY_ENDPOINT", endpoint);
    world.set_var("IDENTITY_HEADER", HEADER);
    world.set_var("IDENTITY_SERVER_THUMBPRINT", thumbprint);
    world
}

fn granted(token: &str) -> Reply {
    let body = format!(
        r#"{{"token_type":"Bearer","access_token":"{token}","expires_on":1795190400,"resource":"r"}}"#
    );
    json(200, &body).into()
}

fn ask(context: Context, options: &ManagedIdentityOptions) -> Result<AccessToken> {
    let credential = ManagedIdentityCredential::new_opts(context, options);
    block_on(credential.token(&TokenRequest::new([SCOPE])))
}

fn once() -> ManagedIdentityOptions {
    ManagedIdentityOptions::default().with_retry(RetryPolicy::none())
}

#[test]
fn the_node_is_asked_with_its_header_and_must_prove_itself_by_its_thumbprint() {
    let world = node(ENDPOINT, THUMBPRINT);
    world.transport.push(granted("t0k3n"));
    let token = ask(world.context(), &once()).unwrap();
    assert_eq!(token.token.expose(), "t0k3n");
    let request = &world.transport.requests()[0];
    assert_eq!(
        request.uri().to_string(),
        "https://10.0.0.4:2377/metadata/identity/oauth2/token?api-version=2019-07-01-preview\
         &resource=https%3A%2F%2Fdatalake.azure.net%2F"
    );
    assert_eq!(request.method(), "GET");
    assert_eq!(request.headers()["secret"], HEADER);
    assert!(!request.headers().contains_key("metadata"));
    let proof = request.extensions().get::<ServerProof>();
    assert_eq!(proof, Some(&ServerProof::Thumbprint(BYTES)));
    assert!(request.extensions().get::<Direct>().is_some());
}

#[test]
fn a_node_is_told_which_token_was_refused_and_what_its_caller_can_do() {
    let world = node(ENDPOINT, THUMBPRINT);
    world.transport.push(granted("old")).push(granted("new"));
    let credential = ManagedIdentityCredential::new_opts(world.context(), &once());
    let request = TokenRequest::new([SCOPE]).with_cae();
    block_on(credential.token(&request)).unwrap();
    let refused = request.with_rejected(Secret::new("old"));
    let token = block_on(credential.token(&refused)).unwrap();
    assert_eq!(token.token.expose(), "new");
    let requests = world.transport.requests();
    let added = requests.iter().map(|request| {
        let query = request.uri().query().unwrap();
        query.split_once("datalake.azure.net%2F").unwrap().1
    });
    // By `printf old | sha256sum`.
    let sha256 = "cba06b5736faf67e54b07b561eae94395e774c517a7d910a54369e1263ccfbd4";
    assert_eq!(
        added.collect::<Vec<_>>(),
        [
            "&xms_cc=CP1".to_owned(),
            format!("&token_sha256_to_refresh={sha256}&xms_cc=CP1")
        ]
    );
}

#[test]
fn each_refusal_of_the_node_says_what_to_do() {
    for (status, code, kind) in [
        (404, "ManagedIdentityNotFound", ErrorKind::Unavailable),
        (400, "SecretHeaderNotFound", ErrorKind::Credentials),
        (400, "ArgumentNullOrEmpty", ErrorKind::Request),
        (400, "InvalidApiVersion", ErrorKind::Request),
        (500, "InternalServerError", ErrorKind::Transient),
    ] {
        let words = format!("words of {code}");
        let body = format!(
            r#"{{"error":{{"correlationId":"7f30","code":"{code}","message":"{words}"}}}}"#
        );
        let world = node(ENDPOINT, THUMBPRINT);
        world.transport.push(json(status, &body));
        let error = ask(world.context(), &once()).unwrap_err();
        assert_eq!(error.kind(), kind, "{code}");
        assert_eq!(error.code(), Some(code));
        assert!(error.to_string().contains(&words), "{error}");
    }
}

#[test]
fn what_cannot_be_a_node_gets_no_secret() {
    let long = "0".repeat(64);
    for (endpoint, thumbprint) in [
        ("http://10.0.0.4:2377/token", THUMBPRINT),
        ("http://localhost:2377/token", THUMBPRINT),
        ("no address", THUMBPRINT),
        (ENDPOINT, "00"),
        (ENDPOINT, "not hexadecimal"),
        (ENDPOINT, &long),
    ] {
        let world = node(endpoint, thumbprint);
        let error = ask(world.context(), &once()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials, "{endpoint}");
        assert!(world.transport.requests().is_empty());
    }
}

#[test]
fn an_application_has_the_identity_of_its_deployment() {
    let world = node(ENDPOINT, THUMBPRINT);
    let named = once().with_identity(ManagedIdentityId::ClientId("c".to_owned()));
    let error = ask(world.context(), &named).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    assert!(world.transport.requests().is_empty());
}

#[test]
fn neither_the_header_nor_a_token_reaches_a_log() {
    let watch = LogWatch::new([HEADER, "t0k3n"]);
    let world = node(ENDPOINT, THUMBPRINT);
    let refusal = r#"{"error":{"code":"SecretHeaderNotFound","message":"no"}}"#;
    world
        .transport
        .push(granted("t0k3n"))
        .push(json(400, refusal));
    watch.run(|| {
        ask(world.context(), &once()).unwrap();
        watch.check_error(&ask(world.context(), &once()).unwrap_err());
        let credential = ManagedIdentityCredential::new(world.context());
        watch.check(&format!("{credential:?}"));
    });
    assert!(watch.text().contains("10.0.0.4"));
}

/// Over real sockets and TLS.
#[cfg(feature = "reqwest")]
mod over_tls {
    use aad_core::system::TransportOptions;
    use testkit::tls::{Identity, Server};

    use super::*;

    const ANSWER: &str =
        r#"{"token_type":"Bearer","access_token":"t0k3n","expires_on":"99999999999"}"#;

    fn ask(server: &Server, thumbprint: [u8; 20]) -> Result<String> {
        let endpoint = format!("https://localhost:{}/identity/token", server.port());
        let digits = thumbprint.map(|byte| format!("{byte:02X}")).concat();
        let world = node(&endpoint, &digits);
        let system = Context::system_with(&TransportOptions::default())?;
        let context = system.with_environment(world.environment());
        let credential = ManagedIdentityCredential::new_opts(context, &once());
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let request = TokenRequest::new([SCOPE]);
        let token = runtime.block_on(credential.token(&request))?;
        Ok(token.token.expose().to_owned())
    }

    #[test]
    fn a_self_signed_node_is_known_by_its_thumbprint_alone() {
        let identity = Identity::odd();
        let thumbprint = identity.thumbprint();
        let server = Server::start(identity, ANSWER);
        assert_eq!(ask(&server, thumbprint).unwrap(), "t0k3n");
        let head = &server.visits()[0].head;
        assert!(head.contains(&format!("secret: {HEADER}\r\n")), "{head}");

        let error = ask(&server, [7; 20]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request);
        assert!(!format!("{error:?}").contains(HEADER));
        server.renew(Identity::odd());
        ask(&server, thumbprint).unwrap_err();
        assert_eq!(server.visits().len(), 1, "nobody else was told the header");
    }
}
