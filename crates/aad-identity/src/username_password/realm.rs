//! Who checks a person's password: the authority, or a federation server of the person's organization.

use aad_core::{Error, ErrorKind, Result};
use serde_json::Value;

/// For whom a federation server issues its statement, where the realm does not say.
const DEFAULT_AUDIENCE: &str = "urn:federation:MicrosoftOnline";

/// Who checks the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Realm {
    /// The authority itself.
    Managed,
    /// A federation server.
    Federated(Federation),
}

/// Where a federation server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Federation {
    /// The document that describes it.
    pub(crate) metadata_url: Option<String>,
    /// Where it takes names and passwords, as the authority knows it.
    pub(crate) active_url: Option<String>,
    /// For whom its statement must be.
    pub(crate) audience: String,
}

impl Realm {
    /// Reads what the authority says of this person.
    pub(super) fn parse(username: &str, body: &[u8]) -> Result<Self> {
        let realm: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |name| {
            let text = realm.get(name).and_then(Value::as_str)?.trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        let account_type = text("account_type").unwrap_or_default();
        match account_type.to_ascii_lowercase().as_str() {
            "managed" => return Ok(Self::Managed),
            "federated" => {}
            "unknown" => {
                let message = format!(
                    "the authority knows nobody called {username}; check the name, whose domain must be one of a tenant"
                );
                return Err(Error::new(ErrorKind::Credentials, message));
            }
            _ => {
                let message = "the authority does not say who checks the person's password";
                return Err(Error::new(ErrorKind::Protocol, message));
            }
        }
        let protocol = text("federation_protocol").unwrap_or_default();
        if !protocol.eq_ignore_ascii_case("wstrust") {
            let message = format!(
                "{username} is a federated user who signs in over {protocol:?}, which takes no passwords from \
                 programs (WSTrust would); sign in with a browser or a device code"
            );
            return Err(Error::new(ErrorKind::Credentials, message));
        }
        Ok(Self::Federated(Federation {
            metadata_url: text("federation_metadata_url"),
            active_url: text("federation_active_auth_url"),
            audience: text("cloud_audience_urn").unwrap_or_else(|| DEFAULT_AUDIENCE.to_owned()),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(body: &str) -> Result<Realm> {
        Realm::parse("someone@contoso.com", body.as_bytes())
    }

    #[test]
    fn a_realm_says_where_a_federated_person_signs_in() {
        // As ADAL's test has it: the protocol in small letters, and no audience.
        let realm = parse(
            r#"{"account_type":"Federated","federation_protocol":"wstrust","ver":"0.8",
                "federation_metadata_url":"https://sts.contoso.com/adfs/services/trust/mex",
                "federation_active_auth_url":"https://sts.contoso.com/adfs/services/trust/2005/usernamemixed"}"#,
        );
        let expected = Federation {
            metadata_url: Some("https://sts.contoso.com/adfs/services/trust/mex".into()),
            active_url: Some(
                "https://sts.contoso.com/adfs/services/trust/2005/usernamemixed".into(),
            ),
            audience: "urn:federation:MicrosoftOnline".into(),
        };
        assert_eq!(realm.unwrap(), Realm::Federated(expected));
        // Today's service, in a cloud that has an audience of its own, and with nothing else said.
        let realm = parse(
            r#"{"account_type":"Federated","federation_protocol":"WSTrust","federation_metadata_url":null,
                "federation_active_auth_url":"","cloud_audience_urn":"urn:federation:Blackforest"}"#,
        );
        let expected = Federation {
            metadata_url: None,
            active_url: None,
            audience: "urn:federation:Blackforest".into(),
        };
        assert_eq!(realm.unwrap(), Realm::Federated(expected));
        let realm = parse(r#"{"ver":"1.0","account_type":"Managed","domain_name":"contoso.com"}"#);
        assert_eq!(realm.unwrap(), Realm::Managed);
    }

    /// The refusals of ADAL's realm tests, and `Unknown`, which today's service answers to a name it does not know.
    #[test]
    fn what_is_no_realm_is_refused_with_the_way_out() {
        for (body, kind, words) in [
            (
                r#"{"account_type":"Manageddf","federation_protocol":"SAML20fgfg"}"#,
                ErrorKind::Protocol,
                "does not say who checks",
            ),
            ("noroot", ErrorKind::Protocol, "does not say who checks"),
            ("{}", ErrorKind::Protocol, "does not say who checks"),
            (
                r#"{"account_type":"Federated","federation_protocol":"wstrustww"}"#,
                ErrorKind::Credentials,
                "\"wstrustww\"",
            ),
            (
                r#"{"account_type":"Federated","federation_protocol":"SAML20"}"#,
                ErrorKind::Credentials,
                "sign in with a browser or a device code",
            ),
            (
                r#"{"ver":"1.0","account_type":"Unknown"}"#,
                ErrorKind::Credentials,
                "knows nobody called someone@contoso.com",
            ),
        ] {
            let error = parse(body).unwrap_err();
            assert_eq!(error.kind(), kind, "{body}");
            assert!(error.to_string().contains(words), "{body}: {error}");
        }
    }
}
