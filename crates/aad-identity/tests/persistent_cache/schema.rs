//! What is in the cache, as MSAL for Python 1.39 has it.

use aad_core::{Cloud, Secret, TokenRequest};
use serde_json::{Value, json};

use crate::machine::{ANNA, LAKE, Machine, PATH, answer, granted, lake, token};

/// The simulated clock's beginning.
const NOW: i64 = 1_795_168_800;

#[test]
fn an_application_leaves_its_token_and_itself() {
    let machine = Machine::new();
    machine.0.transport.push(granted("one"));
    token(&machine.application(), &lake());
    let key = format!("-login.microsoftonline.com-accesstoken-app-contoso.com-{LAKE}");
    let expected = json!({
        "AccessToken": {
            key: {
                "credential_type": "AccessToken",
                "secret": "one",
                "home_account_id": null,
                "environment": "login.microsoftonline.com",
                "client_id": "App",
                "target": LAKE,
                "realm": "contoso.com",
                "token_type": "Bearer",
                "cached_at": NOW.to_string(),
                "expires_on": (NOW + 3599).to_string(),
                "extended_expires_on": (NOW + 3599).to_string(),
            },
        },
        "AppMetadata": {
            "appmetadata-login.microsoftonline.com-App": {
                "client_id": "App",
                "environment": "login.microsoftonline.com",
            },
        },
    });
    assert_eq!(machine.content(), expected);
}

#[test]
fn a_person_leaves_an_account_and_three_tokens() {
    let machine = Machine::new();
    machine.sign_in("a-oid", "Anna@contoso.com");
    let content = machine.content();
    let place = "login.microsoftonline.com";
    let target = format!("{LAKE} openid profile");
    let row = |section: &str, key: String| {
        let rows = content[section].as_object().unwrap();
        assert_eq!(Vec::from_iter(rows.keys()), [&key]);
        rows[&key].clone()
    };
    let found = row(
        "AccessToken",
        format!("{ANNA}-{place}-accesstoken-app-organizations-{target}"),
    );
    assert_eq!(
        found["extended_expires_on"],
        found["cached_at"]
            .as_str()
            .map(|at| { (at.parse::<i64>().unwrap() + 7200).to_string() })
            .unwrap()
    );
    let found = row(
        "RefreshToken",
        format!("{ANNA}-{place}-refreshtoken-app--{target}"),
    );
    assert_eq!(
        (&found["secret"], &found["family_id"]),
        (&json!("r0"), &Value::Null)
    );
    assert!(found["last_modification_time"].is_string());
    let found = row(
        "IdToken",
        format!("{ANNA}-{place}-idtoken-app-organizations-"),
    );
    assert_eq!(found["credential_type"], "IdToken");
    let expected = json!({
        "home_account_id": ANNA,
        "environment": place,
        "realm": "organizations",
        "local_account_id": "a-oid",
        "username": "Anna@contoso.com",
        "authority_type": "MSSTS",
        "account_source": "urn:ietf:params:oauth:grant-type:device_code",
    });
    assert_eq!(
        row("Account", format!("{ANNA}-{place}-organizations")),
        expected
    );
    assert!(machine.bodies()[1].contains("&client_info=1"));
}

/// A row of an application's token, changed in one field.
fn cached(field: &str, value: Value) -> Machine {
    let mut row = json!({
        "credential_type": "AccessToken",
        "secret": "kept",
        "home_account_id": null,
        "environment": "login.microsoftonline.com",
        "client_id": "App",
        "target": format!("https://b.example/x {LAKE} https://a.example/y"),
        "realm": "contoso.com",
        "token_type": "Bearer",
        "cached_at": (NOW - 1000).to_string(),
        "expires_on": (NOW + 2600).to_string(),
        "extended_expires_on": (NOW + 2600).to_string(),
    });
    row[field] = value;
    Machine::with(&json!({"AccessToken": {"any key will do": row}}))
}

