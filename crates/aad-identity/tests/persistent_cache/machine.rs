//! A machine on which several programs share a cache.

use std::sync::Arc;

use aad_core::{TokenCredential, TokenRequest};
use aad_identity::{
    CachedAccount, CachedAccountCredential, ClientSecretCredential, CredentialOptions,
    DeviceCodeCredential, FileStorage, PersistentCache,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::executor::block_on;
use serde_json::{Value, json};
use testkit::context::{Reply, World};

pub(crate) const PATH: &str = "/home/someone/.IdentityService/msal.cache";
pub(crate) const LAKE: &str = "https://datalake.azure.net//.default";
pub(crate) const ANNA: &str = "a-oid.a-tid";

pub(crate) struct Machine(pub(crate) World);

impl Machine {
    pub(crate) fn new() -> Self {
        Self(World::new())
    }

    /// A machine whose cache holds this already.
    pub(crate) fn with(content: &Value) -> Self {
        let machine = Self::new();
        machine.0.files.write(PATH, content.to_string());
        machine
    }

    pub(crate) fn cache(&self) -> PersistentCache {
        PersistentCache::new(Arc::new(FileStorage::plaintext(PATH)))
    }

    pub(crate) fn options(&self) -> CredentialOptions {
        CredentialOptions::default().with_persistent_cache(self.cache())
    }

    /// One program's credential; every call starts another program.
    pub(crate) fn application(&self) -> ClientSecretCredential {
        self.application_with(&self.options())
    }

    pub(crate) fn application_with(&self, options: &CredentialOptions) -> ClientSecretCredential {
        let context = self.0.context();
        ClientSecretCredential::new_opts(context, "contoso.com", "App", "s3cr3t", options).unwrap()
    }

    /// A program in which a person signs in; it panics if it must ask.
    pub(crate) fn silent(&self, options: &CredentialOptions) -> DeviceCodeCredential {
        let show = |_: &_| panic!("nobody should be asked");
        let context = self.0.context();
        DeviceCodeCredential::new_opts(context, "organizations", "App", show, options).unwrap()
    }

    /// A person follows the prompt of a program.
    pub(crate) fn sign_in(&self, oid: &str, name: &str) {
        self.0
            .transport
            .push(prompt())
            .push(granted_to(oid, name, "r0"));
        let context = self.0.context();
        let options = self.options();
        // Somebody who signed in before is not to be taken.
        let credential =
            DeviceCodeCredential::new_opts(context, "organizations", "App", |_| {}, &options);
        let mut events = credential.unwrap().sign_in(&lake());
        while let Some(event) = block_on(futures::StreamExt::next(&mut events)) {
            event.unwrap();
        }
    }

    pub(crate) fn content(&self) -> Value {
        serde_json::from_slice(&self.0.files.content(PATH).unwrap()).unwrap()
    }

    /// The rows of a section.
    pub(crate) fn rows(&self, section: &str) -> Vec<Value> {
        let content = self.content();
        let rows = content[section].as_object().cloned().unwrap_or_default();
        rows.into_iter().map(|(_, row)| row).collect()
    }

    /// How many requests have been sent.
    pub(crate) fn sent(&self) -> usize {
        self.0.transport.requests().len()
    }

    pub(crate) fn bodies(&self) -> Vec<String> {
        let requests = self.0.transport.requests();
        let body = |request: &http::Request<bytes::Bytes>| request.body().to_vec();
        let bodies = requests.iter().map(body);
        bodies
            .map(|body| String::from_utf8(body).unwrap())
            .collect()
    }
}

pub(crate) fn lake() -> TokenRequest {
    TokenRequest::new([LAKE])
}

/// The token that a credential gives.
pub(crate) fn token(credential: &dyn TokenCredential, request: &TokenRequest) -> String {
    let token = block_on(credential.token(request)).unwrap();
    token.token.expose().to_owned()
}

pub(crate) fn granted(token: &str) -> Reply {
    answer(&json!({"token_type": "Bearer", "expires_in": 3599, "access_token": token}))
}

pub(crate) fn prompt() -> Reply {
    answer(&json!({
        "device_code": "d", "user_code": "ABCD", "interval": 1, "expires_in": 900,
        "verification_uri": "https://microsoft.com/devicelogin", "message": "go",
    }))
}

/// The tokens of a person of the tenant `<oid[0]>-tid`.
pub(crate) fn granted_to(oid: &str, name: &str, refresh_token: &str) -> Reply {
    answer(&personal(oid, name, refresh_token))
}

pub(crate) fn personal(oid: &str, name: &str, refresh_token: &str) -> Value {
    let home = format!("{}-tid", &oid[..1]);
    let claims = json!({"oid": oid, "sub": "pairwise", "preferred_username": name, "tid": home});
    json!({
        "token_type": "Bearer",
        "expires_in": 3600,
        "ext_expires_in": 7200,
        "access_token": format!("token of {oid} by {refresh_token}"),
        "refresh_token": refresh_token,
        "id_token": format!("e30.{}.sig", encoded(&claims)),
        "client_info": encoded(&json!({"uid": oid, "utid": home})),
        "scope": format!("profile openid {LAKE}"),
    })
}

pub(crate) fn refused(code: &str) -> Reply {
    let body = json!({"error": "invalid_grant", "error_description": format!("{code}: no.")});
    testkit::context::json(400, &body.to_string()).into()
}

pub(crate) fn answer(body: &Value) -> Reply {
    testkit::context::json(200, &body.to_string()).into()
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// Everybody of whom the cache knows.
pub(crate) fn accounts(machine: &Machine) -> Vec<CachedAccount> {
    block_on(machine.cache().accounts(&machine.0.context())).unwrap()
}

/// A program that can sign somebody in without asking, or not at all.
pub(crate) fn cached(
    machine: &Machine,
    client_id: &str,
    account: &CachedAccount,
) -> CachedAccountCredential {
    let (context, cache) = (machine.0.context(), machine.cache());
    CachedAccountCredential::new(context, client_id, account, cache).unwrap()
}

pub(crate) fn other() -> TokenRequest {
    TokenRequest::new(["https://x.example/.default"])
}
