//! Workloads of a cluster whose token proxy stands in the authority's place.
//!
//! The refusals are those of azure-identity for Python 1.27 (`workload_identity.py`,
//! `token_binding_transport_mixin.py`) in our words.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use aad_core::transport::ServerProof;
use aad_core::{Context, ErrorKind, Result, TokenCredential, TokenRequest};
use aad_identity::{WorkloadIdentityCredential, WorkloadIdentityOptions};
use bytes::Bytes;
use futures::executor::block_on;
use testkit::context::{World, json};

const SCOPE: &str = "https://datalake.azure.net//.default";
const FILE: &str = "/var/run/secrets/tokens/azure-identity-token";
const CA_FILE: &str = "/var/run/secrets/proxy/ca.crt";
const ANSWER: &str = r#"{"access_token":"t0k3n","expires_in":60}"#;

const PROXY: (&str, &str) = (
    "AZURE_KUBERNETES_TOKEN_PROXY",
    "https://proxy.svc:8443/a/b/",
);
const NAME: (&str, &str) = ("AZURE_KUBERNETES_SNI_NAME", "tokens.cluster.example");
const FROM_FILE: (&str, &str) = ("AZURE_KUBERNETES_CA_FILE", CA_FILE);
const DATA: (&str, &str) = ("AZURE_KUBERNETES_CA_DATA", "pem");

fn pod(variables: &[(&str, &str)]) -> World {
    let world = World::new();
    world.set_var("AZURE_TENANT_ID", "contoso.com");
    world.set_var("AZURE_CLIENT_ID", "client");
    world.set_var("AZURE_FEDERATED_TOKEN_FILE", FILE);
    world.files.write(FILE, "f3d3r4t3d");
    for (name, value) in variables {
        world.set_var(name, value);
    }
    world.transport.always(|_| json(200, ANSWER).into());
    world
}

fn credential(context: Context) -> WorkloadIdentityCredential {
    let options = WorkloadIdentityOptions::default().with_token_proxy();
    WorkloadIdentityCredential::new_opts(context, options)
}

fn ask(world: &World) -> Result<()> {
    block_on(credential(world.context()).token(&TokenRequest::new([SCOPE]))).map(drop)
}

/// Where the only request went, and how its server must prove itself.
fn asked(world: &World) -> (String, Option<ServerProof>) {
    ask(world).unwrap();
    let request = &world.transport.requests()[0];
    let proof = request.extensions().get::<ServerProof>().cloned();
    (request.uri().to_string(), proof)
}

fn proof(authorities: Option<&'static str>, name: Option<&str>) -> ServerProof {
    ServerProof::Certificate {
        authorities: authorities.map(Bytes::from),
        name: name.map(str::to_owned),
    }
}

#[test]
fn what_is_meant_for_the_authority_goes_to_the_proxy() {
    let through = "https://proxy.svc:8443/a/b/contoso.com/oauth2/v2.0/token";
    for (variables, expected) in [
        (&[PROXY][..], proof(None, None)),
        (&[PROXY, NAME], proof(None, Some(NAME.1))),
        (&[PROXY, DATA], proof(Some("pem"), None)),
        (
            &[PROXY, FROM_FILE, NAME],
            proof(Some("of the file"), Some(NAME.1)),
        ),
        (
            &[PROXY, ("AZURE_REGIONAL_AUTHORITY_NAME", "TryAutoDetect")],
            proof(None, None),
        ),
        (
            &[PROXY, ("AZURE_AUTHORITY_HOST", "login.lab.example")],
            proof(None, None),
        ),
    ] {
        let world = pod(variables);
        world.files.write(CA_FILE, "of the file");
        assert_eq!(asked(&world), (through.to_owned(), Some(expected)));
        assert_eq!(world.transport.requests().len(), 1, "{variables:?}");
    }
    let root = pod(&[("AZURE_KUBERNETES_TOKEN_PROXY", "https://[fd00::1]")]);
    assert_eq!(
        asked(&root).0,
        "https://[fd00::1]/contoso.com/oauth2/v2.0/token"
    );
}

#[test]
fn who_does_not_ask_for_a_proxy_gets_none() {
    let direct = "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token";
    assert_eq!(asked(&pod(&[])), (direct.to_owned(), None));
    // Not even a mistake among its variables counts.
    let world = pod(&[PROXY, FROM_FILE, DATA]);
    let credential = WorkloadIdentityCredential::new(world.context());
    block_on(credential.token(&TokenRequest::new([SCOPE]))).unwrap();
    assert_eq!(world.transport.requests()[0].uri(), direct);
}

