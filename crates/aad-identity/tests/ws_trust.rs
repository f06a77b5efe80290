//! A federated person: the realm, the description of the federation server, its statement, and the token for it.
#![cfg(feature = "ws-trust")]
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use aad_core::{AccessToken, Error, ErrorKind, Result, TokenCredential, TokenRequest};
use aad_identity::{CredentialOptions, UsernamePasswordCredential};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use futures::executor::block_on;
use http::Request;
use testkit::context::{LogWatch, Reply, World, json, response};

const METADATA: &str = "https://sts.example/adfs/services/trust/mex";
const V13: &str = "https://sts.example/adfs/services/trust/13/usernamemixed";
const V2005: &str = "https://sts.example/adfs/services/trust/2005/usernamemixed";
const ACTION_13: &str = "http://docs.oasis-open.org/ws-sx/ws-trust/200512/RST/Issue";
const ACTION_2005: &str = "http://schemas.xmlsoap.org/ws/2005/02/trust/RST/Issue";
const STATEMENT: &str = "<saml:Assertion xmlns:saml='urn:oasis:names:tc:SAML:1.0:assertion' \
                         MajorVersion=\"1\"><saml:a>4ss3rt?>~</saml:a></saml:Assertion>";

/// An organization's servers, and how they are today.
#[derive(Clone)]
struct Organization {
    realm: String,
    description: (u16, String),
    statement: (u16, String),
}

impl Organization {
    fn new() -> Self {
        Self {
            realm: realm(Some(METADATA), Some(V2005)),
            description: (200, description(V13)),
            statement: (200, issued("urn:oasis:names:tc:SAML:1.0:assertion")),
        }
    }

    /// Everything answers as it does today, and the authority knows who was stated.
    fn open(&self, world: &World) {
        let organization = self.clone();
        world.transport.always(move |request: &Request<Bytes>| {
            let uri = request.uri().to_string();
            let xml = |(status, body): &(u16, String)| -> Reply {
                response(
                    *status,
                    &[("content-type", "application/soap+xml; charset=utf-8")],
                    body.clone(),
                )
                .into()
            };
            if uri.contains("/common/UserRealm/") {
                json(200, &organization.realm).into()
            } else if uri.ends_with("/mex") {
                xml(&organization.description)
            } else if uri.ends_with("/usernamemixed") {
                xml(&organization.statement)
            } else {
                json(
                    200,
                    r#"{"expires_in":3599,"access_token":"t0k3n","refresh_token":"r3fr3sh"}"#,
                )
                .into()
            }
        });
    }
}

fn realm(metadata: Option<&str>, active: Option<&str>) -> String {
    let url = |url: Option<&str>| url.map_or("null".to_owned(), |url| format!("{url:?}"));
    format!(
        r#"{{"ver":"1.0","account_type":"Federated","domain_name":"contoso.com","federation_protocol":"WSTrust",
           "federation_metadata_url":{},"federation_active_auth_url":{}}}"#,
        url(metadata),
        url(active)
    )
}

/// A description with one endpoint of WS-Trust 1.3.
fn description(address: &str) -> String {
    format!(
        "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/' \
         xmlns:p='http://schemas.xmlsoap.org/ws/2004/09/policy' \
         xmlns:s='http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702' \
         xmlns:soap='http://schemas.xmlsoap.org/wsdl/soap12/' \
         xmlns:u='http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd'>\
         <p:Policy u:Id='P'><p:ExactlyOne><p:All><s:TransportBinding/><s:SignedEncryptedSupportingTokens><p:Policy>\
         <s:UsernameToken><p:Policy><s:WssUsernameToken10/></p:Policy></s:UsernameToken>\
         </p:Policy></s:SignedEncryptedSupportingTokens></p:All></p:ExactlyOne></p:Policy>\
         <binding name='B'><p:PolicyReference URI='#P'/>\
         <soap:binding transport='http://schemas.xmlsoap.org/soap/http'/>\
         <operation><soap:operation soapAction='{ACTION_13}'/></operation></binding>\
         <service><port binding='x:B'>\
         <EndpointReference xmlns='http://www.w3.org/2005/08/addressing'><Address>{address}</Address>\
         </EndpointReference></port></service></definitions>"
    )
}

fn issued(token_type: &str) -> String {
    format!(
        "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope'><s:Body>\
         <t:RequestSecurityTokenResponseCollection xmlns:t='http://docs.oasis-open.org/ws-sx/ws-trust/200512'>\
         <t:RequestSecurityTokenResponse><t:TokenType>{token_type}</t:TokenType>\
         <t:RequestedSecurityToken>{STATEMENT}</t:RequestedSecurityToken>\
         </t:RequestSecurityTokenResponse></t:RequestSecurityTokenResponseCollection></s:Body></s:Envelope>"
    )
}

