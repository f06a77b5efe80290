//! Whom the lake makes at first start and keeps: a tenant with two applications and two people.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lake_store::Ambient;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::client::Consent;
use super::directory::{
    AZURE_CLI, AccountState, Application, ApplicationKind, Directory, Domain, Passwords, Person,
    Rights, derived_id,
};
use super::federation::Federation;
use crate::secret::Secret;
use crate::workload_identity::Workload;

/// As the store keeps it.
#[derive(Serialize, Deserialize)]
pub(super) struct Seed {
    tenant_id: Uuid,
    domain: String,
    client: SeedApplication,
    admin: SeedApplication,
    /// Absent in the store of a lake that is older than its people.
    #[serde(default)]
    people: Option<SeedPeople>,
}

#[derive(Serialize, Deserialize)]
struct SeedApplication {
    client_id: Uuid,
    object_id: Uuid,
    secret: Secret,
    rights: Rights,
}

#[derive(Serialize, Deserialize)]
struct SeedPeople {
    user: SeedPerson,
    admin: SeedPerson,
}

#[derive(Serialize, Deserialize)]
struct SeedPerson {
    object_id: Uuid,
    name: String,
    display_name: String,
    password: Secret,
    rights: Rights,
}

impl Seed {
    /// A new tenant.
    pub(super) fn create(ambient: &Ambient) -> Self {
        let domain = "lake.onmicrosoft.com";
        Self {
            tenant_id: ambient.uuid(),
            domain: domain.into(),
            client: SeedApplication::create(ambient, Rights::Ordinary),
            admin: SeedApplication::create(ambient, Rights::Superuser),
            people: Some(SeedPeople::create(ambient, domain)),
        }
    }

    /// Makes what an older lake did not have; says whether there was anything to make.
    pub(super) fn complete(&mut self, ambient: &Ambient) -> bool {
        let missing = self.people.is_none();
        if missing {
            self.people = Some(SeedPeople::create(ambient, &self.domain));
        }
        missing
    }

    /// The directory of a complete seed.
    pub(super) fn into_directory(self) -> Option<Directory> {
        let SeedPeople { user, admin } = self.people?;
        let client = self.client.into_application("Lake Client", Consent::Given);
        Some(Directory {
            tenant_id: self.tenant_id,
            domains: vec![Domain {
                name: self.domain,
                passwords: Passwords::Managed,
            }],
            federation: Federation::default(),
            client: Application {
                workloads: Workload::ALL.to_vec(),
                ..client
            },
            admin: self
                .admin
                .into_application("Lake Administration", Consent::Personal),
            user: user.into_person(),
            admin_user: admin.into_person(),
            more_applications: vec![azure_cli(self.tenant_id)],
            more_people: Vec::new(),
        })
    }
}

fn azure_cli(tenant_id: Uuid) -> Application {
    let object_id = derived_id(tenant_id, "Microsoft Azure CLI");
    Application {
        consent: Consent::Given,
        ..Application::public(AZURE_CLI, object_id, "Microsoft Azure CLI")
    }
}

impl SeedApplication {
    fn create(ambient: &Ambient, rights: Rights) -> Self {
        let (client_id, object_id) = (ambient.uuid(), ambient.uuid());
        Self {
            client_id,
            object_id,
            secret: new_secret(ambient),
            rights,
        }
    }

    fn into_application(self, name: &str, consent: Consent) -> Application {
        Application {
            kind: ApplicationKind::Confidential(vec![self.secret]),
            rights: self.rights,
            consent,
            ..Application::public(self.client_id, self.object_id, name)
        }
    }
}

impl SeedPeople {
    fn create(ambient: &Ambient, domain: &str) -> Self {
        let person = |name: &str, display_name: &str, rights| SeedPerson {
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

impl SeedPerson {
    fn into_person(self) -> Person {
        Person {
            object_id: self.object_id,
            name: self.name,
            display_name: self.display_name,
            password: self.password,
            rights: self.rights,
            groups: Vec::new(),
            state: AccountState::Active,
            mfa_code: None,
        }
    }
}

/// 40 characters, as long as Entra's own.
fn new_secret(ambient: &Ambient) -> Secret {
    let mut bytes = Zeroizing::new([0; 30]);
    ambient.fill(&mut *bytes);
    Secret::new(URL_SAFE_NO_PAD.encode(*bytes))
}
