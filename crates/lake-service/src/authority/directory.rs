//! Who exists: one tenant, its applications and its people.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lake_store::{Ambient, Principal};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::secret::Secret;

/// The tenant, its applications and its people, as stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Directory {
    pub(crate) tenant_id: Uuid,
    pub(crate) domain: String,
    /// The ordinary principal of `endpoints.json`.
    pub(crate) client: Application,
    /// The superuser of `endpoints.json`.
    pub(crate) admin: Application,
    /// Absent in the directory of a lake that is older than its people.
    #[serde(default)]
    pub(crate) people: Option<People>,
}

/// Who can sign in with a password.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct People {
    /// The ordinary person of `endpoints.json`.
    pub(crate) user: Person,
    /// The superuser among the people.
    pub(crate) admin: Person,
}

/// A person with an account in the tenant.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Person {
    pub(crate) object_id: Uuid,
    /// The name to sign in with, such as `user@lake.onmicrosoft.com`.
    pub(crate) name: String,
    pub(crate) display_name: String,
    pub(crate) password: Secret,
    pub(crate) rights: Rights,
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

/// Whether somebody passes every permission check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Rights {
    Ordinary,
    Superuser,
}

impl Directory {
    /// A new tenant with its two applications.
    pub(crate) fn create(ambient: &Ambient) -> Self {
        let domain = "lake.onmicrosoft.com";
        Self {
            tenant_id: ambient.uuid(),
            domain: domain.into(),
            client: Application::create(ambient, Rights::Ordinary),
            admin: Application::create(ambient, Rights::Superuser),
            people: Some(People::create(ambient, domain)),
        }
    }

    /// The people, in no particular order.
    pub(crate) fn people(&self) -> impl Iterator<Item = &Person> {
        self.people
            .iter()
            .flat_map(|people| [&people.user, &people.admin])
    }

    /// The person who signs in with this name.
    pub(crate) fn person_named(&self, name: &str) -> Option<&Person> {
        let name = name.trim();
        self.people()
            .find(|person| person.name.eq_ignore_ascii_case(name))
    }

    /// The person with this object id.
    pub(crate) fn person(&self, object_id: Uuid) -> Option<&Person> {
        self.people().find(|person| person.object_id == object_id)
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
        let application = self
            .applications()
            .find(|application| application.object_id == object_id);
        match application {
            Some(application) => Some(application.principal()),
            None => self.person(object_id).map(Person::principal),
        }
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

impl People {
    pub(crate) fn create(ambient: &Ambient, domain: &str) -> Self {
        let person = |name: &str, display_name: &str, rights| Person {
            object_id: ambient.uuid(),
            name: format!("{name}@{domain}"),
            display_name: display_name.to_owned(),
            password: new_secret(ambient),
            rights,
        };
        Self {
            user: person("user", "Lake User", Rights::Ordinary),
            admin: person("admin", "Lake Administrator", Rights::Superuser),
        }
    }
}

impl Person {
    /// Who the store sees when this person calls, through whatever application.
    pub(crate) fn principal(&self) -> Principal {
        let id = self.object_id.to_string();
        match self.rights {
            Rights::Ordinary => Principal::new(id),
            Rights::Superuser => Principal::superuser(id),
        }
        .with_upn(&self.name)
    }
}

/// 40 characters, as long as Entra's own.
fn new_secret(ambient: &Ambient) -> Secret {
    let mut bytes = Zeroizing::new([0; 30]);
    ambient.fill(&mut *bytes);
    Secret::new(URL_SAFE_NO_PAD.encode(*bytes))
}
