//! `adl account`: signing in.

use aad_core::{TokenRequest, scope};
use anyhow::{Context as _, Result};
use serde_json::json;
use time::format_description::well_known::Rfc3339;

use crate::arguments::{Account, Format};
use crate::connection::Connection;
use crate::print::{self, Printer};

pub(crate) async fn run(
    command: Account,
    connection: &Connection,
    printer: &Printer,
) -> Result<()> {
    let Account::GetAccessToken {
        resource,
        scope: wanted,
        tenant,
    } = command;
    let mut request =
        TokenRequest::new([wanted.unwrap_or_else(|| scope::resource_to_scope(&resource))]);
    request.tenant = tenant;
    let token = connection.credential().token(&request).await?;
    match printer.format() {
        // A person wants to paste it: the token alone, as `$(...)` takes it.
        Format::Table => print::line(token.token.expose()),
        // The keys are those of `az account get-access-token`.
        Format::Json => printer.one(&json!({
            "accessToken": token.token.expose(),
            "expiresOn": token.expires_on.format(&Rfc3339).context("the token expires at no known time")?,
            "expires_on": token.expires_on.unix_timestamp(),
            "tokenType": "Bearer",
        })),
    }
}
