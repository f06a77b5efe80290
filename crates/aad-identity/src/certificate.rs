//! A private key and the certificate that Azure AD knows it by.

mod cipher;
mod der;
mod kdf;
mod key;
mod pkcs12;

use std::sync::Arc;

use aad_core::{Error, ErrorKind, Result, Secret};
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use zeroize::Zeroizing;

use crate::hex;

pub(crate) use key::RsaKey;

/// A private key and the certificate that Azure AD knows it by.
///
/// It is read from PEM text (a PKCS#8 or PKCS#1 key, encrypted or not, and certificates, in any
/// order) or from a PKCS#12 (PFX) file. A clone is cheap and shares the key.
///
/// ```no_run
/// # fn example(pem: &[u8], pfx: &[u8]) -> aad_core::Result<()> {
/// use aad_core::Secret;
/// use aad_identity::ClientCertificate;
///
/// let plain = ClientCertificate::read(pem, None)?;
/// let from_windows = ClientCertificate::read(pfx, Some(&Secret::new("password")))?;
/// println!("{}", plain.thumbprint());
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct ClientCertificate {
    key: Arc<RsaKey>,
    thumbprints: Thumbprints,
    /// In DER: that of the key first, then the others in the order of the file.
    chain: Arc<[Vec<u8>]>,
    send_chain: bool,
}

/// By which an authority looks the certificate up. One may be unknown if there is no certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Thumbprints {
    pub(crate) sha1: Option<[u8; 20]>,
    pub(crate) sha256: Option<[u8; 32]>,
}

impl ClientCertificate {
    /// Reads PEM text or a PKCS#12 file, whichever it is.
    ///
    /// The password is that of the PKCS#12 file or of the encrypted key; it is not used if nothing
    /// is encrypted. Of several certificates, the one of the key is the application's, and the
    /// others are its chain.
    ///
    /// # Errors
    /// [`ErrorKind::Credentials`] if the password is missing or wrong. [`ErrorKind::Request`] if
    /// the file is damaged, has no RSA key of 2048 to 8192 bits, or no certificate for it.
    pub fn read(file: impl AsRef<[u8]>, password: Option<&Secret>) -> Result<Self> {
        let (file, password) = (file.as_ref(), Password::of(password));
        let found = match is_pem(file) {
            true => read_pem(file, &password)?,
            false => pkcs12::read(file, &password)?,
        };
        found.into_certificate()
    }

    /// A private key in PEM form, and the thumbprint of a certificate that is not at hand.
    ///
    /// This is what ADAL asked for. The thumbprint is SHA-1 or SHA-256 in hexadecimal, with or
    /// without colons or spaces. A certificate from [`ClientCertificate::read`] is better: Azure
    /// AD discourages SHA-1.
    ///
    /// # Errors
    /// As [`ClientCertificate::read`], and [`ErrorKind::Request`] if the text is no thumbprint.
    pub fn from_key_and_thumbprint(
        key: impl AsRef<[u8]>,
        thumbprint: &str,
        password: Option<&Secret>,
    ) -> Result<Self> {
        let thumbprints = Thumbprints::parse(thumbprint)?;
        let found = read_pem(key.as_ref(), &Password::of(password))?;
        let key = found.into_key()?;
        Ok(Self {
            key: Arc::new(key),
            thumbprints,
            chain: Arc::default(),
            send_chain: false,
        })
    }

    /// Sends the certificate and its chain with every assertion (`x5c`).
    ///
    /// Azure AD needs them to know an application by the subject name and issuer of its
    /// certificate, so that a renewed certificate need not be registered. Other libraries call
    /// this `send_certificate_chain`. Without a certificate at hand it does nothing.
    #[must_use]
    pub fn send_certificate_chain(mut self) -> Self {
        self.send_chain = true;
        self
    }

    /// The thumbprint as portals show it: SHA-1 in capital hexadecimal digits, or SHA-256 where
    /// that is all that is known.
    pub fn thumbprint(&self) -> String {
        let Thumbprints { sha1, sha256 } = &self.thumbprints;
        let bytes = sha1.as_ref().map(<[u8; 20]>::as_slice);
        let bytes = bytes.or(sha256.as_ref().map(<[u8; 32]>::as_slice));
        let bytes = bytes.unwrap_or_default();
        bytes.iter().map(|byte| format!("{byte:02X}")).collect()
    }

    pub(crate) fn key(&self) -> &RsaKey {
        &self.key
    }

    pub(crate) fn thumbprints(&self) -> &Thumbprints {
        &self.thumbprints
    }

    /// The certificates to send.
    pub(crate) fn sent_chain(&self) -> &[Vec<u8>] {
        if self.send_chain { &self.chain } else { &[] }
    }
}

impl Thumbprints {
    fn of(certificate: &[u8]) -> Self {
        let sha1 = digest(&SHA1_FOR_LEGACY_USE_ONLY, certificate);
        let sha256 = digest(&SHA256, certificate);
        Self {
            sha1: sha1.as_ref().try_into().ok(),
            sha256: sha256.as_ref().try_into().ok(),
        }
    }

