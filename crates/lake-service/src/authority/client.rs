//! Through what application a person signs in.

use http::HeaderMap;
use uuid::{Uuid, uuid};

use super::assertion::Judge;
use super::directory::{Application, Directory};
use super::failure::Failure;
use super::grant::{Form, basic_credentials, check_assertion};

/// The Azure CLI's own id, which every tenant knows; the examples of ADAL's time sign in with it.
const AZURE_CLI: Uuid = uuid!("04b07795-8ddb-461a-bbee-02f9e1bf7b46");

/// An application as people see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Client<'a> {
    pub(crate) id: Uuid,
    pub(crate) name: &'static str,
    pub(crate) consent: Consent,
    /// None for an application without secrets.
    application: Option<&'a Application>,
}

/// Who must have agreed before the application may act for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Consent {
    /// The administrator has, for everybody.
    Given,
    /// Each person, on a page.
    Personal,
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

impl<'a> Client<'a> {
    /// The application with this id.
    pub(crate) fn find(
        directory: &'a Directory,
        tenant: &str,
        client_id: &str,
    ) -> Result<Self, Failure> {
        let unknown = || Failure::unknown_client(client_id, tenant);
        let id: Uuid = client_id.parse().map_err(|_| unknown())?;
        if id == AZURE_CLI {
            return Ok(Self {
                id,
                name: "Microsoft Azure CLI",
                consent: Consent::Given,
                application: None,
            });
        }
        let application = directory.application(id).ok_or_else(unknown)?;
        let (name, consent) = match id == directory.client.client_id {
            true => ("Lake Client", Consent::Given),
            false => ("Lake Administration", Consent::Personal),
        };
        Ok(Self {
            id,
            name,
            consent,
            application: Some(application),
        })
    }

    /// The application that sends a token request. No proof is needed, but one that is given must be right.
    pub(crate) fn authenticate(
        judge: &Judge<'a>,
        tenant: &str,
        headers: &HeaderMap,
        form: &Form,
    ) -> Result<(Self, Proof), Failure> {
        let basic = basic_credentials(headers);
        let (client_id, secret) = match &basic {
            Some((client_id, secret)) => (client_id.as_str(), Some(secret.as_str())),
            None => (form.required("client_id")?, form.field("client_secret")),
        };
        let client = Self::find(judge.directory, tenant, client_id)?;
        match (secret, client.application) {
            (None, None) if form.field("client_assertion").is_some() => {
                Err(Failure::public_client())
            }
            (None, Some(_)) if form.field("client_assertion").is_some() => {
                check_assertion(judge, client.id, form).map(|()| (client, Proof::Certificate))
            }
            (None, _) => Ok((client, Proof::Nothing)),
            (Some(_), None) => Err(Failure::public_client()),
            (Some(secret), Some(application)) if application.secret.matches(secret) => {
                Ok((client, Proof::Secret))
            }
            (Some(_), Some(_)) => Err(Failure::wrong_secret(client.id)),
        }
    }
}
