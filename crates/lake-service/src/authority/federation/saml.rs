//! SAML assertions: written and signed by the federation server, and checked by the tenant when they come back.
//!
//! The signature is a real one (XML-DSig, enveloped, RSA with SHA-256). An assertion is written in the very form that
//! exclusive canonicalization gives it, so that its bytes are what is signed; only that form is taken back. A client
//! that keeps the bytes, as it must, sends nothing else.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use roxmltree::{Document, Node, ParsingOptions};
use serde::Deserialize;
use uuid::Uuid;

use super::xml::{Text, moment, read_moment};
use super::{AUDIENCE, immutable_id};
use crate::authority::keys::SigningKey;
use crate::error::Result;

const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const SAML_1: &str = "urn:oasis:names:tc:SAML:1.0:assertion";
const SAML_2: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
const CLAIMS: &str = "http://schemas.xmlsoap.org/claims";
const FEDERATION: &str = "http://schemas.microsoft.com/LiveID/Federation/2008/05";
const PASSWORD_1: &str = "urn:oasis:names:tc:SAML:1.0:am:password";
const PASSWORD_2: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";

/// An assertion has some forty nodes.
const MOST_NODES: u32 = 1000;

/// A version of SAML.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) enum SamlVersion {
    #[default]
    #[serde(rename = "1.1")]
    V1,
    #[serde(rename = "2.0")]
    V2,
}

impl SamlVersion {
    /// The name of its tokens, which is that of their namespace.
    pub(super) fn token_type(self) -> &'static str {
        match self {
            Self::V1 => SAML_1,
            Self::V2 => SAML_2,
        }
    }

    /// The version that goes by this name.
    pub(super) fn of_token_type(name: &str) -> Option<Self> {
        const PROFILE: &str =
            "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV";
        match name.strip_prefix(PROFILE).unwrap_or(name) {
            SAML_1 | "1.1" => Some(Self::V1),
            SAML_2 | "2.0" => Some(Self::V2),
            _ => None,
        }
    }
}

/// What a federation server says of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Assertion {
    pub(crate) version: SamlVersion,
    pub(crate) id: String,
    pub(crate) issuer: String,
    /// The name to sign in with.
    pub(crate) name: String,
    pub(crate) object_id: Uuid,
    /// Seconds since 1970, as is the next.
    pub(crate) not_before: i64,
    pub(crate) not_on_or_after: i64,
}

impl Assertion {
    /// The assertion in XML, signed.
    pub(super) fn signed(&self, key: &SigningKey) -> Result<String> {
        let (before, after) = match self.version {
            SamlVersion::V1 => self.written_1(),
            SamlVersion::V2 => self.written_2(),
        };
        let info = signed_info(&self.id, &[&before, &after]);
        let value = STANDARD.encode(key.sign_bytes(info.as_bytes())?);
        let signature = signature(&info, &value, key);
        Ok(format!("{before}{signature}{after}"))
    }

    /// SAML 1.1, before and after its signature: the last element.
    fn written_1(&self) -> (String, String) {
        let (from, until) = (moment(self.not_before), moment(self.not_on_or_after));
        let subject = format!(
            "<saml:Subject><saml:NameIdentifier Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified\">{}\
             </saml:NameIdentifier><saml:SubjectConfirmation><saml:ConfirmationMethod>\
             urn:oasis:names:tc:SAML:1.0:cm:bearer</saml:ConfirmationMethod></saml:SubjectConfirmation></saml:Subject>",
            immutable_id(self.object_id)
        );
        let attribute = |name: &str, namespace: &str, value: &str| {
            format!(
                "<saml:Attribute AttributeName=\"{name}\" AttributeNamespace=\"{namespace}\">\
                 <saml:AttributeValue>{}</saml:AttributeValue></saml:Attribute>",
                Text(value)
            )
        };
        let upn = attribute("UPN", CLAIMS, &self.name);
        let immutable = attribute("ImmutableID", FEDERATION, &immutable_id(self.object_id));
        let before = format!(
            "<saml:Assertion xmlns:saml=\"{SAML_1}\" AssertionID=\"{}\" IssueInstant=\"{from}\" Issuer=\"{}\" \
             MajorVersion=\"1\" MinorVersion=\"1\"><saml:Conditions NotBefore=\"{from}\" NotOnOrAfter=\"{until}\">\
             <saml:AudienceRestrictionCondition><saml:Audience>{AUDIENCE}</saml:Audience>\
             </saml:AudienceRestrictionCondition></saml:Conditions><saml:AttributeStatement>{subject}{upn}{immutable}\
             </saml:AttributeStatement><saml:AuthenticationStatement AuthenticationInstant=\"{from}\" \
             AuthenticationMethod=\"{PASSWORD_1}\">{subject}</saml:AuthenticationStatement>",
            self.id, self.issuer,
        );
        (before, "</saml:Assertion>".to_owned())
    }

