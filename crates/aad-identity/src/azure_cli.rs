//! Whoever is signed in to the Azure CLI.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aad_core::explanation::{Explanation, Verdict};
use aad_core::oauth::parse_moment;
use aad_core::{AccessToken, Context, Error, ErrorKind, Result, TokenCredential, TokenRequest};
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::FutureExt;
use serde_json::Value;

use crate::cache::TokenCache;
use crate::developer_tool::{Tool, checked_scope, checked_subscription, first_object};
use crate::protocol::only_resource;
use crate::tenants::Tenants;
use crate::{CliProfile, DeveloperToolOptions};

/// The Azure CLI as an application. Every tenant knows it, which is why the older libraries of
/// Azure let people sign in through it where no other application was named.
pub const AZURE_CLI_CLIENT_ID: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

const AZ: Tool = Tool {
    title: "the Azure CLI",
    program: if cfg!(windows) { "az.cmd" } else { "az" },
    sign_in: "az login",
    variables: &[
        ("AZURE_CORE_NO_COLOR", "true"),
        // Before 2.54 it says in local time only when a token expires, and an hour of each
        // autumn twice (azure-cli #19700).
        ("TZ", "UTC"),
    ],
};

/// Whoever signed in with `az login`.
///
/// It runs `az account get-access-token`, without a shell and for 10 s at most.
///
/// ```
/// # use aad_core::{Context, Result, TokenCredential, TokenRequest};
/// use aad_identity::AzureCliCredential;
///
/// # async fn example(context: Context) -> Result<()> {
/// let credential = AzureCliCredential::new(context);
/// let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
/// let token = credential.token(&request).await?;
/// # Ok(()) }
/// ```
pub struct AzureCliCredential {
    az: Arc<Az>,
    cache: TokenCache,
}

struct Az {
    context: Context,
    tenants: Result<Tenants>,
    timeout: Duration,
    subscription: Option<String>,
}

impl AzureCliCredential {
    /// Whoever is signed in. Nothing is run yet.
    pub fn new(context: Context) -> Self {
        Self::new_opts(context, DeveloperToolOptions::default())
    }

    /// Whoever is signed in, with options. Nothing is run yet.
    pub fn new_opts(context: Context, options: DeveloperToolOptions) -> Self {
        Self::of(context, options, None)
    }

    /// Whoever is signed in to this subscription, by its name or id. Nothing is run yet.
    pub fn for_subscription(
        context: Context,
        subscription: impl Into<String>,
        options: DeveloperToolOptions,
    ) -> Self {
        Self::of(context, options, Some(subscription.into()))
    }

    fn of(context: Context, options: DeveloperToolOptions, subscription: Option<String>) -> Self {
        Self {
            az: Arc::new(Az {
                timeout: options.timeout,
                tenants: options.into_tenants(&context),
                context,
                subscription,
            }),
            cache: TokenCache::default(),
        }
    }
}

#[async_trait]
impl TokenCredential for AzureCliCredential {
    /// A kept token, or a new one.
    ///
    /// [`ErrorKind::Unavailable`] if the Azure CLI is not installed, does not answer in time, or
    /// nobody is signed in to it. Dropping the future kills the program, unless other callers
    /// wait for the same token.
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        let tenants = self.az.tenants.as_ref().map_err(Clone::clone)?;
        let tenant = tenants.resolve(request.tenant.as_deref())?;
        self.cache
            .token(
                &self.az.context,
                tenant.unwrap_or_default(),
                request,
                || {
                    let (az, request) = (Arc::clone(&self.az), request.clone());
                    let tenant = tenant.map(str::to_owned);
                    async move { az.ask(tenant.as_deref(), &request).await }.boxed()
                },
            )
            .await
    }

    /// Whether the tool is installed, and whether its profile says that somebody is signed in.
    async fn explain(&self) -> Explanation {
        let context = &self.az.context;
        let explanation = AZ.explain(context, "AzureCliCredential").await;
        let is_installed = explanation.verdict == Verdict::CannotTell;
        let profile = CliProfile::load(context).await;
        let explanation =
            explanation.with_finding("somebody in the Azure CLI's profile", profile.is_ok());
        match profile {
            Ok(_) if is_installed => explanation.with_verdict(Verdict::Ready, None),
            Err(error) if is_installed && error.kind() == ErrorKind::Unavailable => {
                explanation.with_verdict(Verdict::Incomplete, Some(error.to_string()))
            }
            // What a profile that cannot be read means, only the tool knows.
            _ => explanation,
        }
        .into()
    }
}

impl Az {
    async fn ask(&self, tenant: Option<&str>, request: &TokenRequest) -> Result<AccessToken> {
        let arguments = self.arguments(tenant, request)?;
        let output = AZ.run(&self.context, arguments, self.timeout).await?;
        if output.code != Some(0) {
            return Err(refusal(&String::from_utf8_lossy(&output.stderr)));
        }
        let token = first_object(&output.stdout).and_then(|said| read(&said));
        token.ok_or_else(|| AZ.incomprehensible())
    }

    fn arguments(&self, tenant: Option<&str>, request: &TokenRequest) -> Result<Vec<String>> {
        let resource = checked_scope(only_resource(request)?)?;
        if let Some(claims) = &request.claims {
            return Err(unsatisfiable(claims, tenant, &request.scopes[0]));
        }
        let mut arguments = vec!["account", "get-access-token", "--output", "json"];
        arguments.extend(["--resource", resource]);
        if let Some(tenant) = tenant {
            arguments.extend(["--tenant", tenant]);
        }
        if let Some(subscription) = &self.subscription {
            arguments.extend(["--subscription", checked_subscription(subscription)?]);
        }
        Ok(arguments.into_iter().map(str::to_owned).collect())
    }
}

/// A person must satisfy a claims challenge, and only newer versions know how.
fn unsatisfiable(claims: &str, tenant: Option<&str>, scope: &str) -> Error {
    let challenge = STANDARD.encode(claims);
    let tenant = tenant.map_or_else(String::new, |tenant| format!(" --tenant {tenant}"));
    Error::new(
        ErrorKind::Unavailable,
        format!(
            "a service demands claims that somebody must satisfy; run (version 2.76 or later) \
             `az login --claims-challenge {challenge}{tenant} --scope {scope}`"
        ),
    )
}

fn refusal(words: &str) -> Error {
    let wants_login = words.contains("az login") || words.contains("az account set");
    if wants_login && !words.contains("AADSTS") {
        return AZ.nobody();
    }
    AZ.failed(words)
}

fn read(said: &Value) -> Option<AccessToken> {
    let token = said.get("accessToken")?.as_str()?;
    let local = || {
        // UTC, by the variable TZ; with six digits of a second that a token does not need.
        let text = said.get("expiresOn")?.as_str()?;
        let (whole, _) = text.split_once('.').unwrap_or((text, ""));
        parse_moment(&whole.into())
    };
    let expires_on = said
        .get("expires_on")
        .and_then(parse_moment)
        .or_else(local)?;
    Some(AccessToken::new(token, expires_on))
}

impl fmt::Debug for AzureCliCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AzureCliCredential")
            .field("tenants", &self.az.tenants)
            .field("subscription", &self.az.subscription)
            .finish_non_exhaustive()
    }
}
