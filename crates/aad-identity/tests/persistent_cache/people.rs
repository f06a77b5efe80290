//! People who signed in before, with whatever program: who is taken, and who is asked.

use std::time::Duration;

use aad_core::TokenCredential;
use aad_identity::{
    AuthorizationCode, AuthorizationCodeCredential, CachedAccount, DeviceCodeCredential,
    OnBehalfOfCredential, RefreshTokenCredential, UsernamePasswordCredential,
};
use futures::StreamExt;
use futures::executor::block_on;
use futures::future::join;
use serde_json::{Value, json};

use crate::machine::{
    LAKE, Machine, PATH, accounts, answer, granted_to, lake, other, personal, prompt, refused,
    token,
};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn who_signed_in_once_is_not_asked_by_the_next_program() {
    let machine = Machine::new();
    machine.sign_in("a-oid", "anna@contoso.com");
    let sent = machine.sent();
    let next = machine.silent(&machine.options());
    assert_eq!(token(&next, &lake()), "token of a-oid by r0");
    assert_eq!(machine.sent(), sent, "the token was there");

    machine
        .0
        .transport
        .push(granted_to("a-oid", "anna@contoso.com", "r1"));
    token(&next, &other());
    assert!(machine.bodies()[sent].contains("refresh_token=r0&client_info=1"));
    let rows = machine.rows("RefreshToken");
    assert_eq!((rows.len(), &rows[0]["secret"]), (1, &json!("r1")));
    assert_eq!(machine.rows("AccessToken").len(), 2);
}

#[test]
fn of_two_people_nobody_is_taken_unless_named() {
    let machine = Machine::new();
    machine.sign_in("a-oid", "anna@contoso.com");
    machine.sign_in("b-oid", "bert@contoso.com");
    let found = accounts(&machine);
    let names: Vec<_> = found
        .iter()
        .map(|account| account.username.as_str())
        .collect();
    assert_eq!(names, ["anna@contoso.com", "bert@contoso.com"]);

    let options = machine.options().with_account(found[1].clone());
    assert_eq!(
        token(&machine.silent(&options), &lake()),
        "token of b-oid by r0"
    );
    let stranger = CachedAccount::new("c-oid.c-tid", "login.microsoftonline.com", "c-tid");
    let sent = machine.sent();
    for options in [machine.options(), machine.options().with_account(stranger)] {
        machine.0.transport.push(refused("AADSTS7000218"));
        let ask = |_: &_| {};
        let context = machine.0.context();
        let credential =
            DeviceCodeCredential::new_opts(context, "organizations", "App", ask, &options);
        block_on(credential.unwrap().token(&lake())).unwrap_err();
    }
    let asked = &machine.0.transport.requests()[sent..];
    assert!(
        asked
            .iter()
            .all(|request| request.uri().path().ends_with("/devicecode"))
    );
    assert_eq!(asked.len(), 2);
}

#[test]
fn the_account_of_another_application_is_not_taken() {
    let machine = Machine::new();
    machine.sign_in("a-oid", "anna@contoso.com");
    machine.0.transport.push(refused("AADSTS700016"));
    let options = machine.options();
    let context = machine.0.context();
    let credential =
        DeviceCodeCredential::new_opts(context, "organizations", "Else", |_| {}, &options).unwrap();
    block_on(credential.token(&lake())).unwrap_err();
    assert!(
        machine
            .bodies()
            .last()
            .unwrap()
            .starts_with("client_id=Else&")
    );
}

#[test]
fn whoever_has_a_password_is_not_somebody_else() {
    let machine = Machine::new();
    machine.sign_in("b-oid", "bert@contoso.com");
    let bert = accounts(&machine).remove(0);
    machine
        .0
        .transport
        .push(answer(&json!({"account_type": "Managed"})))
        .push(granted_to("a-oid", "anna@contoso.com", "ra"));
    let credential = UsernamePasswordCredential::new_opts(
        machine.0.context(),
        "organizations",
        "App",
        "anna@contoso.com",
        "password",
        None,
        &machine.options().with_account(bert),
    );
    assert_eq!(token(&credential.unwrap(), &lake()), "token of a-oid by ra");
}

#[test]
fn a_person_of_an_adfs_is_known_by_the_subject_of_the_id_token() {
    let machine = Machine::new();
    let mut granted = personal("a-oid", "anna", "r0");
    granted["id_token"] = json!("e30.eyJzdWIiOiJzdWJqZWN0IiwidXBuIjoiYW5uYUBhZGZzIn0.sig");
    granted.as_object_mut().unwrap().remove("client_info");
    machine.0.transport.push(answer(&granted));
    let credential = AuthorizationCodeCredential::new_opts(
        machine.0.context(),
        "adfs",
        "App",
        AuthorizationCode::new("code", "http://localhost"),
        None,
        &machine.options().with_authority("https://adfs.contoso.com"),
    );
    token(&credential.unwrap(), &lake());
    let [row] = machine.rows("Account").try_into().unwrap();
    let expected = json!({
        "home_account_id": "subject",
        "environment": "adfs.contoso.com",
        "realm": "adfs",
        "local_account_id": "subject",
        "username": "anna@adfs",
        "authority_type": "ADFS",
        "account_source": "authorization_code",
    });
    assert_eq!(row, expected);
}

#[test]
fn nobody_is_asked_while_a_token_is_valid() {
    let mut content = {
        let machine = Machine::new();
        machine.sign_in("a-oid", "anna@contoso.com");
        machine.content()
    };
    // As of an authority that gave no refresh token; one of another scope makes the account known.
    for row in content["RefreshToken"]
        .as_object_mut()
        .unwrap()
        .values_mut()
    {
        row["secret"] = json!("");
    }
    let machine = Machine::with(&content);
    machine.0.clock.advance(SECOND * 3400);
    let silent = machine.silent(&machine.options());
    assert_eq!(token(&silent, &lake()), "token of a-oid by r0");
}

