//! Who has signed in, and as whom commands run. No secret is in it.

use std::path::PathBuf;

use aad_identity::CachedAccount;
use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

/// The form of the file. An `adl` that does not know it must not write it.
const VERSION: u32 = 1;

/// Where a person signs in who names no tenant.
pub(crate) const ANY_TENANT: &str = "organizations";

/// Who has signed in, in the order of signing in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Profile {
    version: u32,
    accounts: Vec<Account>,
}

/// Somebody who has signed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Account {
    /// A person's name or an application's client id.
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// Where to ask for tokens.
    pub(crate) tenant: String,
    /// The application through which a person signs in, or the application itself.
    pub(crate) client_id: String,
    pub(crate) place: Place,
    /// Whether commands run as this one. At most one is.
    pub(crate) active: bool,
}

/// What signed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Kind {
    /// A person, by what the token cache calls it.
    User {
        home_account_id: String,
        environment: String,
    },
    /// An application.
    ServicePrincipal,
}

/// Where somebody signed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Place {
    /// At the local lake of this folder, whatever port it has today.
    Lake(PathBuf),
    /// At the authority with this address.
    Authority(String),
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            version: VERSION,
            accounts: Vec::new(),
        }
    }
}

impl Profile {
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let profile: Self = serde_json::from_str(text).context("it is not what adl writes")?;
        if profile.version != VERSION {
            bail!("it is of a newer adl");
        }
        Ok(profile)
    }

    pub(crate) fn to_text(&self) -> String {
        serde_json::to_string_pretty(self).expect("texts and flags are JSON")
    }

    /// Everybody, in the order of signing in.
    pub(crate) fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// As whom commands run.
    pub(crate) fn active(&self) -> Option<&Account> {
        self.accounts.iter().find(|account| account.active)
    }

    /// Adds somebody, as whom commands run from now on. Signing in again replaces the former time.
    pub(crate) fn add(&mut self, account: Account) {
        self.accounts.retain(|known| !known.is_same(&account));
        self.accounts.push(account);
        let last = self.accounts.len() - 1;
        self.activate(last);
    }

    /// Chooses as whom commands run.
    pub(crate) fn activate(&mut self, index: usize) {
        for (at, account) in self.accounts.iter_mut().enumerate() {
            account.active = at == index;
        }
    }

    /// Who with this name signed in last; the same name may have signed in at several places.
    pub(crate) fn named(&self, name: &str) -> Option<usize> {
        self.accounts
            .iter()
            .rposition(|account| account.is_called(name))
    }

    /// Removes those that `leave`, and returns them. Nobody else becomes the active one.
    pub(crate) fn remove(&mut self, leave: impl Fn(&Account) -> bool) -> Vec<Account> {
        self.accounts
            .extract_if(.., |account| leave(account))
            .collect()
    }
}

impl Account {
    /// Whether this is its name, in any case.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        self.name.to_lowercase() == name.to_lowercase()
    }

    /// Whether it is the same person or application at the same place, however it signed in.
    fn is_same(&self, other: &Self) -> bool {
        self.shares_tokens(other) && self.place == other.place
    }

    /// Whether it is the same person or application, at whatever place.
    pub(super) fn shares_tokens(&self, other: &Self) -> bool {
        match (self.home_account_id(), other.home_account_id()) {
            (None, None) => self.client_id == other.client_id && self.tenant == other.tenant,
            (own, others) => own == others,
        }
    }

    /// The tenant, even if it was not known before the sign-in who it would be.
    pub(crate) fn own_tenant(&self) -> &str {
        let home = self.home_account_id().and_then(|id| id.rsplit_once('.'));
        match home {
            Some((_, tenant)) if self.tenant == ANY_TENANT => tenant,
            _ => &self.tenant,
        }
    }

    fn home_account_id(&self) -> Option<&str> {
        match &self.kind {
            Kind::User {
                home_account_id, ..
            } => Some(home_account_id),
            Kind::ServicePrincipal => None,
        }
    }

    /// The person, as the token cache knows it.
    pub(crate) fn cached(&self) -> Option<CachedAccount> {
        match &self.kind {
            Kind::User {
                home_account_id,
                environment,
            } => Some(
                CachedAccount::new(home_account_id, environment, &self.tenant)
                    .with_username(&self.name),
            ),
            Kind::ServicePrincipal => None,
        }
    }
}

impl Kind {
    /// As the Azure CLI calls it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::User { .. } => "user",
            Self::ServicePrincipal => "servicePrincipal",
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Lake(root) => write!(f, "{}", root.display()),
            Self::Authority(address) => f.write_str(address),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str, place: Place) -> Account {
        Account {
            name: name.into(),
            kind: Kind::User {
                home_account_id: format!("{name}.home"),
                environment: "login.microsoftonline.com".into(),
            },
            tenant: "t".into(),
            client_id: "app".into(),
            place,
            active: false,
        }
    }

    fn cloud() -> Place {
        Place::Authority("https://login.microsoftonline.com".into())
    }

    fn lake() -> Place {
        Place::Lake("/data/lake".into())
    }

    #[test]
    fn who_named_no_tenant_has_one_all_the_same() {
        let mut anna = person("anna", cloud());
        assert_eq!(anna.own_tenant(), "t");
        anna.tenant = ANY_TENANT.into();
        assert_eq!(anna.own_tenant(), "home");
    }

    fn active(profile: &Profile) -> Vec<&str> {
        let active = profile.accounts().iter().filter(|account| account.active);
        active.map(|account| account.name.as_str()).collect()
    }

    #[test]
    fn whoever_signs_in_last_is_active_and_is_there_once() {
        let mut profile = Profile::default();
        profile.add(person("anna", cloud()));
        profile.add(person("bert", cloud()));
        assert_eq!(active(&profile), ["bert"]);
        profile.add(person("anna", cloud()));
        profile.add(person("anna", lake()));
        assert_eq!(profile.accounts().len(), 3);
        assert_eq!(active(&profile), ["anna"]);
        assert_eq!(profile.active().unwrap().place, lake());
        assert_eq!(profile.named("ANNA"), Some(2));
    }

    #[test]
    fn nobody_takes_the_place_of_who_signed_out() {
        let mut profile = Profile::default();
        profile.add(person("anna", cloud()));
        profile.add(person("bert", cloud()));
        let left = profile.remove(|account| account.active);
        assert_eq!(left.len(), 1);
        assert_eq!(active(&profile), [""; 0]);
        profile.activate(0);
        assert_eq!(active(&profile), ["anna"]);
    }

    #[test]
    fn what_is_written_is_read_again_and_a_newer_form_is_left_alone() {
        let mut profile = Profile::default();
        profile.add(person("anna", lake()));
        let app = Account {
            kind: Kind::ServicePrincipal,
            ..person("app", cloud())
        };
        profile.add(app);
        let text = profile.to_text();
        assert_eq!(Profile::parse(&text).unwrap(), profile);
        let newer = text.replace("\"version\": 1", "\"version\": 2");
        assert!(
            Profile::parse(&newer)
                .unwrap_err()
                .to_string()
                .contains("newer")
        );
        assert!(Profile::parse("{}").is_err());
    }
}
