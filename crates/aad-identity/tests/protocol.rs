//! What each flow sends to the v1 endpoints and to an ADFS (ADAL for Python 1.2.7,
//! `oauth2_client.py` and `token_request.py`, in our words).
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use std::collections::HashMap;

use aad_core::{Context, ErrorKind, Result, Secret, TokenCredential, TokenRequest};
use aad_identity::{
    AuthorizationCode, AuthorizationCodeCredential, AuthorizationRequest,
    ClientAssertionCredential, ClientSecretCredential, CredentialOptions, DeviceCodeCredential,
    OnBehalfOfCredential, Protocol, RefreshTokenCredential, UsernamePasswordCredential,
};
use futures::executor::block_on;
use testkit::context::{Reply, World, json};

const SCOPE: &str = "https://datalake.azure.net//.default";
const RESOURCE: &str = "resource=https%3A%2F%2Fdatalake.azure.net%2F";

fn v1() -> CredentialOptions {
    CredentialOptions::default().with_protocol(Protocol::V1)
}

/// As v1 answers: its numbers are strings.
fn granted() -> Reply {
    let body = r#"{"token_type":"Bearer","expires_in":"3599","expires_on":"1795190400","not_before":"1795170000","resource":"https://datalake.azure.net/","access_token":"t0k3n","refresh_token":"r2"}"#;
    json(200, body).into()
}

/// The requests by which a credential gets its token: address and form.
fn sent<C: TokenCredential>(
    replies: Vec<Reply>,
    make: impl FnOnce(Context) -> Result<C>,
) -> Vec<(String, String)> {
    let world = World::new();
    for reply in replies {
        world.transport.push(reply);
    }
    let credential = make(world.context()).unwrap();
    let token = block_on(credential.token(&TokenRequest::new([SCOPE]))).unwrap();
    assert_eq!(token.token.expose(), "t0k3n");
    let requests = world.transport.requests();
    let read = |request: &http::Request<bytes::Bytes>| {
        let body = String::from_utf8(request.body().to_vec()).unwrap();
        (request.uri().to_string(), body)
    };
    requests.iter().map(read).collect()
}

const TOKEN: &str = "https://login.microsoftonline.com/contoso.com/oauth2/token?api-version=1.0";

#[test]
fn an_application_names_a_resource() {
    let secret = sent(vec![granted()], |context| {
        ClientSecretCredential::new_opts(context, "contoso.com", "app", "s", &v1())
    });
    let form = format!("grant_type=client_credentials&client_id=app&client_secret=s&{RESOURCE}");
    assert_eq!(secret, [(TOKEN.to_owned(), form)]);

    let assertion = sent(vec![granted()], |context| {
        let assert = |wanted: aad_identity::AssertionRequest| async move {
            Ok(Secret::new(wanted.token_endpoint))
        };
        ClientAssertionCredential::new_opts(context, "contoso.com", "app", assert, &v1())
    });
    let form = format!(
        "grant_type=client_credentials&client_id=app\
         &client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer\
         &client_assertion=https%3A%2F%2Flogin.microsoftonline.com%2Fcontoso.com%2Foauth2%2Ftoken\
         &{RESOURCE}"
    );
    assert_eq!(assertion, [(TOKEN.to_owned(), form)]);
}

