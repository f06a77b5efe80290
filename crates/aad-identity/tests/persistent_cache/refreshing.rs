//! Refresh tokens that programs share, and families of applications.

use std::time::Duration;

use aad_core::{ErrorKind, TokenCredential, TokenRequest};
use aad_identity::DeviceCodeCredential;
use futures::executor::block_on;
use futures::future::join_all;
use serde_json::json;

use crate::machine::{
    Machine, PATH, accounts, answer, cached, granted_to, lake, other, personal, prompt, refused,
    token,
};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn processes_use_each_refresh_token_once() {
    let machine = Machine::new();
    machine.sign_in("a-oid", "anna@contoso.com");
    let mut newest = 0;
    machine.0.transport.always(move |request| {
        let body = std::str::from_utf8(request.body()).unwrap();
        assert!(
            body.contains(&format!("refresh_token=r{newest}&")),
            "{body}"
        );
        newest += 1;
        granted_to("a-oid", "anna@contoso.com", &format!("r{newest}")).after(SECOND)
    });
    let account = &accounts(&machine)[0];
    let programs: Vec<_> = (0..4).map(|_| cached(&machine, "App", account)).collect();
    let requests: Vec<_> = (0..4)
        .map(|n| TokenRequest::new([format!("https://{n}.example/.default")]))
        .collect();
    let all = programs.iter().zip(&requests);
    let all = all.map(|(program, request)| program.token(request));
    for outcome in block_on(join_all(all)) {
        outcome.unwrap();
    }
    assert_eq!(machine.rows("RefreshToken")[0]["secret"], "r4");
}

#[test]
fn a_process_takes_up_the_refresh_token_that_another_got() {
    let machine = Machine::new();
    machine.sign_in("a-oid", "anna@contoso.com");
    let account = &accounts(&machine)[0];
    let (one, two) = (
        cached(&machine, "App", account),
        cached(&machine, "App", account),
    );
    for (n, program) in [&one, &two, &one].into_iter().enumerate() {
        let newer = format!("r{}", n + 1);
        machine
            .0
            .transport
            .push(granted_to("a-oid", "anna@contoso.com", &newer));
        let request = TokenRequest::new([format!("https://{n}.example/.default")]);
        token(program, &request);
        let body = machine.bodies().pop().unwrap();
        assert!(body.contains(&format!("refresh_token=r{n}&")), "{body}");
    }
}

#[test]
fn a_refresh_token_replaces_those_under_other_names_of_the_authority() {
    let machine = Machine::new();
    machine.sign_in("a-oid", "anna@contoso.com");
    let mut content = machine.content();
    let rows = content["RefreshToken"].as_object_mut().unwrap();
    let mut older = rows.values().next().unwrap().clone();
    older["environment"] = json!("login.windows.net");
    older["secret"] = json!("older");
    older["last_modification_time"] = json!("1");
    older["theirs"] = json!("kept");
    rows.insert("another key".into(), older);
    machine.0.files.write(PATH, content.to_string());

    machine
        .0
        .transport
        .push(granted_to("a-oid", "anna@contoso.com", "r1"));
    token(&cached(&machine, "App", &accounts(&machine)[0]), &other());
    assert!(
        machine
            .bodies()
            .pop()
            .unwrap()
            .contains("refresh_token=r0&")
    );
    let [row] = machine.rows("RefreshToken").try_into().unwrap();
    assert_eq!(row["secret"], "r1");
}

#[test]
fn a_refused_refresh_token_does_not_hide_a_valid_token() {
    let machine = Machine::new();
    machine.sign_in("a-oid", "anna@contoso.com");
    machine.0.clock.advance(SECOND * 3400);
    machine.0.transport.push(refused("AADSTS50173"));
    let program = cached(&machine, "App", &accounts(&machine)[0]);
    assert_eq!(token(&program, &lake()), "token of a-oid by r0");
}

/// A person of the family, who signed in with another application of it.
fn family() -> Machine {
    let machine = Machine::new();
    let mut granted = personal("a-oid", "anna@contoso.com", "family");
    granted["foci"] = json!("1");
    machine.0.transport.push(prompt()).push(answer(&granted));
    let (context, options) = (machine.0.context(), machine.options());
    let cli = DeviceCodeCredential::new_opts(context, "organizations", "Cli", |_| {}, &options);
    token(&cli.unwrap(), &lake());
    assert_eq!(machine.rows("RefreshToken")[0]["family_id"], "1");
    assert_eq!(machine.rows("AppMetadata")[0]["family_id"], "1");
    machine
}

#[test]
fn applications_of_a_family_share_a_refresh_token() {
    let machine = family();
    let mut granted = personal("a-oid", "anna@contoso.com", "second");
    granted["foci"] = json!("1");
    machine.0.transport.push(answer(&granted));
    let program = cached(&machine, "App", &accounts(&machine)[0]);
    token(&program, &lake());
    let body = machine.bodies().pop().unwrap();
    assert!(
        body.contains("client_id=App&refresh_token=family&"),
        "{body}"
    );

    // Now it is known to be of the family, and its account is its own.
    machine.0.transport.push(answer(&granted));
    token(&machine.silent(&machine.options()), &other());
    assert_eq!(machine.rows("RefreshToken").len(), 2);
}

#[test]
fn an_application_that_is_not_of_the_family_learns_it_once() {
    let machine = family();
    machine.0.transport.push(refused("AADSTS700003"));
    let account = &accounts(&machine)[0];
    let error = block_on(cached(&machine, "App", account).token(&lake())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);

    machine.sign_in("a-oid", "anna@contoso.com");
    machine
        .0
        .transport
        .push(granted_to("a-oid", "anna@contoso.com", "own"));
    token(&cached(&machine, "App", account), &other());
    let body = machine.bodies().pop().unwrap();
    assert!(body.contains("client_id=App&refresh_token=r0&"), "{body}");
}