#[test]
fn nobody_waits_while_a_person_types() {
    let machine = Machine::new();
    machine.sign_in("a-oid", "anna@contoso.com");
    machine.0.clock.advance(SECOND * 7200);
    let start = machine.0.clock.now();
    let pending = json!({"error": "authorization_pending"}).to_string();
    machine
        .0
        .transport
        .push(refused("AADSTS50173"))
        .push(prompt());
    for _ in 0..20 {
        machine
            .0
            .transport
            .push(testkit::context::json(400, &pending));
    }
    machine
        .0
        .transport
        .push(granted_to("a-oid", "anna@contoso.com", "r1"));
    let (context, options) = (machine.0.context(), machine.options());
    let asking =
        DeviceCodeCredential::new_opts(context, "organizations", "App", |_| {}, &options).unwrap();
    let request = lake();
    let other = async {
        let context = machine.0.context();
        context.sleep(SECOND * 5).await;
        let folder = std::path::Path::new(PATH).parent().unwrap();
        let files = context.files().list(folder).await;
        assert_eq!(files.unwrap(), ["msal.cache"], "no lock and no turn");
    };
    let (outcome, ()) = block_on(join(asking.token(&request), other));
    assert_eq!(outcome.unwrap().token.expose(), "token of a-oid by r1");
    assert!(machine.0.clock.now() - start >= SECOND * 20);
    assert_eq!(machine.rows("RefreshToken").len(), 1);
}

#[test]
fn the_stream_of_a_sign_in_leaves_the_person_too() {
    let machine = Machine::new();
    machine
        .0
        .transport
        .push(prompt())
        .push(granted_to("a-oid", "anna@contoso.com", "r0"));
    let (context, options) = (machine.0.context(), machine.options());
    let credential =
        DeviceCodeCredential::new_opts(context, "organizations", "App", |_| {}, &options).unwrap();
    assert_eq!(block_on(credential.account()), None);
    let events: Vec<_> = block_on(credential.sign_in(&lake()).collect());
    assert_eq!(events.len(), 2);
    assert_eq!(accounts(&machine)[0].username, "anna@contoso.com");
    assert_eq!(
        block_on(credential.account()).as_ref(),
        accounts(&machine).first()
    );
}

#[test]
fn what_was_given_to_a_credential_goes_before_the_cache() {
    let machine = Machine::new();
    machine.sign_in("a-oid", "anna@contoso.com");
    let options = machine.options();
    machine
        .0
        .transport
        .push(granted_to("b-oid", "bert@contoso.com", "rb"));
    let code = AuthorizationCode::new("code", "http://localhost");
    let credential = AuthorizationCodeCredential::new_opts(
        machine.0.context(),
        "organizations",
        "App",
        code,
        None,
        &options,
    );
    assert_eq!(token(&credential.unwrap(), &lake()), "token of b-oid by rb");

    machine
        .0
        .transport
        .push(granted_to("c-oid", "cleo@contoso.com", "rc"));
    let credential = RefreshTokenCredential::new_opts(
        machine.0.context(),
        "organizations",
        "App",
        "elsewhere",
        None,
        &options,
    );
    assert_eq!(token(&credential.unwrap(), &lake()), "token of c-oid by rc");
    let sources: Vec<_> = machine
        .rows("Account")
        .iter()
        .map(|row| row["account_source"].clone())
        .collect();
    let device_code = "urn:ietf:params:oauth:grant-type:device_code";
    assert_eq!(
        sources,
        [json!(device_code), json!("authorization_code"), Value::Null]
    );
}

#[test]
fn a_token_on_behalf_of_one_person_is_not_anothers() {
    let machine = Machine::new();
    let options = machine.options();
    let service = |assertion: &str| {
        let context = machine.0.context();
        OnBehalfOfCredential::new_opts(
            context,
            "organizations",
            "App",
            "secret",
            assertion,
            &options,
        )
        .unwrap()
    };
    machine
        .0
        .transport
        .push(granted_to("a-oid", "anna@contoso.com", "ra"))
        .push(granted_to("b-oid", "bert@contoso.com", "rb"));
    assert_eq!(token(&service("of anna"), &lake()), "token of a-oid by ra");
    assert_eq!(token(&service("of bert"), &lake()), "token of b-oid by rb");
    assert_eq!(token(&service("of anna"), &lake()), "token of a-oid by ra");
    assert_eq!(machine.sent(), 2);
    // People who use a service have not signed in on its machine.
    assert_eq!(accounts(&machine), []);
    assert_eq!(machine.rows("RefreshToken"), Vec::<Value>::new());
    let text = machine.content().to_string();
    assert!(!text.contains("of anna") && text.contains(LAKE), "{text}");
}

#[test]
fn an_authority_that_does_not_tell_who_it_was_leaves_nothing() {
    let machine = Machine::new();
    let granted = json!({"access_token": "t", "expires_in": 3600, "refresh_token": "r"});
    machine.0.transport.push(prompt()).push(answer(&granted));
    let (context, options) = (machine.0.context(), machine.options());
    let credential =
        DeviceCodeCredential::new_opts(context, "organizations", "App", |_| {}, &options).unwrap();
    assert_eq!(token(&credential, &lake()), "t");
    assert_eq!(accounts(&machine), []);
    assert!(!machine.content().to_string().contains("\"r\""));
}
