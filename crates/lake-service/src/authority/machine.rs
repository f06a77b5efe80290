//! Tokens of the identity that the machine itself has.

use serde_json::Value;
use uuid::Uuid;

use super::client::Proof;
use super::directory::Application;
use super::grant::Grant;
use super::{Authority, BACKDATED, LIFETIME, resource};
use crate::error::Result;

/// A token for whoever runs on this machine.
pub(crate) struct MachineToken {
    pub(crate) token: String,
    pub(crate) client_id: Uuid,
    /// Seconds since 1970, as are the rest.
    pub(crate) not_before: i64,
    pub(crate) expires_on: i64,
    pub(crate) expires_in: i64,
}

impl Authority {
    /// The application that is the machine's identity: the ordinary one.
    pub(crate) fn machine(&self) -> &Application {
        &self.directory.client
    }

    /// A token of the machine's identity; `None` if there is no such resource.
    pub(crate) fn machine_token(
        &self,
        resource: &str,
        now: i64,
        uti: Uuid,
    ) -> Option<Result<MachineToken>> {
        if !resource::is_known(resource) {
            return None;
        }
        let application = self.machine();
        let grant = Grant {
            // The platform holds a certificate of the identity.
            proof: Proof::Certificate,
            application,
            resource: resource.to_owned(),
        };
        let claims: Value = self.claims(&grant, now, uti);
        Some(self.key.sign(&claims).map(|token| MachineToken {
            token,
            client_id: application.client_id,
            not_before: now - BACKDATED,
            expires_on: now + LIFETIME,
            expires_in: LIFETIME - 1,
        }))
    }
}
