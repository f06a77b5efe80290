//! People who signed in before.

use std::sync::Arc;

use aad_core::{ErrorKind, Result, TokenCredential};
use aad_identity::{
    CachedAccount, CachedAccountCredential, CredentialOptions, DeviceCodeCredential, FileStorage,
    PersistentCache, UsernamePasswordCredential,
};

use crate::given::{Given, request};

const PATH: &str = "/home/u/cache.json";

/// A cache in which the person has signed in.
async fn signed_in(given: &Given) -> Result<(PersistentCache, CachedAccount)> {
    let cache = PersistentCache::new(Arc::new(FileStorage::plaintext(PATH)));
    let (context, tenant, client_id) = given.public();
    let options = CredentialOptions::default().with_persistent_cache(cache.clone());
    let credential = UsernamePasswordCredential::new_opts(
        context.clone(),
        tenant,
        client_id,
        given.user,
        given.password,
        None,
        &options,
    )?;
    credential.token(&request()).await?;
    let mut accounts = cache.accounts(&context).await?;
    Ok((cache, accounts.remove(0)))
}

/// `adal.TokenCache()`
/// `PersistedTokenCache(FilePersistence(path))`
#[tokio::test]
async fn a_cache_in_a_file() -> Result<()> {
    let given = Given::a_lake().await;
    signed_in(&given).await?;
    let path = PATH;
    let cache = PersistentCache::new(Arc::new(FileStorage::plaintext(path)));
    assert_eq!(cache.accounts(&given.context).await?.len(), 1);
    Ok(())
}

/// `PublicClientApplication(client_id, token_cache=cache)`
/// `TokenCachePersistenceOptions(allow_unencrypted_storage=True)`
#[tokio::test]
async fn a_sign_in_that_others_can_use() -> Result<()> {
    let given = Given::a_lake().await;
    let (cache, _) = signed_in(&given).await?;
    let options = CredentialOptions::default().with_persistent_cache(cache);
    let (context, tenant, client_id) = given.public();
    let nobody = |_: &_| panic!("the person signed in before");
    let credential = DeviceCodeCredential::new_opts(context, tenant, client_id, nobody, &options)?;
    given.opens_the_store(credential).await
}

/// `DeviceCodeCredential(client_id, cache_persistence_options=options, authentication_record=record)`
#[tokio::test]
async fn a_certain_person_who_signed_in_before() -> Result<()> {
    let given = Given::a_lake().await;
    let (cache, account) = signed_in(&given).await?;
    let options = CredentialOptions::default()
        .with_persistent_cache(cache)
        .with_account(account);
    let (context, tenant, client_id) = given.public();
    let nobody = |_: &_| panic!("the person signed in before");
    let credential = DeviceCodeCredential::new_opts(context, tenant, client_id, nobody, &options)?;
    given.opens_the_store(credential).await
}

/// `PublicClientApplication(client_id).get_accounts()`
#[tokio::test]
async fn who_signed_in_before() -> Result<()> {
    let given = Given::a_lake().await;
    let (cache, _) = signed_in(&given).await?;
    let context = given.context.clone();
    let accounts = cache.accounts(&context).await?;
    assert_eq!(accounts[0].username, given.user);
    Ok(())
}

/// `PublicClientApplication(client_id).remove_account(account)`
#[tokio::test]
async fn a_person_who_is_forgotten() -> Result<()> {
    let given = Given::a_lake().await;
    let (cache, account) = signed_in(&given).await?;
    let context = given.context.clone();
    cache.remove(&context, &account.home_account_id).await?;
    assert_eq!(cache.accounts(&context).await?, []);
    Ok(())
}

/// `context.acquire_token(resource, user_id, client_id)`
/// `PublicClientApplication(client_id).acquire_token_silent(scopes, account)`
/// `SharedTokenCacheCredential(username)`
#[tokio::test]
async fn a_person_who_is_asked_nothing() -> Result<()> {
    let given = Given::a_lake().await;
    let (cache, account) = signed_in(&given).await?;
    let (context, _, client_id) = given.public();
    let credential = CachedAccountCredential::new(context, client_id, &account, cache)?;
    given.opens_the_store(credential).await
}

/// `except AuthenticationRequiredError`
#[tokio::test]
async fn a_person_who_must_sign_in_again() -> Result<()> {
    let given = Given::a_lake().await;
    let (cache, account) = signed_in(&given).await?;
    let (context, _, client_id) = given.public();
    cache.remove(&context, &account.home_account_id).await?;
    let credential = CachedAccountCredential::new(context, client_id, &account, cache)?;
    let error = credential.token(&request()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    Ok(())
}
