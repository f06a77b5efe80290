//! Tokens that functions of the caller's obtain.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aad_core::{AccessToken, Error, ErrorKind, Result, TokenCredential, TokenRequest};
use aad_identity::FunctionCredential;
use futures::executor::block_on;
use futures::future::{join, ready};
use testkit::context::World;

fn request() -> TokenRequest {
    TokenRequest::new(["https://datalake.azure.net//.default"])
}

/// A function that gives `token 1`, `token 2`, ... for an hour each, and a count of its calls.
fn numbered(world: &World) -> (FunctionCredential, Arc<AtomicUsize>) {
    let calls = Arc::new(AtomicUsize::new(0));
    let (counter, context) = (Arc::clone(&calls), world.context());
    let credential = FunctionCredential::new(world.context(), move |_| {
        let number = counter.fetch_add(1, Ordering::SeqCst) + 1;
        let expires = context.time_in(Duration::from_secs(3600));
        // Not at once, so that a second caller comes while the first one waits.
        let wait = context.sleep(Duration::from_secs(1));
        async move {
            wait.await;
            Ok(AccessToken::new(format!("token {number}"), expires))
        }
    });
    (credential, calls)
}

async fn text(credential: &FunctionCredential) -> Result<String> {
    let token = credential.token(&request()).await?;
    Ok(token.token.expose().to_owned())
}

#[test]
fn a_function_is_called_once_for_all_and_again_when_its_token_is_due() {
    let world = World::new();
    let (credential, calls) = numbered(&world);
    let both = block_on(join(text(&credential), text(&credential)));
    assert_eq!(
        (both.0.unwrap(), both.1.unwrap()),
        ("token 1".into(), "token 1".into())
    );
    assert_eq!(block_on(text(&credential)).unwrap(), "token 1");
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    block_on(world.context().sleep(Duration::from_secs(3500)));
    assert_eq!(block_on(text(&credential)).unwrap(), "token 2");
}

#[test]
fn a_function_is_told_the_whole_request() {
    let world = World::new();
    let expires = world.context().time_in(Duration::from_secs(60));
    let credential = FunctionCredential::new(world.context(), move |wanted: TokenRequest| {
        let tenant = wanted.tenant.unwrap_or_default();
        ready(Ok(AccessToken::new(tenant, expires)))
    });
    for tenant in ["contoso.com", "fabrikam.com"] {
        let token = block_on(credential.token(&request().with_tenant(tenant))).unwrap();
        assert_eq!(token.token.expose(), tenant);
    }
}

#[test]
fn an_error_of_the_function_is_the_outcome() {
    let credential = FunctionCredential::new(World::new().context(), |_| {
        ready(Err(Error::new(ErrorKind::Unavailable, "nobody is here")))
    });
    let error = block_on(credential.token(&request())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(error.to_string(), "nobody is here");
}
