//! People sign in: on pages, by devices, with passwords; and what their tokens are good for.

mod access;
mod federation;
mod restart;

use http::{Request, Response, StatusCode};
use lake_service::Body;
use serde_json::Value;

use crate::harness::{self, DATA_LAKE, Harness, header, json};

const BASE: &str = "https://login.microsoftonline.com";
const CLI: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
const SCOPE: &str = "https://datalake.azure.net//.default openid offline_access profile";
const REDIRECT: &str = "http://localhost:8400/here?x=1";
/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

type Fields<'a> = &'a [(&'a str, &'a str)];

fn owned(fields: Fields<'_>) -> Vec<(String, String)> {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    fields.iter().map(own).collect()
}

fn query(fields: Fields<'_>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(fields).finish()
}

async fn text(response: Response<Body>) -> String {
    let bytes = response.into_body().collect_up_to(1 << 20).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The value of a hidden field, as a browser would send it.
fn hidden(page: &str, name: &str) -> String {
    let start = format!("<input type=\"hidden\" name=\"{name}\" value=\"");
    let (_, rest) = page
        .split_once(&start)
        .unwrap_or_else(|| panic!("no {name} in {page}"));
    rest.split('"').next().unwrap().to_owned()
}

/// What the redirect brought back.
fn landed(response: &Response<Body>) -> Vec<(String, String)> {
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    let location = header(response, "location");
    let (before, answer) = location.rsplit_once("x=1&").unwrap();
    assert_eq!(before, "http://localhost:8400/here?");
    url::form_urlencoded::parse(answer.as_bytes())
        .into_owned()
        .collect()
}

fn value(fields: &[(String, String)], name: &str) -> String {
    let found = fields.iter().find(|(key, _)| key == name);
    found
        .unwrap_or_else(|| panic!("no {name} in {fields:?}"))
        .1
        .clone()
}

impl Harness {
    async fn grant(&self, fields: Fields<'_>) -> Value {
        let url = format!("{BASE}/organizations/oauth2/v2.0/token");
        json(self.post_form(&url, &owned(fields)).await).await
    }

    /// The number of the refusal; 0 if a token was granted.
    async fn refusal(&self, fields: Fields<'_>) -> u64 {
        self.grant(fields).await["error_codes"][0]
            .as_u64()
            .unwrap_or(0)
    }

    async fn authorize(&self, more: Fields<'_>) -> Response<Body> {
        let mut fields = vec![
            ("client_id", CLI),
            ("response_type", "code"),
            ("redirect_uri", REDIRECT),
            ("scope", SCOPE),
            ("state", "st&te"),
            ("nonce", "n0nc3"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        for (name, value) in more {
            fields.retain(|(other, _)| other != name);
            fields.push((name, value));
        }
        self.get(&format!(
            "{BASE}/common/oauth2/v2.0/authorize?{}",
            query(&fields)
        ))
        .await
    }

    async fn submit(&self, page: &str, user: &str, password: &str, answer: &str) -> Response<Body> {
        let fields = [
            ("page", page),
            ("username", user),
            ("password", password),
            ("answer", answer),
        ];
        self.post_form(&format!("{BASE}/common/login"), &owned(&fields))
            .await
    }

    async fn accept(&self, page: &str) -> Response<Body> {
        let (user, password) = (&self.endpoints.user, self.endpoints.user_password.expose());
        self.submit(&hidden(page, "page"), user, password, "accept")
            .await
    }

    async fn code(&self) -> String {
        let page = text(self.authorize(&[]).await).await;
        value(&landed(&self.accept(&page).await), "code")
    }

    async fn redeem(&self, code: &str, verifier: &str) -> Value {
        self.grant(&[
            ("grant_type", "authorization_code"),
            ("client_id", CLI),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", verifier),
        ])
        .await
    }

    async fn refresh(&self, token: &Value) -> Value {
        self.grant(&[
            ("grant_type", "refresh_token"),
            ("client_id", CLI),
            ("refresh_token", token.as_str().unwrap()),
        ])
        .await
    }

    async fn password(&self, more: Fields<'_>) -> Value {
        let mut fields = vec![
            ("grant_type", "password"),
            ("client_id", CLI),
            ("username", self.endpoints.user.as_str()),
            ("password", self.endpoints.user_password.expose()),
            ("scope", SCOPE),
        ];
        for (name, value) in more {
            fields.retain(|(other, _)| other != name);
            fields.push((name, value));
        }
        self.grant(&fields).await
    }
}

fn code_of(refusal: &Value) -> u64 {
    refusal["error_codes"][0].as_u64().unwrap_or(0)
}

#[tokio::test]
async fn a_person_signs_in_on_a_page_and_the_code_becomes_tokens() {
    let lake = Harness::new().await;
    let page = lake
        .authorize(&[("login_hint", "user@lake.onmicrosoft.com")])
        .await;
    assert_eq!(page.status(), StatusCode::OK);
    let policy = header(&page, "content-security-policy").to_owned();
    for part in [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "form-action 'self' http://localhost:8400",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    let page = text(page).await;
    assert!(page.contains("Microsoft Azure CLI"), "{page}");
    assert!(
        page.contains("value=\"user@lake.onmicrosoft.com\""),
        "{page}"
    );
    let answer = landed(&lake.accept(&page).await);
    assert_eq!(value(&answer, "state"), "st&te");
    let token = lake.redeem(&value(&answer, "code"), VERIFIER).await;
    assert_eq!(token["scope"], SCOPE);
    let access = harness::claims(token["access_token"].as_str().unwrap());
    assert_eq!(access["aud"], DATA_LAKE);
    assert_eq!(access["upn"], lake.endpoints.user);
    assert_eq!(access["scp"], "user_impersonation");
    assert_eq!(
        (&access["appid"], &access["appidacr"]),
        (&CLI.into(), &"0".into())
    );
    let id = harness::claims(token["id_token"].as_str().unwrap());
    assert_eq!(id["aud"], CLI);
    assert_eq!(id["nonce"], "n0nc3");
    assert_eq!(id["preferred_username"], lake.endpoints.user);
    assert_eq!(id["oid"], access["oid"]);
}

#[tokio::test]
async fn a_persons_token_opens_what_the_person_may_open() {
    let lake = Harness::new().await;
    let url = "https://lakestore.azuredatalakestore.net/webhdfs/v1/?op=LISTSTATUS";
    let admin = lake
        .password(&[
            ("username", lake.endpoints.admin_user.as_str()),
            ("password", lake.endpoints.admin_user_password.expose()),
        ])
        .await;
    let admin = admin["access_token"].as_str().unwrap();
    assert_eq!(lake.get_with(url, admin).await.status(), StatusCode::OK);
    let user = lake.password(&[]).await;
    let user = user["access_token"].as_str().unwrap();
    let status = lake.get_with(url, user).await.status();
    assert_ne!(status, StatusCode::UNAUTHORIZED, "the token itself is good");
}

#[tokio::test]
async fn a_form_post_carries_the_answer_and_nothing_breaks_out_of_it() {
    let lake = Harness::new().await;
    let evil = "\"><script>alert(1)</script>";
    let page = lake
        .authorize(&[
            ("response_mode", "form_post"),
            ("state", evil),
            ("login_hint", evil),
        ])
        .await;
    let page = text(page).await;
    assert!(!page.contains("<script>alert"), "{page}");
    let page = text(lake.accept(&page).await).await;
    assert!(
        page.contains("action=\"http://localhost:8400/here?x=1\""),
        "{page}"
    );
    assert!(!page.contains("<script>alert"), "{page}");
    assert_eq!(
        hidden(&page, "state"),
        "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"
    );
    let token = lake.redeem(&hidden(&page, "code"), VERIFIER).await;
    assert!(token["access_token"].is_string(), "{token}");
}

#[tokio::test]
async fn a_code_without_a_listener_is_shown_to_the_person() {
    let lake = Harness::new().await;
    let page = lake
        .authorize(&[("redirect_uri", "urn:ietf:wg:oauth:2.0:oob")])
        .await;
    let page = text(lake.accept(&text(page).await).await).await;
    assert!(page.contains("<code id=\"code\">"), "{page}");
}

#[tokio::test]
async fn a_wrong_password_shows_the_page_again_and_not_forever() {
    let lake = Harness::new().await;
    let page = hidden(&text(lake.authorize(&[]).await).await, "page");
    for _ in 0..10 {
        for (user, password) in [(lake.endpoints.user.as_str(), "wrong")] {
            let again = text(lake.submit(&page, user, password, "accept").await).await;
            assert!(again.contains("AADSTS50126"), "{again}");
            assert!(!again.contains("wrong"), "{again}");
            assert!(again.contains(&format!("value=\"{user}\"")), "{again}");
        }
    }
    let right = lake.endpoints.user_password.expose();
    let late = lake
        .submit(&page, &lake.endpoints.user, right, "accept")
        .await;
    assert_eq!(late.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_forged_or_repeated_form_is_refused() {
    let lake = Harness::new().await;
    let (user, password) = (
        lake.endpoints.user.clone(),
        lake.endpoints.user_password.expose(),
    );
    for page in ["", "made-up"] {
        let answer = lake.submit(page, &user, password, "accept").await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{page}");
    }
    let page = hidden(&text(lake.authorize(&[]).await).await, "page");
    let body = query(&[
        ("page", &page),
        ("username", &user),
        ("password", password),
        ("answer", "accept"),
    ]);
    let forged = Request::post(format!("{BASE}/common/login"))
        .header("origin", "https://evil.example")
        .body(body.into())
        .unwrap();
    assert_eq!(lake.send(forged).await.status(), StatusCode::BAD_REQUEST);
    let first = lake.submit(&page, &user, password, "accept").await;
    assert_eq!(first.status(), StatusCode::SEE_OTHER);
    let again = lake.submit(&page, &user, password, "accept").await;
    assert_eq!(again.status(), StatusCode::BAD_REQUEST);
    let page = hidden(&text(lake.authorize(&[]).await).await, "page");
    lake.advance(601);
    let late = lake.submit(&page, &user, password, "accept").await;
    assert_eq!(late.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn mistakes_go_to_the_client_except_those_about_the_client() {
    let lake = Harness::new().await;
    for (name, wrong, code) in [
        (
            "client_id",
            "11111111-2222-3333-4444-555555555555",
            "AADSTS700016",
        ),
        ("client_id", "<b>", "AADSTS700016"),
        ("redirect_uri", "https://evil.example/", "AADSTS50011"),
        ("redirect_uri", "javascript:alert(1)", "AADSTS50011"),
        ("redirect_uri", "", "AADSTS900144"),
    ] {
        let answer = lake.authorize(&[(name, wrong)]).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{wrong}");
        let page = text(answer).await;
        assert!(page.contains(code) && !page.contains("<b>"), "{page}");
    }
    for (name, wrong, error, code) in [
        (
            "response_type",
            "token",
            "unsupported_response_type",
            "AADSTS700054",
        ),
        (
            "response_mode",
            "web_message",
            "invalid_request",
            "AADSTS70007",
        ),
        ("prompt", "none", "login_required", "AADSTS50058"),
        (
            "code_challenge_method",
            "S1",
            "invalid_request",
            "AADSTS50147",
        ),
        ("scope", "", "invalid_request", "AADSTS900144"),
        (
            "scope",
            "https://nothing.example/.default",
            "invalid_resource",
            "AADSTS500011",
        ),
    ] {
        let answer = landed(&lake.authorize(&[(name, wrong)]).await);
        assert_eq!(value(&answer, "error"), error, "{wrong}");
        assert!(
            value(&answer, "error_description").starts_with(code),
            "{answer:?}"
        );
        assert_eq!(value(&answer, "state"), "st&te");
    }
    let page = hidden(&text(lake.authorize(&[]).await).await, "page");
    let declined = landed(&lake.submit(&page, "", "", "cancel").await);
    assert_eq!(value(&declined, "error"), "access_denied");
    assert!(value(&declined, "error_description").starts_with("AADSTS65004"));
}

#[tokio::test]
async fn a_code_is_good_once_for_its_client_its_address_and_its_verifier() {
    let lake = Harness::new().await;
    let code = lake.code().await;
    assert_eq!(code_of(&lake.redeem("made-up", VERIFIER).await), 70000);
    assert_eq!(code_of(&lake.redeem(&code, "another").await), 501481);
    assert_eq!(code_of(&lake.redeem(&code, "").await), 501481);
    let with = |client, address| {
        let (code, lake) = (code.clone(), &lake);
        async move {
            lake.refusal(&[
                ("grant_type", "authorization_code"),
                ("client_id", client),
                ("code", &code),
                ("redirect_uri", address),
                ("code_verifier", VERIFIER),
            ])
            .await
        }
    };
    assert_eq!(with(&lake.endpoints.client_id, REDIRECT).await, 70000);
    assert_eq!(with(CLI, "http://localhost:8401/").await, 500112);
    let token = lake.redeem(&code, VERIFIER).await;
    assert!(token["refresh_token"].is_string(), "{token}");
    assert_eq!(code_of(&lake.redeem(&code, VERIFIER).await), 54005);
    // Who of the two was the thief is not known, so neither keeps anything.
    assert_eq!(code_of(&lake.refresh(&token["refresh_token"]).await), 50173);
    let late = lake.code().await;
    lake.advance(301);
    assert_eq!(code_of(&lake.redeem(&late, VERIFIER).await), 70008);
}

#[tokio::test]
async fn a_refresh_token_is_replaced_and_its_reuse_ends_the_sign_in() {
    let lake = Harness::new().await;
    let first = lake.redeem(&lake.code().await, VERIFIER).await;
    let second = lake.refresh(&first["refresh_token"]).await;
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    let claims = harness::claims(second["access_token"].as_str().unwrap());
    assert_eq!(claims["aud"], DATA_LAKE, "as at the sign-in");
    // At once it is a client whose answer was lost.
    let again = lake.refresh(&first["refresh_token"]).await;
    assert!(again["access_token"].is_string(), "{again}");
    lake.advance(31);
    assert_eq!(code_of(&lake.refresh(&first["refresh_token"]).await), 50173);
    assert_eq!(code_of(&lake.refresh(&again["refresh_token"]).await), 50173);
    for nonsense in ["", "x", "x.y", "11111111222233334444555555555555.y"] {
        assert_ne!(
            code_of(&lake.refresh(&nonsense.into()).await),
            0,
            "{nonsense}"
        );
    }
    let old = lake.redeem(&lake.code().await, VERIFIER).await;
    lake.advance(91 * 86_400);
    assert_eq!(code_of(&lake.refresh(&old["refresh_token"]).await), 700082);
}

/// As azure-identity for Python redeems it.
#[tokio::test]
async fn what_the_page_was_asked_for_need_not_be_said_again() {
    let lake = Harness::new().await;
    let code = lake.code().await;
    let token = lake
        .grant(&[
            ("grant_type", "authorization_code"),
            ("client_id", CLI),
            ("code", &code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
            ("scope", "https://datalake.azure.net//.default"),
            ("client_info", "1"),
        ])
        .await;
    assert!(token["client_info"].is_string(), "{token}");
    assert!(token["refresh_token"].is_string(), "{token}");
    assert!(token["id_token"].is_string(), "{token}");
}

#[tokio::test]
async fn a_refresh_token_gets_tokens_of_another_resource() {
    let lake = Harness::new().await;
    let first = lake.redeem(&lake.code().await, VERIFIER).await;
    let other = lake
        .grant(&[
            ("grant_type", "refresh_token"),
            ("client_id", CLI),
            ("refresh_token", first["refresh_token"].as_str().unwrap()),
            (
                "scope",
                "https://management.core.windows.net//.default offline_access",
            ),
        ])
        .await;
    let claims = harness::claims(other["access_token"].as_str().unwrap());
    assert_eq!(claims["aud"], "https://management.core.windows.net/");
    assert!(other.get("id_token").is_none(), "it was not asked for");
}

#[tokio::test]
async fn a_device_waits_until_a_person_has_typed_its_code() {
    let lake = Harness::new().await;
    let form = owned(&[("client_id", CLI), ("scope", SCOPE)]);
    let url = format!("{BASE}/organizations/oauth2/v2.0/devicecode");
    let begun = json(lake.post_form(&url, &form).await).await;
    assert_eq!(
        (&begun["expires_in"], &begun["interval"]),
        (&900.into(), &5.into())
    );
    let address = begun["verification_uri"].as_str().unwrap();
    assert_eq!(address, format!("{BASE}/common/oauth2/deviceauth"));
    let user_code = begun["user_code"].as_str().unwrap();
    assert!(begun["message"].as_str().unwrap().contains(user_code));
    let poll = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("client_id", CLI),
        ("device_code", begun["device_code"].as_str().unwrap()),
    ];
    let waiting = lake.grant(&poll).await;
    assert_eq!(
        (code_of(&waiting), &waiting["error"]),
        (70016, &"authorization_pending".into())
    );

    let page = text(lake.get(address).await).await;
    assert!(page.contains("name=\"otc\""), "{page}");
    let wrong = text(lake.post_form(address, &owned(&[("otc", "<b>")])).await).await;
    assert!(
        wrong.contains("did not work") && !wrong.contains("<b>"),
        "{wrong}"
    );
    let typed = format!(" {}-{} ", &user_code[..4].to_lowercase(), &user_code[4..]);
    let page = text(lake.post_form(address, &owned(&[("otc", &typed)])).await).await;
    let done = text(lake.accept(&page).await).await;
    assert!(
        done.contains("You have signed in to Microsoft Azure CLI"),
        "{done}"
    );

    let token = lake.grant(&poll).await;
    let claims = harness::claims(token["access_token"].as_str().unwrap());
    assert_eq!(claims["upn"], lake.endpoints.user);
    assert_eq!(code_of(&lake.grant(&poll).await), 54005);
    assert!(lake.refresh(&token["refresh_token"]).await["access_token"].is_string());
    let again = text(lake.post_form(address, &owned(&[("otc", user_code)])).await).await;
    assert!(
        again.contains("did not work"),
        "a code is typed once: {again}"
    );
}

#[tokio::test]
async fn a_device_of_adals_time_reads_strings() {
    let lake = Harness::new().await;
    let form = owned(&[("client_id", CLI), ("resource", DATA_LAKE)]);
    let begun = json(
        lake.post_form(
            &format!("{BASE}/common/oauth2/devicecode?api-version=1.0"),
            &form,
        )
        .await,
    )
    .await;
    assert_eq!(
        (&begun["expires_in"], &begun["interval"]),
        (&"900".into(), &"5".into())
    );
    let address = begun["verification_url"].as_str().unwrap();
    let page = lake
        .post_form(
            address,
            &owned(&[("otc", begun["user_code"].as_str().unwrap())]),
        )
        .await;
    lake.accept(&text(page).await).await;
    let form = owned(&[
        ("grant_type", "device_code"),
        ("client_id", CLI),
        ("code", begun["device_code"].as_str().unwrap()),
        ("resource", DATA_LAKE),
    ]);
    let token = json(
        lake.post_form(&format!("{BASE}/common/oauth2/token"), &form)
            .await,
    )
    .await;
    assert_eq!(
        (&token["expires_in"], &token["resource"]),
        (&"3599".into(), &DATA_LAKE.into())
    );
    assert!(
        token["refresh_token"].is_string() && token["id_token"].is_string(),
        "{token}"
    );
}

#[tokio::test]
async fn a_device_is_told_why_it_waits_in_vain() {
    let lake = Harness::new().await;
    let url = format!("{BASE}/organizations/oauth2/v2.0/devicecode");
    let form = owned(&[("client_id", CLI), ("scope", SCOPE)]);
    let begun = json(lake.post_form(&url, &form).await).await;
    let poll = |code: &str, client: &str| {
        owned(&[
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_id", client),
            ("device_code", code),
        ])
    };
    let token = format!("{BASE}/organizations/oauth2/v2.0/token");
    let device_code = begun["device_code"].as_str().unwrap();
    for (code, client) in [
        ("made-up", CLI),
        (device_code, lake.endpoints.client_id.as_str()),
    ] {
        let refused = json(lake.post_form(&token, &poll(code, client)).await).await;
        assert_eq!(
            (code_of(&refused), &refused["error"]),
            (70018, &"bad_verification_code".into())
        );
    }
    let address = begun["verification_uri"].as_str().unwrap();
    let page = lake
        .post_form(
            address,
            &owned(&[("otc", begun["user_code"].as_str().unwrap())]),
        )
        .await;
    lake.submit(&hidden(&text(page).await, "page"), "", "", "cancel")
        .await;
    let refused = json(lake.post_form(&token, &poll(device_code, CLI)).await).await;
    assert_eq!(
        (code_of(&refused), &refused["error"]),
        (65004, &"authorization_declined".into())
    );
    let other = json(lake.post_form(&url, &form).await).await;
    lake.advance(901);
    let refused = json(
        lake.post_form(&token, &poll(other["device_code"].as_str().unwrap(), CLI))
            .await,
    )
    .await;
    assert_eq!(
        (code_of(&refused), &refused["error"]),
        (70020, &"expired_token".into())
    );
}

#[tokio::test]
async fn a_password_is_enough_where_consent_was_given() {
    let lake = Harness::new().await;
    let token = lake.password(&[]).await;
    assert!(token["refresh_token"].is_string(), "{token}");
    assert_eq!(
        code_of(&lake.password(&[("password", "wrong")]).await),
        50126
    );
    assert_eq!(
        code_of(
            &lake
                .password(&[("username", "nobody@lake.onmicrosoft.com")])
                .await
        ),
        50034
    );
    assert_eq!(
        code_of(&lake.password(&[("client_secret", "x")]).await),
        700025
    );
    assert_eq!(
        code_of(&lake.password(&[("scope", "https://a/b https://c/d")]).await),
        70011
    );
    let admin = [("client_id", lake.endpoints.admin_client_id.as_str())];
    let refused = lake.password(&admin).await;
    assert_eq!(
        (code_of(&refused), &refused["error"]),
        (65001, &"invalid_grant".into())
    );
    let page = text(lake.authorize(&admin).await).await;
    assert!(page.contains("Lake Administration"), "{page}");
    landed(&lake.accept(&page).await);
    assert_eq!(code_of(&lake.password(&admin).await), 0);
}

#[tokio::test]
async fn a_refresh_token_that_a_secret_got_needs_the_secret() {
    let lake = Harness::new().await;
    let (id, secret) = (
        &lake.endpoints.client_id,
        lake.endpoints.client_secret.expose(),
    );
    let with = [("client_id", id.as_str()), ("client_secret", secret)];
    let token = lake.password(&with).await;
    let claims = harness::claims(token["access_token"].as_str().unwrap());
    assert_eq!(claims["appidacr"], "1");
    let refresh = [
        ("grant_type", "refresh_token"),
        ("client_id", id.as_str()),
        ("refresh_token", token["refresh_token"].as_str().unwrap()),
    ];
    assert_eq!(lake.refusal(&refresh).await, 7000218);
    let wrong = [&refresh[..], &[("client_secret", "wrong")]].concat();
    assert_eq!(lake.refusal(&wrong).await, 7000215);
    let right = [&refresh[..], &[("client_secret", secret)]].concat();
    assert_eq!(lake.refusal(&right).await, 0);
}

#[tokio::test]
async fn a_service_acts_for_the_person_who_called_it() {
    let lake = Harness::new().await;
    let (id, secret) = (
        lake.endpoints.client_id.clone(),
        lake.endpoints.client_secret.expose(),
    );
    let own = format!("api://{id}/.default");
    let incoming = lake.password(&[("scope", &own)]).await;
    let assertion = incoming["access_token"].as_str().unwrap().to_owned();
    let exchange = |assertion: &str, secret: &str| {
        owned(&[
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("client_id", &id),
            ("client_secret", secret),
            ("assertion", assertion),
            ("requested_token_use", "on_behalf_of"),
            ("scope", SCOPE),
        ])
    };
    let url = format!("{BASE}/{}/oauth2/v2.0/token", lake.endpoints.tenant);
    let ask = |form: Vec<(String, String)>| {
        let (lake, url) = (&lake, &url);
        async move { json(lake.post_form(url, &form).await).await }
    };
    let token = ask(exchange(&assertion, secret)).await;
    let claims = harness::claims(token["access_token"].as_str().unwrap());
    assert_eq!(
        (&claims["aud"], &claims["upn"]),
        (&DATA_LAKE.into(), &lake.endpoints.user.as_str().into())
    );
    assert_eq!(code_of(&ask(exchange(&assertion, "")).await), 7000218);
    assert_eq!(code_of(&ask(exchange("a.b.c", secret)).await), 50013);
    let foreign = lake.password(&[]).await;
    let foreign = foreign["access_token"].as_str().unwrap();
    assert_eq!(code_of(&ask(exchange(foreign, secret)).await), 500131);
    lake.advance(3601);
    assert_eq!(code_of(&ask(exchange(&assertion, secret)).await), 500133);
}

#[tokio::test]
async fn a_realm_says_who_knows_the_password() {
    let lake = Harness::new().await;
    for (name, account_type) in [
        ("user%40lake.onmicrosoft.com", "Managed"),
        ("user@LAKE.onmicrosoft.com", "Managed"),
        ("user@contoso.com", "Unknown"),
        ("nobody", "Unknown"),
    ] {
        let url = format!("{BASE}/common/UserRealm/{name}?api-version=1.0");
        assert_eq!(
            json(lake.get(&url).await).await["account_type"],
            account_type,
            "{name}"
        );
    }
}

#[tokio::test]
async fn people_stay_when_the_lake_starts_again() {
    let mut lake = Harness::new().await;
    let before = lake.endpoints.clone();
    lake.reopen().await;
    assert_eq!(lake.endpoints.user, before.user);
    assert_eq!(
        lake.endpoints.user_password.expose(),
        before.user_password.expose()
    );
    assert_ne!(
        before.user_password.expose(),
        before.admin_user_password.expose()
    );
}
