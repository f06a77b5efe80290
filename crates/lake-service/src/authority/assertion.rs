//! Whether a signed statement (RFC 7523) is an application's own.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use aws_lc_rs::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaParameters, UnparsedPublicKey,
};
use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, URL_SAFE_NO_PAD};
use serde::Deserialize;
use time::OffsetDateTime;
use uuid::Uuid;

use super::certificates::{Certificate, Certificates};
use super::directory::Directory;
use super::failure::Failure;
use super::keys::SigningKey;
use crate::options::AssertionUse;
use crate::origin::Origin;
use crate::routing::{self, Surface};
use crate::workload_identity;

/// Clocks may differ by five minutes.
pub(super) const SKEW: i64 = 300;

/// The assertions that were used, where each may be used once. By application and `jti`, until it has expired.
#[derive(Default)]
pub(crate) struct Used(Mutex<HashMap<(Uuid, String), i64>>);

/// What an assertion is judged by.
pub(crate) struct Judge<'a> {
    pub(crate) directory: &'a Directory,
    pub(crate) certificates: &'a Certificates,
    /// Signs the tokens of workloads.
    pub(crate) key: &'a SigningKey,
    pub(crate) workload_issuer: String,
    pub(crate) used: &'a Used,
    pub(crate) policy: AssertionUse,
    /// Where the client reached the authority.
    pub(crate) origin: &'a Origin,
    pub(crate) now: OffsetDateTime,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    x5t: Option<String>,
    #[serde(rename = "x5t#S256")]
    x5t_s256: Option<String>,
    kid: Option<String>,
    /// Extensions that must be understood; we understand none (RFC 7515, 4.1.11).
    crit: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Claims {
    aud: Option<String>,
    iss: Option<String>,
    sub: Option<String>,
    jti: Option<String>,
    #[serde(default)]
    nbf: f64,
    #[serde(default)]
    exp: f64,
}

impl Judge<'_> {
    /// Whether this statement is one that the application made, now, for this authority.
    pub(crate) fn check(&self, application: Uuid, assertion: &str) -> Result<(), Failure> {
        let (message, signature) = assertion.rsplit_once('.').ok_or_else(malformed)?;
        let (header, claims) = message.split_once('.').ok_or_else(malformed)?;
        let header: Header = decoded(header)?;
        let claims: Claims = decoded(claims)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| malformed())?;
        if header.kid.as_deref() == Some(self.key.id()) {
            self.check_workload_signature(&header, message, &signature)?;
            self.check_workload(application, &claims)?;
            return self.check_time_and_use(application, &claims);
        }
        let certificate = self.signer(application, &header)?;
        self.check_signature(&header, &certificate, message, &signature)?;
        self.check_claims(application, &claims)
    }

    /// The certificate that the header names.
    fn signer(&self, application: Uuid, header: &Header) -> Result<Certificate, Failure> {
        let named = header.x5t_s256.as_ref().or(header.x5t.as_ref());
        let thumbprint = match (named, &header.kid) {
            (Some(named), _) => thumbprint(named).ok_or_else(malformed)?,
            // Older libraries give the key's id in the portal's form.
            (None, Some(kid)) => hex(kid).or_else(|| thumbprint(kid)).ok_or_else(malformed)?,
            (None, None) => return Err(Failure::no_thumbprint()),
        };
        self.certificates
            .find(application, &thumbprint)
            .ok_or_else(|| Failure::unknown_certificate(application, &shown(&thumbprint)))
    }

    fn check_signature(
        &self,
        header: &Header,
        certificate: &Certificate,
        message: &str,
        signature: &[u8],
    ) -> Result<(), Failure> {
        let algorithm: &RsaParameters = match header.alg.as_str() {
            "PS256" => &RSA_PSS_2048_8192_SHA256,
            "RS256" => &RSA_PKCS1_2048_8192_SHA256,
            _ => return Err(Failure::unsupported_key()),
        };
        if header.crit.is_some() {
            return Err(malformed());
        }
        let refuse = |reason| {
            let found = (certificate.not_before, certificate.not_after);
            Failure::invalid_assertion_signature(reason, &shown(&certificate.sha1), found)
        };
        UnparsedPublicKey::new(algorithm, &certificate.key)
            .verify(message.as_bytes(), signature)
            .map_err(|_| {
                refuse("The provided signature value did not match the expected signature value.")
            })?;
        if self.now > certificate.not_after {
            return Err(refuse("The key used is expired."));
        }
        Ok(())
    }

    fn check_claims(&self, application: Uuid, claims: &Claims) -> Result<(), Failure> {
        let is_application = |claim: &Option<String>| {
            claim.as_ref().and_then(|id| id.parse().ok()) == Some(application)
        };
        if !is_application(&claims.iss) || !is_application(&claims.sub) {
            return Err(Failure::foreign_assertion());
        }
        if !claims
            .aud
            .as_deref()
            .is_some_and(|aud| self.is_audience(aud))
        {
            return Err(Failure::wrong_assertion_audience());
        }
        self.check_time_and_use(application, claims)
    }

    fn check_workload_signature(
        &self,
        header: &Header,
        message: &str,
        signature: &[u8],
    ) -> Result<(), Failure> {
        let ours = header.alg == "RS256" && header.crit.is_none();
        if !ours || !self.key.verifies(message.as_bytes(), signature) {
            return Err(malformed());
        }
        Ok(())
    }

    /// Whether a workload may speak for the application.
    fn check_workload(&self, application: Uuid, claims: &Claims) -> Result<(), Failure> {
        let text = |claim: &Option<String>| claim.clone().unwrap_or_default();
        let (issuer, subject, audience) = (text(&claims.iss), text(&claims.sub), text(&claims.aud));
        if issuer != self.workload_issuer {
            return Err(Failure::no_federated_issuer(&issuer));
        }
        if audience != workload_identity::AUDIENCE {
            return Err(Failure::no_federated_audience(&audience));
        }
        let application = self.directory.application(application);
        let mut workloads = application.iter().flat_map(|known| &known.workloads);
        match workloads.any(|workload| workload.subject() == subject) {
            true => Ok(()),
            false => Err(Failure::no_federated_subject(&subject)),
        }
    }

    fn check_time_and_use(&self, application: Uuid, claims: &Claims) -> Result<(), Failure> {
        // A conversion of floats saturates.
        let (nbf, exp, now) = (
            claims.nbf as i64,
            claims.exp as i64,
            self.now.unix_timestamp(),
        );
        if exp.saturating_add(SKEW) <= now || nbf.saturating_sub(SKEW) > now {
            return Err(Failure::assertion_out_of_time(self.now, nbf, exp));
        }
        match self.policy {
            AssertionUse::Repeated => Ok(()),
            AssertionUse::Once => {
                let id = claims.jti.as_deref().filter(|id| !id.is_empty());
                let id = id.ok_or_else(Failure::repeated_assertion)?;
                self.used.take(application, id, exp, now)
            }
        }
    }

    /// A token endpoint of this tenant, or an issuer of its tokens, under a name that leads here.
    fn is_audience(&self, audience: &str) -> bool {
        let Ok(url) = url::Url::parse(audience) else {
            return false;
        };
        let Some(host) = url.host_str() else {
            return false;
        };
        let leads_here = host.eq_ignore_ascii_case(self.origin.host())
            || matches!(routing::cloud_name(host), Some((Surface::Authority, _)));
        let mut path = url.path().trim_matches('/').splitn(2, '/');
        let tenant = path.next().unwrap_or_default();
        let rest = path.next().unwrap_or_default();
        let ends = ["", "v2.0", "oauth2/token", "oauth2/v2.0/token"];
        let adfs = ["adfs", "adfs/oauth2/token"];
        leads_here
            && (self.directory.is_tenant(tenant)
                && ends.iter().any(|end| end.eq_ignore_ascii_case(rest))
                || adfs
                    .iter()
                    .any(|end| end.eq_ignore_ascii_case(url.path().trim_matches('/'))))
    }
}

