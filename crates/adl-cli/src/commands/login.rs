//! `adl login`: signing in, such that later commands run as whoever did.

mod application;
mod person;

use std::path::Path;

use aad_core::env::AZURE_AUTHORITY_HOST;
use aad_core::{Cloud, Context, TokenRequest, env};
use anyhow::Result;
use lake_service::Endpoints;

use super::account::listed;
use crate::arguments::Login;
use crate::print::{Printer, note};
use crate::session::{Place, Session};

pub(crate) async fn run(
    options: Login,
    root: Option<&Path>,
    context: &Context,
    session: &Session,
    printer: &Printer,
) -> Result<()> {
    let is_first = session.profile().await?.accounts().is_empty();
    let signing_in = SigningIn {
        place: place(&options, root, context),
        tenant: tenant(&options, root)?,
        options: &options,
        context,
        session,
    };
    let account = match &options.username {
        Some(client_id) => signing_in.application(client_id).await?,
        None => signing_in.person().await?,
    };
    session.sign_in(account.clone()).await?;
    if is_first {
        let encrypted = match session.is_encrypted() {
            true => "encrypted with a key in the keyring of this system",
            false => "not encrypted",
        };
        note(format_args!(
            "what signs {} in is kept in {}, {encrypted}, for this user only; `adl logout` removes it",
            account.name,
            session.folder()?.display()
        ));
    }
    if root.is_none() && context.var(env::AZURE_TENANT_ID).is_some() {
        note(
            "AZURE_TENANT_ID is set: until it is not, commands run as whom the AZURE_* variables name",
        );
    }
    printer.one(&listed(&account))
}

/// A sign-in that is about to begin.
struct SigningIn<'a> {
    place: Place,
    /// Unless whoever signs in is to tell.
    tenant: Option<String>,
    options: &'a Login,
    context: &'a Context,
    session: &'a Session,
}

impl SigningIn<'_> {
    fn request(&self) -> TokenRequest {
        TokenRequest::new([&self.options.scope])
    }
}

/// Where to sign in.
fn place(options: &Login, root: Option<&Path>, context: &Context) -> Place {
    match (root, &options.authority) {
        (Some(root), _) => Place::at_root(root),
        (None, Some(address)) => Place::at(address),
        (None, None) => {
            let host = context.var(AZURE_AUTHORITY_HOST);
            Place::at(host.as_deref().unwrap_or(&Cloud::PUBLIC.authority_host))
        }
    }
}

/// The tenant to sign in to: the one that was named, or that of the lake.
fn tenant(options: &Login, root: Option<&Path>) -> Result<Option<String>> {
    match (&options.tenant, root) {
        (Some(tenant), _) => Ok(Some(tenant.clone())),
        (None, Some(root)) => Ok(Some(Endpoints::read(root)?.tenant)),
        (None, None) => Ok(None),
    }
}
