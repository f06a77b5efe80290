//! The keys of the file.

use serde::Deserialize;
use toml::Spanned;
use uuid::Uuid;

use crate::authority::client::Consent;
use crate::authority::directory::{AccountState, ConditionalAccess};
use crate::authority::federation::{Offer, SamlVersion};
use crate::faults;
use crate::secret::Secret;
use crate::workload_identity::Workload;

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Content {
    pub(super) tenant_id: Option<Uuid>,
    #[serde(default)]
    pub(super) domains: Vec<Spanned<String>>,
    pub(super) federation: Option<FederationEntry>,
    pub(super) client: Option<Spanned<ApplicationEntry>>,
    pub(super) admin_client: Option<Spanned<ApplicationEntry>>,
    pub(super) user: Option<Spanned<PersonEntry>>,
    pub(super) admin_user: Option<Spanned<PersonEntry>>,
    #[serde(default)]
    pub(super) applications: Vec<Spanned<ApplicationEntry>>,
    #[serde(default)]
    pub(super) users: Vec<Spanned<PersonEntry>>,
    #[serde(default)]
    pub(super) faults: Vec<Spanned<faults::Entry>>,
}

/// `[federation]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FederationEntry {
    pub(super) domains: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) saml: SamlVersion,
    #[serde(default)]
    pub(super) ws_trust: Offer,
}

/// `[client]`, `[admin_client]` and `[[applications]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ApplicationEntry {
    pub(super) client_id: Option<Uuid>,
    pub(super) object_id: Option<Uuid>,
    pub(super) name: Option<String>,
    pub(super) secrets: Option<Vec<Secret>>,
    #[serde(default)]
    pub(super) certificates: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) redirect_uris: Vec<Spanned<String>>,
    pub(super) workloads: Option<Vec<Workload>>,
    pub(super) superuser: Option<bool>,
    pub(super) groups: Option<Vec<Uuid>>,
    pub(super) consent: Option<Consent>,
    pub(super) conditional_access: Option<ConditionalAccess>,
    pub(super) sign_in_frequency: Option<Spanned<i64>>,
}

/// `[user]`, `[admin_user]` and `[[users]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonEntry {
    pub(super) name: Option<Spanned<String>>,
    pub(super) object_id: Option<Uuid>,
    pub(super) display_name: Option<String>,
    pub(super) password: Option<Secret>,
    pub(super) superuser: Option<bool>,
    pub(super) groups: Option<Vec<Uuid>>,
    pub(super) state: Option<AccountState>,
    pub(super) mfa_code: Option<Secret>,
}
