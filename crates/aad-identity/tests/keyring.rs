//! A token cache whose key is in a keyring; here one in memory, of `keyring-core`.
#![cfg(feature = "keyring")]
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use std::sync::Arc;

use aad_core::{ErrorKind, Secret, TokenCredential, TokenRequest};
use aad_identity::{
    CacheStorage, ClientSecretCredential, CredentialOptions, KeyringStorage, PersistentCache,
};
use keyring_core::{CredentialStore, mock};
use testkit::context::{LogWatch, World, json};

const PATH: &str = "/home/someone/tokens";

fn keyring() -> Arc<CredentialStore> {
    mock::Store::new().unwrap()
}

async fn save(world: &World, storage: &KeyringStorage, text: &str) {
    let context = world.context();
    let mut locked = storage.try_lock(&context).await.unwrap().unwrap();
    locked.save(&Secret::new(text)).await.unwrap();
}

async fn load(world: &World, storage: &KeyringStorage) -> aad_core::Result<Option<String>> {
    let loaded = storage.load(&world.context()).await?;
    Ok(loaded.map(|text| text.expose().to_owned()))
}

#[tokio::test]
async fn what_one_program_seals_another_opens() {
    let (world, keyring) = (World::new(), keyring());
    let program = || KeyringStorage::in_store(PATH, Arc::clone(&keyring));
    assert_eq!(load(&world, &program()).await.unwrap(), None);
    // Ten times what the keyring of Windows takes.
    let long = "s3cr3t ".repeat(4_000);
    for text in ["{}", &long] {
        save(&world, &program(), text).await;
        assert_eq!(
            load(&world, &program()).await.unwrap().as_deref(),
            Some(text)
        );
    }
    let file = world.files.content(PATH).unwrap();
    assert!(!String::from_utf8(file).unwrap().contains("s3cr3t"));
    let key = keyring
        .build("aad-identity token cache", PATH, None)
        .unwrap();
    assert_eq!(key.get_secret().unwrap().len(), 32);
}

#[tokio::test]
async fn the_same_text_is_never_sealed_alike() {
    let (world, storage) = (World::new(), KeyringStorage::in_store(PATH, keyring()));
    save(&world, &storage, "{}").await;
    let first = world.files.content(PATH).unwrap();
    save(&world, &storage, "{}").await;
    assert_ne!(world.files.content(PATH).unwrap(), first);
}

#[tokio::test]
async fn what_somebody_changed_is_not_opened() {
    let world = World::new();
    let storage = KeyringStorage::in_store(PATH, keyring());
    save(&world, &storage, "{}").await;
    let sealed = String::from_utf8(world.files.content(PATH).unwrap()).unwrap();
    let at = sealed.len() - 8;
    let turned = if &sealed[at..=at] == "A" { "B" } else { "A" };
    for changed in [
        format!("{}{turned}{}", &sealed[..at], &sealed[at + 1..]),
        sealed.replace("cache 1", "cache 2"),
        sealed[..sealed.len() - 8].to_owned(),
        "aad-identity token cache 1\nAAAA\n".to_owned(),
        r#"{"AccessToken":{}}"#.to_owned(),
    ] {
        world.files.write(PATH, changed.clone());
        let error = load(&world, &storage).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable, "{changed}");
        assert!(error.to_string().contains("move it away"), "{error}");
    }
}

#[tokio::test]
async fn a_lost_key_begins_the_cache_anew() {
    let world = World::new();
    save(&world, &KeyringStorage::in_store(PATH, keyring()), "old").await;
    let storage = KeyringStorage::in_store(PATH, keyring());
    assert_eq!(load(&world, &storage).await.unwrap(), None);
    save(&world, &storage, "new").await;
    assert_eq!(
        load(&world, &storage).await.unwrap().as_deref(),
        Some("new")
    );
}

#[tokio::test]
async fn a_key_that_another_program_made_anew_is_asked_for_again() {
    let (world, keyring) = (World::new(), keyring());
    let running = KeyringStorage::in_store(PATH, Arc::clone(&keyring));
    save(&world, &running, "old").await;
    let key = keyring
        .build("aad-identity token cache", PATH, None)
        .unwrap();
    key.delete_credential().unwrap();
    save(&world, &KeyringStorage::in_store(PATH, keyring), "new").await;
    assert_eq!(
        load(&world, &running).await.unwrap().as_deref(),
        Some("new")
    );
}

#[tokio::test]
async fn a_keyring_that_is_locked_is_no_obstacle_to_a_sign_in() {
    let (world, keyring) = (World::new(), keyring());
    let entry = keyring
        .build("aad-identity token cache", PATH, None)
        .unwrap();
    let mock: &mock::Cred = entry.as_any().downcast_ref().unwrap();
    let s3cr3t = b"s3cr3t bytes".to_vec();
    let refusal = || keyring_core::Error::BadDataFormat(s3cr3t.clone(), "is locked".into());
    mock.set_error(refusal());
    let storage = KeyringStorage::in_store(PATH, Arc::clone(&keyring));
    world
        .files
        .write(PATH, "aad-identity token cache 1\nAAAA\n");
    let error = load(&world, &storage).await.unwrap_err();
    assert!(
        error.to_string().contains("keyring of the system"),
        "{error}"
    );
    let bytes = format!("{s3cr3t:?}");
    LogWatch::new([bytes.as_str(), "s3cr3t"]).check_error(&error);

    mock.set_error(refusal());
    world
        .transport
        .push(json(200, r#"{"access_token":"t","expires_in":3600}"#));
    let cache = PersistentCache::new(Arc::new(storage));
    let options = CredentialOptions::default().with_persistent_cache(cache);
    let context = world.context();
    let credential = ClientSecretCredential::new_opts(context, "contoso.com", "a", "b", &options);
    let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
    let token = credential.unwrap().token(&request).await.unwrap();
    assert_eq!(token.token.expose(), "t");
}
