//! What one application finds in a cache.

use std::cmp::Reverse;

use aad_core::{AccessToken, Cloud, Secret, TokenRequest};
use time::{Duration, OffsetDateTime};

use super::account::{self, CachedAccount};
use super::schema::{Content, Row, Section, moment, text};

/// MSAL takes a token for expired so long before it is.
const RENEWAL_WINDOW: Duration = Duration::seconds(300);

/// Sets the tokens of callers that handle Continuous Access Evaluation apart from the others: MSAL
/// makes a key of parameters that change what a token is (`_compute_ext_cache_key`), and finds a
/// token that has one only by it. This one is for the parameter `xms_cc` with the value `CP1`.
const CAE_KEY: &str = "i1vplspqcvn3vgy61jmartdpedlekw7nuxxzgtb1vui";

/// One application at one authority.
#[derive(Clone, Debug)]
pub(crate) struct Application {
    pub(super) client_id: String,
    /// The host names of the authority; the first is the one in use.
    environments: Vec<String>,
}

/// Whose token it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner<'a> {
    /// The application's own.
    Application,
    /// That of a person, by `home_account_id`.
    Person(&'a str),
    /// That of the person whose token had this hash when it was passed on.
    PassedOn(&'a str),
}

/// Which token is wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) tenant: &'a str,
    pub(crate) request: &'a TokenRequest,
    pub(crate) owner: Owner<'a>,
}

/// An access token that is valid.
pub(crate) struct Found {
    pub(crate) token: AccessToken,
    /// Whether it should be replaced.
    pub(crate) is_due: bool,
}

impl Application {
    pub(super) fn new(client_id: &str, host: &str, cloud: &Cloud) -> Self {
        let host = host.to_ascii_lowercase();
        let cloud = match Cloud::of_authority(&host) {
            Some(known) => Some(known),
            None => (*cloud.authority_host == *host).then(|| cloud.clone()),
        };
        let mut environments = vec![host];
        if let Some(cloud) = cloud {
            let aliases = cloud
                .authority_aliases
                .iter()
                .map(|alias| (*alias).to_owned());
            for name in aliases.chain([cloud.authority_host.into_owned()]) {
                if !environments.contains(&name) {
                    environments.push(name);
                }
            }
        }
        Self {
            client_id: client_id.to_owned(),
            environments,
        }
    }

    /// The access token that lives longest.
    pub(crate) fn access_token(
        &self,
        content: &Content,
        wanted: &Wanted<'_>,
        now: OffsetDateTime,
    ) -> Option<Found> {
        // Claims ask for a token that nobody has yet.
        if wanted.request.claims.is_some() {
            return None;
        }
        let rows = content.rows(Section::AccessToken);
        let tokens = rows.filter(|row| self.is_mine(row) && wanted.is_met_by(row));
        let found = tokens.filter_map(|row| read(row, now));
        found
            .filter(|found| wanted.request.rejected.as_ref() != Some(&found.token.token))
            .max_by_key(|found| found.token.expires_on)
    }

    /// The refresh tokens with which this person may be signed in, the most promising first.
    ///
    /// Applications of a family may use each other's. Whether an application is in it, it learns
    /// from the first answer it gets; before, it can only try, as MSAL does.
    pub(crate) fn refresh_tokens(&self, content: &Content, person: &str) -> Vec<Secret> {
        let known = self.metadata(content).is_some();
        let family = self.family(content);
        let mut rows: Vec<_> = content
            .rows(Section::RefreshToken)
            .filter(|row| self.is_here(row) && is_of(row, person))
            .filter_map(|row| {
                let id = text(row, "family_id");
                let of_family = id.is_some_and(|id| !known || family == Some(id));
                let written = moment(row, "last_modification_time");
                (of_family || self.is_mine(row))
                    .then_some(((!of_family, Reverse(written)), text(row, "secret")?))
            })
            .collect();
        // Else in the order of the rows.
        rows.sort_by_key(|(promise, _)| *promise);
        let mut tokens: Vec<&str> = Vec::new();
        for (_, token) in rows {
            if !tokens.contains(&token) {
                tokens.push(token);
            }
        }
        tokens.into_iter().map(Secret::new).collect()
    }

