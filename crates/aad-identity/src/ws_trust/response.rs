//! What a federation server answers (a `RequestSecurityTokenResponse`, or a fault).

use aad_core::pipeline::ServiceError;
use aad_core::{Error, ErrorKind, Result, Secret};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::response::Parts;
use roxmltree::{Document, Node};

use super::xml::{self, Name, SOAP, TRUST_13, TRUST_2005, children, content, descend};

const SAML_1: &str = "urn:ietf:params:oauth:grant-type:saml1_1-bearer";
const SAML_2: &str = "urn:ietf:params:oauth:grant-type:saml2-bearer";

const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
const EXCLUSIVE_CANONICAL: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// No envelope is known to declare more namespaces; each costs a look at the whole token.
const MOST_DECLARATIONS: usize = 16;

/// What a federation server states about a person, ready to be sent to the authority.
#[derive(Debug)]
pub(crate) struct Assertion {
    /// The grant that it is for.
    pub(crate) grant_type: &'static str,
    /// The statement in base64url, as RFC 7522 wants it.
    pub(crate) encoded: Secret,
}

/// Reads an answer.
///
/// # Errors
/// [`ErrorKind::Credentials`] with the server's reason if it refuses; [`ErrorKind::Protocol`] if it is not a statement
/// that Azure AD takes.
pub(super) fn parse(body: &[u8]) -> Result<Assertion> {
    let document = xml::document("answer of the federation server", body)?;
    if let Some(fault) = fault(&document) {
        let refusal = Error::new(ErrorKind::Credentials, fault.message.unwrap_or_default());
        return Err(match fault.code {
            Some(code) => refusal.with_code(code),
            None => refusal,
        });
    }
    let refuse = |message: String| Error::new(ErrorKind::Protocol, message);
    let (token_type, statement) = issued(&document)
        .ok_or_else(|| refuse("the federation server answered without a token".into()))?;
    let grant_type = grant_type(&token_type).ok_or_else(|| {
        refuse(format!(
            "the federation server issued a token of the type {token_type:?}, which is not SAML"
        ))
    })?;
    let statement = standing_alone(statement)?;
    Ok(Assertion {
        grant_type,
        encoded: Secret::new(URL_SAFE_NO_PAD.encode(statement.expose())),
    })
}

/// Reads a refusal. A server answers 500 to a wrong password, so a fault is never taken for an outage that passes.
pub(super) fn read_fault(_: &Parts, body: &[u8]) -> Option<ServiceError> {
    fault(&xml::document("refusal", body).ok()?)
}

fn fault(document: &Document<'_>) -> Option<ServiceError> {
    let fault = descend(envelope(document)?, &[(SOAP, "Body"), (SOAP, "Fault")])?;
    let say = |way: &[Name]| {
        let said = content(descend(fault, way)?);
        (!said.is_empty()).then_some(said)
    };
    let code = say(&[(SOAP, "Code"), (SOAP, "Subcode"), (SOAP, "Value")])
        .or_else(|| say(&[(SOAP, "Code"), (SOAP, "Value")]));
    let reason = say(&[(SOAP, "Reason"), (SOAP, "Text")]).or_else(|| code.clone());
    let mut refusal = ServiceError::default().with_kind(ErrorKind::Credentials);
    refusal.message = Some(format!(
        "the federation server refused: {}",
        one_line(&reason.unwrap_or_default())
    ));
    refusal.code = code.map(|code| code.rsplit(':').next().unwrap_or_default().to_owned());
    Some(refusal)
}

/// A server's words at a length that fits into a message.
fn one_line(words: &str) -> String {
    let words: Vec<&str> = words.split_whitespace().collect();
    words.join(" ").chars().take(500).collect()
}

fn envelope<'a, 'i>(document: &'a Document<'i>) -> Option<Node<'a, 'i>> {
    let root = document.root_element();
    root.has_tag_name((SOAP, "Envelope")).then_some(root)
}

