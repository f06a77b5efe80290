//! What the directory file says of people and applications, and what they are told.

use serde_json::Value;

use super::{
    BASE, CLI, DATA_LAKE, REDIRECT, VERIFIER, code_of, hidden, landed, owned, text, value,
};
use crate::harness::{self, Harness, json};

const NOTEBOOK: &str = "2f9f4f3a-7a3e-4d0f-8a53-0c9a3b1d6c01";
const ADA: &str = "ada@contoso.example";
const GROUP: &str = "0b9c2a56-6c5b-4f7e-8f2d-9f7d3f1f5d03";

/// A lake with Ada and a notebook application, each with more lines.
async fn lake(ada: &str, notebook: &str) -> Harness {
    Harness::with_directory(&format!(
        "domains = [\"contoso.example\"]\n\
         [[users]]\nname = \"{ADA}\"\npassword = \"p&ss\"\n{ada}\n\
         [[applications]]\nclient_id = \"{NOTEBOOK}\"\nname = \"Notebook\"\n{notebook}\n"
    ))
    .await
}

impl Harness {
    async fn ada(&self, more: &[(&str, &str)]) -> Value {
        let who = [
            ("client_id", NOTEBOOK),
            ("username", ADA),
            ("password", "p&ss"),
        ];
        self.password(&[&who[..], more].concat()).await
    }
}

#[tokio::test]
async fn a_person_and_an_application_of_the_file_sign_in() {
    let groups = format!("groups = [\"{GROUP}\"]");
    let lake = lake(&groups, "consent = \"given\"\nsecrets = [\"one\", \"two\"]").await;
    let token = lake.ada(&[]).await;
    let claims = harness::claims(token["access_token"].as_str().unwrap());
    assert_eq!(claims["upn"], ADA);
    assert_eq!(claims["amr"], serde_json::json!(["pwd"]));
    for (secret, expected) in [("one", 0), ("two", 0), ("three", 7000215)] {
        let form = owned(&[
            ("grant_type", "client_credentials"),
            ("client_id", NOTEBOOK),
            ("client_secret", secret),
            ("resource", DATA_LAKE),
        ]);
        let url = format!("{BASE}/contoso.example/oauth2/token");
        let answer = json(lake.post_form(&url, &form).await).await;
        assert_eq!(code_of(&answer), expected, "{secret}");
    }
    // The root belongs to others; a group of Ada's may read it.
    let root = "https://lakestore.azuredatalakestore.net/webhdfs/v1/?op=LISTSTATUS";
    let bearer = token["access_token"].as_str().unwrap();
    assert_eq!(lake.get_with(root, bearer).await.status(), 403);
    let grant = format!(
        "https://lakestore.azuredatalakestore.net/webhdfs/v1/?op=MODIFYACLENTRIES&aclspec=group:{GROUP}:r-x"
    );
    let owner = lake.token(DATA_LAKE).await;
    let request = http::Request::put(&grant)
        .header("authorization", format!("Bearer {owner}"))
        .body(lake_service::Body::empty());
    assert_eq!(lake.send(request.unwrap()).await.status(), 200);
    assert_eq!(lake.get_with(root, bearer).await.status(), 200);
}

#[tokio::test]
async fn every_state_of_an_account_has_its_code() {
    for (state, code, suberror) in [
        ("disabled", 50057, None),
        ("locked", 50053, None),
        ("password-expired", 50055, Some("user_password_expired")),
        ("mfa-not-registered", 50079, Some("basic_action")),
    ] {
        let lake = lake(&format!("state = \"{state}\""), "consent = \"given\"").await;
        let refused = lake.ada(&[]).await;
        assert_eq!(
            (code_of(&refused), &refused["error"]),
            (code, &"invalid_grant".into()),
            "{state}"
        );
        assert_eq!(refused["suberror"].as_str(), suberror);
        if state != "locked" {
            let wrong = lake.ada(&[("password", "wrong")]).await;
            assert_eq!(code_of(&wrong), 50126, "nobody learns more by guessing");
        }
    }
}

