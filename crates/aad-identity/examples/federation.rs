//! What a sign-in with a name and a password makes of the documents of a federation server, without a network.
//!
//! ```sh
//! cargo run -p aad-identity --features ws-trust --example federation -- mex FILE    # where the password would go
//! cargo run -p aad-identity --features ws-trust --example federation -- rstr FILE   # the grant, and the statement in it
//! ```
#![allow(clippy::print_stdout, reason = "it talks to a person")]

use aad_core::{Context, Error, ErrorKind, Result, TokenCredential, TokenRequest};
use aad_identity::UsernamePasswordCredential;
use bytes::Bytes;
use http::Request;
use testkit::context::{World, json, response};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [kind, path] = arguments.as_slice() else {
        return Err(Error::new(
            ErrorKind::Request,
            "say `mex` or `rstr`, and a file",
        ));
    };
    let context = Context::system()?;
    let file = context.files().read(path.as_ref(), 1 << 20).await;
    let file = file.map_err(|error| {
        let message = format!("{path} cannot be read");
        Error::new(ErrorKind::Request, message).with_source(error)
    })?;

    let world = World::new();
    let (field, path) = match kind.as_str() {
        "mex" => ("federation_metadata_url", "mex"),
        _ => ("federation_active_auth_url", "13/usernamemixed"),
    };
    let realm = format!(
        r#"{{"account_type":"Federated","federation_protocol":"WSTrust",
           "{field}":"https://sts.example/adfs/services/trust/{path}"}}"#
    );
    world
        .transport
        .push(json(200, &realm))
        .push(response(200, &[], file.to_vec()))
        .push(response(400, &[], ""));
    let credential = UsernamePasswordCredential::new(
        world.context(),
        "organizations",
        "app",
        "someone@contoso.com",
        "password",
    )?;
    let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
    let error = credential.token(&request).await.err();
    match (world.transport.requests().get(2), error) {
        (Some(request), _) => show(request),
        (None, Some(error)) => println!("refused: {error}"),
        (None, None) => println!("nothing was sent"),
    }
    Ok(())
}

/// The request that the file leads to: to the federation server, or for the token.
fn show(request: &Request<Bytes>) {
    if let Some(action) = request.headers().get("soapaction") {
        println!("{} {}", request.uri(), action.to_str().unwrap_or_default());
        return;
    }
    for (name, value) in url::form_urlencoded::parse(request.body()) {
        if name == "grant_type" || name == "assertion" {
            println!("{value}");
        }
    }
}
