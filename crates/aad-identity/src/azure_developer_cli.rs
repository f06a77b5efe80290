//! Whoever is signed in to the Azure Developer CLI.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aad_core::explanation::Explanation;
use aad_core::oauth::parse_moment;
use aad_core::{AccessToken, Context, Error, ErrorKind, Result, TokenCredential, TokenRequest};
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::FutureExt;
use serde_json::Value;

use crate::DeveloperToolOptions;
use crate::cache::TokenCache;
use crate::developer_tool::{Tool, checked_scope, first_object};
use crate::tenants::Tenants;

const AZD: Tool = Tool {
    title: "the Azure Developer CLI",
    program: "azd",
    sign_in: "azd auth login",
    variables: &[("NO_COLOR", "true")],
};

/// Whoever signed in with `azd auth login`.
///
/// It runs `azd auth token`, without a shell and for 10 s at most.
///
/// ```
/// # use aad_core::{Context, Result, TokenCredential, TokenRequest};
/// use aad_identity::AzureDeveloperCliCredential;
///
/// # async fn example(context: Context) -> Result<()> {
/// let credential = AzureDeveloperCliCredential::new(context);
/// let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
/// let token = credential.token(&request).await?;
/// # Ok(()) }
/// ```
pub struct AzureDeveloperCliCredential {
    azd: Arc<Azd>,
    cache: TokenCache,
}

struct Azd {
    context: Context,
    tenants: Result<Tenants>,
    timeout: Duration,
}

impl AzureDeveloperCliCredential {
    /// Whoever is signed in. Nothing is run yet.
    pub fn new(context: Context) -> Self {
        Self::new_opts(context, DeveloperToolOptions::default())
    }

    /// Whoever is signed in, with options. Nothing is run yet.
    pub fn new_opts(context: Context, options: DeveloperToolOptions) -> Self {
        Self {
            azd: Arc::new(Azd {
                timeout: options.timeout,
                tenants: options.into_tenants(&context),
                context,
            }),
            cache: TokenCache::default(),
        }
    }
}

#[async_trait]
impl TokenCredential for AzureDeveloperCliCredential {
    /// A kept token, or a new one.
    ///
    /// [`ErrorKind::Unavailable`] if the Azure Developer CLI is not installed, does not answer in
    /// time, or nobody is signed in to it. Dropping the future kills the program, unless other
    /// callers wait for the same token.
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        let tenants = self.azd.tenants.as_ref().map_err(Clone::clone)?;
        let tenant = tenants.resolve(request.tenant.as_deref())?;
        self.cache
            .token(
                &self.azd.context,
                tenant.unwrap_or_default(),
                request,
                || {
                    let (azd, request) = (Arc::clone(&self.azd), request.clone());
                    let tenant = tenant.map(str::to_owned);
                    async move { azd.ask(tenant.as_deref(), &request).await }.boxed()
                },
            )
            .await
    }

    /// Whether the tool is installed.
    async fn explain(&self) -> Explanation {
        let explanation = AZD.explain(&self.azd.context, "AzureDeveloperCliCredential");
        explanation.await.into()
    }
}

impl Azd {
    async fn ask(&self, tenant: Option<&str>, request: &TokenRequest) -> Result<AccessToken> {
        let arguments = arguments(tenant, request)?;
        let output = AZD.run(&self.context, arguments, self.timeout).await?;
        let stdout = String::from_utf8_lossy(&output.stdout);
        if output.code != Some(0) {
            return Err(refusal(&stdout, &String::from_utf8_lossy(&output.stderr)));
        }
        let token = first_object(&output.stdout).and_then(|said| read(&said));
        token.ok_or_else(|| match complaint(&stdout) {
            Some(words) => AZD.failed(&words),
            None => AZD.incomprehensible(),
        })
    }
}

fn arguments(tenant: Option<&str>, request: &TokenRequest) -> Result<Vec<String>> {
    if request.scopes.is_empty() {
        return Err(Error::new(ErrorKind::Request, "no scope is asked for"));
    }
    let mut arguments: Vec<String> = ["auth", "token", "--output", "json", "--no-prompt"]
        .map(str::to_owned)
        .to_vec();
    let mut add = |name: &str, value: &str| arguments.extend([name.to_owned(), value.to_owned()]);
    for scope in &request.scopes {
        add("--scope", checked_scope(scope)?);
    }
    if let Some(tenant) = tenant {
        add("--tenant-id", tenant);
    }
    if let Some(claims) = &request.claims {
        add("--claims", &STANDARD.encode(claims));
    }
    Ok(arguments)
}

fn refusal(stdout: &str, stderr: &str) -> Error {
    let says = |words| stdout.contains(words) || stderr.contains(words);
    if says("not logged in, run `azd auth login` to login") && !says("AADSTS") {
        return AZD.nobody();
    }
    if says("unknown flag: --claims") {
        return Error::new(
            ErrorKind::Unavailable,
            "a service demands claims, which the Azure Developer CLI knows from version 1.18.1 on",
        );
    }
    let words = complaint(stdout).or_else(|| complaint(stderr));
    AZD.failed(words.as_deref().unwrap_or(stderr))
}

/// What it complains of, in a line of JSON: `error` from version 1.23.7 on, the message of a
/// `consoleMessage` before.
fn complaint(output: &str) -> Option<String> {
    let text = |value: &Value| {
        let text = value.as_str()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let lines: Vec<Value> = output
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let newer = lines.iter().find_map(|line| text(line.get("error")?));
    newer.or_else(|| {
        let older = |line: &Value| text(line.get("data")?.get("message")?);
        lines.iter().find_map(older)
    })
}

fn read(said: &Value) -> Option<AccessToken> {
    let token = said.get("token")?.as_str()?;
    // With its Z: Python's azure-identity 1.27 reads it as local time all the same.
    let expires_on = parse_moment(said.get("expiresOn")?)?;
    Some(AccessToken::new(token, expires_on))
}

impl fmt::Debug for AzureDeveloperCliCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AzureDeveloperCliCredential")
            .field("tenants", &self.azd.tenants)
            .finish_non_exhaustive()
    }
}
