//! What an authority granted, written down as MSAL does it.

use std::collections::BTreeSet;

use aad_core::TokenRequest;
use aad_core::oauth::TokenResponse;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::application::{Application, Owner, extended_key, is_of};
use super::schema::{Content, Row, Section, moment, seconds, text};
use super::who::Who;

/// A token that was granted just now.
pub(crate) struct Granted<'a> {
    pub(crate) tenant: &'a str,
    pub(crate) request: &'a TokenRequest,
    pub(crate) response: &'a TokenResponse,
    pub(crate) to: To<'a>,
}

/// Whom it was granted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum To<'a> {
    /// The application itself.
    Application,
    /// The application, for the person whose token it was passed; that token's hash.
    PassedOn(&'a str),
    /// Somebody who signed in: by which grant, and, should the authority not tell it, by what name.
    SignedIn {
        source: Option<&'a str>,
        username: Option<&'a str>,
    },
    /// The person with this `home_account_id`, who was not asked.
    Known(&'a str),
}

impl<'a> From<Owner<'a>> for To<'a> {
    fn from(owner: Owner<'a>) -> Self {
        match owner {
            Owner::Application => Self::Application,
            Owner::PassedOn(hash) => Self::PassedOn(hash),
            Owner::Person(person) => Self::Known(person),
        }
    }
}

impl Application {
    /// Writes down what was granted. Of a person whom nobody can name afterwards, nothing is kept.
    pub(super) fn record(&self, content: &mut Content, granted: &Granted<'_>, now: OffsetDateTime) {
        content.remove(Section::AccessToken, |row| {
            moment(row, "expires_on").is_some_and(|expiry| expiry < now)
        });
        let who = Who::of(granted.response);
        let person = match granted.to {
            To::Application => None,
            To::Known(person) => Some(person),
            To::PassedOn(_) | To::SignedIn { .. } => match &who {
                Some(who) => Some(who.home_account_id.as_str()),
                None => return,
            },
        };
        // Whoever was signed out meanwhile stays so.
        let is_theirs = |row: &Row| self.is_here(row) && person.is_some_and(|id| is_of(row, id));
        if matches!(granted.to, To::Known(_)) && !content.rows(Section::Account).any(is_theirs) {
            return;
        }
        let entry = Entry {
            application: self,
            person,
            granted,
            now,
        };
        content.put(Section::AccessToken, entry.access_token());
        content.put(Section::AppMetadata, entry.metadata());
        if let (To::SignedIn { source, username }, Some(who)) = (granted.to, &who) {
            content.put(Section::Account, entry.account(who, source, username));
        }
        if matches!(granted.to, To::SignedIn { .. } | To::Known(_)) {
            entry.put_id_token(content);
            entry.put_refresh_token(content);
        }
    }
}

/// One grant on its way into the cache.
struct Entry<'a> {
    application: &'a Application,
    person: Option<&'a str>,
    granted: &'a Granted<'a>,
    now: OffsetDateTime,
}

impl Entry<'_> {
    fn access_token(&self) -> Row {
        let (request, response) = (self.granted.request, self.granted.response);
        let token = &response.access_token;
        let extended = response.extended_expires_on.unwrap_or(token.expires_on);
        let mut row = self.row(Section::AccessToken, token.token.expose());
        row.insert("target".into(), self.target().into());
        row.insert("realm".into(), self.granted.tenant.into());
        row.insert("token_type".into(), "Bearer".into());
        row.insert("cached_at".into(), seconds(self.now));
        row.insert("expires_on".into(), seconds(token.expires_on));
        row.insert("extended_expires_on".into(), seconds(extended));
        if let Some(wish) = token.refresh_on {
            row.insert("refresh_on".into(), seconds(wish));
        }
        if let Some(key) = extended_key(request) {
            row.insert("ext_cache_key".into(), key.into());
        }
        if let To::PassedOn(hash) = self.granted.to {
            row.insert("user_assertion_hash".into(), hash.into());
        }
        row
    }

    fn metadata(&self) -> Row {
        let application = self.application;
        let mut row = Row::new();
        row.insert("client_id".into(), json!(application.client_id));
        row.insert("environment".into(), json!(application.environment()));
        if let Some(family) = &self.granted.response.family {
            row.insert("family_id".into(), json!(family));
        }
        row
    }

    fn account(&self, who: &Who, source: Option<&str>, username: Option<&str>) -> Row {
        let name = Some(who.username.as_str()).filter(|name| !name.is_empty());
        let realm = self.granted.tenant;
        let kind = if realm.eq_ignore_ascii_case("adfs") {
            "ADFS"
        } else {
            "MSSTS"
        };
        let mut row = Row::new();
        row.insert("home_account_id".into(), json!(who.home_account_id));
        row.insert("environment".into(), json!(self.application.environment()));
        row.insert("realm".into(), realm.into());
        row.insert("local_account_id".into(), json!(who.local_account_id));
        row.insert(
            "username".into(),
            name.or(username).unwrap_or_default().into(),
        );
        row.insert("authority_type".into(), kind.into());
        if let Some(source) = source {
            row.insert("account_source".into(), source.into());
        }
        row
    }

    fn put_id_token(&self, content: &mut Content) {
        if let Some(token) = &self.granted.response.id_token {
            let mut row = self.row(Section::IdToken, token.expose());
            row.insert("realm".into(), self.granted.tenant.into());
            content.put(Section::IdToken, row);
        }
    }

    /// A person has one with an application: the newest.
    fn put_refresh_token(&self, content: &mut Content) {
        let Some(token) = &self.granted.response.refresh_token else {
            return;
        };
        let is_older = |row: &Row| {
            self.application.is_mine(row) && self.person.is_some_and(|person| is_of(row, person))
        };
        let older = content
            .rows(Section::RefreshToken)
            .find(|row| is_older(row));
        let mut row = older.map(without_secret).unwrap_or_default();
        let target = text(&row, "target").map_or_else(|| self.target(), str::to_owned);
        row.extend(self.row(Section::RefreshToken, token.expose()));
        row.insert("target".into(), target.into());
        row.insert("last_modification_time".into(), seconds(self.now));
        if let Some(family) = &self.granted.response.family {
            row.insert("family_id".into(), json!(family));
        }
        content.remove(Section::RefreshToken, is_older);
        content.put(Section::RefreshToken, row);
    }

    /// What all tokens have.
    fn row(&self, section: Section, secret: &str) -> Row {
        let mut row = Row::new();
        row.insert("credential_type".into(), section.name().into());
        row.insert("secret".into(), secret.into());
        row.insert(
            "home_account_id".into(),
            self.person.map_or(Value::Null, Value::from),
        );
        row.insert("environment".into(), json!(self.application.environment()));
        row.insert("client_id".into(), json!(self.application.client_id));
        row
    }

    /// What was granted, and what was wanted: by that the token is found, and an authority may say
    /// it in other words, or name what `.default` stands for.
    fn target(&self) -> String {
        let wanted = self.granted.request.scopes.iter().map(String::as_str);
        let granted = self.granted.response.scope.as_deref().unwrap_or_default();
        let words: BTreeSet<&str> = granted.split_ascii_whitespace().chain(wanted).collect();
        Vec::from_iter(words).join(" ")
    }
}

fn without_secret(row: &Row) -> Row {
    let fields = row.iter().filter(|(name, _)| *name != "secret");
    fields
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}
