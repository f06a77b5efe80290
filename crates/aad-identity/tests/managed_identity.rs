//! What goes over the wire to each host of managed identity, and what its answers mean.
//!
//! The tables are those of azure-identity's own tests (test_managed_identity.py,
//! test_imds_credential.py) in our words, and the documented protocols of the hosts.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use std::time::Duration;

use aad_core::retry::RetryPolicy;
use aad_core::transport::Direct;
use aad_core::{AccessToken, ErrorKind, Result, TokenCredential, TokenRequest};
use aad_identity::{ManagedIdentityCredential, ManagedIdentityId, ManagedIdentityOptions};
use futures::executor::block_on;
use testkit::context::{LogWatch, Reply, World, json, response};
use time::OffsetDateTime;
use time::macros::datetime;

const SCOPE: &str = "https://datalake.azure.net//.default";
const QUERY: &str = "resource=https%3A%2F%2Fdatalake.azure.net%2F";

const APP_SERVICE: &[(&str, &str)] = &[
    ("IDENTITY_ENDPOINT", "http://127.0.0.1:41741/msi/token/"),
    ("IDENTITY_HEADER", "h3ad3r"),
];
const ARC: &[(&str, &str)] = &[
    (
        "IDENTITY_ENDPOINT",
        "http://localhost:40342/metadata/identity/oauth2/token",
    ),
    ("IMDS_ENDPOINT", "http://localhost:40342"),
];
const ML: &[(&str, &str)] = &[
    ("MSI_ENDPOINT", "http://127.0.0.1:46808/MSI/auth"),
    ("MSI_SECRET", "s3cr3t"),
];
const CLOUD_SHELL: &[(&str, &str)] = &[("MSI_ENDPOINT", "http://localhost:50342/oauth2/token")];
const IMDS: &[(&str, &str)] = &[];
const THUMBPRINT: &str = "B8D304F6 84F6B00C 9AD0F1FF 3B9F2F0B 1C7F0A11";
const KEY: &str = "/var/opt/azcmagent/tokens/1f5a.key";

fn world(variables: &[(&str, &str)]) -> World {
    let world = World::new();
    for (name, value) in variables {
        world.set_var(name, value);
    }
    world
}

fn granted() -> Reply {
    json(200, r#"{"access_token":"t0k3n","expires_on":"1795190400"}"#).into()
}

fn challenge(header: &str) -> Reply {
    response(401, &[("www-authenticate", header)], "").into()
}

fn options(identity: Option<ManagedIdentityId>) -> ManagedIdentityOptions {
    let options = ManagedIdentityOptions::default();
    match identity {
        Some(identity) => options.with_identity(identity),
        None => options,
    }
}

fn ask_opts(world: &World, options: &ManagedIdentityOptions) -> Result<AccessToken> {
    let credential = ManagedIdentityCredential::new_opts(world.context(), options);
    block_on(credential.token(&TokenRequest::new([SCOPE])))
}

fn ask(world: &World) -> Result<AccessToken> {
    ask_opts(world, &ManagedIdentityOptions::default())
}

fn client(id: &str) -> Option<ManagedIdentityId> {
    Some(ManagedIdentityId::ClientId(id.to_owned()))
}

fn object(id: &str) -> Option<ManagedIdentityId> {
    Some(ManagedIdentityId::ObjectId(id.to_owned()))
}

fn resource(id: &str) -> Option<ManagedIdentityId> {
    Some(ManagedIdentityId::ResourceId(id.to_owned()))
}

#[test]
fn each_host_is_asked_as_it_expects() {
    let app = "http://127.0.0.1:41741/msi/token/?api-version=2019-08-01&";
    let ml = "http://127.0.0.1:46808/MSI/auth?api-version=2017-09-01&";
    let imds = "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&";
    for (variables, identity, url, id, headers) in [
        (
            APP_SERVICE,
            None,
            app,
            "",
            &[("x-identity-header", "h3ad3r"), ("metadata", "true")][..],
        ),
        (APP_SERVICE, client("c"), app, "&client_id=c", &[]),
        (APP_SERVICE, object("o"), app, "&object_id=o", &[]),
        (APP_SERVICE, resource("/r s"), app, "&mi_res_id=%2Fr+s", &[]),
        (ML, None, ml, "", &[("secret", "s3cr3t")]),
        (ML, client("c"), ml, "&clientid=c", &[]),
        (IMDS, None, imds, "", &[("metadata", "true")]),
        (IMDS, client("c"), imds, "&client_id=c", &[]),
        (IMDS, object("o"), imds, "&object_id=o", &[]),
        (IMDS, resource("/r"), imds, "&msi_res_id=%2Fr", &[]),
    ] {
        let world = world(variables);
        world.transport.push(granted());
        let token = ask_opts(&world, &options(identity)).unwrap();
        assert_eq!(token.token.expose(), "t0k3n");
        let requests = world.transport.requests();
        let request = &requests[0];
        assert_eq!(request.method(), "GET");
        assert_eq!(request.uri().to_string(), format!("{url}{QUERY}{id}"));
        for (name, value) in headers {
            assert_eq!(request.headers()[*name], value, "{url}");
        }
        assert!(
            request.extensions().get::<Direct>().is_some(),
            "no proxy for {url}"
        );
        assert!(request.body().is_empty());
    }
}

#[test]
fn cloud_shell_takes_a_form_and_has_one_identity() {
    let world = world(CLOUD_SHELL);
    world.transport.push(granted());
    ask(&world).unwrap();
    let request = &world.transport.requests()[0];
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "http://localhost:50342/oauth2/token");
    assert_eq!(request.headers()["metadata"], "true");
    assert_eq!(
        request.headers()["content-type"],
        "application/x-www-form-urlencoded"
    );
    assert_eq!(request.body(), QUERY);
    for identity in [client("c"), object("o"), resource("r")] {
        let error = ask_opts(&world, &options(identity)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request);
    }
}

