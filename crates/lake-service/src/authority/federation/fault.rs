//! SOAP faults of the federation server, in the words of ADFS where it has some.

use super::request::{ADDRESSING, ENVELOPE, SECURITY, UTILITY};
use super::xml::Text;

/// Why there is no assertion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    namespace: &'static str,
    code: &'static str,
    reason: &'static str,
}

const TRUST: &str = "http://docs.oasis-open.org/ws-sx/ws-trust/200512";

impl Fault {
    fn new(namespace: &'static str, code: &'static str, reason: &'static str) -> Self {
        Self {
            namespace,
            code,
            reason,
        }
    }

    /// Nobody learns whether it was the name or the password.
    pub(super) fn not_authenticated() -> Self {
        Self::new(
            SECURITY,
            "FailedAuthentication",
            "ID3242: The security token could not be authenticated or authorized.",
        )
    }

    pub(super) fn no_security() -> Self {
        Self::new(
            SECURITY,
            "InvalidSecurity",
            "The request has no name and password, or does not say when it was made.",
        )
    }

    pub(super) fn out_of_time() -> Self {
        Self::new(
            UTILITY,
            "MessageExpired",
            "The request was made too long ago, or the clocks differ by more than five minutes.",
        )
    }

    pub(super) fn other_action() -> Self {
        Self::new(
            ADDRESSING,
            "ActionNotSupported",
            "The action of the request is not the one of this endpoint.",
        )
    }

    pub(super) fn other_audience() -> Self {
        Self::new(
            TRUST,
            "InvalidScope",
            "MSIS3020: The relying party trust with the specified identifier does not exist; it is \
             urn:federation:MicrosoftOnline.",
        )
    }

    pub(super) fn other_version() -> Self {
        Self::new(
            ENVELOPE,
            "VersionMismatch",
            "The request is no envelope of SOAP 1.2.",
        )
    }

    pub(super) fn malformed() -> Self {
        Self::new(TRUST, "InvalidRequest", "The request is not well formed.")
    }

    pub(super) fn failed() -> Self {
        Self::new(
            TRUST,
            "RequestFailed",
            "MSIS3127: The specified request failed.",
        )
    }

    pub(super) fn envelope(self) -> String {
        format!(
            "<s:Envelope xmlns:s=\"{ENVELOPE}\" xmlns:a=\"{ADDRESSING}\"><s:Header>\
             <a:Action s:mustUnderstand=\"1\">{ADDRESSING}/soap/fault</a:Action></s:Header><s:Body><s:Fault>\
             <s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value xmlns:f=\"{}\">f:{}</s:Value></s:Subcode></s:Code>\
             <s:Reason><s:Text xml:lang=\"en-US\">{}</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>",
            self.namespace,
            self.code,
            Text(self.reason)
        )
    }
}