#[test]
fn a_token_is_found_by_what_it_is_for() {
    for (field, value, is_found) in [
        ("", json!(null), true),
        ("environment", json!("login.windows.net"), true),
        ("environment", json!("STS.windows.net"), true),
        ("environment", json!("login.microsoftonline.us"), false),
        ("environment", json!("login.example"), false),
        ("client_id", json!("other"), false),
        ("realm", json!("Contoso.COM"), true),
        ("realm", json!("fabrikam.com"), false),
        ("home_account_id", json!(""), true),
        ("home_account_id", json!(ANNA), false),
        ("target", json!(LAKE), true),
        (
            "target",
            json!("https://datalake.azure.net/.default"),
            false,
        ),
        ("target", json!(""), false),
        ("token_type", json!("bearer"), true),
        ("token_type", json!("pop"), false),
        ("key_id", json!("k"), false),
        // For another parameter, such as MSAL's `fmi_path`.
        ("ext_cache_key", json!("k"), false),
        ("expires_on", json!((NOW + 301).to_string()), true),
        ("expires_on", json!((NOW + 300).to_string()), false),
        ("expires_on", json!(NOW + 2600), true),
        ("refresh_on", json!((NOW + 1).to_string()), true),
        ("refresh_on", json!(NOW.to_string()), false),
        // What a hostile or mistaken program may write.
        ("expires_on", json!("99999999999999999999"), false),
        ("expires_on", json!(i64::MAX), false),
        ("expires_on", json!("tomorrow"), false),
        ("cached_at", json!((NOW + 99_999).to_string()), true),
        ("cached_at", json!(i64::MIN), true),
        ("secret", json!(""), false),
        ("secret", json!(["kept"]), false),
        ("target", json!(5), false),
    ] {
        let machine = cached(field, value.clone());
        machine.0.transport.push(granted("new"));
        let given = token(&machine.application(), &lake());
        let expected = if is_found { "kept" } else { "new" };
        assert_eq!(given, expected, "{field} {value}");
    }
}

#[test]
fn a_token_for_less_than_is_wanted_is_not_enough() {
    let machine = cached("", Value::Null);
    machine.0.transport.push(granted("new"));
    let both = TokenRequest::new(["https://a.example/y", "https://b.example/x"]);
    assert_eq!(token(&machine.application(), &both), "kept");
    let more = TokenRequest::new(["https://a.example/y", "https://c.example/z"]);
    assert_eq!(token(&machine.application(), &more), "new");
}

#[test]
fn of_two_tokens_the_one_that_lives_longer_is_given() {
    let row = |secret: &str, left: i64| {
        json!({
            "secret": secret,
            "environment": "login.microsoftonline.com",
            "client_id": "App",
            "target": LAKE,
            "realm": "contoso.com",
            "expires_on": (NOW + left).to_string(),
        })
    };
    for (first, second) in [(1000, 2000), (2000, 1000)] {
        let rows = json!({"a": row("of a", first), "b": row("of b", second)});
        let machine = Machine::with(&json!({ "AccessToken": rows }));
        let expected = if first > second { "of a" } else { "of b" };
        assert_eq!(token(&machine.application(), &lake()), expected);
    }
}

#[test]
fn nothing_of_an_old_token_stays_with_a_new_one() {
    let machine = Machine::new();
    let mut body = json!({"token_type": "Bearer", "expires_in": 3600, "access_token": "old"});
    body["refresh_in"] = json!(60);
    machine.0.transport.push(answer(&body)).push(granted("new"));
    token(&machine.application(), &lake());
    assert_eq!(
        machine.rows("AccessToken")[0]["refresh_on"],
        (NOW + 60).to_string()
    );
    machine.0.clock.advance(std::time::Duration::from_secs(60));
    assert_eq!(token(&machine.application(), &lake()), "new");
    let [row] = machine.rows("AccessToken").try_into().unwrap();
    assert_eq!(
        (&row["secret"], &row["refresh_on"]),
        (&json!("new"), &Value::Null)
    );
}