fn fault(reason: &str) -> String {
    format!(
        "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope'><s:Body><s:Fault><s:Code>\
         <s:Value>s:Sender</s:Value><s:Subcode><s:Value>a:FailedAuthentication</s:Value></s:Subcode></s:Code>\
         <s:Reason><s:Text xml:lang='en'>{reason}</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>"
    )
}

fn credential(world: &World) -> UsernamePasswordCredential {
    UsernamePasswordCredential::new(
        world.context(),
        "contoso.com",
        "app",
        "someone@contoso.com",
        "p4ss&w0rd",
    )
    .unwrap()
}

fn sign_in(world: &World) -> Result<AccessToken> {
    let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
    block_on(credential(world).token(&request))
}

/// The requests so far, each as its method and address without a query.
fn way(world: &World) -> Vec<String> {
    let requests = world.transport.requests();
    let show = |request: &Request<Bytes>| {
        let uri = request.uri().to_string();
        format!("{} {}", request.method(), uri.split('?').next().unwrap())
    };
    requests.iter().map(show).collect()
}

fn holds_password(request: &Request<Bytes>) -> bool {
    let body = String::from_utf8_lossy(request.body());
    let everything = format!("{request:?} {body}");
    ["p4ss&w0rd", "p4ss&amp;w0rd", "p4ss%26w0rd"]
        .iter()
        .any(|password| everything.contains(password))
}

/// Where the password went.
fn told(world: &World) -> Vec<String> {
    let requests = world.transport.requests();
    let told = requests.iter().filter(|request| holds_password(request));
    told.map(|request| request.uri().to_string()).collect()
}

fn refused(organization: &Organization) -> (World, Error) {
    let world = World::new();
    organization.open(&world);
    let error = sign_in(&world).unwrap_err();
    (world, error)
}

#[test]
fn a_federated_person_signs_in_at_the_federation_server() {
    let world = World::new();
    Organization::new().open(&world);
    assert_eq!(sign_in(&world).unwrap().token.expose(), "t0k3n");
    assert_eq!(
        way(&world),
        [
            "GET https://login.microsoftonline.com/common/UserRealm/someone%40contoso.com",
            &format!("GET {METADATA}"),
            &format!("POST {V13}"),
            "POST https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token",
        ]
    );
    let requests = world.transport.requests();
    let header = |n: usize, name| requests[n].headers()[name].to_str().unwrap();
    assert!(header(1, "accept").starts_with("application/soap+xml"));
    assert_eq!(
        header(2, "content-type"),
        "application/soap+xml; charset=utf-8"
    );
    assert_eq!(header(2, "soapaction"), ACTION_13);
    let rst = String::from_utf8(requests[2].body().to_vec()).unwrap();
    for part in [
        "<wsse:Username>someone@contoso.com</wsse:Username>",
        "<wsse:Password>p4ss&amp;w0rd</wsse:Password>",
        "<wsa:Address>urn:federation:MicrosoftOnline</wsa:Address>",
    ] {
        assert!(rst.contains(part), "{rst}");
    }
    let form: Vec<_> = url::form_urlencoded::parse(requests[3].body())
        .into_owned()
        .collect();
    let field = |name: &str| {
        let (_, value) = form.iter().find(|(key, _)| key == name).unwrap();
        value.as_str()
    };
    assert_eq!(
        field("grant_type"),
        "urn:ietf:params:oauth:grant-type:saml1_1-bearer"
    );
    assert_eq!(field("client_id"), "app");
    assert_eq!(field("assertion"), URL_SAFE_NO_PAD.encode(STATEMENT));
    assert_eq!(
        field("scope"),
        "https://datalake.azure.net//.default openid offline_access profile"
    );
    assert_eq!(told(&world), [V13]);
}

#[test]
fn the_refresh_token_spares_the_federation_server() {
    let world = World::new();
    Organization::new().open(&world);
    let credential = credential(&world);
    for scope in [
        "https://one.example/.default",
        "https://two.example/.default",
    ] {
        block_on(credential.token(&TokenRequest::new([scope]))).unwrap();
    }
    assert_eq!(told(&world), [V13]);
    let last = world.transport.requests().pop().unwrap();
    assert!(last.body().starts_with(b"grant_type=refresh_token&"));
}

