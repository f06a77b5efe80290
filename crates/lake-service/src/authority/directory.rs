//! Who exists: one tenant, its domains, its applications and its people.

use lake_store::Principal;
use serde::{Deserialize, Serialize};
use uuid::{Uuid, uuid};

use super::client::Consent;
use super::federation::Federation;
use crate::secret::Secret;
use crate::workload_identity::Workload;

/// The Azure CLI's own id, which every tenant knows; the examples of ADAL's time sign in with it.
pub(crate) const AZURE_CLI: Uuid = uuid!("04b07795-8ddb-461a-bbee-02f9e1bf7b46");

/// The tenant, as the lake found it when it was opened.
#[derive(Clone, Debug)]
pub(crate) struct Directory {
    pub(crate) tenant_id: Uuid,
    /// The tenant's own domain comes first.
    pub(crate) domains: Vec<Domain>,
    /// The server that knows the passwords of the federated ones.
    pub(crate) federation: Federation,
    /// The ordinary principal of `endpoints.json`.
    pub(crate) client: Application,
    /// The superuser of `endpoints.json`.
    pub(crate) admin: Application,
    /// The ordinary person of `endpoints.json`.
    pub(crate) user: Person,
    /// The superuser among the people.
    pub(crate) admin_user: Person,
    /// Whoever else has an account, the Azure CLI among them.
    pub(crate) more_applications: Vec<Application>,
    pub(crate) more_people: Vec<Person>,
}

/// What stands after the `@` of people's names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Domain {
    pub(crate) name: String,
    pub(crate) passwords: Passwords,
}

/// Who knows the passwords of a domain's people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Passwords {
    /// The tenant.
    Managed,
    /// A federation server, which vouches for people by SAML.
    Federated,
}

/// A person with an account in the tenant.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) object_id: Uuid,
    /// The name to sign in with, such as `user@lake.onmicrosoft.com`.
    pub(crate) name: String,
    pub(crate) display_name: String,
    pub(crate) password: Secret,
    pub(crate) rights: Rights,
    /// Object ids, as ACLs name them.
    pub(crate) groups: Vec<Uuid>,
    pub(crate) state: AccountState,
    /// What the person types besides the password, if anything.
    pub(crate) mfa_code: Option<Secret>,
}

/// An application and its service principal.
#[derive(Clone, Debug)]
pub(crate) struct Application {
    pub(crate) client_id: Uuid,
    /// The service principal's id: what owners and ACLs name.
    pub(crate) object_id: Uuid,
    /// As people see it on the sign-in page.
    pub(crate) name: String,
    pub(crate) kind: ApplicationKind,
    pub(crate) rights: Rights,
    pub(crate) groups: Vec<Uuid>,
    /// Besides those of this machine, which every application may use.
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) consent: Consent,
    pub(crate) access: ConditionalAccess,
    /// What may speak for it by a token of the service that it runs on.
    pub(crate) workloads: Vec<Workload>,
    /// Seconds after which people must sign in again, however often the token was refreshed.
    pub(crate) sign_in_frequency: Option<i64>,
}

/// Whether an application can keep a secret.
#[derive(Clone, Debug)]
pub(crate) enum ApplicationKind {
    Public,
    /// Any of these shows who it is, and so does a registered certificate.
    Confidential(Vec<Secret>),
}

/// Whether somebody passes every permission check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Rights {
    Ordinary,
    Superuser,
}

/// Whether a person can sign in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum AccountState {
    #[default]
    Active,
    Disabled,
    Locked,
    PasswordExpired,
    /// A second factor must be registered first.
    MfaNotRegistered,
}

/// What an administrator asks of people who use an application.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ConditionalAccess {
    #[default]
    Allow,
    /// A second factor.
    Mfa,
    /// Nobody comes through.
    Block,
}

impl Directory {
    /// The tenant's own domain.
    pub(crate) fn domain(&self) -> &str {
        &self.domains[0].name
    }

