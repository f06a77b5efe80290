//! Applications that sign in with a certificate, and those who try to be them.

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{Request, StatusCode};
use lake_service::{AssertionUse, ErrorKind, LakeOptions};
use serde_json::{Value, json};

use crate::harness::{self, DATA_LAKE, Harness};

/// What the clock of the harness shows at first.
const NOW: i64 = 1_500_000_000;

/// A key, its certificate, and assertions that it signs.
struct Signer {
    key: KeyPair,
    pem: String,
    sha1: String,
    sha256: String,
}

impl Signer {
    fn new() -> Self {
        Self::valid_until(2100)
    }

    fn valid_until(year: i32) -> Self {
        let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let der = key.as_der().unwrap();
        let der = rustls::pki_types::PrivatePkcs8KeyDer::from(der.as_ref());
        let signing =
            rcgen::KeyPair::from_pkcs8_der_and_sign_algo(&der, &rcgen::PKCS_RSA_SHA256).unwrap();
        let mut parameters = rcgen::CertificateParams::default();
        parameters.not_before = rcgen::date_time_ymd(2000, 1, 1);
        parameters.not_after = rcgen::date_time_ymd(year, 1, 1);
        let certificate = parameters.self_signed(&signing).unwrap();
        let thumbprint = |algorithm| {
            let digest = aws_lc_rs::digest::digest(algorithm, certificate.der());
            URL_SAFE_NO_PAD.encode(digest)
        };
        Self {
            sha1: thumbprint(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY),
            sha256: thumbprint(&aws_lc_rs::digest::SHA256),
            pem: certificate.pem(),
            key,
        }
    }

    fn header(&self) -> Value {
        json!({"alg": "PS256", "typ": "JWT", "x5t#S256": self.sha256})
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let encoding: &'static dyn RsaEncoding = match header["alg"].as_str() {
            Some("PS256") => &RSA_PSS_SHA256,
            _ => &RSA_PKCS1_SHA256,
        };
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key
            .sign(
                encoding,
                &SystemRandom::new(),
                message.as_bytes(),
                &mut signature,
            )
            .unwrap();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

fn endpoint(lake: &Harness) -> String {
    format!(
        "https://login.microsoftonline.com/{}/oauth2/v2.0/token",
        lake.endpoints.tenant
    )
}

fn claims(lake: &Harness) -> Value {
    let id = &lake.endpoints.client_id;
    json!({
        "aud": endpoint(lake), "iss": id, "sub": id, "jti": "1",
        "nbf": NOW, "iat": NOW, "exp": NOW + 600,
    })
}

/// Status and answer of the token endpoint.
async fn ask(lake: &Harness, assertion: &str) -> (StatusCode, Value) {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &lake.endpoints.client_id),
        (
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ),
        ("client_assertion", assertion),
        ("scope", "https://datalake.azure.net//.default"),
    ];
    let form: Vec<(String, String)> = form
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let response = lake.post_form(&endpoint(lake), &form).await;
    (response.status(), harness::json(response).await)
}

async fn code(lake: &Harness, assertion: &str) -> i64 {
    let (status, answer) = ask(lake, assertion).await;
    match status {
        StatusCode::OK => 0,
        _ => answer["error_codes"][0].as_i64().unwrap(),
    }
}

async fn registered(signer: &Signer) -> Harness {
    Harness::with_options(LakeOptions::default().with_client_certificate(&signer.pem)).await
}

#[tokio::test]
async fn an_application_signs_in_with_its_certificate_in_both_dialects() {
    let signer = Signer::new();
    let lake = registered(&signer).await;
    let adfs = json!({"alg": "RS256", "typ": "JWT", "x5t": signer.sha1});
    // ADAL pads; a portal shows the id of a key in hexadecimal digits.
    let adal = json!({"alg": "RS256", "typ": "JWT", "x5t": format!("{}=", signer.sha1)});
    for header in [signer.header(), adfs, adal] {
        let (status, answer) = ask(&lake, &signer.sign(&header, &claims(&lake))).await;
        assert_eq!(status, StatusCode::OK, "{header} {answer}");
        let token = answer["access_token"].as_str().unwrap();
        let claims = harness::claims(token);
        assert_eq!(claims["appid"], lake.endpoints.client_id);
        assert_eq!(claims["aud"], DATA_LAKE);
        assert_eq!(claims["appidacr"], "2");
    }
}

