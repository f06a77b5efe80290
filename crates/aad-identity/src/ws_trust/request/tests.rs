use testkit::context::World;

use super::super::xml::{self, TRUST_13, TRUST_2005, content, descend};
use super::*;

fn endpoint(version: Version) -> Endpoint {
    Endpoint::new("https://sts.example/usernamemixed?a=1&b=2", version, false).unwrap()
}

fn written(version: Version, username: &str, password: &str) -> Result<String> {
    let context = World::new().context();
    let audience = "urn:federation:MicrosoftOnline";
    envelope(
        &context,
        &endpoint(version),
        audience,
        username,
        &password.into(),
    )
}

/// What ADAL and MSAL send, element by element.
#[test]
fn a_statement_is_asked_for_in_either_dialect() {
    for (version, trust, key_type) in [
        (
            Version::V13,
            TRUST_13,
            "http://docs.oasis-open.org/ws-sx/ws-trust/200512/Bearer",
        ),
        (
            Version::V2005,
            TRUST_2005,
            "http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey",
        ),
    ] {
        let text = written(version, "someone@contoso.com", "p4ssw0rd").unwrap();
        let document = xml::document("request", text.as_bytes()).unwrap();
        let root = document.root_element();
        assert!(root.has_tag_name((SOAP, "Envelope")));
        let (header, security) = ((SOAP, "Header"), (SECURITY, "Security"));
        let request = [(SOAP, "Body"), (trust, "RequestSecurityToken")];
        let say = |way: &[xml::Name]| descend(root, way).map(content).unwrap_or_default();
        assert_eq!(say(&[header, (ADDRESSING, "Action")]), version.action());
        let id = say(&[header, (ADDRESSING, "MessageID")]);
        assert_eq!(id.strip_prefix("urn:uuid:").map(str::len), Some(36), "{id}");
        assert_eq!(
            say(&[header, (ADDRESSING, "ReplyTo"), (ADDRESSING, "Address")]),
            "http://www.w3.org/2005/08/addressing/anonymous"
        );
        assert_eq!(
            say(&[header, (ADDRESSING, "To")]),
            "https://sts.example/usernamemixed?a=1&b=2"
        );
        for must in [(ADDRESSING, "Action"), (ADDRESSING, "To"), security] {
            let element = descend(root, &[header, must]).unwrap();
            assert_eq!(element.attribute((SOAP, "mustUnderstand")), Some("1"));
        }
        let stamp = [header, security, (UTILITY, "Timestamp")];
        let at = |name| say(&[&stamp[..], &[(UTILITY, name)]].concat());
        assert_eq!(at("Created"), "2026-11-20T10:00:00Z");
        assert_eq!(at("Expires"), "2026-11-20T10:10:00Z");
        let token = [header, security, (SECURITY, "UsernameToken")];
        let of = |name| say(&[&token[..], &[(SECURITY, name)]].concat());
        assert_eq!(of("Username"), "someone@contoso.com");
        assert_eq!(of("Password"), "p4ssw0rd");
        let inside = |way: &[xml::Name]| say(&[&request[..], way].concat());
        assert_eq!(
            inside(&[
                (POLICY, "AppliesTo"),
                (ADDRESSING, "EndpointReference"),
                (ADDRESSING, "Address")
            ]),
            "urn:federation:MicrosoftOnline"
        );
        assert_eq!(inside(&[(trust, "KeyType")]), key_type);
        assert_eq!(inside(&[(trust, "RequestType")]), format!("{trust}/Issue"));
    }
}

#[test]
fn a_password_stays_what_it_is_whatever_is_in_it() {
    for password in [
        "<&>\"'",
        "&amp;",
        "]]></wsse:Password>",
        "ä€𝄞",
        "tab\tline\rreturn",
        "{UsernamePlaceHolder}",
    ] {
        let text = written(Version::V13, "a&b@contoso.com", password).unwrap();
        let document = xml::document("request", text.as_bytes()).unwrap();
        let said = |name| {
            let of_name = |node: &roxmltree::Node<'_, '_>| node.has_tag_name((SECURITY, name));
            let element = document.descendants().find(of_name).unwrap();
            element.text().unwrap().to_owned()
        };
        assert_eq!(said("Password"), password);
        assert_eq!(said("Username"), "a&b@contoso.com");
    }
}

#[test]
fn what_xml_cannot_carry_is_refused_without_being_shown() {
    let error = written(Version::V13, "someone", "s3cr3t\u{1}").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    assert_eq!(
        error.to_string(),
        "the password holds a character that cannot be sent over WS-Trust"
    );
}

#[test]
fn no_two_requests_have_one_id() {
    let context = World::new().context();
    let write = || envelope(&context, &endpoint(Version::V13), "a", "u", &"p".into()).unwrap();
    let (first, second) = (write(), write());
    assert_ne!(first, second);
}