    /// SAML 2.0, before and after its signature: the element after the issuer.
    fn written_2(&self) -> (String, String) {
        let (from, until) = (moment(self.not_before), moment(self.not_on_or_after));
        let before = format!(
            "<saml:Assertion xmlns:saml=\"{SAML_2}\" ID=\"{}\" IssueInstant=\"{from}\" Version=\"2.0\">\
             <saml:Issuer>{}</saml:Issuer>",
            self.id, self.issuer,
        );
        let after = format!(
            "<saml:Subject><saml:NameID Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\">{}\
             </saml:NameID><saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">\
             <saml:SubjectConfirmationData NotOnOrAfter=\"{until}\"></saml:SubjectConfirmationData>\
             </saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore=\"{from}\" \
             NotOnOrAfter=\"{until}\"><saml:AudienceRestriction><saml:Audience>{AUDIENCE}</saml:Audience>\
             </saml:AudienceRestriction></saml:Conditions><saml:AttributeStatement><saml:Attribute Name=\"IDPEmail\">\
             <saml:AttributeValue>{}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>\
             <saml:AuthnStatement AuthnInstant=\"{from}\"><saml:AuthnContext><saml:AuthnContextClassRef>{PASSWORD_2}\
             </saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement></saml:Assertion>",
            immutable_id(self.object_id),
            Text(&self.name),
        );
        (before, after)
    }

    /// What an assertion says that this key signed; `None` for any other text. Whether it is one for now, and of whom
    /// it speaks, is for the caller to see.
    pub(crate) fn verified(text: &str, key: &SigningKey) -> Option<Self> {
        let options = ParsingOptions {
            allow_dtd: false,
            nodes_limit: MOST_NODES,
            ..ParsingOptions::default()
        };
        let document = Document::parse_with_options(text, options).ok()?;
        let root = document.root_element();
        let mut signatures = root
            .children()
            .filter(|node| node.has_tag_name((SIGNATURE, "Signature")));
        let (element, None) = (signatures.next()?, signatures.next()) else {
            return None;
        };
        let version = SamlVersion::of_token_type(root.tag_name().namespace()?)?;
        let id = root.attribute(match version {
            SamlVersion::V1 => "AssertionID",
            SamlVersion::V2 => "ID",
        })?;
        // What must have been signed is written anew, from every byte beside the signature.
        let range = element.range();
        let info = signed_info(id, &[text.get(..range.start)?, text.get(range.end..)?]);
        let value = descendant(element, "SignatureValue")?.text()?;
        let proven = key.verifies(info.as_bytes(), &STANDARD.decode(value).ok()?);
        if !proven || text.get(range)? != signature(&info, value, key) {
            return None;
        }
        Self::read(version, id, root)
    }

    /// The content of an assertion that is known to be ours.
    fn read(version: SamlVersion, id: &str, root: Node<'_, '_>) -> Option<Self> {
        let conditions = descendant(root, "Conditions")?;
        let (issuer, subject) = match version {
            SamlVersion::V1 => (root.attribute("Issuer")?, "NameIdentifier"),
            SamlVersion::V2 => (descendant(root, "Issuer")?.text()?, "NameID"),
        };
        let object_id = STANDARD.decode(descendant(root, subject)?.text()?).ok()?;
        if descendant(conditions, "Audience")?.text()? != AUDIENCE {
            return None;
        }
        Some(Self {
            version,
            id: id.to_owned(),
            issuer: issuer.to_owned(),
            name: descendant(root, "AttributeValue")?.text()?.to_owned(),
            object_id: Uuid::from_slice(&object_id).ok()?,
            not_before: read_moment(conditions.attribute("NotBefore")?)?,
            not_on_or_after: read_moment(conditions.attribute("NotOnOrAfter")?)?,
        })
    }
}

