//! A person signs in at any authority, by device code or with a browser, or an application by what the environment
//! says, and gets a token twice: the second is silent.
//!
//! ```sh
//! cargo run -p aad-identity --example sign_in -- device  [<tenant> [<client id> [<scope>]]]
//! cargo run -p aad-identity --example sign_in -- browser [<tenant> [<client id> [<scope>]]]
//! cargo run -p aad-identity --example sign_in --features browser -- interactive [<tenant> [<client id> [<scope>]]]
//! cargo run -p aad-identity --example sign_in --features certificate -- environment
//! ```
//!
//! With `browser` it goes to an address where nothing listens; copy it from there. With `interactive`, or
//! `interactive-form` for an answer in a form, this program listens. `AZURE_AUTHORITY_HOST` names another
//! authority, such as a local lake's; `adl env` sets it, together with all that the way there needs.
#![allow(clippy::print_stdout, reason = "it talks to a person")]

use std::io::Write as _;

use aad_core::{Context, Error, ErrorKind, Result, TokenCredential, TokenRequest};
use aad_identity::{
    AZURE_CLI_CLIENT_ID, AuthorizationCodeCredential, AuthorizationRequest, CredentialOptions,
    DeviceCodeCredential, EnvironmentCredential,
};
#[cfg(feature = "browser")]
use aad_identity::{
    InteractiveBrowserCredential, InteractiveBrowserOptions, authorization_code::ResponseMode,
};

const REDIRECT: &str = "http://localhost:8400/";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let way = arguments.next().unwrap_or_default();
    let tenant = arguments.next().unwrap_or_else(|| "organizations".into());
    let client_id = arguments
        .next()
        .unwrap_or_else(|| AZURE_CLI_CLIENT_ID.into());
    let scope = arguments
        .next()
        .unwrap_or_else(|| "https://datalake.azure.net//.default".into());

    let context = Context::system()?;
    // A lake on this machine may be asked over plain http.
    let options = CredentialOptions::default().allow_http_loopback();
    match way.as_str() {
        "device" => {
            let credential = DeviceCodeCredential::new_opts(
                context,
                &tenant,
                client_id,
                |prompt| println!("{prompt}"),
                &options,
            )?;
            show_two_tokens(&credential, &scope).await?;
            show_rotation(credential.refresh_token().is_some());
        }
        "browser" => {
            let request = AuthorizationRequest::new_opts(
                &context,
                &tenant,
                &client_id,
                REDIRECT,
                [&scope],
                &options,
            )?;
            println!("open {}", request.url());
            let code = request.accept(&ask("the address at which the browser ended: ")?)?;
            let credential = AuthorizationCodeCredential::new_opts(
                context, &tenant, client_id, code, None, &options,
            )?;
            show_two_tokens(&credential, &scope).await?;
            show_rotation(credential.refresh_token().is_some());
        }
        #[cfg(feature = "browser")]
        "interactive" | "interactive-form" => {
            let mut options = InteractiveBrowserOptions::default()
                .with_authority(options)
                .with_address(|address| println!("open {address}"));
            if way == "interactive-form" {
                options = options.with_response_mode(ResponseMode::FormPost);
            }
            let credential =
                InteractiveBrowserCredential::new_opts(context, &tenant, client_id, options)?;
            show_two_tokens(&credential, &scope).await?;
            show_rotation(credential.refresh_token().is_some());
        }
        "environment" => {
            let credential = EnvironmentCredential::new_opts(context, options);
            show_two_tokens(&credential, &scope).await?;
        }
        _ => {
            return Err(Error::new(
                ErrorKind::Request,
                "say `device`, `browser`, `interactive` (with its feature) or `environment`",
            ));
        }
    }
    Ok(())
}

/// The second is another one, because the first is said to have been refused.
async fn show_two_tokens(credential: &dyn TokenCredential, scope: &str) -> Result<()> {
    let request = TokenRequest::new([scope]);
    let first = credential.token(&request).await?;
    println!("a token until {}", first.expires_on);
    let second = credential
        .token(&request.with_rejected(first.token))
        .await?;
    println!("another until {}", second.expires_on);
    Ok(())
}

fn show_rotation(kept: bool) {
    println!(
        "a refresh token was {}",
        if kept { "kept" } else { "not given" }
    );
}

fn ask(question: &str) -> Result<String> {
    let failed = |error: std::io::Error| {
        Error::new(ErrorKind::Request, "the terminal cannot be read").with_source(error)
    };
    print!("{question}");
    std::io::stdout().flush().map_err(failed)?;
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(failed)?;
    Ok(line.trim().to_owned())
}
