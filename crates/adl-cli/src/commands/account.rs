//! `adl account`: who is signed in.

use aad_core::explanation::Explanation;
use aad_core::{Context, TokenCredential, TokenRequest, env, scope};
use aad_identity::DefaultAzureCredential;
use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;

use crate::arguments::{self, Format, Global};
use crate::choice::{Choice, Identity, Lake};
use crate::connection::Connection;
use crate::print::{self, Printer};
use crate::session::{Account, Session};
use crate::{chosen, connect};

pub(crate) async fn run(
    command: arguments::Account,
    global: &Global,
    printer: &Printer,
) -> Result<()> {
    let context = Context::system()?;
    match command {
        arguments::Account::Show => {
            let choice = chosen(global, &context, &Session::open(&context)).await?;
            printer.one(&shown(&context, &choice))
        }
        arguments::Account::List => {
            let profile = Session::open(&context).profile().await?;
            let accounts: Vec<Value> = profile.accounts().iter().map(listed).collect();
            printer.list(&["name", "type", "tenantId", "at", "isDefault"], &accounts)
        }
        arguments::Account::Set { username } => {
            let account = Session::open(&context).activate(&username).await?;
            printer.one(&listed(&account))
        }
        arguments::Account::GetAccessToken {
            resource,
            scope: wanted,
            tenant,
        } => {
            let scope = wanted.unwrap_or_else(|| scope::resource_to_scope(&resource));
            let mut request = TokenRequest::new([scope]);
            request.tenant = tenant;
            print_token(&connect(global).await?, &request, printer).await
        }
        // What is on this machine is the same whichever lake is meant, or none.
        arguments::Account::Explain => {
            let credential = DefaultAzureCredential::new(context)?;
            let explanation = credential.explain().await;
            match printer.format() {
                Format::Table => print::text(explanation),
                Format::Json => printer.list(&[], &rows(&explanation)),
            }
        }
    }
}

/// Somebody who has signed in. The keys that the Azure CLI has too are its own.
pub(crate) fn listed(account: &Account) -> Value {
    json!({
        "name": account.name,
        "type": account.kind.name(),
        "tenantId": account.own_tenant(),
        "at": account.place.to_string(),
        "isDefault": account.active,
    })
}

/// As whom commands run, where and why.
fn shown(context: &Context, choice: &Choice) -> Value {
    let mut shown = match &choice.identity {
        Identity::Account(account) => json!({
            "name": account.name,
            "type": account.kind.name(),
            "tenantId": account.own_tenant(),
        }),
        Identity::Environment => {
            let set = |name| context.var(name);
            let person =
                set(env::AZURE_USERNAME).filter(|_| set(env::AZURE_CLIENT_SECRET).is_none());
            let kind = if person.is_some() {
                "user"
            } else {
                "servicePrincipal"
            };
            json!({
                "name": person.or_else(|| set(env::AZURE_CLIENT_ID)),
                "type": kind,
                "tenantId": set(env::AZURE_TENANT_ID),
            })
        }
        Identity::LakesOwn => json!({"name": "the lake's own client", "type": "servicePrincipal"}),
    };
    shown["lake"] = match &choice.lake {
        Lake::Root(root) => root.display().to_string().into(),
        Lake::Address(address) => address.as_str().into(),
        Lake::Cloud => "the cloud".into(),
    };
    if let (Identity::Account(account), Lake::Cloud) = (&choice.identity, &choice.lake) {
        shown["authority"] = account.place.to_string().into();
    }
    shown["reason"] = choice.reason.as_str().into();
    shown
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
