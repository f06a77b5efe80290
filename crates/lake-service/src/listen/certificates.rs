//! A certificate authority for this machine, and a certificate for every name that the lake answers to.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use lake_store::Ambient;
use rcgen::string::Ia5String;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    NameConstraints, SanType, SerialNumber,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use time::{Duration, OffsetDateTime};

use crate::error::{Error, ErrorKind, Result};
use crate::private_file;
use crate::routing;

const CA_LIFETIME: Duration = Duration::days(3650);
const LEAF_LIFETIME: Duration = Duration::days(90);
/// A leaf is issued anew when less than this is left of it.
const LEAF_RENEWAL: Duration = Duration::days(30);

/// How many leaves are kept. A client may ask for any name below a suffix of the cloud.
const LEAVES: usize = 1024;

/// The authority, and the leaves that it issued last.
pub(crate) struct Certificates {
    issuer: Issuer<'static, KeyPair>,
    ca: CertificateDer<'static>,
    ca_path: PathBuf,
    ambient: Ambient,
    leaves: Mutex<HashMap<String, Leaf>>,
}

#[derive(Clone)]
struct Leaf {
    key: Arc<CertifiedKey>,
    renew_at: OffsetDateTime,
}

impl Certificates {
    /// Reads the authority from `folder`, or makes it there.
    ///
    /// Its key is readable by the owner only, and its name constraints make it worthless for any name that is not
    /// one of the cloud or of this machine, should the key be stolen nevertheless.
    pub(crate) fn open(folder: &Path, ambient: Ambient) -> Result<Self> {
        let (ca_path, key_path) = (folder.join("ca.pem"), folder.join("ca-key.pem"));
        if !ca_path.exists() {
            make_authority(&ca_path, &key_path, &ambient)?;
        }
        let ca = read(&ca_path)?;
        let key =
            KeyPair::from_pem(&read(&key_path)?).map_err(|e| damaged(&key_path).caused_by(e))?;
        let ca = pem_certificate(&ca).ok_or_else(|| damaged(&ca_path))?;
        // The issuer of a leaf is named by the subject and key of the authority, which follow from the key alone.
        let issuer = Issuer::new(authority_params(&key, ambient.now())?, key);
        Ok(Self {
            issuer,
            ca,
            ca_path,
            ambient,
            leaves: Mutex::default(),
        })
    }

    /// The PEM file that clients must trust.
    pub(crate) fn ca_path(&self) -> &Path {
        &self.ca_path
    }

    /// The certificate for a server name, or the one for this machine when the client named none.
    /// `None` for a name that is neither the cloud's nor this machine's.
    pub(crate) fn leaf(&self, server_name: Option<&str>) -> Option<Arc<CertifiedKey>> {
        let name = server_name.unwrap_or("localhost").to_ascii_lowercase();
        let local = name == "localhost" || name.ends_with(".localhost");
        if !local && routing::cloud_name(&name).is_none() {
            return None;
        }
        let now = self.ambient.now();
        let known = self
            .leaves()
            .get(&name)
            .filter(|leaf| now < leaf.renew_at)
            .cloned();
        if let Some(leaf) = known {
            return Some(leaf.key);
        }
        let key = self
            .issue(&name, now)
            .inspect_err(|error| tracing::error!(%error, name, "no certificate could be issued"))
            .ok()?;
        let renew_at = now + LEAF_LIFETIME - LEAF_RENEWAL;
        let mut leaves = self.leaves();
        if leaves.len() >= LEAVES {
            leaves.clear();
        }
        leaves.insert(
            name,
            Leaf {
                key: key.clone(),
                renew_at,
            },
        );
        Some(key)
    }

    fn leaves(&self) -> std::sync::MutexGuard<'_, HashMap<String, Leaf>> {
        self.leaves.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn issue(&self, name: &str, now: OffsetDateTime) -> Result<Arc<CertifiedKey>> {
        let mut params = CertificateParams::default();
        params.not_before = now - Duration::days(1);
        params.not_after = now + LEAF_LIFETIME;
        params.serial_number = Some(serial_number(&self.ambient));
        params.distinguished_name = subject("Azure Data Lake on this machine");
        params
            .subject_alt_names
            .push(SanType::DnsName(dns_name(name)?));
        if name == "localhost" {
            params
                .subject_alt_names
                .extend(LOOPBACK.map(SanType::IpAddress));
        }
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate().map_err(crypto)?;
        let leaf = params.signed_by(&key, &self.issuer).map_err(crypto)?;
        let private = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let signer = rustls::crypto::aws_lc_rs::sign::any_ecdsa_type(&private).map_err(crypto)?;
        Ok(Arc::new(CertifiedKey::new(
            vec![leaf.der().clone(), self.ca.clone()],
            signer,
        )))
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.leaf(hello.server_name())
    }
}

