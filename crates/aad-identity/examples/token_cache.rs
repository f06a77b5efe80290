//! Who has signed in with programs that share a token cache, and a token for one of them, silently.
//!
//! ```sh
//! cargo run -p aad-identity --example token_cache -- ~/.IdentityService/msal.cache list
//! cargo run -p aad-identity --example token_cache -- <file> sign-in <tenant> <client id> <scope>
//! cargo run -p aad-identity --example token_cache -- <file> application <tenant> <client id> <secret> <scope>
//! cargo run -p aad-identity --example token_cache -- <file> machine <client id> <scope>
//! cargo run -p aad-identity --example token_cache -- <file> token <tenant> <client id> <account> <scope>
//! cargo run -p aad-identity --example token_cache -- <file> remove <account>
//! ```
//!
//! An account is a `home_account_id`, as `list` shows it. The file is the one of msal-extensions'
//! `FilePersistence`: Python programs of the same user share it. With the feature `keyring`, `keyring:<file>` is one
//! that is sealed with a key in the keyring. `AZURE_AUTHORITY_HOST` names another authority.
#![allow(clippy::print_stdout, reason = "it talks to a person")]

use std::sync::Arc;

use aad_core::{Context, Error, ErrorKind, Result, TokenCredential, TokenRequest};
use aad_identity::{
    CacheStorage, CachedAccount, CachedAccountCredential, ClientSecretCredential,
    CredentialOptions, DeviceCodeCredential, FileStorage, ManagedIdentityCredential,
    ManagedIdentityId, ManagedIdentityOptions, PersistentCache,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let [file, what @ ..] = &arguments[..] else {
        return Err(Error::new(ErrorKind::Request, "name the file"));
    };
    let cache = PersistentCache::new(storage(file));
    let context = Context::system()?;
    // A lake on this machine may be asked over plain http.
    let options = CredentialOptions::default()
        .with_persistent_cache(cache.clone())
        .allow_http_loopback();
    match what {
        ["list"] => {
            for account in cache.accounts(&context).await? {
                println!("{} {}", account.home_account_id, account.username);
            }
            Ok(())
        }
        ["remove", account] => cache.remove(&context, account).await,
        ["sign-in", tenant, client_id, scope] => {
            let show = |prompt: &_| println!("{prompt}");
            let credential =
                DeviceCodeCredential::new_opts(context, tenant, *client_id, show, &options)?;
            show_token(&credential, scope).await
        }
        ["application", tenant, client_id, secret, scope] => {
            let credential =
                ClientSecretCredential::new_opts(context, tenant, *client_id, *secret, &options)?;
            show_token(&credential, scope).await
        }
        ["machine", client_id, scope] => {
            let identity = ManagedIdentityId::ClientId((*client_id).to_owned());
            let options = ManagedIdentityOptions::default()
                .with_identity(identity)
                .with_persistent_cache(cache);
            let credential = ManagedIdentityCredential::new_opts(context, &options);
            show_token(&credential, scope).await
        }
        ["token", tenant, client_id, account, scope] => {
            let known = cache.accounts(&context).await?;
            let account = find(&known, account)?;
            let credential =
                CachedAccountCredential::new_opts(context, tenant, *client_id, account, &options)?;
            show_token(&credential, scope).await
        }
        _ => Err(Error::new(
            ErrorKind::Request,
            "see the first lines of this example",
        )),
    }
}

fn storage(file: &str) -> Arc<dyn CacheStorage> {
    #[cfg(feature = "keyring")]
    if let Some(sealed) = file.strip_prefix("keyring:") {
        return Arc::new(aad_identity::KeyringStorage::new(sealed));
    }
    Arc::new(FileStorage::plaintext(file))
}

fn find<'a>(known: &'a [CachedAccount], account: &str) -> Result<&'a CachedAccount> {
    let found = known.iter().find(|known| known.home_account_id == account);
    found.ok_or_else(|| Error::new(ErrorKind::Unavailable, "nobody like that has signed in"))
}

/// The end of the token tells two tokens apart, and cannot be used.
async fn show_token(credential: &dyn TokenCredential, scope: &str) -> Result<()> {
    let token = credential.token(&TokenRequest::new([scope])).await?;
    let text = token.token.expose();
    let end = text.char_indices().rev().nth(7).map_or(0, |(at, _)| at);
    println!("...{} until {}", &text[end..], token.expires_on);
    Ok(())
}
