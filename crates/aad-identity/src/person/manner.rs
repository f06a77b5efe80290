//! How somebody becomes the person of a credential.

use aad_core::Secret;

use crate::persistent_cache::{CachedAccount, Content, Share, assertion_hash};

/// How somebody becomes the person of a credential.
#[derive(Clone, Debug)]
pub(crate) struct Manner {
    /// Who may be taken from a persistent cache, before anybody has signed in here.
    pub(super) whom: Whom,
    /// The grant by which somebody signs in, as MSAL notes it with the account.
    pub(super) grant: Option<&'static str>,
    /// Whether somebody is asked, who may take minutes.
    pub(super) asks: bool,
}

/// Who may be taken from a persistent cache.
///
/// Where a person is asked, or was before, an account that the program named goes first.
#[derive(Clone, Debug)]
pub(super) enum Whom {
    /// The only one who signed in with the application. Where there are several, nobody: a program
    /// must not act for another person than its user thinks of.
    TheOnly,
    /// Whoever has this name.
    Named(String),
    /// Nobody: the credential was given what shows who it is.
    Nobody,
    /// The person whose token with this hash was passed on.
    PassedOn(String),
}

impl Manner {
    /// A person is asked; perhaps one of this name.
    pub(crate) fn asked(grant: &'static str, name: Option<&str>) -> Self {
        Self {
            whom: name.map_or(Whom::TheOnly, |name| Whom::Named(name.to_owned())),
            grant: Some(grant),
            asks: true,
        }
    }

    /// The person of this name signs in with a password.
    pub(crate) fn password(name: &str) -> Self {
        Self {
            whom: Whom::Named(name.to_owned()),
            grant: Some("password"),
            asks: false,
        }
    }

    /// A person signed in elsewhere and left something to show it.
    pub(crate) fn elsewhere(grant: Option<&'static str>) -> Self {
        Self {
            whom: Whom::Nobody,
            grant,
            asks: false,
        }
    }

    /// A person signed in before, or cannot be signed in.
    pub(crate) fn before() -> Self {
        Self {
            whom: Whom::TheOnly,
            grant: None,
            asks: false,
        }
    }

    /// A person is signed in at a service, which was passed this token.
    pub(crate) fn passed_on(assertion: &Secret) -> Self {
        Self {
            whom: Whom::PassedOn(assertion_hash(assertion)),
            grant: None,
            asks: false,
        }
    }

    /// The name of the person, where only one can be meant.
    pub(super) fn username(&self) -> Option<&str> {
        match &self.whom {
            Whom::Named(name) if !self.asks => Some(name),
            _ => None,
        }
    }

    /// The `home_account_id` of the person whom the cache may sign in.
    pub(super) fn person(&self, share: &Share, content: &Content) -> Option<String> {
        let named = match &self.whom {
            Whom::Nobody | Whom::PassedOn(_) => return None,
            // Whoever has a password does not mean another person.
            Whom::Named(_) if !self.asks => None,
            Whom::TheOnly | Whom::Named(_) => share.account(),
        };
        if let Some(account) = named {
            return Some(account.home_account_id.clone());
        }
        let accounts = share.application().accounts(content);
        let is_meant = |account: &&CachedAccount| match &self.whom {
            Whom::Named(name) => account.username.to_lowercase() == name.to_lowercase(),
            _ => true,
        };
        let mut meant = accounts.iter().filter(is_meant);
        match (meant.next(), meant.next()) {
            (Some(account), None) => Some(account.home_account_id.clone()),
            (None, _) => None,
            (Some(_), Some(_)) => {
                tracing::info!("several people have signed in; the program names none of them");
                None
            }
        }
    }
}
