//! People whose password only a federation server knows, and the paths of ADFS.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::Request;
use lake_store::testing::XorShift;
use serde_json::Value;

use super::{BASE, CLI, DATA_LAKE, SCOPE, code_of, owned, text};
use crate::harness::{self, Harness, json};

const FRED: &str = "fred@adatum.example";
const SAML_1: &str = "urn:ietf:params:oauth:grant-type:saml1_1-bearer";
const SAML_2: &str = "urn:ietf:params:oauth:grant-type:saml2-bearer";

/// A lake with Fred, and more of the federation or of Fred.
async fn lake(federation: &str, fred: &str) -> Harness {
    Harness::with_directory(&format!(
        "[federation]\ndomains = [\"adatum.example\"]\n{federation}\n\
         [[users]]\nname = \"{FRED}\"\npassword = \"p<a>&s's\"\n{fred}\n"
    ))
    .await
}

/// What a client sends to the endpoint of a version, when the clock of the harness has not been moved.
fn request(version: &str, password: &str) -> String {
    let (namespace, key_type) = match version {
        "13" => (
            "http://docs.oasis-open.org/ws-sx/ws-trust/200512",
            "http://docs.oasis-open.org/ws-sx/ws-trust/200512/Bearer",
        ),
        _ => (
            "http://schemas.xmlsoap.org/ws/2005/02/trust",
            "http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey",
        ),
    };
    format!(
        "<e:Envelope xmlns:e='http://www.w3.org/2003/05/soap-envelope' xmlns:w='http://www.w3.org/2005/08/addressing' \
         xmlns:u='http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd'><e:Header>\
         <w:Action>{namespace}/RST/Issue</w:Action><w:MessageID>urn:uuid:1</w:MessageID><o:Security \
         xmlns:o='http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd'><u:Timestamp>\
         <u:Created>2017-07-14T02:40:00.000Z</u:Created><u:Expires>2017-07-14T02:50:00.000Z</u:Expires></u:Timestamp>\
         <o:UsernameToken><o:Username>{FRED}</o:Username><o:Password>{password}</o:Password></o:UsernameToken>\
         </o:Security></e:Header><e:Body><t:RequestSecurityToken xmlns:t='{namespace}'><p:AppliesTo \
         xmlns:p='http://schemas.xmlsoap.org/ws/2004/09/policy'><w:EndpointReference>\
         <w:Address>urn:federation:MicrosoftOnline</w:Address></w:EndpointReference></p:AppliesTo>\
         <t:KeyType>{key_type}</t:KeyType><t:RequestType>{namespace}/Issue</t:RequestType>\
         </t:RequestSecurityToken></e:Body></e:Envelope>"
    )
}

const PASSWORD: &str = "p&lt;a&gt;&amp;s's";

impl Harness {
    async fn trust(&self, version: &str, envelope: String) -> (u16, String) {
        let url = format!("{BASE}/adfs/services/trust/{version}/usernamemixed");
        let answer = self
            .send(Request::post(url).body(envelope.into()).unwrap())
            .await;
        (answer.status().as_u16(), text(answer).await)
    }

    /// The assertion, cut out of the answer byte for byte.
    async fn assertion(&self, version: &str) -> String {
        let (status, answer) = self.trust(version, request(version, PASSWORD)).await;
        assert_eq!(status, 200, "{answer}");
        let (_, rest) = answer.split_once("RequestedSecurityToken>").unwrap();
        let (assertion, _) = rest.split_once("</t:RequestedSecurityToken>").unwrap();
        assertion.to_owned()
    }

    async fn exchange(&self, grant_type: &str, assertion: &str) -> Value {
        self.grant(&[
            ("grant_type", grant_type),
            ("client_id", CLI),
            ("assertion", assertion),
            ("scope", SCOPE),
        ])
        .await
    }
}

#[tokio::test]
async fn the_realm_leads_to_the_federation_server() {
    let lake = lake("", "").await;
    let url = format!("{BASE}/common/userrealm/{FRED}?api-version=1.0");
    let realm = json(lake.get(&url).await).await;
    assert_eq!(realm["account_type"], "Federated");
    assert_eq!(realm["federation_protocol"], "WSTrust");
    let metadata = realm["federation_metadata_url"].as_str().unwrap();
    let document = text(lake.get(metadata).await).await;
    let parsed = roxmltree::Document::parse(&document).unwrap();
    let addresses: Vec<_> = parsed
        .descendants()
        .filter(|node| node.tag_name().name() == "Address")
        .filter_map(|node| node.text())
        .collect();
    assert_eq!(
        addresses,
        [
            "https://login.microsoftonline.com/adfs/services/trust/2005/usernamemixed",
            "https://login.microsoftonline.com/adfs/services/trust/13/usernamemixed"
        ]
    );
    assert_eq!(realm["federation_active_auth_url"], addresses[0]);
}

