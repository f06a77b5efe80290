//! The envelope in which an assertion goes to the client.

use super::request::{ADDRESSING, ENVELOPE, SECURITY, TokenRequest, UTILITY};
use super::saml::Assertion;
use super::xml::{Text, moment};
use super::{AUDIENCE, Trust};

/// `signed` is put in verbatim: its signature covers every byte.
pub(super) fn envelope(
    trust: Trust,
    request: &TokenRequest,
    assertion: &Assertion,
    signed: &str,
) -> String {
    let namespace = trust.namespace();
    let (action, key_type) = match trust {
        Trust::V13 => ("RSTRC/IssueFinal", format!("{namespace}/Bearer")),
        Trust::V2005 => (
            "RSTR/Issue",
            "http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey".to_owned(),
        ),
    };
    let relates = match &request.message_id {
        Some(id) => format!("<a:RelatesTo>{}</a:RelatesTo>", Text(id)),
        None => String::new(),
    };
    let lifetime = format!(
        "<u:Created>{}</u:Created><u:Expires>{}</u:Expires>",
        moment(assertion.not_before),
        moment(assertion.not_on_or_after)
    );
    let response = format!(
        "<t:RequestSecurityTokenResponse xmlns:t=\"{namespace}\"><t:Lifetime>{lifetime}</t:Lifetime>\
         <wsp:AppliesTo xmlns:wsp=\"http://schemas.xmlsoap.org/ws/2004/09/policy\"><a:EndpointReference>\
         <a:Address>{AUDIENCE}</a:Address></a:EndpointReference></wsp:AppliesTo>\
         <t:RequestedSecurityToken>{signed}</t:RequestedSecurityToken>\
         <t:TokenType>{}</t:TokenType><t:RequestType>{namespace}/Issue</t:RequestType>\
         <t:KeyType>{key_type}</t:KeyType></t:RequestSecurityTokenResponse>",
        assertion.version.token_type(),
    );
    let body = match trust {
        Trust::V13 => format!(
            "<t:RequestSecurityTokenResponseCollection xmlns:t=\"{namespace}\">{response}\
             </t:RequestSecurityTokenResponseCollection>"
        ),
        Trust::V2005 => response,
    };
    format!(
        "<s:Envelope xmlns:s=\"{ENVELOPE}\" xmlns:a=\"{ADDRESSING}\" xmlns:u=\"{UTILITY}\"><s:Header>\
         <a:Action s:mustUnderstand=\"1\">{namespace}/{action}</a:Action>{relates}\
         <o:Security s:mustUnderstand=\"1\" xmlns:o=\"{SECURITY}\"><u:Timestamp u:Id=\"_0\">{lifetime}</u:Timestamp>\
         </o:Security></s:Header><s:Body>{body}</s:Body></s:Envelope>"
    )
}
