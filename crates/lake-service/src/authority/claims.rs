//! What tokens say.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use uuid::Uuid;

use super::directory::Application;
use super::grant::{Grant, Version};
use super::people::PersonalGrant;
use super::{Authority, BACKDATED, LIFETIME};

impl Authority {
    /// The claims of an application's access token. Its version is decided by the resource, and all of Azure's own
    /// take v1, whichever endpoint was asked.
    pub(super) fn claims(&self, grant: &Grant<'_>, now: i64, uti: Uuid) -> Value {
        let [issuer, _] = self.issuers();
        let Application {
            client_id,
            object_id,
            ..
        } = grant.application;
        json!({
            "aud": grant.resource,
            "iss": issuer,
            "iat": now - BACKDATED,
            "nbf": now - BACKDATED,
            "exp": now + LIFETIME,
            "appid": client_id,
            "appidacr": grant.proof.acr(),
            "idp": issuer,
            "oid": object_id,
            "sub": object_id,
            "tid": self.directory.tenant_id,
            "uti": uti.simple().to_string(),
            "ver": "1.0",
        })
    }

    /// The claims of an access token for a person.
    pub(super) fn personal_claims(&self, grant: &PersonalGrant<'_>, now: i64, uti: Uuid) -> Value {
        let [issuer, _] = self.issuers();
        let person = grant.person;
        json!({
            "aud": grant.wish.resource,
            "iss": issuer,
            "iat": now - BACKDATED,
            "nbf": now - BACKDATED,
            "exp": now + LIFETIME,
            "amr": grant.factors.amr(),
            "appid": grant.client.client_id,
            "appidacr": grant.proof.acr(),
            "name": person.display_name,
            "oid": person.object_id,
            "scp": "user_impersonation",
            "sub": person.object_id,
            "tid": self.directory.tenant_id,
            "unique_name": person.name,
            "upn": person.name,
            "uti": uti.simple().to_string(),
            "ver": "1.0",
        })
    }

    /// The claims of the token that says who signed in.
    pub(super) fn id_claims(&self, grant: &PersonalGrant<'_>, now: i64) -> Value {
        let [v1, v2] = self.issuers();
        let person = grant.person;
        let mut claims = json!({
            "aud": grant.client.client_id,
            "iat": now - BACKDATED,
            "nbf": now - BACKDATED,
            "exp": now + LIFETIME,
            "name": person.display_name,
            "oid": person.object_id,
            "sub": person.object_id,
            "tid": self.directory.tenant_id,
        });
        match grant.wish.version {
            Version::V1 => {
                claims["iss"] = v1.into();
                claims["ver"] = "1.0".into();
                claims["amr"] = json!(grant.factors.amr());
                claims["unique_name"] = person.name.as_str().into();
                claims["upn"] = person.name.as_str().into();
            }
            Version::V2 => {
                claims["iss"] = v2.into();
                claims["ver"] = "2.0".into();
                claims["preferred_username"] = person.name.as_str().into();
            }
        }
        if let Some(nonce) = &grant.wish.nonce {
            claims["nonce"] = nonce.as_str().into();
        }
        claims
    }

    /// Who signed in, in brief; MSAL asks for it to name the account by.
    pub(super) fn client_info(&self, grant: &PersonalGrant<'_>) -> String {
        let info = json!({"uid": grant.person.object_id, "utid": self.directory.tenant_id});
        URL_SAFE_NO_PAD.encode(info.to_string())
    }
}