impl Used {
    /// Uses an assertion up.
    fn take(&self, application: Uuid, id: &str, exp: i64, now: i64) -> Result<(), Failure> {
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        used.retain(|_, exp| exp.saturating_add(SKEW) > now);
        match used.insert((application, id.to_owned()), exp) {
            None => Ok(()),
            Some(_) => Err(Failure::repeated_assertion()),
        }
    }
}

fn malformed() -> Failure {
    Failure::malformed_assertion()
}

fn decoded<T: for<'de> Deserialize<'de>>(part: &str) -> Result<T, Failure> {
    let json = URL_SAFE_NO_PAD.decode(part).map_err(|_| malformed())?;
    serde_json::from_slice(&json).map_err(|_| malformed())
}

/// Azure AD takes it in either alphabet, with padding or without: ADAL pads, and others shipped the alphabet that
/// has `+` and `/`.
fn thumbprint(text: &str) -> Option<Vec<u8>> {
    let bytes = lenient_base64(text)?;
    matches!(bytes.len(), 20 | 32).then_some(bytes)
}

/// In either alphabet, with padding or without.
pub(super) fn lenient_base64(text: &str) -> Option<Vec<u8>> {
    const LENIENT: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let alphabet = match text.contains(['+', '/']) {
        true => &STANDARD,
        false => &URL_SAFE,
    };
    GeneralPurpose::new(alphabet, LENIENT).decode(text).ok()
}

fn hex(text: &str) -> Option<Vec<u8>> {
    if !matches!(text.len(), 40 | 64) || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let pair = |at| u8::from_str_radix(&text[at..at + 2], 16).ok();
    (0..text.len()).step_by(2).map(pair).collect()
}

fn shown(thumbprint: &[u8]) -> String {
    thumbprint
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbprint_is_read_in_every_form_that_clients_send() {
        let sha1 = hex("B8D3FCF15150637FB0EDEE32C5A24BA228D89391").unwrap();
        for form in [
            "uNP88VFQY3-w7e4yxaJLoijYk5E",
            "uNP88VFQY3-w7e4yxaJLoijYk5E=",
            "uNP88VFQY3+w7e4yxaJLoijYk5E=",
            "uNP88VFQY3+w7e4yxaJLoijYk5E",
        ] {
            assert_eq!(thumbprint(form).as_ref(), Some(&sha1), "{form}");
        }
        for bad in ["", "uNP8", "!", "uNP88VFQY3-w7e4yxaJLoijYk5E/"] {
            assert_eq!(thumbprint(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_assertion_that_was_used_is_forgotten_when_it_has_expired() {
        let used = Used::default();
        let id = Uuid::nil();
        assert!(used.take(id, "a", 100, 0).is_ok());
        assert!(used.take(id, "a", 100, 399).is_err());
        assert!(used.take(Uuid::max(), "a", 100, 0).is_ok());
        assert!(used.take(id, "b", 1000, 400).is_ok());
        assert_eq!(used.0.lock().unwrap().len(), 1);
    }
}
