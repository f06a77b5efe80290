//! Somebody of whom a persistent cache knows.

use super::schema::{Content, Row, Section, text};

/// Somebody who signed in and whose tokens a persistent cache keeps.
///
/// It holds no secret: a program may keep it, in order to know later whom it means.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CachedAccount {
    /// The name with which the person signs in; empty if the authority did not tell it.
    pub username: String,
    /// Who it is, in every tenant: `<object id>.<tenant id>` of the home tenant.
    pub home_account_id: String,
    /// The host name of the authority.
    pub environment: String,
    /// The tenant that the person signed in to, as it was named then; perhaps `organizations`.
    pub tenant: String,
    /// The person's object id in that tenant.
    pub local_account_id: String,
}

impl CachedAccount {
    /// Somebody whom a program remembers from before, by what identifies a person.
    pub fn new(
        home_account_id: impl Into<String>,
        environment: impl Into<String>,
        tenant: impl Into<String>,
    ) -> Self {
        Self {
            username: String::new(),
            home_account_id: home_account_id.into(),
            environment: environment.into(),
            tenant: tenant.into(),
            local_account_id: String::new(),
        }
    }

    /// Sets the name with which the person signs in.
    #[must_use]
    pub fn with_username(mut self, username: impl Into<String>) -> Self {
        self.username = username.into();
        self
    }
}

/// Everybody of whom there is such a row. There may be one for each tenant; the home tenant's wins.
pub(super) fn all(content: &Content, is_such: impl Fn(&Row) -> bool) -> Vec<CachedAccount> {
    let mut accounts: Vec<CachedAccount> = Vec::new();
    for row in content.rows(Section::Account).filter(|row| is_such(row)) {
        let Some(account) = read(row) else { continue };
        let known = accounts
            .iter_mut()
            .find(|known| known.home_account_id == account.home_account_id);
        match known {
            None => accounts.push(account),
            Some(known) if account.is_at_home() && !known.is_at_home() => *known = account,
            Some(_) => {}
        }
    }
    accounts
        .sort_by(|a, b| (&a.username, &a.home_account_id).cmp(&(&b.username, &b.home_account_id)));
    accounts
}

fn read(row: &Row) -> Option<CachedAccount> {
    let field = |name| text(row, name).unwrap_or_default().to_owned();
    Some(CachedAccount {
        username: field("username"),
        home_account_id: text(row, "home_account_id")?.to_owned(),
        environment: text(row, "environment")?.to_owned(),
        tenant: field("realm"),
        local_account_id: field("local_account_id"),
    })
}

impl CachedAccount {
    fn is_at_home(&self) -> bool {
        let home = self.home_account_id.rsplit_once('.');
        home.is_some_and(|(_, tenant)| tenant == self.tenant)
    }
}