/// The first token that comes with its type: WS-Trust 1.3 has a collection of answers, that of 2005 one answer.
fn issued<'a, 'i>(document: &'a Document<'i>) -> Option<(String, Node<'a, 'i>)> {
    let body = descend(envelope(document)?, &[(SOAP, "Body")])?;
    let collections = children(body, (TRUST_13, "RequestSecurityTokenResponseCollection"));
    let in_13 = collections
        .flat_map(|all| children(all, (TRUST_13, "RequestSecurityTokenResponse")))
        .map(|answer| (TRUST_13, answer));
    let in_2005 = children(body, (TRUST_2005, "RequestSecurityTokenResponse"))
        .map(|answer| (TRUST_2005, answer));
    in_13.chain(in_2005).find_map(|(trust, answer)| {
        let token_type = content(descend(answer, &[(trust, "TokenType")])?);
        let token = descend(answer, &[(trust, "RequestedSecurityToken")])?;
        Some((token_type, token.first_element_child()?))
    })
}

fn grant_type(token_type: &str) -> Option<&'static str> {
    match token_type {
        "urn:oasis:names:tc:SAML:1.0:assertion"
        | "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1" => {
            Some(SAML_1)
        }
        "urn:oasis:names:tc:SAML:2.0:assertion"
        | "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV2.0" => {
            Some(SAML_2)
        }
        _ => None,
    }
}

/// The element as a document of its own, byte for byte: a signature covers it.
///
/// Only what it cannot be read without is added: declarations of namespaces that it uses and that stand outside of it.
/// Exclusive canonicalization, with which SAML is signed, makes the same bytes of the element where it stood.
fn standing_alone(element: Node<'_, '_>) -> Result<Secret> {
    let verbatim = &element.document().input_text()[element.range()];
    let ends_name = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>');
    let name_end = verbatim.find(ends_name).unwrap_or(verbatim.len());
    let (start, rest) = verbatim.split_at(name_end);
    let mut declarations = String::new();
    for _ in 0..=MOST_DECLARATIONS {
        let alone = Secret::new(format!("{start}{declarations}{rest}"));
        let Some(prefix) = lacking(alone.expose(), element)? else {
            return Ok(alone);
        };
        let prefix = Some(prefix.as_str()).filter(|prefix| !prefix.is_empty());
        let uri = element.lookup_namespace_uri(prefix).and_then(xml::escape);
        let Some(uri) = uri else { break };
        declarations += &match prefix {
            Some(prefix) => format!(" xmlns:{prefix}=\"{uri}\""),
            None => format!(" xmlns=\"{uri}\""),
        };
    }
    let message = "the token of the federation server depends on what stands around it";
    Err(Error::new(ErrorKind::Protocol, message))
}

/// A prefix whose declaration the element has left behind; that of the default namespace is empty.
fn lacking(alone: &str, element: Node<'_, '_>) -> Result<Option<String>> {
    let document = match xml::parse(alone) {
        Ok(document) => document,
        Err(roxmltree::Error::UnknownNamespace(prefix, _)) => return Ok(Some(prefix)),
        Err(error) => {
            let message = format!("the federation server's token is no XML at {}", error.pos());
            return Err(Error::new(ErrorKind::Protocol, message));
        }
    };
    let (there, here) = (element.descendants(), document.root_element().descendants());
    if there
        .zip(here.clone())
        .any(|(there, here)| there.tag_name() != here.tag_name())
    {
        return Ok(Some(String::new()));
    }
    let left_behind = here.into_iter().find_map(|node| {
        prefixes_in_values(node).find(|prefix| {
            node.lookup_namespace_uri(Some(prefix)).is_none()
                && element.lookup_namespace_uri(Some(prefix)).is_some()
        })
    });
    Ok(left_behind.map(str::to_owned))
}

/// Prefixes that are no part of a name, but of a value that means one: the type of a value, and what a signature says
/// it has looked at.
fn prefixes_in_values<'a>(node: Node<'a, '_>) -> impl Iterator<Item = &'a str> {
    let kind = node.attribute((SCHEMA_INSTANCE, "type"));
    let kind = kind.and_then(|kind| Some(kind.split_once(':')?.0.trim()));
    let inclusive = node.has_tag_name((EXCLUSIVE_CANONICAL, "InclusiveNamespaces"));
    let listed = node.attribute("PrefixList").filter(|_| inclusive);
    kind.into_iter()
        .chain(listed.unwrap_or_default().split_ascii_whitespace())
}

#[cfg(test)]
mod tests;