impl std::fmt::Debug for Certificates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Certificates")
            .field("ca_path", &self.ca_path)
            .finish_non_exhaustive()
    }
}

const LOOPBACK: [IpAddr; 2] = [
    IpAddr::V4(Ipv4Addr::LOCALHOST),
    IpAddr::V6(Ipv6Addr::LOCALHOST),
];

/// The key first: an authority exists once its certificate does.
fn make_authority(ca_path: &Path, key_path: &Path, ambient: &Ambient) -> Result<()> {
    let key = KeyPair::generate().map_err(crypto)?;
    let mut params = authority_params(&key, ambient.now())?;
    params.serial_number = Some(serial_number(ambient));
    let certificate = params.self_signed(&key).map_err(crypto)?;
    let key_pem = zeroize::Zeroizing::new(key.serialize_pem());
    private_file::write(key_path, key_pem.as_bytes())?;
    private_file::write(ca_path, certificate.pem().as_bytes())
}

fn authority_params(key: &KeyPair, now: OffsetDateTime) -> Result<CertificateParams> {
    let mut params = CertificateParams::default();
    params.not_before = now - Duration::days(1);
    params.not_after = now + CA_LIFETIME;
    // Two lakes have two names, so that a trust store that holds both does not mix them up.
    let id = params.key_identifier(key);
    let id: String = id
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    params.distinguished_name =
        subject(&format!("Azure Data Lake on this machine, authority {id}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let mut permitted: Vec<_> = routing::cloud_domains()
        .map(|name| GeneralSubtree::DnsName(name.into()))
        .collect();
    permitted.push(GeneralSubtree::DnsName("localhost".into()));
    permitted.push(GeneralSubtree::IpAddress(CidrSubnet::from_v4_prefix(
        [127, 0, 0, 0],
        8,
    )));
    permitted.push(GeneralSubtree::IpAddress(CidrSubnet::from_v6_prefix(
        Ipv6Addr::LOCALHOST.octets(),
        128,
    )));
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: permitted,
        excluded_subtrees: Vec::new(),
    });
    Ok(params)
}

fn subject(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    name
}

/// 127 random bits: positive, and never the same twice for one issuer.
fn serial_number(ambient: &Ambient) -> SerialNumber {
    let mut bytes = [0; 16];
    ambient.fill(&mut bytes);
    bytes[0] = bytes[0] & 0x7f | 0x40;
    SerialNumber::from_slice(&bytes)
}

fn dns_name(name: &str) -> Result<Ia5String> {
    Ia5String::try_from(name).map_err(crypto)
}

fn pem_certificate(pem: &str) -> Option<CertificateDer<'static>> {
    use rustls::pki_types::pem::PemObject as _;
    CertificateDer::from_pem_slice(pem.as_bytes()).ok()
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|e| {
        Error::new(
            ErrorKind::Io,
            format!("`{}` cannot be read", path.display()),
        )
        .caused_by(e)
    })
}

fn damaged(path: &Path) -> Error {
    Error::new(
        ErrorKind::Damaged,
        format!(
            "`{}` is no PEM file of the lake; remove its folder to have it made anew",
            path.display()
        ),
    )
}

fn crypto(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(ErrorKind::Crypto, "a certificate could not be made").caused_by(error)
}

#[cfg(test)]
mod tests {
    use rustls::client::WebPkiServerVerifier;
    use rustls::client::danger::ServerCertVerifier as _;
    use rustls::pki_types::{ServerName, UnixTime};

    use super::*;

    struct Case {
        folder: tempfile::TempDir,
        certificates: Certificates,
    }

    impl Case {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let certificates = Certificates::open(folder.path(), Ambient::system()).unwrap();
            Self {
                folder,
                certificates,
            }
        }