#[test]
fn a_statement_in_saml_2_has_a_grant_of_its_own() {
    let mut organization = Organization::new();
    organization.statement.1 = issued("urn:oasis:names:tc:SAML:2.0:assertion");
    let world = World::new();
    organization.open(&world);
    sign_in(&world).unwrap();
    let last = world.transport.requests().pop().unwrap();
    let grant = b"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Asaml2-bearer&";
    assert!(last.body().starts_with(grant));
}

#[test]
fn the_audience_of_another_cloud_is_asked_for() {
    let mut organization = Organization::new();
    organization.realm = organization.realm.replace(
        "\"ver\"",
        "\"cloud_audience_urn\":\"urn:federation:Blackforest\",\"ver\"",
    );
    let world = World::new();
    organization.open(&world);
    sign_in(&world).unwrap();
    let rst = world.transport.requests()[2].body().clone();
    let rst = String::from_utf8(rst.to_vec()).unwrap();
    assert!(rst.contains("<wsa:Address>urn:federation:Blackforest</wsa:Address>"));
}

/// As ADAL does it: a description that cannot be had or used is no reason to give up.
#[test]
fn the_endpoint_that_the_authority_knows_steps_in() {
    let whole = Organization::new();
    let described = |status, text: &str| Organization {
        description: (status, text.to_owned()),
        ..whole.clone()
    };
    let of_realm = |metadata: Option<&str>| Organization {
        realm: realm(metadata, Some(V2005)),
        ..whole.clone()
    };
    for (name, organization) in [
        ("no address of a description", of_realm(None)),
        (
            "an address over http",
            of_realm(Some("http://sts.example/mex")),
        ),
        ("an address that is none", of_realm(Some("sts mex"))),
        ("no description", described(404, "")),
        ("one that is down", described(503, "<html>")),
        ("a page", described(200, "<!DOCTYPE html><html></html>")),
        (
            "one without an endpoint for passwords",
            described(200, "<definitions/>"),
        ),
        (
            "one with an endpoint over http",
            described(
                200,
                &description("http://sts.example/adfs/services/trust/13/usernamemixed"),
            ),
        ),
        ("a redirect", described(302, "")),
    ] {
        let world = World::new();
        organization.open(&world);
        sign_in(&world).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(told(&world), [V2005], "{name}");
        let requests = world.transport.requests();
        let rst = requests.iter().find(|request| holds_password(request));
        assert_eq!(rst.unwrap().headers()["soapaction"], ACTION_2005);
    }
}

#[test]
fn either_dialect_is_spoken_where_only_the_authority_knows_the_endpoint() {
    for (endpoint, action) in [(V13, ACTION_13), (V2005, ACTION_2005)] {
        let organization = Organization {
            realm: realm(None, Some(endpoint)),
            ..Organization::new()
        };
        let world = World::new();
        organization.open(&world);
        sign_in(&world).unwrap();
        assert_eq!(told(&world), [endpoint]);
        assert_eq!(
            world.transport.requests()[1].headers()["soapaction"],
            action
        );
    }
}

#[test]
fn without_an_endpoint_the_person_hears_what_to_do() {
    let http = "http://sts.example/adfs/services/trust/2005/usernamemixed";
    let windows = "https://sts.example/adfs/services/trust/2005/windowstransport";
    for (metadata, active, description, kind, words) in [
        (None, None, "", ErrorKind::Credentials, "device code"),
        (
            None,
            Some(windows),
            "",
            ErrorKind::Credentials,
            "device code",
        ),
        (None, Some(http), "", ErrorKind::Request, "over https"),
        // The description is the better one to hear about.
        (
            Some(METADATA),
            None,
            "",
            ErrorKind::Protocol,
            "cannot be read",
        ),
        (
            Some(METADATA),
            Some(http),
            "<definitions/>",
            ErrorKind::Credentials,
            "13/usernamemixed enabled",
        ),
    ] {
        let organization = Organization {
            realm: realm(metadata, active),
            description: (200, description.to_owned()),
            ..Organization::new()
        };
        let (world, error) = refused(&organization);
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains(words), "{error}");
        assert!(told(&world).is_empty());
    }
}

/// ADFS answers 500 to a wrong password; a second attempt would bring the account closer to being locked.
#[test]
fn a_wrong_password_is_tried_once() {
    for status in [500, 400, 200] {
        let mut organization = Organization::new();
        organization.statement = (status, fault("ID3242: not authenticated."));
        let (world, error) = refused(&organization);
        assert_eq!(error.kind(), ErrorKind::Credentials);
        assert_eq!(error.code(), Some("FailedAuthentication"));
        assert_eq!(
            error.to_string(),
            "the federation server refused: ID3242: not authenticated."
        );
        assert_eq!(told(&world).len(), 1);
        assert_eq!(way(&world).len(), 3);
    }
}

