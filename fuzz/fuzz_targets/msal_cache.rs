//! Whatever a cache file holds, a token that it gives stood in it, and somebody is forgotten without a trace while
//! nothing else changes.

#![no_main]

use std::sync::{Arc, Mutex};

use aad_core::{Context, ErrorKind, Result, Secret, TokenCredential, TokenRequest};
use aad_identity::persistent_cache::Turn;
use aad_identity::{
    CacheStorage, CachedAccount, CachedAccountCredential, LockedStorage, PersistentCache,
};
use async_trait::async_trait;
use futures::executor::block_on;
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};
use testkit::context::{World, json};

/// A file in memory.
#[derive(Clone, Debug)]
struct Memory(Arc<Mutex<Secret>>);

impl Memory {
    fn read(&self) -> Secret {
        self.0.lock().expect("nobody panics with it").clone()
    }
}

#[async_trait]
impl CacheStorage for Memory {
    async fn load(&self, _: &Context) -> Result<Option<Secret>> {
        Ok(Some(self.read()))
    }

    async fn try_lock(&self, _: &Context) -> Result<Option<Box<dyn LockedStorage>>> {
        Ok(Some(Box::new(self.clone())))
    }

    async fn try_turn(&self, _: &Context, _: &str) -> Result<Option<Turn>> {
        Ok(Some(Turn::new(())))
    }
}

#[async_trait]
impl LockedStorage for Memory {
    async fn load(&mut self) -> Result<Option<Secret>> {
        Ok(Some(self.read()))
    }

    async fn save(&mut self, content: &Secret) -> Result<()> {
        *self.0.lock().expect("nobody panics with it") = content.clone();
        Ok(())
    }
}

/// The rows that are not about this person, by section; what is no row stays as it is.
fn others(text: &Secret, home_account_id: &str) -> Map<String, Value> {
    let parsed: Value = serde_json::from_str(text.expose()).expect("it was read before");
    let Value::Object(mut sections) = parsed else {
        panic!("it was read before");
    };
    for name in ["AccessToken", "RefreshToken", "IdToken", "Account"] {
        if let Some(Value::Object(rows)) = sections.get_mut(name) {
            rows.retain(|_, row| !is_of(row, home_account_id));
        }
    }
    sections
}

fn is_of(row: &Value, home_account_id: &str) -> bool {
    let id = row.get("home_account_id").and_then(Value::as_str);
    id == Some(home_account_id)
}

/// Signs this person in, at an authority that refuses whatever it is asked.
fn sign_in(world: &World, account: &CachedAccount, cache: PersistentCache, text: &str) {
    world
        .transport
        .always(|_| json(400, r#"{"error":"invalid_grant"}"#).into());
    let context = world.context();
    let Ok(credential) = CachedAccountCredential::new(context, "app", account, cache) else {
        return;
    };
    if let Ok(token) = block_on(credential.token(&TokenRequest::new(["scope"]))) {
        let parsed: Value = serde_json::from_str(text).expect("it was read before");
        let stood = |row: &Value| row["secret"] == *token.token.expose();
        assert!(
            parsed["AccessToken"]
                .as_object()
                .is_some_and(|rows| rows.values().any(stood))
        );
        assert!(token.expires_on > world.clock.now());
    }
}

fuzz_target!(|text: &str| {
    let world = World::new();
    let context = world.context();
    let memory = Memory(Arc::new(Mutex::new(Secret::new(text))));
    let cache = PersistentCache::new(Arc::new(memory.clone()));
    let accounts = match block_on(cache.accounts(&context)) {
        Ok(accounts) => accounts,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Unavailable);
            assert!(!format!("{error} {error:?}").contains("s3cr3t-0f-n0b0dy"));
            assert_eq!(
                memory.read().expose(),
                text,
                "what is not understood is left alone"
            );
            return;
        }
    };
    let Some(gone) = accounts.first() else {
        return;
    };
    sign_in(&world, gone, cache.clone(), text);
    let id = gone.home_account_id.as_str();
    let before = others(&memory.read(), id);
    block_on(cache.remove(&context, id)).expect("it was read before");
    let after = memory.read();
    assert!(after.expose().is_ascii());
    assert_eq!(others(&after, id), before);
    let left: Value = serde_json::from_str(after.expose()).expect("it is JSON");
    assert_eq!(left, Value::Object(before), "no row of the person is left");
    let accounts = block_on(cache.accounts(&context)).expect("it is a cache");
    assert!(accounts.iter().all(|left| left.home_account_id != id));
});
