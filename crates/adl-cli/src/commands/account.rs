//! `adl account`: signing in.

use aad_core::explanation::Explanation;
use aad_core::{Context, TokenCredential, TokenRequest, scope};
use aad_identity::DefaultAzureCredential;
use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;

use crate::arguments::{Account, Format};
use crate::connection::Connection;
use crate::print::{self, Printer};

pub(crate) async fn run(
    command: Account,
    connect: impl FnOnce() -> Result<Connection>,
    printer: &Printer,
) -> Result<()> {
    match command {
        Account::GetAccessToken {
            resource,
            scope: wanted,
            tenant,
        } => {
            let scope = wanted.unwrap_or_else(|| scope::resource_to_scope(&resource));
            let mut request = TokenRequest::new([scope]);
            request.tenant = tenant;
            print_token(&connect()?, &request, printer).await
        }
        // What is on this machine is the same whichever lake is meant, or none.
        Account::Explain => {
            let credential = DefaultAzureCredential::new(Context::system()?)?;
            let explanation = credential.explain().await;
            match printer.format() {
                Format::Table => print::text(explanation),
                Format::Json => printer.list(&[], &rows(&explanation)),
            }
        }
    }
}

async fn print_token(
    connection: &Connection,
    request: &TokenRequest,
    printer: &Printer,
) -> Result<()> {
    let token = connection.credential().token(request).await?;
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

fn rows(explanation: &Explanation) -> Vec<Value> {
    let sources = explanation.sources().iter();
    sources
        .map(|one| {
            let looked_for = one.looked_for.iter();
            let looked_for = looked_for.map(|it| json!({"what": it.what, "found": it.found}));
            json!({
                "source": one.source,
                "verdict": one.verdict.name(),
                "lookedFor": looked_for.collect::<Vec<_>>(),
                "advice": one.advice,
            })
        })
        .collect()
}