    /// The domain of a person's name.
    pub(crate) fn domain_of(&self, name: &str) -> Option<&Domain> {
        let (_, of) = name.rsplit_once('@')?;
        let mut domains = self.domains.iter();
        domains.find(|domain| domain.name.eq_ignore_ascii_case(of.trim()))
    }

    /// Whether a federation server knows this person's password.
    pub(crate) fn is_federated(&self, person: &Person) -> bool {
        self.domain_of(&person.name)
            .is_some_and(|domain| domain.passwords == Passwords::Federated)
    }

    /// The people, in no particular order.
    pub(crate) fn people(&self) -> impl Iterator<Item = &Person> {
        [&self.user, &self.admin_user]
            .into_iter()
            .chain(&self.more_people)
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

    /// Whether this is the tenant's id or one of its domains.
    pub(crate) fn is_tenant(&self, name: &str) -> bool {
        let mut domains = self.domains.iter();
        domains.any(|domain| domain.name.eq_ignore_ascii_case(name))
            || name.parse::<Uuid>().is_ok_and(|id| id == self.tenant_id)
    }

    pub(crate) fn application(&self, client_id: Uuid) -> Option<&Application> {
        self.applications()
            .find(|application| application.client_id == client_id)
    }

    /// What somebody with this object id is called: a person's sign-in name, an application's name.
    pub(crate) fn name(&self, object_id: &str) -> Option<&str> {
        let id: Uuid = object_id.parse().ok()?;
        let mut applications = self.applications();
        let application = applications.find(|application| application.object_id == id);
        match application {
            Some(application) => Some(&application.name),
            None => self.person(id).map(|person| person.name.as_str()),
        }
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

    pub(crate) fn applications(&self) -> impl Iterator<Item = &Application> {
        [&self.client, &self.admin]
            .into_iter()
            .chain(&self.more_applications)
    }

    /// The object id of whoever the directory file gives none: the same after every start, and another in every tenant.
    pub(crate) fn derived_id(&self, name: &str) -> Uuid {
        derived_id(self.tenant_id, name)
    }
}

pub(super) fn derived_id(tenant_id: Uuid, name: &str) -> Uuid {
    let text = format!("{tenant_id}/{}", name.to_lowercase());
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.as_ref()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

impl Application {
    /// One with nothing but a name.
    pub(super) fn public(client_id: Uuid, object_id: Uuid, name: impl Into<String>) -> Self {
        Self {
            client_id,
            object_id,
            name: name.into(),
            kind: ApplicationKind::Public,
            rights: Rights::Ordinary,
            groups: Vec::new(),
            redirect_uris: Vec::new(),
            consent: Consent::Personal,
            access: ConditionalAccess::Allow,
            workloads: Vec::new(),
            sign_in_frequency: None,
        }
    }

    /// Who the store sees when this application calls.
    pub(crate) fn principal(&self) -> Principal {
        principal(self.object_id, self.rights, &self.groups)
    }

    /// The first of its secrets; those of `endpoints.json` have one.
    pub(crate) fn secret(&self) -> Option<&Secret> {
        match &self.kind {
            ApplicationKind::Public => None,
            ApplicationKind::Confidential(secrets) => secrets.first(),
        }
    }

    /// Whether this is one of its secrets.
    pub(crate) fn has_secret(&self, candidate: &str) -> bool {
        match &self.kind {
            ApplicationKind::Public => false,
            ApplicationKind::Confidential(secrets) => {
                secrets.iter().any(|secret| secret.matches(candidate))
            }
        }
    }

    pub(crate) fn is_public(&self) -> bool {
        matches!(self.kind, ApplicationKind::Public)
    }
}

impl Person {
    /// Who the store sees when this person calls, through whatever application.
    pub(crate) fn principal(&self) -> Principal {
        principal(self.object_id, self.rights, &self.groups).with_upn(&self.name)
    }
}

fn principal(object_id: Uuid, rights: Rights, groups: &[Uuid]) -> Principal {
    let id = object_id.to_string();
    let principal = match rights {
        Rights::Ordinary => Principal::new(id),
        Rights::Superuser => Principal::superuser(id),
    };
    principal.with_groups(groups.iter().map(Uuid::to_string))
}
