//! No secret of any flow reaches a log, at any level, or what a program could print of an error
//! or of a credential; whatever the authority answers.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

#[path = "secrets/flows.rs"]
mod flows;
#[cfg(feature = "reqwest")]
#[path = "secrets/real_transport.rs"]
mod real_transport;

use aad_core::{AccessToken, Result, TokenRequest};
use bytes::Bytes;
use flows::{Flow, SECRETS, flows};
use futures::executor::block_on;
use http::Request;
use testkit::context::{LogWatch, Reply, World, json, response};
use url::form_urlencoded;

const SCOPE: &str = "https://datalake.azure.net//.default";

/// Fields of a form whose values are secrets, whoever made them up.
const SECRET_FIELDS: [&str; 8] = [
    "assertion",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "device_code",
    "password",
    "refresh_token",
];

fn granted() -> Reply {
    // A signature is not looked at, so that any text will do for an id token.
    let body = r#"{"access_token":"t0k3n-@ccess","refresh_token":"r3fr3sh-2","id_token":"e30.1d-t0k3n.","expires_in":"3599","expires_on":"1795190400"}"#;
    json(200, body).into()
}

/// What the last address of a flow may answer, well or badly.
fn outcomes() -> Vec<Reply> {
    let cut = r#"{"access_token":"t0k3n-@ccess","refresh_token":"r3fr3sh-2","#;
    let twisted = r#"{"access_token":{"t0k3n-@ccess":1},"refresh_token":["r3fr3sh-2"],"expires_in":"t0k3n-@ccess"}"#;
    let refusal = r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided.\r\nTrace ID: t"}"#;
    let whole = response(
        200,
        &[],
        r#"{"access_token":"t0k3n-@ccess","expires_in":3599}"#,
    );
    vec![
        granted(),
        json(400, refusal).into(),
        json(429, "{}").into(),
        response(503, &[], "<html>t0k3n-less</html>").into(),
        json(200, cut).into(),
        json(200, twisted).into(),
        response(200, &[], "t0k3n-@ccess").into(),
        Reply::Broken(whole, 20),
        Reply::RequestLost,
        Reply::ReplyLost,
    ]
}

/// Has a flow end in this way, its later attempts in the same one.
fn run(flow: &Flow, outcome: usize) -> (World, Result<AccessToken>, String) {
    let world = World::new();
    flow.prepare(&world);
    world.transport.always(move |request: &Request<Bytes>| {
        flows::on_the_way(request).unwrap_or_else(|| outcomes().swap_remove(outcome))
    });
    let (asked, shown) = match (flow.make)(world.context()) {
        Ok(credential) => {
            let asked = block_on(credential.token(&TokenRequest::new([SCOPE]).with_cae()));
            let explanation = block_on(credential.explain());
            (
                asked,
                format!("{credential:?} {credential:#?} {explanation:?}"),
            )
        }
        Err(error) => (Err(error), String::new()),
    };
    (world, asked, shown)
}

/// The secrets that a flow made up while it ran.
fn made_up(world: &World) -> Vec<String> {
    let requests = world.transport.requests();
    let fields = requests.iter().flat_map(|request| {
        let fields = form_urlencoded::parse(request.body()).into_owned();
        let body: Vec<_> = fields.collect();
        body
    });
    fields
        .filter(|(name, value)| SECRET_FIELDS.contains(&name.as_str()) && !value.is_empty())
        .map(|(_, value)| value)
        .collect()
}

#[test]
fn no_secret_of_any_flow_reaches_a_log_or_an_error() {
    for flow in flows() {
        for outcome in 0..outcomes().len() {
            let watch = LogWatch::new(SECRETS);
            let (world, asked, shown) = watch.run(|| run(&flow, outcome));
            watch.check(&shown);
            let more = LogWatch::new(made_up(&world));
            more.check(&(watch.text() + &shown));
            let name = flow.name;
            match asked {
                Ok(token) => {
                    assert_eq!(outcome, 0, "{name}");
                    assert_eq!(token.token.expose(), "t0k3n-@ccess", "{name}");
                    watch.check(&format!("{token:?}"));
                }
                Err(error) => {
                    assert_ne!(outcome, 0, "{name}: {error:?}");
                    watch.check_error(&error);
                    more.check_error(&error);
                }
            }
            assert!(
                watch.text().contains("aad_core::pipeline"),
                "{name} logs nothing"
            );
        }
    }
}