#[test]
fn what_contradicts_itself_is_refused_before_anything_is_sent() {
    let at = |address| ("AZURE_KUBERNETES_TOKEN_PROXY", address);
    for (variables, words) in [
        (&[PROXY, FROM_FILE, DATA][..], "only one can count"),
        (&[NAME], "AZURE_KUBERNETES_TOKEN_PROXY is not set"),
        (&[FROM_FILE], "AZURE_KUBERNETES_TOKEN_PROXY is not set"),
        (&[DATA], "AZURE_KUBERNETES_TOKEN_PROXY is not set"),
        (&[at("http://proxy.svc")], "https"),
        (&[at("http://localhost")], "https"),
        (&[at("proxy.svc")], "not an address"),
        (&[at("https://u:s3cr3t@proxy.svc")], "a user"),
        (&[at("https://proxy.svc/?a=s3cr3t")], "a query"),
        (&[at("https://proxy.svc/#s3cr3t")], "a fragment"),
    ] {
        let world = pod(variables);
        let error = ask(&world).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials, "{variables:?}");
        assert!(error.to_string().contains(words), "{error}");
        assert!(!format!("{error:?}").contains("s3cr3t"), "{error:?}");
        assert!(world.transport.requests().is_empty());
    }
}

#[test]
fn the_authorities_are_read_again_and_a_file_in_the_making_does_not_count() {
    let world = pod(&[PROXY, FROM_FILE]);
    let credential = credential(world.context());
    let refused = || block_on(credential.token(&TokenRequest::new([SCOPE]))).unwrap_err();
    assert_eq!(refused().kind(), ErrorKind::Request);
    world.files.write(CA_FILE, "");
    assert_eq!(refused().kind(), ErrorKind::Request);
    assert!(world.transport.requests().is_empty());
    for (content, expected) in [
        (Some("one"), "one"),
        (Some("two"), "two"),
        (Some(""), "two"),
        (None, "two"),
        (Some("three"), "three"),
    ] {
        match content {
            Some(content) => world.files.write(CA_FILE, content),
            None => world.files.remove(CA_FILE),
        }
        // Another resource each time: a token that is kept asks nobody.
        let scope = format!(
            "https://{}.example/.default",
            world.transport.requests().len()
        );
        block_on(credential.token(&TokenRequest::new([scope]))).unwrap();
        let requests = world.transport.requests();
        let found = requests.last().unwrap().extensions().get::<ServerProof>();
        assert_eq!(found, Some(&proof(Some(expected), None)));
    }
}

/// Over real sockets and TLS.
#[cfg(feature = "reqwest")]
mod over_tls {
    use aad_core::system::TransportOptions;
    use testkit::tls::{Authority, Server};

    use super::*;

    #[test]
    fn a_proxy_of_the_clusters_own_authority_is_asked_under_its_own_name() {
        let folder = tempfile::tempdir().unwrap();
        let (token, bundle) = (folder.path().join("token"), folder.path().join("ca.crt"));
        let path = |path: &std::path::Path| path.to_str().unwrap().to_owned();
        let (first, second) = (Authority::new(), Authority::new());
        std::fs::write(&token, "f3d3r4t3d\n").unwrap();
        std::fs::write(&bundle, first.pem()).unwrap();
        let server = Server::start(first.issue(NAME.1), ANSWER);
        let address = format!("https://127.0.0.1:{}/binding", server.port());
        let world = pod(&[
            NAME,
            ("AZURE_KUBERNETES_TOKEN_PROXY", &address),
            ("AZURE_KUBERNETES_CA_FILE", &path(&bundle)),
            ("AZURE_FEDERATED_TOKEN_FILE", &path(&token)),
        ]);
        let system = Context::system_with(&TransportOptions::default()).unwrap();
        let credential = credential(system.with_environment(world.environment()));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let ask = |resource: &str| {
            let request = TokenRequest::new([format!("https://{resource}.example/.default")]);
            runtime.block_on(credential.token(&request))
        };
        ask("one").unwrap();
        let visit = &server.visits()[0];
        assert_eq!(visit.name.as_deref(), Some(NAME.1));
        let line = "POST /binding/contoso.com/oauth2/v2.0/token HTTP/1.1\r\n";
        assert!(visit.head.starts_with(line), "{visit:?}");
        assert!(
            visit.body.contains("&client_assertion=f3d3r4t3d&"),
            "{visit:?}"
        );

        server.renew(second.issue(NAME.1));
        let error = ask("two").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request, "{error:?}");
        assert!(format!("{error:?}").contains(&address), "{error:?}");
        assert_eq!(server.visits().len(), 1, "a stranger is told nothing");
        std::fs::write(&bundle, second.pem()).unwrap();
        ask("three").unwrap();
        server.renew(second.issue("another.example"));
        ask("four").unwrap_err();
        assert_eq!(server.visits().len(), 2);
    }
}
