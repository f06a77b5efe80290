//! What a federation server is asked (a `RequestSecurityToken`).

use aad_core::{Context, Error, ErrorKind, Result, Secret};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::xml::{ADDRESSING, POLICY, SOAP, UTILITY, escape};
use super::{Endpoint, Version};

const SECURITY: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
/// How long the request may be underway.
const LIFE: std::time::Duration = std::time::Duration::from_secs(10 * 60);

/// The envelope with which this person asks for a statement to this audience.
///
/// # Errors
/// [`ErrorKind::Request`] if the name or the password cannot be written in XML.
pub(super) fn envelope(
    context: &Context,
    endpoint: &Endpoint,
    audience: &str,
    username: &str,
    password: &Secret,
) -> Result<String> {
    let write = |what: &str, text: &str| {
        escape(text).ok_or_else(|| {
            let message = format!("the {what} holds a character that cannot be sent over WS-Trust");
            Error::new(ErrorKind::Request, message)
        })
    };
    let (trust, key_type) = match endpoint.version {
        Version::V13 => (
            super::xml::TRUST_13,
            "http://docs.oasis-open.org/ws-sx/ws-trust/200512/Bearer",
        ),
        Version::V2005 => (
            super::xml::TRUST_2005,
            "http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey",
        ),
    };
    Ok(format!(
        "<s:Envelope xmlns:s='{SOAP}' xmlns:wsa='{ADDRESSING}' xmlns:wsu='{UTILITY}'>\
         <s:Header>\
         <wsa:Action s:mustUnderstand='1'>{action}</wsa:Action>\
         <wsa:MessageID>urn:uuid:{message}</wsa:MessageID>\
         <wsa:ReplyTo><wsa:Address>{ADDRESSING}/anonymous</wsa:Address></wsa:ReplyTo>\
         <wsa:To s:mustUnderstand='1'>{to}</wsa:To>\
         <wsse:Security s:mustUnderstand='1' xmlns:wsse='{SECURITY}'>\
         <wsu:Timestamp wsu:Id='_0'>\
         <wsu:Created>{created}</wsu:Created><wsu:Expires>{expires}</wsu:Expires>\
         </wsu:Timestamp>\
         <wsse:UsernameToken wsu:Id='_1'>\
         <wsse:Username>{username}</wsse:Username><wsse:Password>{password}</wsse:Password>\
         </wsse:UsernameToken>\
         </wsse:Security>\
         </s:Header>\
         <s:Body>\
         <wst:RequestSecurityToken xmlns:wst='{trust}'>\
         <wsp:AppliesTo xmlns:wsp='{POLICY}'>\
         <wsa:EndpointReference><wsa:Address>{audience}</wsa:Address></wsa:EndpointReference>\
         </wsp:AppliesTo>\
         <wst:KeyType>{key_type}</wst:KeyType>\
         <wst:RequestType>{trust}/Issue</wst:RequestType>\
         </wst:RequestSecurityToken>\
         </s:Body>\
         </s:Envelope>",
        action = endpoint.version.action(),
        message = context.uuid(),
        to = write("federation server's address", &endpoint.address)?,
        created = moment(context.now()),
        expires = moment(context.time_in(LIFE)),
        username = write("user name", username)?,
        password = write("password", password.expose())?,
        audience = write("audience", audience)?,
    ))
}

/// To the second: WS-Trust leaves the form open, and this is the one that every server reads.
fn moment(time: OffsetDateTime) -> String {
    time.replace_nanosecond(0)
        .unwrap_or(time)
        .format(&Rfc3339)
        .expect("the calendar of the context ends with the year 9999")
}

#[cfg(test)]
mod tests;
