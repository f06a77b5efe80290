//! The accounts of a cache: who they are, and how they go.

use std::time::Duration;

use aad_core::{ErrorKind, TokenCredential};
use aad_identity::{
    CachedAccount, CachedAccountCredential, CredentialOptions, DeviceCodeCredential,
};
use futures::StreamExt;
use futures::executor::block_on;
use futures::future::join;
use serde_json::Value;

use crate::machine::{
    ANNA, Machine, accounts, cached, granted, granted_to, lake, other, prompt, refused, token,
};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn what_an_account_says() {
    let machine = Machine::new();
    machine.sign_in("a-oid", "anna@contoso.com");
    let [account] = accounts(&machine).try_into().unwrap();
    assert_eq!(account.home_account_id, ANNA);
    assert_eq!(account.environment, "login.microsoftonline.com");
    assert_eq!(account.tenant, "organizations");
    assert_eq!(account.local_account_id, "a-oid");
}

#[test]
fn a_person_who_was_forgotten_stays_forgotten() {
    let machine = Machine::new();
    machine.sign_in("a-oid", "anna@contoso.com");
    machine.sign_in("b-oid", "bert@contoso.com");
    let running = cached(&machine, "App", &accounts(&machine)[0]);
    token(&running, &lake());
    block_on(machine.cache().remove(&machine.0.context(), ANNA)).unwrap();

    assert_eq!(accounts(&machine).len(), 1);
    for section in ["AccessToken", "RefreshToken", "IdToken", "Account"] {
        let rows = machine.rows(section);
        assert!(
            rows.iter()
                .all(|row| row["home_account_id"] == "b-oid.b-tid"),
            "{section}"
        );
        assert_eq!(rows.len(), 1, "{section}");
    }
    let error = block_on(running.token(&other())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.to_string().contains("sign in again"), "{error}");
}

#[test]
fn a_refresh_that_ends_after_the_sign_out_writes_nothing() {
    let machine = Machine::new();
    machine.sign_in("a-oid", "anna@contoso.com");
    machine
        .0
        .transport
        .push(granted_to("a-oid", "anna@contoso.com", "r1").after(SECOND * 5));
    let running = cached(&machine, "App", &accounts(&machine)[0]);
    let (request, cache, context) = (other(), machine.cache(), machine.0.context());
    let sign_out = async {
        context.sleep(SECOND).await;
        cache.remove(&context, ANNA).await.unwrap();
    };
    let (outcome, ()) = block_on(join(running.token(&request), sign_out));
    outcome.unwrap();
    for section in ["AccessToken", "RefreshToken", "IdToken", "Account"] {
        assert_eq!(machine.rows(section), Vec::<Value>::new(), "{section}");
    }
}

#[test]
fn a_cached_account_says_when_to_sign_in_again() {
    let machine = Machine::new();
    let context = machine.0.context();
    let account = CachedAccount::new(ANNA, "login.microsoftonline.com", "contoso.com");
    let error = block_on(cached(&machine, "App", &account).token(&lake())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);

    machine.sign_in("a-oid", "anna@contoso.com");
    machine.0.transport.push(refused("AADSTS700082"));
    let error = block_on(cached(&machine, "App", &account).token(&other())).unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Credentials, Some("AADSTS700082"))
    );

    let none = CredentialOptions::default();
    let made = CachedAccountCredential::new_opts(context, "contoso.com", "App", &account, &none);
    assert_eq!(made.unwrap_err().kind(), ErrorKind::Request);
}

#[test]
fn who_signed_in_is_told_among_several_and_only_if_the_next_program_finds_it() {
    let machine = Machine::new();
    machine.sign_in("b-oid", "bert@contoso.com");
    let sign_in = || {
        let transport = &machine.0.transport;
        transport
            .push(prompt())
            .push(granted_to("a-oid", "anna@contoso.com", "r0"));
        let context = machine.0.context();
        let options = machine.options();
        let credential =
            DeviceCodeCredential::new_opts(context, "organizations", "App", |_| {}, &options)
                .unwrap();
        let _: Vec<_> = block_on(credential.sign_in(&lake()).collect());
        block_on(credential.account()).map(|account| account.home_account_id)
    };
    machine.0.files.set_full(true);
    assert_eq!(sign_in(), None);
    machine.0.files.set_full(false);
    assert_eq!(sign_in().as_deref(), Some(ANNA));
}

#[test]
fn an_application_is_forgotten_apart_from_the_people_who_use_it() {
    let machine = Machine::new();
    machine.sign_in("a-oid", "anna@contoso.com");
    machine.0.transport.push(granted("of the application"));
    token(&machine.application(), &lake());
    let forget = |client_id| {
        let cache = machine.cache();
        block_on(cache.remove_application(&machine.0.context(), client_id)).unwrap();
        machine.rows("AccessToken").len()
    };
    assert_eq!(forget("another"), 2);
    assert_eq!(forget("APP"), 1);
    assert_eq!(machine.rows("AccessToken")[0]["home_account_id"], ANNA);
    assert_eq!(machine.rows("RefreshToken").len(), 1);
}

#[test]
fn a_cached_account_explains_whether_it_is_there() {
    let machine = Machine::new();
    let account = CachedAccount::new(ANNA, "login.microsoftonline.com", "contoso.com");
    let explain = || block_on(cached(&machine, "App", &account).explain()).to_string();
    assert!(
        explain().contains("sign in with a program"),
        "{}",
        explain()
    );
    machine.sign_in("a-oid", "anna@contoso.com");
    assert!(explain().contains("ready"), "{}", explain());
}