#[test]
fn the_environment_says_which_host_it_is() {
    let recognised = |variables: &[&[(&str, &str)]]| {
        let world = world(&variables.concat());
        ManagedIdentityCredential::new(world.context()).host()
    };
    let thumbprint = &[("IDENTITY_SERVER_THUMBPRINT", THUMBPRINT)][..];
    let fabric = &[("IDENTITY_ENDPOINT", "https://10.0.0.4:2377/token")][..];
    assert_eq!(recognised(&[]), "the instance metadata service");
    assert_eq!(recognised(&[APP_SERVICE]), "App Service");
    assert_eq!(recognised(&[APP_SERVICE, ARC, ML]), "App Service");
    assert_eq!(recognised(&[ARC]), "Azure Arc");
    assert_eq!(recognised(&[ARC, ML]), "Azure Arc");
    assert_eq!(recognised(&[ML]), "Azure Machine Learning");
    assert_eq!(recognised(&[CLOUD_SHELL]), "Cloud Shell");
    assert_eq!(recognised(&[thumbprint]), "the instance metadata service");
    assert_eq!(
        recognised(&[&APP_SERVICE[..1]]),
        "the instance metadata service"
    );
    assert_eq!(
        recognised(&[ARC, APP_SERVICE, fabric, thumbprint]),
        "Service Fabric"
    );
}

#[test]
fn a_workloads_variables_do_not_make_a_host() {
    let workload = [
        ("AZURE_AUTHORITY_HOST", "https://login.microsoftonline.com"),
        ("AZURE_TENANT_ID", "contoso.com"),
        ("AZURE_CLIENT_ID", "c"),
        ("AZURE_FEDERATED_TOKEN_FILE", "/var/run/token"),
    ];
    let world = world(&workload);
    world.transport.always(|_| granted());
    ask(&world).unwrap();
    let requests = world.transport.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].uri().host(), Some("169.254.169.254"));
    assert!(!requests[0].uri().to_string().contains("client_id"));
}

#[test]
fn a_machine_has_one_tenant_whichever_a_request_names() {
    for variables in [IMDS, APP_SERVICE, ML, CLOUD_SHELL] {
        let world = world(variables);
        world.transport.always(|_| granted());
        let credential = ManagedIdentityCredential::new(world.context());
        let request = TokenRequest::new([SCOPE]);
        block_on(credential.token(&request)).unwrap();
        block_on(credential.token(&request.with_tenant("contoso.com"))).unwrap();
        assert_eq!(world.transport.requests().len(), 1, "{variables:?}");
    }
}

