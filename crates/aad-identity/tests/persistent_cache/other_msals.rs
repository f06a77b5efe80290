//! Caches of other and of older MSAL libraries.
//!
//! The facts are those of MSAL for Go's test data (`v1.0_v1.1_cache.json`, `test_serialized_cache.json`): its first
//! versions kept the case of a key's parts, and later ones leave such rows behind beside their own.

use serde_json::{Value, json};

use crate::machine::{Machine, accounts, cached, granted_to, other, token};

const HOME: &str = "uid.utid";
const PLACE: &str = "login.windows.net";

/// A cache in which each row is there twice: under a key of the first versions, and under that of now.
fn of_two_versions() -> Value {
    let account = |local: &str| {
        json!({
            "home_account_id": HOME, "environment": PLACE, "realm": "contoso", "local_account_id": local,
            "username": "John Doe", "authority_type": "MSSTS",
        })
    };
    let refresh_token = |secret: &str| {
        json!({
            "home_account_id": HOME, "environment": PLACE, "client_id": "App", "target": "s2 s1 s3",
            "secret": secret, "credential_type": "RefreshToken",
        })
    };
    json!({
        "Account": {
            format!("{HOME}-{PLACE}-Contoso"): account("of before"),
            format!("{HOME}-{PLACE}-contoso"): account("of now"),
        },
        "RefreshToken": {
            format!("{HOME}-{PLACE}-RefreshToken-App--s2 s1 s3"): refresh_token("a token of before"),
            format!("{HOME}-{PLACE}-refreshtoken-app--s2 s1 s3"): refresh_token("the token of now"),
        },
        "AccessToken": {"an-entry": {"foo": "bar"}},
        "unknownEntity": {"field1": "1", "field2": "whats"},
    })
}

#[test]
fn of_rows_under_keys_of_another_case_those_of_now_count() {
    let machine = Machine::with(&of_two_versions());
    let [account] = accounts(&machine).try_into().unwrap();
    assert_eq!(account.local_account_id, "of now");
    let granted = granted_to("u-oid", "John Doe", "the next token");
    machine.0.transport.push(granted);
    token(&cached(&machine, "App", &account), &other());
    let bodies = machine.bodies();
    assert!(
        bodies[0].contains("refresh_token=the+token+of+now"),
        "{bodies:?}"
    );
}

#[test]
fn what_is_no_row_stays() {
    let machine = Machine::with(&of_two_versions());
    let [account] = accounts(&machine).try_into().unwrap();
    let granted = granted_to("u-oid", "John Doe", "the next token");
    machine.0.transport.push(granted);
    token(&cached(&machine, "App", &account), &other());
    let content = machine.content();
    assert_eq!(content["AccessToken"]["an-entry"], json!({"foo": "bar"}));
    assert_eq!(content["unknownEntity"]["field2"], "whats");
}
