//! What a client asks of the federation server: a name, a password, and for whom the assertion shall be.

use roxmltree::{Document, Node, ParsingOptions};
use time::OffsetDateTime;

use super::fault::Fault;
use super::saml::SamlVersion;
use super::xml::read_moment;
use super::{AUDIENCE, Trust};
use crate::secret::Secret;

pub(super) const ENVELOPE: &str = "http://www.w3.org/2003/05/soap-envelope";
pub(super) const ADDRESSING: &str = "http://www.w3.org/2005/08/addressing";
pub(super) const SECURITY: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
pub(super) const UTILITY: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
const POLICY: &str = "http://schemas.xmlsoap.org/ws/2004/09/policy";

/// A request has some thirty nodes. What is bounded in nodes is bounded in depth.
const MOST_NODES: u32 = 1000;
/// Clocks may differ by five minutes.
const SKEW: i64 = 300;

/// A request whose form is good.
#[derive(Debug)]
pub(super) struct TokenRequest {
    pub(super) name: String,
    pub(super) password: Secret,
    /// The assertion that was asked for by its type.
    pub(super) saml: Option<SamlVersion>,
    pub(super) message_id: Option<String>,
}

impl TokenRequest {
    /// Reads an envelope. Document types, and with them entities, are refused.
    pub(super) fn read(body: &[u8], trust: Trust, now: OffsetDateTime) -> Result<Self, Fault> {
        let options = ParsingOptions {
            allow_dtd: false,
            nodes_limit: MOST_NODES,
            ..ParsingOptions::default()
        };
        let text = std::str::from_utf8(body).map_err(|_| Fault::malformed())?;
        let document =
            Document::parse_with_options(text, options).map_err(|_| Fault::malformed())?;
        let envelope = document.root_element();
        if !envelope.has_tag_name((ENVELOPE, "Envelope")) {
            return Err(Fault::other_version());
        }
        let header = child(envelope, ENVELOPE, "Header").ok_or_else(Fault::malformed)?;
        if text_of(header, ADDRESSING, "Action") != Some(trust.action().as_str()) {
            return Err(Fault::other_action());
        }
        let security = child(header, SECURITY, "Security").ok_or_else(Fault::no_security)?;
        check_time(security, now.unix_timestamp())?;
        let token = child(security, SECURITY, "UsernameToken").ok_or_else(Fault::no_security)?;
        let name = text_of(token, SECURITY, "Username").ok_or_else(Fault::no_security)?;
        let password = text_of(token, SECURITY, "Password").ok_or_else(Fault::no_security)?;
        let wanted = child(envelope, ENVELOPE, "Body")
            .and_then(|body| child(body, trust.namespace(), "RequestSecurityToken"))
            .ok_or_else(Fault::malformed)?;
        Ok(Self {
            saml: check_wanted(wanted, trust)?,
            name: name.to_owned(),
            password: Secret::new(password.to_owned()),
            // ADAL spells it with a small letter.
            message_id: text_of(header, ADDRESSING, "MessageID")
                .or_else(|| text_of(header, ADDRESSING, "messageID"))
                .map(str::to_owned),
        })
    }
}

fn check_time(security: Node<'_, '_>, now: i64) -> Result<(), Fault> {
    let stamp = child(security, UTILITY, "Timestamp").ok_or_else(Fault::no_security)?;
    let second = |name| text_of(stamp, UTILITY, name).and_then(read_moment);
    match (second("Created"), second("Expires")) {
        (Some(from), Some(until)) if from - SKEW <= now && now < until + SKEW => Ok(()),
        (Some(_), Some(_)) => Err(Fault::out_of_time()),
        _ => Err(Fault::no_security()),
    }
}

/// What kind of assertion shall be issued, if the request says so and is one for the tenant.
fn check_wanted(wanted: Node<'_, '_>, trust: Trust) -> Result<Option<SamlVersion>, Fault> {
    let namespace = trust.namespace();
    if text_of(wanted, namespace, "RequestType") != Some(format!("{namespace}/Issue").as_str()) {
        return Err(Fault::failed());
    }
    let bearer = [
        "http://docs.oasis-open.org/ws-sx/ws-trust/200512/Bearer",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey",
    ];
    if text_of(wanted, namespace, "KeyType").is_some_and(|kind| !bearer.contains(&kind)) {
        return Err(Fault::failed());
    }
    let audience = child(wanted, POLICY, "AppliesTo")
        .and_then(|applies| child(applies, ADDRESSING, "EndpointReference"))
        .and_then(|reference| text_of(reference, ADDRESSING, "Address"));
    if audience != Some(AUDIENCE) {
        return Err(Fault::other_audience());
    }
    match text_of(wanted, namespace, "TokenType") {
        None => Ok(None),
        Some(kind) => SamlVersion::of_token_type(kind)
            .map(Some)
            .ok_or_else(Fault::failed),
    }
}

fn child<'a, 'input>(
    of: Node<'a, 'input>,
    namespace: &str,
    name: &str,
) -> Option<Node<'a, 'input>> {
    of.children()
        .find(|node| node.has_tag_name((namespace, name)))
}

fn text_of<'a>(of: Node<'a, '_>, namespace: &str, name: &str) -> Option<&'a str> {
    let text = child(of, namespace, name)?.text()?;
    // A password may begin with a blank.
    let text = if name == "Password" {
        text
    } else {
        text.trim()
    };
    (!text.is_empty()).then_some(text)
}