#[test]
fn machine_learning_has_a_default_identity_and_knows_client_ids_only() {
    let world = world(&[ML, &[("DEFAULT_IDENTITY_CLIENT_ID", "d")]].concat());
    world.transport.always(|_| granted());
    ask(&world).unwrap();
    ask_opts(&world, &options(client("c"))).unwrap();
    let queries: Vec<String> = world
        .transport
        .requests()
        .iter()
        .map(|request| request.uri().query().unwrap().to_owned())
        .collect();
    assert!(queries[0].ends_with("&clientid=d"), "{queries:?}");
    assert!(queries[1].ends_with("&clientid=c"), "{queries:?}");
    for identity in [object("o"), resource("r")] {
        let error = ask_opts(&world, &options(identity)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request);
    }
}

#[test]
fn every_form_of_expiry_is_understood() {
    let at = datetime!(2026-11-20 16:00 UTC);
    for (variables, times) in [
        (IMDS, r#""expires_in":"14400","expires_on":"1""#),
        (IMDS, r#""expires_on":"1795190400""#),
        (APP_SERVICE, r#""expires_on":1795190400"#),
        (APP_SERVICE, r#""expires_on":"11/20/2026 16:00:00 +00:00""#),
        (ML, r#""expires_on":"11/20/2026 4:00:00 PM +00:00""#),
        (ML, r#""expires_on":1795190400"#),
    ] {
        let world = world(variables);
        world
            .transport
            .push(json(200, &format!(r#"{{"access_token":"t",{times}}}"#)));
        let now = world.clock.now();
        let token = ask(&world).unwrap();
        let expected = match times.contains("expires_in") {
            true => now + Duration::from_secs(14400),
            false => at,
        };
        assert_eq!(token.expires_on, expected, "{times}");
    }
}

#[test]
fn a_long_lived_token_is_renewed_at_half_its_life() {
    let refresh = |seconds: u32| {
        let world = world(IMDS);
        let body = format!(r#"{{"access_token":"t","expires_in":{seconds}}}"#);
        world.transport.push(json(200, &body));
        let now: OffsetDateTime = world.clock.now();
        ask(&world)
            .unwrap()
            .refresh_on
            .map(|at| (at - now).whole_seconds())
    };
    assert_eq!(refresh(7199), None);
    assert_eq!(refresh(7200), Some(3600));
    assert_eq!(refresh(86400), Some(43200));
}

#[test]
fn a_token_is_kept() {
    let world = world(APP_SERVICE);
    world.transport.push(granted());
    let credential = ManagedIdentityCredential::new(world.context());
    for _ in 0..3 {
        block_on(credential.token(&TokenRequest::new([SCOPE]))).unwrap();
    }
    assert_eq!(world.transport.requests().len(), 1);
}

#[test]
fn one_scope_is_asked_for() {
    let world = world(IMDS);
    let credential = ManagedIdentityCredential::new(world.context());
    for scopes in [&[][..], &["a/.default", "b/.default"], &[""]] {
        let request = TokenRequest::new(scopes.iter().copied());
        let error = block_on(credential.token(&request)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request);
    }
}

#[test]
fn arc_is_shown_the_key_that_it_names() {
    for (header, content) in [
        (format!("Basic realm={KEY}"), "k3y"),
        (format!("basic Realm=\"{KEY}\""), "k3y\n"),
    ] {
        let world = world(ARC);
        world.files.write(KEY, content);
        world.transport.push(challenge(&header)).push(granted());
        assert_eq!(ask(&world).unwrap().token.expose(), "t0k3n");
        let requests = world.transport.requests();
        let url = format!(
            "http://localhost:40342/metadata/identity/oauth2/token?api-version=2020-06-01&{QUERY}"
        );
        for request in &requests {
            assert_eq!(request.uri().to_string(), url);
            assert_eq!(request.headers()["metadata"], "true");
            assert!(request.extensions().get::<Direct>().is_some());
        }
        assert!(!requests[0].headers().contains_key("authorization"));
        assert_eq!(requests[1].headers()["authorization"], "Basic k3y");
    }
}

#[test]
fn an_agent_of_arc_that_fails_for_the_moment_is_asked_again() {
    for status in [429, 500, 503] {
        let world = world(ARC);
        world.files.write(KEY, "k3y");
        world
            .transport
            .push(response(status, &[], ""))
            .push(challenge(&format!("Basic realm={KEY}")))
            .push(granted());
        assert_eq!(ask(&world).unwrap().token.expose(), "t0k3n", "{status}");
    }
    let world = world(ARC);
    world.files.write(KEY, "k3y");
    world
        .transport
        .push(response(429, &[("retry-after", "40")], ""))
        .push(challenge(&format!("Basic realm={KEY}")))
        .push(granted());
    let begun = world.clock.now();
    ask(&world).unwrap();
    assert_eq!(world.clock.now() - begun, Duration::from_secs(40));
    let world = self::world(ARC);
    world.transport.always(|_| response(500, &[], "").into());
    let error = ask(&world).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transient);
    assert_eq!(world.transport.requests().len(), 6);
}

#[test]
fn arc_is_not_shown_any_other_file() {
    let check = |header: &str, path: &str, content: &str, why: &str| {
        let world = world(ARC);
        world.files.write(path, content);
        world.transport.push(challenge(header));
        let error = ask(&world).unwrap_err();
        assert!(error.to_string().contains(why), "{header}: {error}");
        assert_eq!(world.transport.requests().len(), 1, "{header}");
    };
    let folder = "is not a key in the agent's folder";
    check("Basic realm=/etc/shadow", "/etc/shadow", "x", folder);
    check("Basic realm=/etc/a.key", "/etc/a.key", "x", folder);
    let up = "/var/opt/azcmagent/tokens/../a.key";
    check(&format!("Basic realm={up}"), up, "x", folder);
    let below = "/var/opt/azcmagent/tokens/x/a.key";
    check(&format!("Basic realm={below}"), below, "x", folder);
    let other = "/var/opt/azcmagent/tokens/a.txt";
    check(&format!("Basic realm={other}"), other, "x", folder);
    let basic = format!("Basic realm={KEY}");
    check(&basic, KEY, &"k".repeat(4097), "too long");
    check(&basic, "/elsewhere", "", "cannot be read");
    for header in ["", "Basic", "Bearer realm=\"x\"", "Basic realm"] {
        check(header, KEY, "k", "did not name a key file");
    }
    // An answer without a challenge proves nothing.
    let world = world(ARC);
    world.transport.push(granted());
    assert_eq!(ask(&world).unwrap_err().kind(), ErrorKind::Protocol);
}

#[test]
fn arc_must_say_that_the_token_is_of_the_identity_that_was_named() {
    let ask = |identity, query: &str, echo: &str| {
        let world = world(ARC);
        world.files.write(KEY, "k3y");
        let body = format!(r#"{{"access_token":"t","expires_in":"3600"{echo}}}"#);
        world
            .transport
            .push(challenge(&format!("Basic realm={KEY}")));
        world.transport.push(json(200, &body));
        let outcome = ask_opts(&world, &options(identity)).map_err(|error| error.kind());
        for request in world.transport.requests() {
            assert!(request.uri().query().unwrap().ends_with(query), "{query}");
        }
        outcome.map(drop)
    };
    let refused = Err(ErrorKind::Credentials);
    assert_eq!(ask(None, QUERY, ""), Ok(()));
    assert_eq!(
        ask(client("c1"), "client_id=c1", r#","client_id":"C1""#),
        Ok(())
    );
    assert_eq!(
        ask(object("o"), "object_id=o", r#","object_id":"o""#),
        Ok(())
    );
    assert_eq!(
        ask(resource("/r"), "msi_res_id=%2Fr", r#","msi_res_id":"/R""#),
        Ok(())
    );
    assert_eq!(
        ask(resource("/r"), "msi_res_id=%2Fr", r#","mi_res_id":"/r""#),
        Ok(())
    );
    assert_eq!(ask(client("c1"), "client_id=c1", ""), refused);
    assert_eq!(
        ask(client("c1"), "client_id=c1", r#","client_id":"c2""#),
        refused
    );
    assert_eq!(
        ask(object("o"), "object_id=o", r#","client_id":"o""#),
        refused
    );
    assert_eq!(
        ask(resource("/r"), "msi_res_id=%2Fr", r#","msi_res_id":null"#),
        refused
    );
}

#[test]
fn an_installed_agent_of_arc_is_found_without_a_variable() {
    let world = world(IMDS);
    world.files.write("/opt/azcmagent/bin/himds", "");
    world.files.write(KEY, "k3y");
    world
        .transport
        .push(challenge(&format!("Basic realm={KEY}")))
        .push(granted());
    ask(&world).unwrap();
    let host = world.transport.requests()[0]
        .uri()
        .authority()
        .unwrap()
        .to_string();
    assert_eq!(host, "localhost:40342");
}

#[test]
fn arc_keys_lie_where_an_option_says() {
    let world = world(ARC);
    world.files.write("/tmp/keys/a.key", "k");
    world
        .transport
        .push(challenge("Basic realm=/tmp/keys/a.key"))
        .push(granted());
    ask_opts(
        &world,
        &ManagedIdentityOptions::default().with_arc_key_folder("/tmp/keys"),
    )
    .unwrap();
}

#[test]
fn what_is_not_there_lets_a_chain_move_on_and_what_refuses_does_not() {
    let once = ManagedIdentityOptions::default().with_retry(RetryPolicy::none());
    let unreachable = r#"{"error":"connecting to 169.254.169.254:80: dial tcp: connectex: A socket operation was attempted to an unreachable network."}"#;
    for (variables, identity, status, body, kind) in [
        (IMDS, None, 400, "{}", ErrorKind::Unavailable),
        (
            IMDS,
            None,
            400,
            r#"{"error":"invalid_request","error_description":"Identity not found"}"#,
            ErrorKind::Unavailable,
        ),
        (IMDS, client("c"), 400, "{}", ErrorKind::Credentials),
        (IMDS, None, 403, unreachable, ErrorKind::Unavailable),
        (IMDS, None, 403, "forbidden", ErrorKind::Forbidden),
        (
            IMDS,
            None,
            200,
            "<html>sign in to the hotel</html>",
            ErrorKind::Unavailable,
        ),
        (IMDS, None, 410, "", ErrorKind::Transient),
        (IMDS, None, 500, "", ErrorKind::Transient),
        (
            APP_SERVICE,
            None,
            400,
            r#"{"statusCode":400,"message":"No identity"}"#,
            ErrorKind::Credentials,
        ),
        (APP_SERVICE, None, 401, "", ErrorKind::Credentials),
        (
            APP_SERVICE,
            None,
            500,
            r#"{"statusCode":500,"message":"no"}"#,
            ErrorKind::Transient,
        ),
        (APP_SERVICE, None, 200, "<html>", ErrorKind::Protocol),
        (ML, None, 400, "{}", ErrorKind::Credentials),
        (CLOUD_SHELL, None, 429, "{}", ErrorKind::Throttled),
    ] {
        let world = world(variables);
        world.transport.always(move |_| json(status, body).into());
        let mut options = once.clone();
        options.identity = identity;
        let error = ask_opts(&world, &options).unwrap_err();
        assert_eq!(error.kind(), kind, "{variables:?} {status} {body}: {error}");
    }
    // The host's own words are in the error.
    let world = world(APP_SERVICE);
    world.transport.push(json(
        400,
        r#"{"statusCode":400,"message":"No identity, sorry"}"#,
    ));
    let error = ask(&world).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the host answered 400 Bad Request: No identity, sorry"
    );
    assert_eq!(error.status().unwrap(), 400);
}

#[test]
fn passing_failures_are_tried_again_and_others_are_not() {
    let tries = |variables, status: u16| {
        let world = world(variables);
        world
            .transport
            .push(response(status, &[], ""))
            .push(granted());
        let outcome = ask(&world);
        let count = world.transport.requests().len();
        assert_eq!(outcome.is_ok(), count == 2, "{status}");
        count
    };
    for status in [404, 410, 429, 500, 502, 503, 504, 599] {
        assert_eq!(tries(IMDS, status), 2, "{status}");
    }
    for status in [400, 401, 403] {
        assert_eq!(tries(IMDS, status), 1, "{status}");
    }
    assert_eq!(tries(APP_SERVICE, 500), 2);
    assert_eq!(tries(APP_SERVICE, 404), 1);
}

#[test]
fn a_service_that_is_being_updated_is_waited_for_longer_than_70_s() {
    let patience = |status: u16| {
        let world = world(IMDS);
        world
            .transport
            .always(move |_| response(status, &[], "").into());
        let start = world.clock.now();
        ask(&world).unwrap_err();
        (world.clock.now() - start).whole_seconds()
    };
    let updated = patience(410);
    assert!((70..=80).contains(&updated), "{updated}");
    let others = patience(404);
    assert!((15..30).contains(&others), "{others}");
}

#[test]
fn a_probe_finds_out_within_a_second_that_nobody_is_there() {
    let probing = ManagedIdentityOptions::default().with_probe();
    for reply in [Reply::Silence, Reply::RequestLost, Reply::ReplyLost] {
        let world = world(IMDS);
        let start = world.clock.now();
        world.transport.push(reply);
        let error = ask_opts(&world, &probing).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        assert!(world.clock.now() - start <= Duration::from_secs(1));
        assert_eq!(world.transport.requests().len(), 1);
    }
}

#[test]
fn a_probe_goes_without_the_header_and_any_answer_will_do() {
    for status in [200, 400, 404, 500] {
        let world = world(IMDS);
        world
            .transport
            .push(response(status, &[], ""))
            .push(granted())
            .push(granted());
        let probing = ManagedIdentityOptions::default().with_probe();
        let credential = ManagedIdentityCredential::new_opts(world.context(), &probing);
        let request = TokenRequest::new([SCOPE]);
        block_on(credential.token(&request)).unwrap();
        // Once is enough.
        block_on(credential.token(&TokenRequest::new(["other/.default"]))).unwrap();
        let with_header: Vec<bool> = world
            .transport
            .requests()
            .iter()
            .map(|request| request.headers().contains_key("metadata"))
            .collect();
        assert_eq!(with_header, [false, true, true], "{status}");
    }
    let world = world(IMDS);
    world.transport.push(response(403, &[], "host unreachable"));
    let error = ask_opts(&world, &ManagedIdentityOptions::default().with_probe()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
}

#[test]
fn an_address_of_a_variable_replaces_the_services_own_and_needs_no_probe() {
    let world = world(&[(
        "AZURE_POD_IDENTITY_AUTHORITY_HOST",
        "http://127.0.0.1:7170/_lake/identity/imds/",
    )]);
    world.transport.push(granted());
    ask_opts(&world, &ManagedIdentityOptions::default().with_probe()).unwrap();
    let uri = world.transport.requests()[0].uri().to_string();
    assert!(
        uri.starts_with(
            "http://127.0.0.1:7170/_lake/identity/imds/metadata/identity/oauth2/token?"
        ),
        "{uri}"
    );
    let nonsense = self::world(&[("AZURE_POD_IDENTITY_AUTHORITY_HOST", "not an address")]);
    assert_eq!(ask(&nonsense).unwrap_err().kind(), ErrorKind::Credentials);
}

#[test]
fn no_secret_reaches_a_log_or_an_error() {
    let watch = LogWatch::new(["h3ad3r", "s3cr3t", "t0k3n", "k3y"]);
    watch.run(|| {
        for variables in [APP_SERVICE, ML, ARC] {
            let world = world(variables);
            world.files.write(KEY, "k3y");
            if variables == ARC {
                world
                    .transport
                    .push(challenge(&format!("Basic realm={KEY}")));
            }
            world.transport.push(granted());
            let credential = ManagedIdentityCredential::new(world.context());
            let request = TokenRequest::new([SCOPE]);
            let token = block_on(credential.token(&request)).unwrap();
            tracing::info!(?credential, ?token, "signed in");
            world
                .transport
                .push(challenge(&format!("Basic realm={KEY}")));
            world.transport.push(json(401, "{}"));
            let other = TokenRequest::new(["other/.default"]);
            let error = block_on(credential.token(&other)).unwrap_err();
            watch.check_error(&error);
        }
    });
    assert!(watch.text().contains("signed in"));
}
