//! Through what application a person signs in.

use http::HeaderMap;
use serde::Deserialize;
use uuid::Uuid;

use super::assertion::Judge;
use super::directory::{Application, Directory};
use super::failure::Failure;
use super::grant::{Form, basic_credentials, check_assertion};

/// Who must have agreed before an application may act for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Consent {
    /// The administrator has, for everybody.
    Given,
    /// Each person, on a page.
    Personal,
    /// The administrator must, and has not; nobody else can.
    Administrator,
}

/// How an application showed who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// By its id alone.
    Nothing,
    Secret,
    /// By an assertion that it signed.
    Certificate,
}

impl Proof {
    /// The claim `appidacr` of a token.
    pub(super) fn acr(self) -> &'static str {
        match self {
            Self::Nothing => "0",
            Self::Secret => "1",
            Self::Certificate => "2",
        }
    }
}

/// The application with this id.
pub(crate) fn find<'a>(
    directory: &'a Directory,
    tenant: &str,
    client_id: &str,
) -> Result<&'a Application, Failure> {
    let id: Option<Uuid> = client_id.parse().ok();
    id.and_then(|id| directory.application(id))
        .ok_or_else(|| Failure::unknown_client(client_id, tenant))
}

/// The application that sends a token request. No proof is needed, but one that is given must be right.
pub(crate) fn authenticate<'a>(
    judge: &Judge<'a>,
    tenant: &str,
    headers: &HeaderMap,
    form: &Form,
) -> Result<(&'a Application, Proof), Failure> {
    let basic = basic_credentials(headers);
    let (client_id, secret) = match &basic {
        Some((client_id, secret)) => (client_id.as_str(), Some(secret.as_str())),
        None => (form.required("client_id")?, form.field("client_secret")),
    };
    let client = find(judge.directory, tenant, client_id)?;
    let asserted = form.field("client_assertion").is_some();
    match secret {
        None if !asserted => Ok((client, Proof::Nothing)),
        _ if client.is_public() => Err(Failure::public_client()),
        None => {
            check_assertion(judge, client.client_id, form).map(|()| (client, Proof::Certificate))
        }
        Some(secret) if client.has_secret(secret) => Ok((client, Proof::Secret)),
        Some(_) => Err(Failure::wrong_secret(client.client_id)),
    }
}
