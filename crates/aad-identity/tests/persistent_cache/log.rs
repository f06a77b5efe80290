//! What a token cache logs, and what it does not.
use std::sync::Arc;

use aad_core::{TokenCredential, TokenRequest};
use aad_identity::{ClientSecretCredential, CredentialOptions, FileStorage, PersistentCache};
use futures::executor::block_on;
use testkit::context::{LogWatch, World, json};

const PATH: &str = "/home/someone/tokens";

#[test]
fn a_cache_that_is_read_written_or_damaged_tells_nothing_secret() {
    let world = World::new();
    let watch = LogWatch::new(["t0k3n-@ccess", "s3cr3t", "kept-t0k3n"]);
    watch.run(|| {
        let cache = PersistentCache::new(Arc::new(FileStorage::plaintext(PATH)));
        let options = CredentialOptions::default().with_persistent_cache(cache.clone());
        watch.check(&format!("{cache:?} {options:?}"));
        let granted = r#"{"access_token":"t0k3n-@ccess","expires_in":3600}"#;
        let ask = || {
            world.transport.push(json(200, granted));
            let credential = ClientSecretCredential::new_opts(
                world.context(),
                "contoso.com",
                "app",
                "s3cr3t",
                &options,
            );
            let credential = credential.unwrap();
            let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
            block_on(credential.token(&request)).unwrap();
            watch.check(&format!("{credential:?}"));
        };
        ask();
        ask();
        for damaged in [
            r#"{"AccessToken":"kept-t0k3n"}"#,
            r#"{"AccessToken":{"a":{"secret":"kept-t0k3n"}"#,
            "kept-t0k3n",
        ] {
            world.files.write(PATH, damaged);
            ask();
            let error = block_on(cache.accounts(&world.context())).unwrap_err();
            watch.check_error(&error);
        }
    });
    let text = watch.text();
    assert!(
        text.contains("no token is taken from the token cache"),
        "{text}"
    );
    assert!(
        text.contains("the new token is not in the token cache"),
        "{text}"
    );
}
