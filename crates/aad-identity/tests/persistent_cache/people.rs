//! People who signed in before, with whatever program.

use std::time::Duration;

use aad_core::{ErrorKind, TokenCredential, TokenRequest};
use aad_identity::{
    AuthorizationCode, AuthorizationCodeCredential, CachedAccount, CachedAccountCredential,
    CredentialOptions, DeviceCodeCredential, OnBehalfOfCredential, RefreshTokenCredential,
    UsernamePasswordCredential,
};
use futures::StreamExt;
use futures::executor::block_on;
use futures::future::join;
use serde_json::{Value, json};

use crate::machine::{
    ANNA, LAKE, Machine, answer, granted, granted_to, lake, personal, prompt, refused, token,
};

const SECOND: Duration = Duration::from_secs(1);
const OTHER: &str = "https://x.example/.default";

fn other() -> TokenRequest {
    TokenRequest::new([OTHER])
}

fn accounts(machine: &Machine) -> Vec<CachedAccount> {
    block_on(machine.cache().accounts(&machine.0.context())).unwrap()
}

/// A program that can sign somebody in without asking, or not at all.
fn cached(machine: &Machine, client_id: &str, account: &CachedAccount) -> CachedAccountCredential {
    let (context, cache) = (machine.0.context(), machine.cache());
    CachedAccountCredential::new(context, client_id, account, cache).unwrap()
}

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
    for outcome in block_on(futures::future::join_all(all)) {
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
    machine
        .0
        .files
        .write(crate::machine::PATH, content.to_string());

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
        let folder = std::path::Path::new(crate::machine::PATH).parent().unwrap();
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

#[test]
fn a_refused_refresh_token_does_not_hide_a_valid_token() {
    let machine = Machine::new();
    machine.sign_in("a-oid", "anna@contoso.com");
    machine.0.clock.advance(SECOND * 3400);
    machine.0.transport.push(refused("AADSTS50173"));
    let program = cached(&machine, "App", &accounts(&machine)[0]);
    assert_eq!(token(&program, &lake()), "token of a-oid by r0");
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
