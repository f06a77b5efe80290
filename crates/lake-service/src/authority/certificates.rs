//! The certificates by which applications may sign in.

use std::sync::{PoisonError, RwLock};

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lake_store::Store;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use super::x509;
use crate::error::{Error, ErrorKind, Result};

const SETTING: &str = "authority/certificates";

/// The registered certificates. Registration is rare, and lookups are many.
#[derive(Default)]
pub(crate) struct Certificates(RwLock<Vec<Registered>>);

#[derive(PartialEq)]
struct Registered {
    application: Uuid,
    certificate: Certificate,
    der: Vec<u8>,
    /// Whether it is stored.
    kept: bool,
}

/// As much of a certificate as a signature is judged by.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Certificate {
    pub(super) sha1: Vec<u8>,
    pub(super) sha256: Vec<u8>,
    /// The `RSAPublicKey`.
    pub(super) key: Vec<u8>,
    pub(super) not_before: OffsetDateTime,
    pub(super) not_after: OffsetDateTime,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    application: Uuid,
    certificate: String,
}

impl Certificates {
    /// The certificates that this store keeps.
    pub(super) fn open(store: &Store) -> Result<Self> {
        let Some(stored) = store.settings().get(SETTING).map_err(super::unreadable)? else {
            return Ok(Self::default());
        };
        let damaged = || Error::new(ErrorKind::Damaged, "the stored certificates cannot be read");
        let stored: Vec<Stored> =
            serde_json::from_slice(&stored).map_err(|error| damaged().caused_by(error))?;
        let read = |stored: Stored| {
            let der = STANDARD.decode(stored.certificate).ok()?;
            let registered = Registered::new(stored.application, der)?;
            Some(Registered {
                kept: true,
                ..registered
            })
        };
        let all: Option<Vec<Registered>> = stored.into_iter().map(read).collect();
        Ok(Self(RwLock::new(all.ok_or_else(damaged)?)))
    }

    /// Lets the application sign in with the first certificate of this PEM text, until the lake is closed.
    pub(crate) fn add(&self, application: Uuid, pem: &str) -> Result<()> {
        let registered = Registered::from_pem(application, pem)?;
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.push(registered);
        Ok(())
    }

    /// The same, after the lake is opened again too. It blocks.
    pub(crate) fn keep(&self, application: Uuid, pem: &str, store: &Store) -> Result<()> {
        let mut registered = Registered::from_pem(application, pem)?;
        registered.kept = true;
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if all.contains(&registered) {
            return Ok(());
        }
        // The lock is held while it is written, so that of two at once neither is lost.
        let kept = all.iter().filter(|known| known.kept);
        let stored: Vec<Stored> = kept.chain([&registered]).map(Stored::from).collect();
        let stored = serde_json::to_vec(&stored).expect("ids and text are JSON");
        store
            .settings()
            .set(SETTING, &stored)
            .map_err(super::unreadable)?;
        all.push(registered);
        Ok(())
    }

    /// The application's certificate with this SHA-1 or SHA-256 thumbprint.
    pub(super) fn find(&self, application: Uuid, thumbprint: &[u8]) -> Option<Certificate> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        all.iter()
            .find(|registered| {
                let Certificate { sha1, sha256, .. } = &registered.certificate;
                registered.application == application
                    && (sha1 == thumbprint || sha256 == thumbprint)
            })
            .map(|registered| registered.certificate.clone())
    }
}

impl Registered {
    fn from_pem(application: Uuid, pem: &str) -> Result<Self> {
        let invalid = || {
            Error::new(
                ErrorKind::Invalid,
                "this is no PEM text with a certificate of an RSA key",
            )
        };
        let sections = pem::parse_many(pem).map_err(|error| invalid().caused_by(error))?;
        let certificate = sections
            .into_iter()
            .find(|section| section.tag() == "CERTIFICATE");
        certificate
            .and_then(|section| Self::new(application, section.into_contents()))
            .ok_or_else(invalid)
    }

    fn new(application: Uuid, der: Vec<u8>) -> Option<Self> {
        let fields = x509::read(&der)?;
        Some(Self {
            application,
            certificate: Certificate {
                sha1: digest(&SHA1_FOR_LEGACY_USE_ONLY, &der).as_ref().to_vec(),
                sha256: digest(&SHA256, &der).as_ref().to_vec(),
                key: fields.rsa_key.to_vec(),
                not_before: fields.not_before,
                not_after: fields.not_after,
            },
            der,
            kept: false,
        })
    }
}

impl From<&Registered> for Stored {
    fn from(registered: &Registered) -> Self {
        Self {
            application: registered.application,
            certificate: STANDARD.encode(&registered.der),
        }
    }
}
