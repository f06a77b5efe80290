//! A federated person who signs in, for the targets that are her servers.

use aad_core::{AccessToken, Result, TokenCredential, TokenRequest};
use aad_identity::UsernamePasswordCredential;
use bytes::Bytes;
use futures::executor::block_on;
use http::Request;
use testkit::context::{World, json, response};

/// Her password, which no document can hold by chance.
pub const PASSWORD: &str = "p4ss-w0rd-0f-n0b0dy";

/// Signs in with what the federation server says, and shows every request: the realm, where there is a description
/// that, the request for a statement and that for a token.
pub fn sign_in(
    description: Option<&[u8]>,
    answer: &[u8],
) -> (Vec<Request<Bytes>>, Result<AccessToken>) {
    let world = World::new();
    let (field, path) = match description {
        Some(_) => ("federation_metadata_url", "mex"),
        None => ("federation_active_auth_url", "13/usernamemixed"),
    };
    let realm = format!(
        r#"{{"account_type":"Federated","federation_protocol":"WSTrust",
           "{field}":"https://sts.example/adfs/services/trust/{path}"}}"#
    );
    world.transport.push(json(200, &realm));
    if let Some(description) = description {
        world
            .transport
            .push(response(200, &[], description.to_vec()));
    }
    world
        .transport
        .push(response(200, &[], answer.to_vec()))
        .push(json(200, r#"{"expires_in":3599,"access_token":"t"}"#));
    let credential = UsernamePasswordCredential::new(
        world.context(),
        "contoso.com",
        "app",
        "someone@contoso.com",
        PASSWORD,
    )
    .expect("it is one");
    let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
    let token = block_on(credential.token(&request));
    (world.transport.requests(), token)
}
