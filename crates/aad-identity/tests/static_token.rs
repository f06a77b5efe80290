//! Tokens that somebody else obtained.

use std::time::Duration;

use aad_core::{AccessToken, ErrorKind, TokenCredential, TokenRequest};
use aad_identity::StaticTokenCredential;
use futures::executor::block_on;
use testkit::context::World;

const SCOPE: &str = "https://datalake.azure.net//.default";

fn hour(world: &World) -> StaticTokenCredential {
    let expires = world.context().time_in(Duration::from_secs(3600));
    StaticTokenCredential::new(world.context(), SCOPE, AccessToken::new("s3cr3t", expires))
}

fn kind(credential: &StaticTokenCredential, request: &TokenRequest) -> Result<(), ErrorKind> {
    let outcome = block_on(credential.token(request));
    outcome.map(|_| ()).map_err(|error| error.kind())
}

#[test]
fn a_token_is_given_until_it_expires() {
    let world = World::new();
    let credential = hour(&world);
    let request = TokenRequest::new([SCOPE]);
    let token = block_on(credential.token(&request)).unwrap();
    assert_eq!(token.token.expose(), "s3cr3t");
    block_on(world.context().sleep(Duration::from_secs(3599)));
    assert_eq!(kind(&credential, &request), Ok(()));
    block_on(world.context().sleep(Duration::from_secs(1)));
    let error = block_on(credential.token(&request)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(error.to_string().ends_with("sign in again"), "{error}");
}

#[test]
fn a_token_is_for_its_own_resource_with_its_slash_or_without() {
    let credential = hour(&World::new());
    let ask = |scopes: &[&str]| kind(&credential, &TokenRequest::new(scopes.to_vec()));
    assert_eq!(ask(&["https://datalake.azure.net/.default"]), Ok(()));
    let refused = Err(ErrorKind::Request);
    assert_eq!(ask(&["https://vault.azure.net/.default"]), refused);
    assert_eq!(ask(&[SCOPE, "https://vault.azure.net/.default"]), refused);
    assert_eq!(ask(&[]), refused);
    let elsewhere = TokenRequest::new([SCOPE]).with_tenant("fabrikam.com");
    assert_eq!(kind(&credential, &elsewhere), refused);
}

#[test]
fn a_token_that_a_service_refused_is_not_given_again() {
    let credential = hour(&World::new());
    let request = TokenRequest::new([SCOPE]);
    let refused = request.clone().with_rejected("s3cr3t".into());
    assert_eq!(kind(&credential, &refused), Err(ErrorKind::Credentials));
    let error = block_on(credential.token(&request.clone().with_claims("{}"))).unwrap_err();
    assert_eq!(error.claims(), Some("{}"));
    // Another one was refused, of before this was handed over.
    let other = request.with_rejected("other".into());
    assert_eq!(kind(&credential, &other), Ok(()));
}

#[test]
fn a_token_is_not_printed() {
    assert!(!format!("{:?}", hour(&World::new())).contains("s3cr3t"));
}