#[test]
fn a_person_names_a_resource_and_asks_who_signed_in() {
    let target = format!("{RESOURCE}&scope=openid");
    let refresh = sent(vec![granted()], |context| {
        RefreshTokenCredential::new_opts(context, "contoso.com", "app", "r1", None, &v1())
    });
    let form = format!("grant_type=refresh_token&client_id=app&refresh_token=r1&{target}");
    assert_eq!(refresh, [(TOKEN.to_owned(), form)]);

    let managed = json(200, r#"{"account_type":"Managed"}"#).into();
    let password = sent(vec![managed, granted()], |context| {
        UsernamePasswordCredential::new_opts(
            context,
            "contoso.com",
            "app",
            "anna@contoso.com",
            "p",
            None,
            &v1(),
        )
    });
    let form = format!(
        "grant_type=password&client_id=app&username=anna%40contoso.com&password=p&{target}"
    );
    assert_eq!(password[1], (TOKEN.to_owned(), form));

    let behalf = sent(vec![granted()], |context| {
        OnBehalfOfCredential::new_opts(context, "contoso.com", "app", "s", "a", &v1())
    });
    let form = format!(
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&client_id=app\
         &client_secret=s&assertion=a&requested_token_use=on_behalf_of&{target}"
    );
    assert_eq!(behalf, [(TOKEN.to_owned(), form)]);

    let code = sent(vec![granted()], |context| {
        let code = AuthorizationCode::new("c0d3", "http://localhost");
        AuthorizationCodeCredential::new_opts(context, "contoso.com", "app", code, None, &v1())
    });
    let form = format!(
        "grant_type=authorization_code&client_id=app&code=c0d3\
         &redirect_uri=http%3A%2F%2Flocalhost&{target}"
    );
    assert_eq!(code, [(TOKEN.to_owned(), form)]);
}

/// The refresh token of one resource is good for every other (a multi-resource refresh token).
#[test]
fn one_refresh_token_serves_every_resource() {
    let world = World::new();
    world.transport.push(granted()).push(granted());
    let credential =
        RefreshTokenCredential::new_opts(world.context(), "t", "app", "r1", None, &v1()).unwrap();
    for scope in [SCOPE, "https://management.core.windows.net//.default"] {
        block_on(credential.token(&TokenRequest::new([scope]))).unwrap();
    }
    let requests = world.transport.requests();
    let second = std::str::from_utf8(requests[1].body()).unwrap();
    assert!(second.contains("refresh_token=r2&"), "{second}");
    assert!(
        second.contains("resource=https%3A%2F%2Fmanagement.core.windows.net%2F&"),
        "{second}"
    );
}

#[test]
fn a_device_code_of_v1_is_polled_for_by_its_old_name() {
    let prompt = r#"{"user_code":"ABC","device_code":"d3v1c3","verification_url":"https://aka.ms/devicelogin","expires_in":"900","interval":"5","message":"go"}"#;
    let pending = r#"{"error":"authorization_pending","error_description":"AADSTS70016: pending"}"#;
    let replies = vec![
        json(200, prompt).into(),
        json(400, pending).into(),
        granted(),
    ];
    let sent = sent(replies, |context| {
        DeviceCodeCredential::new_opts(context, "contoso.com", "app", |_| {}, &v1())
    });
    let target = format!("{RESOURCE}&scope=openid");
    let begin = (
        "https://login.microsoftonline.com/contoso.com/oauth2/devicecode?api-version=1.0"
            .to_owned(),
        format!("client_id=app&{target}"),
    );
    let poll = (
        TOKEN.to_owned(),
        format!("grant_type=device_code&client_id=app&code=d3v1c3&{target}"),
    );
    assert_eq!(sent, [begin, poll.clone(), poll]);
}

#[test]
fn the_page_of_v1_names_a_resource() {
    let world = World::new();
    let asked = AuthorizationRequest::new_opts(
        &world.context(),
        "contoso.com",
        "app",
        "http://localhost",
        [SCOPE],
        &v1(),
    );
    let url = url::Url::parse(&asked.unwrap().url()).unwrap();
    assert_eq!(url.path(), "/contoso.com/oauth2/authorize");
    let query: HashMap<_, _> = url.query_pairs().into_owned().collect();
    assert_eq!(query["resource"], "https://datalake.azure.net/");
    assert_eq!(query["scope"], "openid");
    assert_eq!(query["code_challenge_method"], "S256");
    assert!(!query.contains_key("api-version"));
}

#[test]
fn an_adfs_has_one_place_for_both_protocols() {
    let prompt = r#"{"user_code":"ABC","device_code":"d","verification_uri":"https://adfs.contoso.com/adfs/oauth2/deviceauth"}"#;
    let adfs = |protocol| {
        let address = "https://adfs.contoso.com/adfs";
        let options = CredentialOptions::default().with_authority(address);
        options.with_protocol(protocol)
    };
    for (protocol, target, grant_type, code) in [
        (
            Protocol::V2,
            "scope=https%3A%2F%2Fdatalake.azure.net%2F%2F.default+openid+offline_access+profile",
            "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code",
            "device_code",
        ),
        (
            Protocol::V1,
            "resource=https%3A%2F%2Fdatalake.azure.net%2F&scope=openid",
            "device_code",
            "code",
        ),
    ] {
        let sent = sent(vec![json(200, prompt).into(), granted()], |context| {
            DeviceCodeCredential::new_opts(context, "adfs", "app", |_| {}, &adfs(protocol))
        });
        assert_eq!(
            sent,
            [
                (
                    "https://adfs.contoso.com/adfs/oauth2/devicecode".to_owned(),
                    format!("client_id=app&{target}")
                ),
                (
                    "https://adfs.contoso.com/adfs/oauth2/token".to_owned(),
                    format!("grant_type={grant_type}&client_id=app&{code}=d&{target}")
                ),
            ]
        );
        let world = World::new();
        let page = AuthorizationRequest::new_opts(
            &world.context(),
            "adfs",
            "app",
            "http://localhost",
            [SCOPE],
            &adfs(protocol),
        );
        let url = page.unwrap().url();
        let page = "https://adfs.contoso.com/adfs/oauth2/authorize?";
        assert!(url.starts_with(page), "{url}");
        assert!(url.contains(target), "{url}");
    }
}

#[test]
fn v1_takes_one_resource_at_a_time() {
    let world = World::new();
    let credential = ClientSecretCredential::new_opts(world.context(), "t", "app", "s", &v1());
    let credential = credential.unwrap();
    for scopes in [&[][..], &[""], &[SCOPE, "https://vault.azure.net/.default"]] {
        let request = TokenRequest::new(scopes.iter().copied());
        let error = block_on(credential.token(&request)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request, "{scopes:?}");
    }
    assert_eq!(world.transport.requests().len(), 0);
}

/// A flow, and what the authority answers before it grants a token.
type Flow = (Option<&'static str>, Box<dyn TokenCredential>);

/// Every flow that asks an authority.
fn every_flow(context: &Context, options: &CredentialOptions) -> Result<Vec<Flow>> {
    let (at, by) = ("contoso.com", "app");
    let context = || context.clone();
    let code = AuthorizationCode::new("c", "http://localhost");
    let assert = |_| async { Ok(Secret::new("a")) };
    let secret = ClientSecretCredential::new_opts(context(), at, by, "s", options)?;
    let signed = ClientAssertionCredential::new_opts(context(), at, by, assert, options)?;
    let refresh = RefreshTokenCredential::new_opts(context(), at, by, "r", None, options)?;
    let behalf = OnBehalfOfCredential::new_opts(context(), at, by, "s", "a", options)?;
    let code = AuthorizationCodeCredential::new_opts(context(), at, by, code, None, options)?;
    let password =
        UsernamePasswordCredential::new_opts(context(), at, by, "u@c", "p", None, options)?;
    let device = DeviceCodeCredential::new_opts(context(), at, by, |_| {}, options)?;
    let managed = r#"{"account_type":"Managed"}"#;
    let prompt = r#"{"user_code":"u","device_code":"d","verification_uri":"v"}"#;
    Ok(vec![
        (None, Box::new(secret)),
        (None, Box::new(signed)),
        (None, Box::new(refresh)),
        (None, Box::new(behalf)),
        (None, Box::new(code)),
        (Some(managed), Box::new(password)),
        (Some(prompt), Box::new(device)),
    ])
}

#[test]
fn claims_go_along_in_every_flow() {
    let request = TokenRequest::new([SCOPE])
        .with_claims(r#"{"access_token":{"nbf":{"essential":true}}}"#)
        .with_cae();
    for protocol in [Protocol::V1, Protocol::V2] {
        let options = CredentialOptions::default().with_protocol(protocol);
        let world = World::new();
        for (first, credential) in every_flow(&world.context(), &options).unwrap() {
            if let Some(first) = first {
                world.transport.push(json(200, first));
            }
            world.transport.push(granted());
            block_on(credential.token(&request)).unwrap();
            let requests = world.transport.requests();
            let form = url::form_urlencoded::parse(requests.last().unwrap().body());
            let form: HashMap<_, _> = form.into_owned().collect();
            let claims: serde_json::Value = serde_json::from_str(&form["claims"]).unwrap();
            let access = &claims["access_token"];
            assert_eq!(access["nbf"]["essential"], true, "{credential:?}");
            assert_eq!(access["xms_cc"]["values"][0], "CP1", "{credential:?}");
        }
    }
}