        /// Whether a client that trusts the authority believes that this certificate is `name`'s.
        fn believes(&self, leaf: &CertifiedKey, name: &str) -> Result<(), rustls::Error> {
            let pem = std::fs::read_to_string(self.certificates.ca_path()).unwrap();
            let mut roots = rustls::RootCertStore::empty();
            roots.add(pem_certificate(&pem).unwrap()).unwrap();
            let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
            let verifier = WebPkiServerVerifier::builder_with_provider(roots.into(), provider)
                .build()
                .unwrap();
            let now = Ambient::system().now().unix_timestamp().unsigned_abs();
            let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(now));
            let name = ServerName::try_from(name.to_owned()).unwrap();
            verifier
                .verify_server_cert(&leaf.cert[0], &leaf.cert[1..], &name, &[], now)
                .map(|_| ())
        }
    }

    #[test]
    fn clients_believe_the_certificates_of_the_cloud_and_of_this_machine() {
        let case = Case::new();
        for name in [
            "login.microsoftonline.com",
            "lakestore.azuredatalakestore.net",
            "A.azuredatalakeanalytics.net",
            "x.localhost",
        ] {
            let leaf = case.certificates.leaf(Some(name)).unwrap();
            case.believes(&leaf, name).unwrap();
            assert!(case.believes(&leaf, "management.azure.com").is_err());
        }
        let local = case.certificates.leaf(None).unwrap();
        for name in ["localhost", "127.0.0.1", "::1"] {
            case.believes(&local, name).unwrap();
        }
    }

    #[test]
    fn other_names_get_no_certificate() {
        let case = Case::new();
        for name in [
            "evil.example",
            "azuredatalakestore.net",
            "microsoftonline.com",
            "localhost.evil.example",
        ] {
            assert!(case.certificates.leaf(Some(name)).is_none(), "{name}");
        }
    }

    #[test]
    fn a_stolen_key_is_worthless_for_other_names() {
        let case = Case::new();
        let now = Ambient::system().now();
        for name in [
            "evil.example",
            "www.microsoft.com",
            "azuredatalakestore.net.evil.example",
        ] {
            let leaf = case.certificates.issue(name, now).unwrap();
            let error = case.believes(&leaf, name).unwrap_err();
            assert!(
                format!("{error:?}").contains("NameConstraint"),
                "{name}: {error:?}"
            );
        }
    }

    #[test]
    fn a_later_start_finds_the_same_authority_and_another_root_has_another() {
        let case = Case::new();
        let again = Certificates::open(case.folder.path(), Ambient::system()).unwrap();
        let leaf = again.leaf(Some("login.windows.net")).unwrap();
        case.believes(&leaf, "login.windows.net").unwrap();
        let stranger = Case::new();
        assert!(stranger.believes(&leaf, "login.windows.net").is_err());
    }

    #[test]
    fn a_leaf_is_kept_until_it_must_be_renewed() {
        let case = Case::new();
        let leaf = || case.certificates.leaf(Some("login.windows.net")).unwrap();
        let first = leaf();
        assert!(Arc::ptr_eq(&first, &leaf()));
        case.certificates
            .leaves()
            .get_mut("login.windows.net")
            .unwrap()
            .renew_at = OffsetDateTime::UNIX_EPOCH;
        assert!(!Arc::ptr_eq(&first, &leaf()));
    }

    #[test]
    fn a_client_that_asks_for_ever_new_names_does_not_fill_the_memory() {
        let case = Case::new();
        for number in 0..=LEAVES {
            let name = format!("a{number}.azuredatalakestore.net");
            case.certificates.leaf(Some(&name)).unwrap();
        }
        assert!(case.certificates.leaves().len() <= LEAVES);
    }

    #[test]
    fn a_damaged_authority_is_reported_by_its_path() {
        let case = Case::new();
        let path = case.folder.path().join("ca-key.pem");
        std::fs::write(&path, "nonsense").unwrap();
        let error = Certificates::open(case.folder.path(), Ambient::system()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Damaged);
        assert!(error.to_string().contains("ca-key.pem"));
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_the_key() {
        use std::os::unix::fs::PermissionsExt as _;
        let case = Case::new();
        let mode = std::fs::metadata(case.folder.path().join("ca-key.pem"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