#[test]
fn a_custom_clouds_names_are_its_own() {
    let mut cloud = Cloud::custom("lab");
    cloud.authority_host = "login.lab.example".into();
    cloud.authority_aliases = vec!["old.lab.example"].into();
    for (place, is_found) in [
        ("login.lab.example", true),
        ("old.lab.example", true),
        ("login.windows.net", false),
    ] {
        let machine = cached("environment", json!(place));
        let options = machine.options().with_cloud(cloud.clone());
        let options = options.without_instance_discovery();
        machine.0.transport.push(granted("new"));
        let given = token(&machine.application_with(&options), &lake());
        assert_eq!(given == "kept", is_found, "{place}");
    }
}

#[test]
fn who_handles_continuous_access_evaluation_has_tokens_of_its_own() {
    let machine = cached("", Value::Null);
    machine.0.transport.push(granted("long-lived"));
    assert_eq!(
        token(&machine.application(), &lake().with_cae()),
        "long-lived"
    );
    assert_eq!(
        token(&machine.application(), &lake().with_cae()),
        "long-lived"
    );
    assert_eq!(token(&machine.application(), &lake()), "kept");
    let content = machine.content();
    let keys = content["AccessToken"].as_object().unwrap().keys();
    let apart = keys.filter(|key| key.contains("-atext-")).count();
    assert_eq!((apart, machine.sent()), (1, 1));
}

#[test]
fn a_refused_token_and_new_claims_get_a_new_token_for_all() {
    let machine = cached("", Value::Null);
    machine
        .0
        .transport
        .push(granted("second"))
        .push(granted("third"));
    let rejected = lake().with_rejected(Secret::new("kept"));
    assert_eq!(token(&machine.application(), &rejected), "second");
    assert_eq!(token(&machine.application(), &rejected), "second");
    let claims = lake().with_claims(r#"{"access_token":{"nbf":{"value":"1"}}}"#);
    assert_eq!(token(&machine.application(), &claims), "third");
    assert_eq!(token(&machine.application(), &rejected), "third");
}

#[test]
fn what_other_programs_wrote_stays() {
    let theirs = json!({
        "AccessToken": {
            "theirs": {"secret": "x", "expires_on": "soon", "new_field": [1, {"a": null}]},
            "odd": 5,
        },
        "Account": {
            format!("{ANNA}-login.microsoftonline.com-organizations"): {
                "home_account_id": ANNA,
                "environment": "login.microsoftonline.com",
                "realm": "organizations",
                "username": "old name",
                "given_name": "Änna \u{1f600}",
            },
        },
        "Future": {"a": {"b": "c"}},
        "version": 2,
    });
    let machine = Machine::with(&theirs);
    machine.sign_in("a-oid", "anna@contoso.com");
    let content = machine.content();
    assert_eq!(content["Future"], theirs["Future"]);
    assert_eq!(content["version"], 2);
    assert_eq!(
        content["AccessToken"]["theirs"],
        theirs["AccessToken"]["theirs"]
    );
    assert_eq!(content["AccessToken"]["odd"], 5);
    let account = &machine.rows("Account")[0];
    assert_eq!(account["given_name"], "Änna \u{1f600}");
    assert_eq!(account["username"], "anna@contoso.com");
    let text = machine.0.files.content(PATH).unwrap();
    assert!(
        text.is_ascii(),
        "msal-extensions reads it in the encoding of the machine"
    );
}

#[test]
fn expired_access_tokens_are_swept_out() {
    let machine = Machine::new();
    machine
        .0
        .transport
        .push(granted("one"))
        .push(granted("two"));
    token(&machine.application(), &lake());
    machine
        .0
        .clock
        .advance(std::time::Duration::from_secs(3600));
    let other = TokenRequest::new(["https://x.example/.default"]);
    token(&machine.application(), &other);
    let rows = machine.rows("AccessToken");
    assert_eq!((rows.len(), &rows[0]["secret"]), (1, &json!("two")));
}