#[tokio::test]
async fn a_second_factor_is_given_on_the_page_and_stays_with_the_refresh_token() {
    let lake = lake("mfa_code = \"123456\"", "").await;
    let refused = lake.ada(&[("client_id", CLI)]).await;
    assert_eq!(
        (code_of(&refused), &refused["suberror"]),
        (50076, &"basic_action".into())
    );
    let form = owned(&[
        ("grant_type", "password"),
        ("client_id", CLI),
        ("username", ADA),
        ("password", "p&ss"),
        ("resource", DATA_LAKE),
    ]);
    let url = format!("{BASE}/common/oauth2/token");
    let old = lake.post_form(&url, &form).await;
    assert_eq!(json(old).await["error"], "interaction_required");

    let page = text(lake.authorize(&[]).await).await;
    assert!(!page.contains("name=\"code\""), "{page}");
    let name = hidden(&page, "page");
    let asked = text(lake.submit(&name, ADA, "p&ss", "accept").await).await;
    assert!(
        asked.contains("AADSTS50076") && asked.contains("name=\"code\""),
        "{asked}"
    );
    let with_code = |code| {
        let fields = [
            ("page", name.as_str()),
            ("username", ADA),
            ("password", "p&ss"),
            ("code", code),
            ("answer", "accept"),
        ];
        let (form, lake) = (owned(&fields), &lake);
        async move { lake.post_form(&format!("{BASE}/common/login"), &form).await }
    };
    assert!(
        text(with_code("654321").await)
            .await
            .contains("AADSTS500121")
    );
    let answer = landed(&with_code("123456").await);
    let token = lake.redeem(&value(&answer, "code"), VERIFIER).await;
    let fresh = lake.refresh(&token["refresh_token"]).await;
    for token in [&token, &fresh] {
        let claims = harness::claims(token["access_token"].as_str().unwrap());
        assert_eq!(claims["amr"], serde_json::json!(["pwd", "mfa"]));
    }
}

#[tokio::test]
async fn conditional_access_says_what_to_ask_for() {
    for (access, code, suberror) in [
        ("block", 53003, "message_only"),
        ("mfa", 50076, "basic_action"),
    ] {
        let notebook = format!("consent = \"given\"\nconditional_access = \"{access}\"");
        let lake = lake("mfa_code = \"1\"", &notebook).await;
        let refused = lake.ada(&[]).await;
        assert_eq!(
            (code_of(&refused), &refused["suberror"]),
            (code, &suberror.into())
        );
        let claims: Value = serde_json::from_str(refused["claims"].as_str().unwrap()).unwrap();
        let policies = &claims["access_token"]["capolids"]["values"];
        assert_eq!(policies.as_array().unwrap().len(), 1, "{claims}");
    }
    let nobody = lake("", "consent = \"given\"\nconditional_access = \"mfa\"").await;
    assert_eq!(code_of(&nobody.ada(&[]).await), 50079);
}

#[tokio::test]
async fn consent_is_the_persons_or_the_administrators() {
    let personal = lake("", "").await;
    let refused = personal.ada(&[]).await;
    assert_eq!(
        (code_of(&refused), &refused["suberror"]),
        (65001, &"consent_required".into())
    );
    let page = text(personal.authorize(&[("client_id", NOTEBOOK)]).await).await;
    let name = hidden(&page, "page");
    landed(&personal.submit(&name, ADA, "p&ss", "accept").await);
    assert_eq!(code_of(&personal.ada(&[]).await), 0);

    let never = lake("", "consent = \"administrator\"").await;
    assert_eq!(code_of(&never.ada(&[]).await), 90094);
    let page = text(never.authorize(&[("client_id", NOTEBOOK)]).await).await;
    let page = never
        .submit(&hidden(&page, "page"), ADA, "p&ss", "accept")
        .await;
    assert!(text(page).await.contains("AADSTS90094"));
}

#[tokio::test]
async fn people_sign_in_again_as_often_as_the_application_asks() {
    let lake = lake("", "consent = \"given\"\nsign_in_frequency = 3600").await;
    let token = lake.ada(&[]).await;
    let refresh = |token: &Value| {
        let form = owned(&[
            ("grant_type", "refresh_token"),
            ("client_id", NOTEBOOK),
            ("refresh_token", token["refresh_token"].as_str().unwrap()),
        ]);
        let lake = &lake;
        let url = format!("{BASE}/common/oauth2/v2.0/token");
        async move { json(lake.post_form(&url, &form).await).await }
    };
    lake.advance(3599);
    let second = refresh(&token).await;
    assert_eq!(code_of(&second), 0);
    lake.advance(1);
    let refused = refresh(&second).await;
    assert_eq!(
        (code_of(&refused), &refused["suberror"]),
        (70043, &"token_expired".into())
    );
}

#[tokio::test]
async fn a_code_goes_to_an_address_of_the_application_and_to_no_other() {
    let own = "https://notebook.example/signed-in";
    let lake = lake("", &format!("redirect_uris = [\"{own}\"]")).await;
    let shown = |client, address| {
        let fields = [("client_id", client), ("redirect_uri", address)];
        let lake = &lake;
        async move { lake.authorize(&fields).await }
    };
    let page = shown(NOTEBOOK, own).await;
    let policy = harness::header(&page, "content-security-policy");
    assert!(
        policy.ends_with("form-action 'self' https://notebook.example"),
        "{policy}"
    );
    let name = hidden(&text(page).await, "page");
    let answer = lake.submit(&name, ADA, "p&ss", "accept").await;
    assert!(
        harness::header(&answer, "location")
            .starts_with("https://notebook.example/signed-in?code=")
    );
    assert_eq!(shown(NOTEBOOK, REDIRECT).await.status(), 200);
    for (client, address) in [(CLI, own), (NOTEBOOK, "https://notebook.example/other")] {
        let page = text(shown(client, address).await).await;
        assert!(page.contains("AADSTS50011"), "{page}");
    }
}
