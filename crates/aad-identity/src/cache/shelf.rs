//! The tokens that are kept, where every reader finds them without a lock.

use std::sync::Arc;

use aad_core::TokenRequest;
use arc_swap::{ArcSwap, Guard};

use super::held::Held;

/// What two requests share if one token does for both: tenant, scopes and whether claims
/// challenges are handled. Borrowed, so that nothing is allocated to find a token.
pub(super) type Key<'a> = (&'a str, &'a [String], bool);

/// The same, kept.
#[derive(Debug)]
pub(super) struct OwnedKey {
    tenant: String,
    scopes: Vec<String>,
    enable_cae: bool,
}

pub(super) fn key<'a>(tenant: &'a str, request: &'a TokenRequest) -> Key<'a> {
    (tenant, &request.scopes, request.enable_cae)
}

impl OwnedKey {
    pub(super) fn borrow(&self) -> Key<'_> {
        (&self.tenant, &self.scopes, self.enable_cae)
    }
}

impl From<Key<'_>> for OwnedKey {
    fn from((tenant, scopes, enable_cae): Key<'_>) -> Self {
        Self {
            tenant: tenant.to_owned(),
            scopes: scopes.to_owned(),
            enable_cae,
        }
    }
}

/// The tokens that are kept. To change one makes a new list, which is sorted by key.
#[derive(Debug, Default)]
pub(super) struct Shelf(ArcSwap<Vec<Arc<Held>>>);

/// What a reader saw. Its token stays readable whatever others put on the shelf.
pub(super) struct Kept(Guard<Arc<Vec<Arc<Held>>>>);

impl Shelf {
    pub(super) fn look(&self) -> Kept {
        Kept(self.0.load())
    }

    /// Puts a token in the place of the one with its key, and throws away what has expired.
    pub(super) fn put(&self, new: &Arc<Held>, now: u64) {
        self.0.rcu(|kept| {
            let valid = kept.iter().filter(|held| !held.is_expired(now));
            let mut kept: Vec<_> = valid.cloned().collect();
            match position(&kept, new.key()) {
                Ok(index) => kept[index] = Arc::clone(new),
                Err(index) => kept.insert(index, Arc::clone(new)),
            }
            kept
        });
    }
}

impl Kept {
    pub(super) fn find(&self, key: Key<'_>) -> Option<&Held> {
        let index = position(&self.0, key).ok()?;
        Some(&self.0[index])
    }
}

fn position(kept: &[Arc<Held>], key: Key<'_>) -> Result<usize, usize> {
    kept.binary_search_by(|held| held.key().cmp(&key))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use aad_core::{AccessToken, Context};
    use testkit::context::World;

    use super::*;

    fn put(shelf: &Shelf, context: &Context, scope: &str, token: &str, life: u64) {
        let request = TokenRequest::new([scope]);
        let expires_on = context.time_in(Duration::from_secs(life));
        let token = AccessToken::new(token, expires_on);
        let key = Arc::new(OwnedKey::from(key("contoso.com", &request)));
        let held = Held::new(key, &token, None, 1, context);
        shelf.put(&Arc::new(held), context.unix_nanos());
    }

    fn found(shelf: &Shelf, scope: &str) -> Option<String> {
        let request = TokenRequest::new([scope]);
        let kept = shelf.look();
        let held = kept.find(key("contoso.com", &request))?;
        Some(held.token().token.expose().to_owned())
    }

    #[test]
    fn a_token_is_found_under_its_key_and_replaced_there() {
        let (shelf, context) = (Shelf::default(), World::new().context());
        for scope in ["m", "z", "a", "m"] {
            put(&shelf, &context, scope, &format!("{scope} before"), 60);
        }
        put(&shelf, &context, "m", "m after", 60);
        let all = ["a", "m", "z", "x"].map(|scope| found(&shelf, scope));
        let expected = [Some("a before"), Some("m after"), Some("z before"), None];
        assert_eq!(all, expected.map(|text| text.map(str::to_owned)));
    }

    #[test]
    fn what_has_expired_is_not_kept() {
        let world = World::new();
        let (shelf, context) = (Shelf::default(), world.context());
        put(&shelf, &context, "short", "1", 60);
        put(&shelf, &context, "long", "2", 3600);
        world.clock.advance(Duration::from_secs(60));
        put(&shelf, &context, "other", "3", 60);
        assert_eq!(found(&shelf, "short"), None);
        assert!(found(&shelf, "long").is_some() && found(&shelf, "other").is_some());
    }
}