#[tokio::test]
async fn the_audience_is_an_endpoint_or_an_issuer_of_the_tenant() {
    let signer = Signer::new();
    let lake = registered(&signer).await;
    let tenant = lake.endpoints.tenant.clone();
    let code_for = async |aud: &str| {
        let mut claims = claims(&lake);
        claims["aud"] = aud.into();
        code(&lake, &signer.sign(&signer.header(), &claims)).await
    };
    for good in [
        format!("https://login.microsoftonline.com/{tenant}/oauth2/token"),
        format!("https://login.windows.net/{tenant}/oauth2/v2.0/token"),
        "https://login.microsoftonline.com/lake.onmicrosoft.com/oauth2/v2.0/token".to_owned(),
        format!("https://login.microsoftonline.com/{tenant}/v2.0"),
        format!("https://sts.windows.net/{tenant}/"),
    ] {
        assert_eq!(code_for(&good).await, 0, "{good}");
    }
    for bad in [
        String::new(),
        "x".to_owned(),
        format!("https://login.example/{tenant}/oauth2/token"),
        "https://login.microsoftonline.com/common/oauth2/v2.0/token".to_owned(),
        format!("https://login.microsoftonline.com/{tenant}/other"),
    ] {
        assert_eq!(code_for(&bad).await, 700_023, "{bad}");
    }
}

#[tokio::test]
async fn every_bad_assertion_has_azure_ads_code() {
    let (signer, stranger) = (Signer::new(), Signer::new());
    let lake = registered(&signer).await;
    let header = signer.header();
    let good = signer.sign(&header, &claims(&lake));
    assert_eq!(code(&lake, &good).await, 0);

    let by_stranger = stranger.sign(&stranger.header(), &claims(&lake));
    assert_eq!(code(&lake, &by_stranger).await, 700_027);
    // The stranger names our certificate.
    let forged = stranger.sign(&header, &claims(&lake));
    let (status, answer) = ask(&lake, &forged).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer["error"], "invalid_client");
    assert_eq!(answer["error_codes"][0], 700_027);
    let description = answer["error_description"].as_str().unwrap();
    assert!(description.contains("invalid signature"), "{description}");
    assert!(
        description.contains("End=01/01/2100 00:00:00"),
        "{description}"
    );

    let unnamed = signer.sign(&json!({"alg": "PS256"}), &claims(&lake));
    assert_eq!(code(&lake, &unnamed).await, 50_027);
    for algorithm in ["none", "HS256", "RS512"] {
        let mut header = header.clone();
        header["alg"] = algorithm.into();
        let assertion = signer.sign(&header, &claims(&lake));
        assert_eq!(code(&lake, &assertion).await, 5_002_730, "{algorithm}");
    }
    let mut critical = header.clone();
    critical["crit"] = json!(["b64"]);
    assert_eq!(
        code(&lake, &signer.sign(&critical, &claims(&lake))).await,
        50_027
    );
    for broken in [
        "x",
        "e30.e30",
        "e30.e30.",
        "..",
        &good[..good.len() - 2],
        "\u{e9}.a.b",
    ] {
        assert_ne!(code(&lake, broken).await, 0, "{broken}");
    }
    for (name, value, expected) in [
        ("iss", json!("other"), 700_021),
        ("sub", json!(lake.endpoints.admin_client_id), 700_021),
        ("aud", Value::Null, 700_023),
        ("exp", json!(NOW - 300), 700_024),
        ("exp", Value::Null, 50_027),
        ("nbf", json!(NOW + 301), 700_024),
        ("exp", json!("soon"), 50_027),
    ] {
        let mut claims = claims(&lake);
        claims[name] = value.clone();
        let assertion = signer.sign(&header, &claims);
        assert_eq!(code(&lake, &assertion).await, expected, "{name} {value}");
    }
}

#[tokio::test]
async fn an_assertion_is_good_for_its_time_and_clocks_may_differ() {
    let signer = Signer::new();
    let lake = registered(&signer).await;
    let assertion = signer.sign(&signer.header(), &claims(&lake));
    lake.advance(600 + 299);
    assert_eq!(code(&lake, &assertion).await, 0);
    lake.advance(1);
    let (_, answer) = ask(&lake, &assertion).await;
    assert_eq!(answer["error_codes"][0], 700_024);
    let description = answer["error_description"].as_str().unwrap();
    assert!(
        description.contains("assertion valid from 2017-07-14T02:40:00.0000000Z"),
        "{description}"
    );
}