/// The canonical form of what the key signs, over an assertion that is given in pieces.
fn signed_info(id: &str, assertion: &[&str]) -> String {
    let hash = digest(&SHA256, assertion.concat().as_bytes());
    format!(
        "<ds:SignedInfo xmlns:ds=\"{SIGNATURE}\"><ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\">\
         </ds:CanonicalizationMethod><ds:SignatureMethod \
         Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"></ds:SignatureMethod>\
         <ds:Reference URI=\"#{id}\"><ds:Transforms><ds:Transform Algorithm=\"{SIGNATURE}enveloped-signature\">\
         </ds:Transform><ds:Transform Algorithm=\"{EXCLUSIVE}\"></ds:Transform></ds:Transforms>\
         <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod>\
         <ds:DigestValue>{}</ds:DigestValue></ds:Reference></ds:SignedInfo>",
        STANDARD.encode(hash)
    )
}

/// The element with the signature, whose `value` is in base64.
fn signature(info: &str, value: &str, key: &SigningKey) -> String {
    let [modulus, exponent] = key.rsa_numbers().map(|number| STANDARD.encode(number));
    // The namespace is that of the element around it.
    let info = info.replacen(&format!(" xmlns:ds=\"{SIGNATURE}\""), "", 1);
    format!(
        "<ds:Signature xmlns:ds=\"{SIGNATURE}\">{info}<ds:SignatureValue>{value}</ds:SignatureValue>\
         <ds:KeyInfo><ds:KeyValue><ds:RSAKeyValue><ds:Modulus>{modulus}</ds:Modulus>\
         <ds:Exponent>{exponent}</ds:Exponent></ds:RSAKeyValue></ds:KeyValue></ds:KeyInfo></ds:Signature>"
    )
}

fn descendant<'a, 'input>(of: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    of.descendants().find(|node| node.tag_name().name() == name)
}

#[cfg(test)]
mod tests {
    use lake_store::testing::XorShift;

    use super::*;

    fn assertion(version: SamlVersion) -> Assertion {
        Assertion {
            version,
            id: "_1".into(),
            issuer: "http://adatum.example/adfs/services/trust/".into(),
            name: "o'\"<&>\rfred@adatum.example".into(),
            object_id: Uuid::from_u128(7),
            not_before: 1_500_000_000,
            not_on_or_after: 1_500_003_600,
        }
    }

    #[test]
    fn an_assertion_says_what_it_said_and_nothing_else_with_any_byte_changed() {
        let key = SigningKey::generate().unwrap();
        for version in [SamlVersion::V1, SamlVersion::V2] {
            let assertion = assertion(version);
            let text = assertion.signed(&key).unwrap();
            assert_eq!(Assertion::verified(&text, &key), Some(assertion));
            let mut random = XorShift::new(1);
            for _ in 0..3000 {
                let mut bytes = text.clone().into_bytes();
                let at = random.below(bytes.len() as u64) as usize;
                match random.below(3) {
                    0 => drop(bytes.remove(at)),
                    1 => bytes.insert(at, b"<>&\" a=/"[random.below(8) as usize]),
                    _ => bytes[at] ^= 1 << random.below(7),
                }
                let Ok(changed) = String::from_utf8(bytes) else {
                    continue;
                };
                if changed != text {
                    assert_eq!(Assertion::verified(&changed, &key), None, "{changed}");
                }
            }
        }
    }

    #[test]
    fn another_key_says_nothing() {
        let (key, other) = (
            SigningKey::generate().unwrap(),
            SigningKey::generate().unwrap(),
        );
        let text = assertion(SamlVersion::V1).signed(&key).unwrap();
        assert_eq!(Assertion::verified(&text, &other), None);
    }
}
