//! Who exists: one tenant and its applications.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lake_store::{Ambient, Principal};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::secret::Secret;

/// The tenant and its applications, as stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Directory {
    pub(crate) tenant_id: Uuid,
    pub(crate) domain: String,
    /// The ordinary principal of `endpoints.json`.
    pub(crate) client: Application,
    /// The superuser of `endpoints.json`.
    pub(crate) admin: Application,
}

/// An application and its service principal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Application {
    pub(crate) client_id: Uuid,
    /// The service principal's id: what owners and ACLs name.
    pub(crate) object_id: Uuid,
    pub(crate) secret: Secret,
    pub(crate) rights: Rights,
}

/// Whether an application passes every permission check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Rights {
    Ordinary,
    Superuser,
}

impl Directory {
    /// A new tenant with its two applications.
    pub(crate) fn create(ambient: &Ambient) -> Self {
        Self {
            tenant_id: ambient.uuid(),
            domain: "lake.onmicrosoft.com".into(),
            client: Application::create(ambient, Rights::Ordinary),
            admin: Application::create(ambient, Rights::Superuser),
        }
    }

    /// Whether this is the tenant's id or domain.
    pub(crate) fn is_tenant(&self, name: &str) -> bool {
        name.eq_ignore_ascii_case(&self.domain)
            || name.parse::<Uuid>().is_ok_and(|id| id == self.tenant_id)
    }

    pub(crate) fn application(&self, client_id: Uuid) -> Option<&Application> {
        self.applications()
            .find(|application| application.client_id == client_id)
    }

    /// The principal with this object id.
    pub(crate) fn principal(&self, object_id: Uuid) -> Option<Principal> {
        self.applications()
            .find(|application| application.object_id == object_id)
            .map(Application::principal)
    }

    fn applications(&self) -> impl Iterator<Item = &Application> {
        [&self.client, &self.admin].into_iter()
    }
}

impl Application {
    fn create(ambient: &Ambient, rights: Rights) -> Self {
        let (client_id, object_id) = (ambient.uuid(), ambient.uuid());
        Self {
            client_id,
            object_id,
            secret: new_secret(ambient),
            rights,
        }
    }

    /// Who the store sees when this application calls.
    pub(crate) fn principal(&self) -> Principal {
        match self.rights {
            Rights::Ordinary => Principal::new(self.object_id.to_string()),
            Rights::Superuser => Principal::superuser(self.object_id.to_string()),
        }
    }
}

/// 40 characters, as long as Entra's own.
fn new_secret(ambient: &Ambient) -> Secret {
    let mut bytes = Zeroizing::new([0; 30]);
    ambient.fill(&mut *bytes);
    Secret::new(URL_SAFE_NO_PAD.encode(*bytes))
}
