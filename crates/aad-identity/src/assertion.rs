//! The signed statement by which an application with a certificate says who it is.
//!
//! It is a JSON Web Token (RFC 7515, 7519, 7523) as Azure AD wants it:
//! <https://learn.microsoft.com/entra/identity-platform/certificate-credentials>.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aad_core::{Context, Error, ErrorKind, Result, Secret};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::Protocol;
use crate::authority::Authority;
use crate::certificate::{ClientCertificate, RsaKey};

/// As long as ADAL's and MSAL's.
const LIFETIME: Duration = Duration::from_secs(600);
/// An assertion this close to its end is not used again.
const MARGIN: Duration = Duration::from_secs(60);

/// The members of a JSON object, in the order in which they are written.
type Members = Vec<(&'static str, Value)>;

/// How an authority wants an assertion signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// PS256, and the certificate by its SHA-256 thumbprint.
    V2,
    /// RS256, and the certificate by its SHA-1 thumbprint: what ADAL sent to the v1 endpoints. An
    /// ADFS knows nothing newer.
    V1,
}

impl Dialect {
    /// What this authority wants.
    pub(crate) fn of(authority: &Authority) -> Self {
        match authority.protocol() {
            Protocol::V2 if !authority.is_adfs() => Self::V2,
            _ => Self::V1,
        }
    }
}

/// Signs assertions, and keeps each for as long as it is good.
pub(crate) struct AssertionSigner {
    certificate: ClientCertificate,
    /// By audience; there is one for each tenant that was asked.
    kept: Mutex<Vec<Assertion>>,
}

/// An assertion for one token endpoint.
#[derive(Clone)]
pub(crate) struct Assertion {
    pub(crate) text: Secret,
    audience: String,
    expires_on: OffsetDateTime,
}

impl AssertionSigner {
    pub(crate) fn new(certificate: ClientCertificate) -> Self {
        Self {
            certificate,
            kept: Mutex::default(),
        }
    }

    /// An assertion for this audience that was made before and is still good.
    pub(crate) fn kept(&self, context: &Context, audience: &str) -> Option<Assertion> {
        let now = context.now();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|assertion| assertion.expires_on - MARGIN > now);
        kept.iter()
            .find(|assertion| assertion.audience == audience)
            .cloned()
    }

    /// Signs a new assertion and keeps it in place of the last one.
    pub(crate) fn sign(
        &self,
        context: &Context,
        client_id: &str,
        audience: &str,
        dialect: Dialect,
    ) -> Result<Assertion> {
        let id = context.uuid().to_string();
        let (algorithm, header) = header(&self.certificate, dialect)?;
        let claims = claims(client_id, audience, &id, context.now());
        let key = self.certificate.key();
        let assertion = Assertion {
            text: Secret::new(sign(key, algorithm, &object(&header), &object(&claims))?),
            audience: audience.to_owned(),
            expires_on: context.time_in(LIFETIME),
        };
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|assertion| assertion.audience != audience);
        kept.push(assertion.clone());
        Ok(assertion)
    }
}

/// How the token is signed (RFC 7518, 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Algorithm {
    Ps256,
    Rs256,
}

impl Algorithm {
    fn encoding(self) -> &'static dyn RsaEncoding {
        match self {
            Self::Ps256 => &RSA_PSS_SHA256,
            Self::Rs256 => &RSA_PKCS1_SHA256,
        }
    }
}

fn header(certificate: &ClientCertificate, dialect: Dialect) -> Result<(Algorithm, Members)> {
    let thumbprints = certificate.thumbprints();
    let (algorithm, mut header) = match (dialect, thumbprints.sha256, thumbprints.sha1) {
        (Dialect::V2, Some(sha256), _) => (
            Algorithm::Ps256,
            vec![
                ("alg", json!("PS256")),
                ("typ", json!("JWT")),
                ("x5t#S256", json!(URL_SAFE_NO_PAD.encode(sha256))),
            ],
        ),
        (_, _, Some(sha1)) => (
            Algorithm::Rs256,
            vec![
                ("alg", json!("RS256")),
                ("typ", json!("JWT")),
                ("x5t", json!(URL_SAFE_NO_PAD.encode(sha1))),
            ],
        ),
        (_, _, None) => {
            return Err(Error::new(
                ErrorKind::Request,
                "ADFS and the v1 endpoints need the certificate itself or its SHA-1 thumbprint",
            ));
        }
    };
    let chain = certificate.sent_chain();
    if !chain.is_empty() {
        // RFC 7515, 4.1.6: unlike all else here, in base64 with its padding.
        let chain: Vec<String> = chain.iter().map(|der| STANDARD.encode(der)).collect();
        header.push(("x5c", json!(chain)));
    }
    Ok((algorithm, header))
}

fn claims(client_id: &str, audience: &str, id: &str, now: OffsetDateTime) -> Members {
    let now = now.unix_timestamp();
    vec![
        ("aud", json!(audience)),
        ("iss", json!(client_id)),
        ("sub", json!(client_id)),
        ("jti", json!(id)),
        ("nbf", json!(now)),
        ("iat", json!(now)),
        (
            "exp",
            json!(now.saturating_add_unsigned(LIFETIME.as_secs())),
        ),
    ]
}

fn object(members: &Members) -> String {
    let members: Vec<String> = members
        .iter()
        .map(|(name, value)| format!("{}:{value}", Value::from(*name)))
        .collect();
    format!("{{{}}}", members.join(","))
}

/// The compact form of a signed token (RFC 7515, 7.1).
///
/// The salt of PSS comes from the crypto library: it must not follow from a test's seed.
fn sign(key: &RsaKey, algorithm: Algorithm, header: &str, claims: &str) -> Result<String> {
    let mut token = URL_SAFE_NO_PAD.encode(header);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(claims, &mut token);
    let mut signature = vec![0; key.0.public_modulus_len()];
    key.0
        .sign(
            algorithm.encoding(),
            &SystemRandom::new(),
            token.as_bytes(),
            &mut signature,
        )
        .map_err(|error| {
            Error::new(ErrorKind::Protocol, "the assertion could not be signed").with_source(error)
        })?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(token)
}

#[cfg(test)]
mod tests;
