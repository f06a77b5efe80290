//! Credentials in programs that are not async.
#![cfg(feature = "blocking")]

use std::sync::{Arc, Barrier};
use std::thread;

use aad_core::blocking::{Credential, Runtime};
use aad_core::{ErrorKind, TokenRequest};
use aad_identity::ClientSecretCredential;
use testkit::context::{World, json};

const THREADS: usize = 8;

fn credential(world: &World, runtime: &Runtime) -> Credential {
    let credential = ClientSecretCredential::new(world.context(), "contoso.com", "app", "s3cr3t");
    Credential::on(
        runtime,
        Arc::new(credential.expect("all of it is well formed")),
    )
}

#[test]
fn threads_that_want_the_same_token_cause_one_request() {
    let world = World::new();
    let barrier = Arc::new(Barrier::new(THREADS));
    let all_are_here = Arc::clone(&barrier);
    world.transport.then(move |_| {
        // The thread that signs in holds the flight until all others are on their way to it.
        all_are_here.wait();
        json(200, r#"{"access_token":"tok","expires_in":3600}"#).into()
    });
    let credential = credential(&world, &Runtime::new().unwrap());
    let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
    let leader = thread::spawn({
        let (credential, request) = (credential.clone(), request.clone());
        move || credential.token(&request)
    });
    let followers = (1..THREADS).map(|_| {
        let (credential, request) = (credential.clone(), request.clone());
        let barrier = Arc::clone(&barrier);
        thread::spawn(move || {
            barrier.wait();
            credential.token(&request)
        })
    });
    let followers: Vec<_> = followers.collect();
    for thread in followers.into_iter().chain([leader]) {
        let token = thread.join().unwrap().unwrap();
        assert_eq!(token.token.expose(), "tok");
    }
    assert_eq!(world.transport.requests().len(), 1);
}

#[test]
fn a_refusal_reaches_every_thread_as_the_authority_said_it() {
    let world = World::new();
    let body = r#"{"error":"invalid_client","error_codes":[7000215]}"#;
    world.transport.push(json(401, body));
    let credential = credential(&world, &Runtime::new().unwrap());
    let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
    thread::scope(|threads| {
        let callers = [(); 2].map(|()| threads.spawn(|| credential.token(&request)));
        for caller in callers {
            let error = caller.join().unwrap().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Credentials);
            assert_eq!(error.code(), Some("AADSTS7000215"));
        }
    });
}