#[tokio::test]
async fn a_certificate_that_expired_signs_nobody_in() {
    let signer = Signer::valid_until(2017);
    let lake = registered(&signer).await;
    let assertion = signer.sign(&signer.header(), &claims(&lake));
    let (_, answer) = ask(&lake, &assertion).await;
    assert_eq!(answer["error_codes"][0], 700_027);
    let description = answer["error_description"].as_str().unwrap();
    assert!(
        description.contains("The key used is expired."),
        "{description}"
    );
}

#[tokio::test]
async fn a_lake_may_take_each_assertion_once() {
    let signer = Signer::new();
    let options = LakeOptions::default().with_client_certificate(&signer.pem);
    let lake = Harness::with_options(options.with_assertion_use(AssertionUse::Once)).await;
    let mut claims = claims(&lake);
    let first = signer.sign(&signer.header(), &claims);
    assert_eq!(code(&lake, &first).await, 0);
    assert_eq!(code(&lake, &first).await, 50_013);
    // The same id under another signature is the same assertion.
    let again = signer.sign(&signer.header(), &claims);
    assert_eq!(code(&lake, &again).await, 50_013);
    claims["jti"] = "2".into();
    assert_eq!(
        code(&lake, &signer.sign(&signer.header(), &claims)).await,
        0
    );
    claims["jti"] = Value::Null;
    let without = signer.sign(&signer.header(), &claims);
    assert_eq!(code(&lake, &without).await, 50_013);
    // By default it may come again, as MSAL sends it.
    let lenient = registered(&signer).await;
    let assertion = signer.sign(&signer.header(), &self::claims(&lenient));
    assert_eq!(code(&lenient, &assertion).await, 0);
    assert_eq!(code(&lenient, &assertion).await, 0);
}

#[tokio::test]
async fn the_administrator_registers_certificates_and_they_stay() {
    let signer = Signer::new();
    let mut lake = Harness::new().await;
    let url = |lake: &Harness| {
        let id = &lake.endpoints.client_id;
        format!("http://127.0.0.1:7170/_lake/applications/{id}/certificates")
    };
    let post = async |lake: &Harness, token: &str, pem: &str| {
        let request = Request::post(url(lake)).header("authorization", format!("Bearer {token}"));
        let request = request.body(pem.to_owned().into()).unwrap();
        lake.send(request).await.status()
    };
    let admin = {
        let mut form = lake.client_form(&[("resource", "https://management.azure.com/")]);
        form[1].1.clone_from(&lake.endpoints.admin_client_id);
        form[2].1 = lake.endpoints.admin_client_secret.expose().to_owned();
        let url = format!(
            "http://127.0.0.1:7170/{}/oauth2/token",
            lake.endpoints.tenant
        );
        let answer = harness::json(lake.post_form(&url, &form).await).await;
        answer["access_token"].as_str().unwrap().to_owned()
    };
    let ordinary = lake.token("https://management.azure.com/").await;
    let sign = |lake: &Harness| signer.sign(&signer.header(), &claims(lake));

    assert_eq!(
        post(&lake, &ordinary, &signer.pem).await,
        StatusCode::FORBIDDEN
    );
    assert_eq!(code(&lake, &sign(&lake)).await, 700_027);
    assert_eq!(
        post(&lake, &admin, "nothing").await,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(post(&lake, &admin, &signer.pem).await, StatusCode::CREATED);
    assert_eq!(code(&lake, &sign(&lake)).await, 0);
    lake.reopen().await;
    assert_eq!(code(&lake, &sign(&lake)).await, 0);

    let nobody = lake
        .lake
        .register_certificate("00000000-0000-0000-0000-000000000000", &signer.pem)
        .await;
    assert_eq!(nobody.unwrap_err().kind(), ErrorKind::Invalid);
}

#[tokio::test]
async fn a_certificate_of_one_application_is_none_of_another() {
    let signer = Signer::new();
    let lake = Harness::new().await;
    let admin = &lake.endpoints.admin_client_id;
    lake.lake
        .register_certificate(admin, &signer.pem)
        .await
        .unwrap();
    let assertion = signer.sign(&signer.header(), &claims(&lake));
    assert_eq!(code(&lake, &assertion).await, 700_027);
}