#[test]
fn a_federation_server_that_is_down_is_no_refusal() {
    for (status, kind) in [
        (503, ErrorKind::Transient),
        (429, ErrorKind::Throttled),
        (401, ErrorKind::Credentials),
    ] {
        let mut organization = Organization::new();
        organization.statement = (status, "<html>".to_owned());
        let (world, error) = refused(&organization);
        assert_eq!(error.kind(), kind);
        assert_eq!(told(&world).len(), 1);
    }
    for lost in [Reply::RequestLost, Reply::ReplyLost] {
        let world = World::new();
        world
            .transport
            .push(json(200, &realm(None, Some(V13))))
            .push(lost);
        let error = sign_in(&world).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transient);
        assert_eq!(told(&world), [V13]);
    }
}

#[test]
fn an_answer_that_is_no_statement_stops_the_sign_in() {
    for answer in [
        String::new(),
        "fake response body".to_owned(),
        issued("urn:oasis:names:tc:SAML:100.0:assertion"),
        format!(
            "<!DOCTYPE a>{}",
            issued("urn:oasis:names:tc:SAML:1.0:assertion")
        ),
    ] {
        let mut organization = Organization::new();
        organization.statement.1 = answer;
        let (world, error) = refused(&organization);
        assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
        assert_eq!(way(&world).len(), 3);
    }
}

#[test]
fn an_answer_of_any_length_is_not_waited_for() {
    let mut organization = Organization::new();
    organization.statement.1.push_str(&" ".repeat(1 << 20));
    let (world, _) = refused(&organization);
    assert_eq!(way(&world).len(), 3);
}

#[test]
fn a_redirect_does_not_carry_the_password_away() {
    let world = World::new();
    world
        .transport
        .push(json(200, &realm(None, Some(V2005))))
        .push(response(307, &[("location", "https://evil.example/")], ""));
    let error = sign_in(&world).unwrap_err();
    assert!(error.to_string().contains("redirects are not followed"));
    assert_eq!(told(&world), [V2005]);
}

/// A local lake has no certificate that the world knows.
#[test]
fn this_machine_may_be_asked_over_http_where_that_is_allowed() {
    let local = "http://127.0.0.1:7170/adfs/services/trust/13/usernamemixed";
    let organization = Organization {
        realm: realm(Some("http://127.0.0.1:7170/adfs/services/trust/mex"), None),
        description: (200, description(local)),
        ..Organization::new()
    };
    let sign_in = |options: &CredentialOptions| {
        let world = World::new();
        organization.open(&world);
        let credential = UsernamePasswordCredential::new_opts(
            world.context(),
            "contoso.com",
            "app",
            "someone@contoso.com",
            "p4ss&w0rd",
            None,
            options,
        );
        let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
        block_on(credential.unwrap().token(&request)).ok();
        told(&world)
    };
    let options = CredentialOptions::default();
    assert!(sign_in(&options).is_empty());
    assert_eq!(sign_in(&options.allow_http_loopback()), [local]);
}

#[test]
fn a_dropped_sign_in_is_begun_anew() {
    let world = World::new();
    let organization = Organization::new();
    world
        .transport
        .push(json(200, &organization.realm))
        .push(Reply::Silence);
    let credential = credential(&world);
    let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
    let mut first = credential.token(&request);
    let waker = futures::task::noop_waker();
    let mut context = std::task::Context::from_waker(&waker);
    while world.transport.requests().len() < 2 {
        assert!(first.as_mut().poll(&mut context).is_pending());
    }
    drop(first);
    organization.open(&world);
    block_on(credential.token(&request)).unwrap();
    assert_eq!(told(&world), [V13]);
}

#[test]
fn no_secret_of_a_federated_person_reaches_a_log() {
    let statement = URL_SAFE_NO_PAD.encode(STATEMENT);
    let watch = LogWatch::new(["p4ss&w0rd", "p4ss&amp;w0rd", "4ss3rt", &statement, "t0k3n"]);
    watch.run(|| {
        let world = World::new();
        let mut organization = Organization::new();
        organization.open(&world);
        let credential = credential(&world);
        let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
        block_on(credential.token(&request)).unwrap();
        watch.check(&format!("{credential:?}"));
        let whole = organization.statement.1.clone();
        for broken in [
            whole.replace("</saml:a>", "</saml:b>"),
            whole.replace("<saml:a>", "<nobody:a>"),
            whole.replace("t:TokenType", "t:Other"),
            fault("no"),
        ] {
            organization.statement.1 = broken;
            let (_, error) = refused(&organization);
            watch.check_error(&error);
        }
    });
}
