//! Where a federation server takes names and passwords: its metadata (WS-MetadataExchange), a WSDL document.
//!
//! A policy says how requests are secured, a binding refers to a policy and says which dialect is spoken, and a port
//! gives a binding its address. A name and a password may go where all three agree. What is broken beside them, such as
//! a port without an address, does not matter.

use std::collections::{HashMap, HashSet};

use aad_core::{Error, ErrorKind, Result};
use roxmltree::Node;

use super::xml::{
    self, ADDRESSING, Name, POLICY, SECURITY_POLICY, SECURITY_POLICY_2005, UTILITY, WSDL,
    WSDL_SOAP, children, content, descend,
};
use super::{Endpoint, Version};

const HTTP_TRANSPORT: &str = "http://schemas.xmlsoap.org/soap/http";

/// The namespace of a security policy, and what it calls tokens that are sent with the request.
const DIALECTS: [Name; 2] = [
    (SECURITY_POLICY, "SignedEncryptedSupportingTokens"),
    (SECURITY_POLICY_2005, "SignedSupportingTokens"),
];

/// The best endpoint of the document: WS-Trust 1.3 before that of 2005, and else the first.
///
/// # Errors
/// [`ErrorKind::Protocol`] if it is no such document, [`ErrorKind::Credentials`] if it has no endpoint that a password
/// may be sent to.
pub(super) fn endpoint(body: &[u8], allow_http_loopback: bool) -> Result<Endpoint> {
    let document = xml::document("description of the federation server", body)?;
    let definitions = document.root_element();
    let policies = policies(definitions);
    let bindings = bindings(definitions, &policies);
    let endpoints = || {
        children(definitions, (WSDL, "service"))
            .flat_map(|service| children(service, (WSDL, "port")))
            .filter_map(|port| {
                let version = *bindings.get(local(port.attribute("binding")?))?;
                let address = [(ADDRESSING, "EndpointReference"), (ADDRESSING, "Address")];
                let address = content(descend(port, &address)?);
                Endpoint::new(&address, version, allow_http_loopback).ok()
            })
    };
    endpoints()
        .find(|endpoint| endpoint.version == Version::V13)
        .or_else(|| endpoints().next())
        .ok_or_else(|| {
            let message = "the federation server takes no names and passwords from programs over https; have its \
                 endpoint adfs/services/trust/13/usernamemixed enabled, or sign in with a browser or a device code";
            Error::new(ErrorKind::Credentials, message)
        })
}

/// How bindings refer to the policies that want a name and a password over a secure channel.
fn policies(definitions: Node<'_, '_>) -> HashSet<String> {
    children(definitions, (POLICY, "Policy"))
        .filter(|policy| {
            children(*policy, (POLICY, "ExactlyOne"))
                .flat_map(|choice| children(choice, (POLICY, "All")))
                .any(wants_name_and_password)
        })
        .filter_map(|policy| Some(format!("#{}", policy.attribute((UTILITY, "Id"))?)))
        .collect()
}

fn wants_name_and_password(alternative: Node<'_, '_>) -> bool {
    DIALECTS.iter().any(|(namespace, tokens)| {
        let user_name = [
            (*namespace, *tokens),
            (POLICY, "Policy"),
            (*namespace, "UsernameToken"),
            (POLICY, "Policy"),
            (*namespace, "WssUsernameToken10"),
        ];
        descend(alternative, &[(*namespace, "TransportBinding")]).is_some()
            && descend(alternative, &user_name).is_some()
    })
}

/// The dialect of each binding that has one of these policies and travels over HTTP.
fn bindings<'a>(
    definitions: Node<'a, '_>,
    policies: &HashSet<String>,
) -> HashMap<&'a str, Version> {
    children(definitions, (WSDL, "binding"))
        .filter(|binding| {
            children(*binding, (POLICY, "PolicyReference"))
                .filter_map(|reference| reference.attribute("URI"))
                .any(|policy| policies.contains(policy))
        })
        .filter(|binding| {
            children(*binding, (WSDL_SOAP, "binding"))
                .any(|soap| soap.attribute("transport") == Some(HTTP_TRANSPORT))
        })
        .filter_map(|binding| {
            let version = children(binding, (WSDL, "operation"))
                .flat_map(|operation| children(operation, (WSDL_SOAP, "operation")))
                .find_map(|operation| Version::of_action(operation.attribute("soapAction")?))?;
            Some((binding.attribute("name")?, version))
        })
        .collect()
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

#[cfg(test)]
mod tests;