    fn parse(text: &str) -> Result<Self> {
        let bytes = hex::bytes(text).unwrap_or_default();
        let parsed = Self {
            sha1: bytes.as_slice().try_into().ok(),
            sha256: bytes.as_slice().try_into().ok(),
        };
        if parsed.sha1.is_none() && parsed.sha256.is_none() {
            return Err(unreadable(
                "a thumbprint has 40 (SHA-1) or 64 (SHA-256) hexadecimal digits",
            ));
        }
        Ok(parsed)
    }
}

/// The keys and certificates of a file.
#[derive(Default)]
struct Found {
    keys: Vec<RsaKey>,
    certificates: Vec<Vec<u8>>,
}

impl Found {
    fn add_key(&mut self, key: RsaKey) {
        self.keys.push(key);
    }

    fn into_key(self) -> Result<RsaKey> {
        self.keys
            .into_iter()
            .next()
            .ok_or_else(|| unreadable("there is no private key in the file"))
    }

    /// Puts the certificate of the key first.
    fn into_certificate(mut self) -> Result<ClientCertificate> {
        let pair = |(at, key): (usize, &RsaKey)| {
            let mut certificates = self.certificates.iter();
            Some((at, certificates.position(|one| key.belongs_to(one))?))
        };
        let Some((key, leaf)) = self.keys.iter().enumerate().find_map(pair) else {
            return Err(unreadable(
                match (self.keys.len(), self.certificates.len()) {
                    (0, _) => "there is no private key in the file",
                    (_, 0) => "there is no certificate in the file, only a private key",
                    _ => "none of the certificates in the file is for its private key",
                },
            ));
        };
        self.certificates[..=leaf].rotate_right(1);
        Ok(ClientCertificate {
            key: Arc::new(self.keys.swap_remove(key)),
            thumbprints: Thumbprints::of(&self.certificates[0]),
            chain: self.certificates.into(),
            send_chain: false,
        })
    }
}

fn is_pem(file: &[u8]) -> bool {
    // DER begins with 0x30, which is the digit 0, and PEM may begin with comments.
    const BEGIN: &[u8] = b"-----BEGIN ";
    file.windows(BEGIN.len()).any(|window| window == BEGIN)
}

fn read_pem(text: &[u8], password: &Password<'_>) -> Result<Found> {
    let sections = pem::parse_many(text).map_err(|error| {
        Error::new(ErrorKind::Request, "the PEM text is damaged").with_source(error)
    })?;
    let mut found = Found::default();
    for section in sections {
        let encrypted = section.headers().get("Proc-Type").is_some();
        let tag = section.tag().to_owned();
        let der = Zeroizing::new(section.into_contents());
        match tag.as_str() {
            "CERTIFICATE" | "X509 CERTIFICATE" => found.certificates.push(der.to_vec()),
            "ENCRYPTED PRIVATE KEY" => found.add_key(key::encrypted_pkcs8(&der, password)?),
            "EC PRIVATE KEY" => return Err(key::elliptic_curve()),
            _ if encrypted => {
                return Err(unreadable(
                    "the private key is encrypted in OpenSSL's old way; \
                     convert it with `openssl pkcs8 -topk8`",
                ));
            }
            "PRIVATE KEY" => found.add_key(key::pkcs8(&der)?),
            "RSA PRIVATE KEY" => found.add_key(key::pkcs1(&der)?),
            // Parameters, public keys and the like do no harm.
            _ => {}
        }
    }
    Ok(found)
}

/// What the user says, in the two forms that the formats hash.
#[derive(Clone, Copy)]
enum Password<'a> {
    Text(&'a Secret),
    /// Nothing was said: an empty text.
    Empty,
    /// Not even an empty text, which PKCS#12 tells apart.
    Absent,
}

impl<'a> Password<'a> {
    fn of(secret: Option<&'a Secret>) -> Self {
        secret
            .filter(|secret| !secret.is_empty())
            .map_or(Self::Empty, Self::Text)
    }

    fn is_empty(&self) -> bool {
        !matches!(self, Self::Text(_))
    }

    fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(secret) => secret.expose().as_bytes(),
            Self::Empty | Self::Absent => &[],
        }
    }

    /// UTF-16, big end first, with a zero at its end (RFC 7292, appendix B.1).
    fn to_bmp(self) -> Zeroizing<Vec<u8>> {
        let text = match self {
            Self::Text(secret) => secret.expose(),
            Self::Empty => "",
            Self::Absent => return Zeroizing::default(),
        };
        // Not grown while it is filled: a buffer left behind would not be wiped.
        let mut bytes = Zeroizing::new(Vec::with_capacity(2 * text.len() + 2));
        for unit in text.encode_utf16().chain([0]) {
            bytes.extend_from_slice(&unit.to_be_bytes());
        }
        bytes
    }
}

fn unreadable(message: &'static str) -> Error {
    Error::new(ErrorKind::Request, message)
}

fn wrong_password() -> Error {
    Error::new(
        ErrorKind::Credentials,
        "the password of the certificate's file is missing or wrong",
    )
}