    /// Who signed in with this application or its family, each person once.
    pub(crate) fn accounts(&self, content: &Content) -> Vec<CachedAccount> {
        let family = self.family(content);
        let mut accounts = account::all(content, |row| self.is_here(row));
        accounts.retain(|account| {
            content.rows(Section::RefreshToken).any(|row| {
                let of_family = family.is_some() && family == text(row, "family_id");
                (self.is_mine(row) || of_family && self.is_here(row))
                    && is_of(row, &account.home_account_id)
            })
        });
        accounts
    }

    /// Where its rows are.
    pub(super) fn environment(&self) -> &str {
        self.environments
            .first()
            .expect("there is at least its own")
    }

    /// Whether a row is of this authority.
    pub(super) fn is_here(&self, row: &Row) -> bool {
        let place = text(row, "environment").unwrap_or_default();
        self.environments
            .iter()
            .any(|name| name.eq_ignore_ascii_case(place))
    }

    /// Whether a row is of this application.
    pub(super) fn is_mine(&self, row: &Row) -> bool {
        let client = text(row, "client_id").unwrap_or_default();
        self.is_here(row) && client.eq_ignore_ascii_case(&self.client_id)
    }

    fn metadata<'a>(&self, content: &'a Content) -> Option<&'a Row> {
        content
            .rows(Section::AppMetadata)
            .find(|row| self.is_mine(row))
    }

    fn family<'a>(&self, content: &'a Content) -> Option<&'a str> {
        text(self.metadata(content)?, "family_id")
    }
}

impl<'a> Wanted<'a> {
    /// What tells it from what other processes may want.
    pub(super) fn key(&self) -> Vec<&'a str> {
        let owner = match self.owner {
            Owner::Application => "",
            Owner::Person(id) | Owner::PassedOn(id) => id,
        };
        let mut key = vec![
            owner,
            self.tenant,
            extended_key(self.request).unwrap_or_default(),
        ];
        key.extend(self.request.scopes.iter().map(String::as_str));
        key
    }

    /// Whether this access token of the application is for it.
    fn is_met_by(&self, row: &Row) -> bool {
        let owner = match self.owner {
            Owner::Application => text(row, "home_account_id").is_none(),
            Owner::Person(id) => is_of(row, id),
            Owner::PassedOn(hash) => text(row, "user_assertion_hash") == Some(hash),
        };
        let realm = text(row, "realm").unwrap_or_default();
        let target = text(row, "target").unwrap_or_default();
        let has = |scope: &String| target.split(' ').any(|word| word == scope);
        owner
            && realm.eq_ignore_ascii_case(self.tenant)
            && self.request.scopes.iter().all(has)
            && text(row, "ext_cache_key") == extended_key(self.request)
            // Bound to a key, which is not here.
            && text(row, "key_id").is_none()
            && text(row, "token_type").is_none_or(|kind| kind.eq_ignore_ascii_case("Bearer"))
    }
}

/// What sets the tokens for such requests apart, if anything.
pub(super) fn extended_key(request: &TokenRequest) -> Option<&'static str> {
    request.enable_cae.then_some(CAE_KEY)
}

/// Whether a row is of this person.
pub(super) fn is_of(row: &Row, person: &str) -> bool {
    text(row, "home_account_id") == Some(person)
}

fn read(row: &Row, now: OffsetDateTime) -> Option<Found> {
    let expires_on = moment(row, "expires_on").filter(|expiry| *expiry > now)?;
    let mut token = AccessToken::new(text(row, "secret")?, expires_on);
    token.refresh_on = moment(row, "refresh_on");
    let life = moment(row, "cached_at").map_or(Duration::MAX, |since| expires_on - since);
    let life = life.max(Duration::ZERO);
    let latest = expires_on - RENEWAL_WINDOW.min(life / 2);
    let is_due = now >= token.refresh_on.map_or(latest, |wish| wish.min(latest));
    Some(Found { token, is_due })
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::digest::{SHA256, digest};
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    #[test]
    fn the_extended_key_is_made_as_msal_makes_it() {
        let (name, value) = ("xms_cc", "CP1");
        let parts = format!("{}:{name}{}:{value}", name.len(), value.len());
        let key = URL_SAFE_NO_PAD.encode(digest(&SHA256, parts.as_bytes()));
        assert_eq!(key.to_lowercase(), CAE_KEY);
    }
}
