//! What proves to be an application: the form of the Azure CLI's `service_principal_entries.json`.

use aad_core::Secret;
use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};
use zeroize::ZeroizeOnDrop;

/// The applications that signed in, with their secrets.
#[derive(Debug, Default)]
pub(super) struct Principals(Vec<Principal>);

/// An application and its secret, or the place of its certificate.
#[derive(Clone, Serialize, Deserialize, ZeroizeOnDrop)]
pub(crate) struct Principal {
    pub(crate) client_id: String,
    pub(crate) tenant: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
    /// The certificate's file.
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate_password: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    use_cert_sn_issuer: bool,
}

/// How an application proves who it is.
#[derive(Debug)]
pub(crate) enum Proof {
    Secret(Secret),
    Certificate {
        path: String,
        password: Option<Secret>,
        send_chain: bool,
    },
}

impl Principals {
    pub(super) fn parse(saved: Option<&Secret>) -> Result<Self> {
        let Some(saved) = saved.filter(|saved| !saved.expose().trim().is_empty()) else {
            return Ok(Self::default());
        };
        // serde_json's message could quote a secret.
        let parsed = serde_json::from_str(saved.expose()).ok();
        parsed
            .map(Self)
            .context("the applications' secrets cannot be read: they are not what adl writes")
    }

    pub(super) fn to_text(&self) -> Secret {
        let text = serde_json::to_string_pretty(&self.0).expect("texts and flags are JSON");
        Secret::new(text)
    }

    /// Adds an application, in the place of its former proof.
    pub(super) fn add(&mut self, principal: Principal) {
        self.remove(&principal.client_id, &principal.tenant);
        self.0.push(principal);
    }

    pub(super) fn remove(&mut self, client_id: &str, tenant: &str) {
        self.0.retain(|one| !one.is(client_id, tenant));
    }

    pub(super) fn find(&self, client_id: &str, tenant: &str) -> Option<&Principal> {
        self.0.iter().find(|one| one.is(client_id, tenant))
    }
}

impl Principal {
    pub(crate) fn new(client_id: &str, tenant: &str, proof: &Proof) -> Self {
        let mut principal = Self {
            client_id: client_id.to_owned(),
            tenant: tenant.to_owned(),
            client_secret: None,
            certificate: None,
            certificate_password: None,
            use_cert_sn_issuer: false,
        };
        let text = |secret: &Secret| secret.expose().to_owned();
        match proof {
            Proof::Secret(secret) => principal.client_secret = Some(text(secret)),
            Proof::Certificate {
                path,
                password,
                send_chain,
            } => {
                principal.certificate = Some(path.clone());
                principal.certificate_password = password.as_ref().map(text);
                principal.use_cert_sn_issuer = *send_chain;
            }
        }
        principal
    }

    pub(crate) fn proof(&self) -> Result<Proof> {
        let secret = |text: &Option<String>| text.as_deref().map(Secret::new);
        if let Some(path) = &self.certificate {
            return Ok(Proof::Certificate {
                path: path.clone(),
                password: secret(&self.certificate_password),
                send_chain: self.use_cert_sn_issuer,
            });
        }
        secret(&self.client_secret)
            .map(Proof::Secret)
            .context("the application has neither secret nor certificate")
    }

    fn is(&self, client_id: &str, tenant: &str) -> bool {
        self.client_id == client_id && self.tenant == tenant
    }
}

impl std::fmt::Debug for Principal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Principal")
            .field("client_id", &self.client_id)
            .field("tenant", &self.tenant)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_application_is_kept_once_with_its_last_proof() {
        let mut principals = Principals::default();
        let secret = |text: &str| Proof::Secret(Secret::new(text));
        principals.add(Principal::new("app", "t", &secret("old")));
        principals.add(Principal::new("app", "other", &secret("others")));
        principals.add(Principal::new("app", "t", &secret("new")));
        let principals = Principals::parse(Some(&principals.to_text())).unwrap();
        assert_eq!(principals.0.len(), 2);
        let found = principals.find("app", "t").unwrap();
        assert!(matches!(found.proof().unwrap(), Proof::Secret(text) if text.expose() == "new"));
        assert!(!format!("{principals:?}").contains("new"));
    }

    #[test]
    fn the_azure_cli_s_own_entries_are_read() {
        let of_az = r#"[{"client_id": "app", "tenant": "t", "certificate": "/home/u/app.pem",
                         "use_cert_sn_issuer": true, "thumbprint": "00"}]"#;
        let principals = Principals::parse(Some(&of_az.into())).unwrap();
        let proof = principals.find("app", "t").unwrap().proof().unwrap();
        assert!(matches!(
            proof,
            Proof::Certificate { path, password: None, send_chain: true } if path == "/home/u/app.pem"
        ));
    }

    #[test]
    fn what_is_damaged_is_refused_without_being_shown() {
        for damaged in ["{", r#"[{"client_id": 1, "client_secret": "hush"}]"#] {
            let error = Principals::parse(Some(&damaged.into())).unwrap_err();
            assert!(!format!("{error:?}").contains("hush"));
        }
    }
}