#[tokio::test]
async fn an_assertion_of_either_kind_by_either_endpoint_becomes_tokens() {
    for (federation, grant_type, other) in [
        ("", SAML_1, SAML_2),
        ("saml = \"2.0\"\nws_trust = \"2005\"", SAML_2, SAML_1),
    ] {
        let lake = lake(federation, "").await;
        for version in ["13", "2005"] {
            let assertion = lake.assertion(version).await;
            for encoded in [
                STANDARD.encode(&assertion),
                URL_SAFE_NO_PAD.encode(&assertion),
            ] {
                let token = lake.exchange(grant_type, &encoded).await;
                let claims = harness::claims(token["access_token"].as_str().unwrap());
                assert_eq!(
                    (&claims["upn"], &claims["aud"]),
                    (&FRED.into(), &DATA_LAKE.into())
                );
                assert!(lake.refresh(&token["refresh_token"]).await["access_token"].is_string());
                assert_eq!(code_of(&lake.exchange(other, &encoded).await), 50008);
            }
        }
    }
}

#[tokio::test]
async fn an_assertion_is_good_as_it_was_written_for_an_hour_and_for_its_person() {
    let lake = lake("", "").await;
    let assertion = lake.assertion("13").await;
    for (old, new) in [
        (FRED, "admin@lake.onmicrosoft.com"),
        ("2017-07-14T03:40", "2037-07-14T03:40"),
        ("</saml:Assertion>", " </saml:Assertion>"),
        ("<ds:SignatureValue>", "<ds:SignatureValue>AAAA"),
        ("<saml:Conditions", "<!-- --><saml:Conditions"),
        (
            "<saml:Assertion",
            "<!DOCTYPE a [<!ENTITY b \"c\">]><saml:Assertion",
        ),
        ("AssertionID=\"_", "AssertionID=\"_0"),
    ] {
        let changed = assertion.replacen(old, new, 1);
        assert_ne!(changed, assertion);
        let refused = lake.exchange(SAML_1, &STANDARD.encode(changed)).await;
        assert_eq!(code_of(&refused), 50008, "{new}");
    }
    let unsigned = {
        let (before, rest) = assertion.split_once("<ds:Signature ").unwrap();
        let (_, after) = rest.split_once("</ds:Signature>").unwrap();
        format!("{before}{after}")
    };
    for nonsense in [
        "",
        "AA",
        "!",
        &STANDARD.encode(unsigned),
        &STANDARD.encode("<a/>"),
    ] {
        assert_ne!(
            code_of(&lake.exchange(SAML_1, nonsense).await),
            0,
            "{nonsense}"
        );
    }
    let good = STANDARD.encode(&assertion);
    lake.advance(3600 + 299);
    assert_eq!(code_of(&lake.exchange(SAML_1, &good).await), 0);
    lake.advance(1);
    assert_eq!(code_of(&lake.exchange(SAML_1, &good).await), 500082);
    // Another lake has another key.
    let other = self::lake("", "").await;
    assert_eq!(code_of(&other.exchange(SAML_1, &good).await), 50008);
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_said_in_a_fault() {
    let lake = lake("", "").await;
    let good = request("13", PASSWORD);
    let deep = format!("{}{}", "<a>".repeat(9_000), "</a>".repeat(9_000));
    for (envelope, code) in [
        (request("13", "wrong"), "FailedAuthentication"),
        (
            good.replace(FRED, "nobody@adatum.example"),
            "FailedAuthentication",
        ),
        (
            good.replace(FRED, &lake.endpoints.user)
                .replace(PASSWORD, lake.endpoints.user_password.expose()),
            "FailedAuthentication",
        ),
        (good.replace("o:Username>", "o:Name>"), "InvalidSecurity"),
        (good.replace("u:Timestamp", "u:Time"), "InvalidSecurity"),
        (
            good.replace("2017-07-14T02:4", "2017-07-14T01:4")
                .replace("02:50", "01:50"),
            "MessageExpired",
        ),
        (
            good.replace("T02:40:00.000Z", "T02:46:00.000Z"),
            "MessageExpired",
        ),
        (request("2005", PASSWORD), "ActionNotSupported"),
        (
            good.replace(":MicrosoftOnline", ":Elsewhere"),
            "InvalidScope",
        ),
        (
            good.replace("/Issue</t:RequestType", "/Renew</t:RequestType"),
            "RequestFailed",
        ),
        (good.replace("/Bearer", "/SymmetricKey"), "RequestFailed"),
        (
            good.replace("2003/05/soap-envelope", "1999"),
            "VersionMismatch",
        ),
        (good[..good.len() - 1].to_owned(), "InvalidRequest"),
        (
            format!("<!DOCTYPE e [<!ENTITY l 'l'>]>{good}"),
            "InvalidRequest",
        ),
        (deep, "InvalidRequest"),
        (format!("{good}{}", " ".repeat(70_000)), "InvalidRequest"),
        (String::new(), "InvalidRequest"),
    ] {
        let (status, fault) = lake.trust("13", envelope).await;
        assert_eq!(status, 500);
        let parsed = roxmltree::Document::parse(&fault).unwrap();
        let said = parsed
            .descendants()
            .find(|node| node.tag_name().name() == "Subcode")
            .and_then(|node| node.first_element_child()?.text());
        assert_eq!(said, Some(format!("f:{code}").as_str()), "{fault}");
    }
    let asked = good.replace(
        "<t:KeyType>",
        "<t:TokenType>http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV2.0</t:TokenType><t:KeyType>",
    );
    let (_, answer) = lake.trust("13", asked).await;
    assert!(
        answer.contains("urn:oasis:names:tc:SAML:2.0:assertion</t:TokenType>"),
        "{answer}"
    );
    assert!(
        answer.contains("<a:RelatesTo>urn:uuid:1</a:RelatesTo>"),
        "{answer}"
    );
}

#[tokio::test]
async fn the_tenant_knows_no_password_of_federated_people_but_the_state_of_their_account() {
    let lake = lake("", "").await;
    let who = [("username", FRED), ("password", "p<a>&s's")];
    assert_eq!(code_of(&lake.password(&who).await), 50126);
    let expired = self::lake("", "state = \"password-expired\"").await;
    let assertion = STANDARD.encode(expired.assertion("2005").await);
    let refused = expired.exchange(SAML_1, &assertion).await;
    assert_eq!(
        (code_of(&refused), &refused["suberror"]),
        (50144, &"user_password_expired".into())
    );
}

#[tokio::test]
async fn the_paths_of_adfs_speak_both_dialects() {
    let lake = Harness::new().await;
    let base = "https://localhost:7171/adfs";
    let document = json(
        lake.get(&format!("{base}/.well-known/openid-configuration"))
            .await,
    )
    .await;
    assert_eq!(document["issuer"], base);
    let keys = json(lake.get(document["jwks_uri"].as_str().unwrap()).await).await;
    assert!(keys["keys"][0]["n"].is_string(), "{keys}");
    let endpoint = document["token_endpoint"].as_str().unwrap();
    assert_eq!(endpoint, format!("{base}/oauth2/token"));
    let token = |field: (&str, &str)| {
        let form = lake.client_form(&[field]);
        let lake = &lake;
        async move { json(lake.post_form(endpoint, &form).await).await }
    };
    let old = token(("resource", DATA_LAKE)).await;
    assert_eq!(old["expires_in"], "3599");
    let new = token(("scope", "https://datalake.azure.net//.default")).await;
    assert_eq!(new["expires_in"], 3599);
    for answer in [old, new] {
        let claims = harness::claims(answer["access_token"].as_str().unwrap());
        assert_eq!(claims["aud"], DATA_LAKE);
    }
    let authorize = format!(
        "{base}/oauth2/authorize?client_id={CLI}&response_type=code&resource=https%3A%2F%2Fdatalake.azure.net%2F&\
         redirect_uri=http%3A%2F%2Flocalhost"
    );
    assert!(
        text(lake.get(&authorize).await)
            .await
            .contains("Microsoft Azure CLI")
    );
    let device = owned(&[("client_id", CLI), ("scope", SCOPE)]);
    let url = format!("{base}/oauth2/devicecode");
    let begun = json(lake.post_form(&url, &device).await).await;
    assert!(begun["verification_uri"].is_string(), "{begun}");
    assert_eq!(
        lake.get(&format!("{base}/oauth2/v2.0/token"))
            .await
            .status(),
        404
    );
}

#[tokio::test]
async fn a_request_with_any_byte_changed_is_answered_with_an_assertion_or_a_fault() {
    let lake = lake("", "").await;
    let good = request("2005", PASSWORD).into_bytes();
    let mut random = XorShift::new(7);
    let mut faults = 0;
    for _ in 0..500 {
        let mut bytes = good.clone();
        let at = random.below(bytes.len() as u64) as usize;
        match random.below(3) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, b"<>&\"!["[random.below(6) as usize]),
            _ => bytes[at] ^= 1 << random.below(8),
        }
        let url = format!("{BASE}/adfs/services/trust/2005/usernamemixed");
        let answer = lake
            .send(Request::post(url).body(bytes.into()).unwrap())
            .await;
        let status = answer.status().as_u16();
        let answer = text(answer).await;
        let part = match status {
            200 => "t:RequestSecurityTokenResponse ",
            500 => "<s:Fault>",
            other => panic!("{other}: {answer}"),
        };
        assert!(answer.contains(part), "{answer}");
        faults += usize::from(status == 500);
    }
    assert!(faults > 300, "only {faults} faults");
}
