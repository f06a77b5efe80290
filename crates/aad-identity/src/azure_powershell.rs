//! Whoever is signed in to Azure PowerShell.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aad_core::context::ProcessOutput;
use aad_core::explanation::{Explanation, Verdict};
use aad_core::oauth::parse_moment;
use aad_core::{AccessToken, Context, Error, ErrorKind, Result, TokenCredential, TokenRequest};
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::FutureExt;

use crate::DeveloperToolOptions;
use crate::cache::TokenCache;
use crate::developer_tool::{Tool, checked_scope};
use crate::protocol::only_resource;
use crate::tenants::Tenants;

const PWSH: Tool = Tool {
    title: "Azure PowerShell",
    program: "pwsh",
    sign_in: "Connect-AzAccount",
    variables: &[("NO_COLOR", "1")],
};

/// What Windows has from the start.
const WINDOWS_POWERSHELL: Tool = Tool {
    program: "powershell",
    ..PWSH
};

/// What the script prints where the module is not there, and before a token.
const NO_MODULE: &str = "NO_AZ_ACCOUNT_MODULE";
const TOKEN: &str = "azsdk%";

/// Whoever signed in with `Connect-AzAccount`.
///
/// It runs `Get-AzAccessToken` in `pwsh`, or else in the `powershell` of Windows, without a shell
/// and for 10 s at most.
///
/// ```
/// # use aad_core::{Context, Result, TokenCredential, TokenRequest};
/// use aad_identity::AzurePowerShellCredential;
///
/// # async fn example(context: Context) -> Result<()> {
/// let credential = AzurePowerShellCredential::new(context);
/// let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
/// let token = credential.token(&request).await?;
/// # Ok(()) }
/// ```
pub struct AzurePowerShellCredential {
    pwsh: Arc<PowerShell>,
    cache: TokenCache,
}

struct PowerShell {
    context: Context,
    tenants: Result<Tenants>,
    timeout: Duration,
}

impl AzurePowerShellCredential {
    /// Whoever is signed in. Nothing is run yet.
    pub fn new(context: Context) -> Self {
        Self::new_opts(context, DeveloperToolOptions::default())
    }

    /// Whoever is signed in, with options. Nothing is run yet.
    pub fn new_opts(context: Context, options: DeveloperToolOptions) -> Self {
        Self {
            pwsh: Arc::new(PowerShell {
                timeout: options.timeout,
                tenants: options.into_tenants(&context),
                context,
            }),
            cache: TokenCache::default(),
        }
    }
}

#[async_trait]
impl TokenCredential for AzurePowerShellCredential {
    /// A kept token, or a new one.
    ///
    /// [`ErrorKind::Unavailable`] if PowerShell or its module is not installed, does not answer
    /// in time, or nobody is signed in. Dropping the future kills the program, unless other
    /// callers wait for the same token.
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        let tenants = self.pwsh.tenants.as_ref().map_err(Clone::clone)?;
        let tenant = tenants.resolve(request.tenant.as_deref())?;
        self.cache
            .token(
                &self.pwsh.context,
                tenant.unwrap_or_default(),
                request,
                || {
                    let (pwsh, request) = (Arc::clone(&self.pwsh), request.clone());
                    let tenant = tenant.map(str::to_owned);
                    async move { pwsh.ask(tenant.as_deref(), &request).await }.boxed()
                },
            )
            .await
    }

    /// Whether PowerShell is installed. Its module, only PowerShell finds.
    async fn explain(&self) -> Explanation {
        let (context, source) = (&self.pwsh.context, "AzurePowerShellCredential");
        let newer = PWSH.explain(context, source).await;
        if cfg!(windows) && newer.verdict == Verdict::NotConfigured {
            return WINDOWS_POWERSHELL.explain(context, source).await.into();
        }
        newer.into()
    }
}

impl PowerShell {
    async fn ask(&self, tenant: Option<&str>, request: &TokenRequest) -> Result<AccessToken> {
        let resource = checked_scope(only_resource(request)?)?;
        if let Some(claims) = &request.claims {
            return Err(unsatisfiable(claims, tenant));
        }
        let arguments = arguments(&script(resource, tenant));
        let output = match self.run(&PWSH, arguments.clone()).await {
            Err(error) if cfg!(windows) && error.kind() == ErrorKind::Unavailable => {
                self.run(&WINDOWS_POWERSHELL, arguments).await?
            }
            output => output?,
        };
        if let Some(error) = refusal(&output) {
            return Err(error);
        }
        let stdout = String::from_utf8_lossy(&output.stdout);
        read(&stdout).ok_or_else(|| PWSH.incomprehensible())
    }

    async fn run(&self, tool: &Tool, arguments: Vec<String>) -> Result<ProcessOutput> {
        tool.run(&self.context, arguments, self.timeout).await
    }
}

/// The script travels as base64 of UTF-16, so that nothing on the way can misread its quotes.
fn arguments(script: &str) -> Vec<String> {
    let utf16: Vec<u8> = script.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let encoded = STANDARD.encode(utf16);
    ["-NoProfile", "-NonInteractive", "-EncodedCommand", &encoded]
        .map(str::to_owned)
        .to_vec()
}

/// Asks the module for a token. Its versions from 2.17 to 4 give plain text unless told
/// otherwise, and warn of it; those from 5 on give a secure string only; before 2.17 they know
/// plain text only. Windows PowerShell (5) has no other way out of a secure string than a pointer.
fn script(resource: &str, tenant: Option<&str>) -> String {
    let tenant = tenant.map_or_else(String::new, |tenant| format!("$ask.TenantId = '{tenant}'"));
    format!(
        r#"$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$module = Import-Module Az.Accounts -MinimumVersion 2.2.0 -PassThru -ErrorAction SilentlyContinue
if (-not $module) {{ Write-Output '{NO_MODULE}'; exit 0 }}
$ask = @{{ ResourceUrl = '{resource}'; WarningAction = 'Ignore' }}
{tenant}
$plain = $module.Version -lt [version]'2.17.0' -or $module.Version -ge [version]'5.0.0'
if (-not $plain) {{ $ask.AsSecureString = $true }}
$answer = Get-AzAccessToken @ask
$text = $answer.Token
if ($text -is [securestring]) {{
    $text = [System.Net.NetworkCredential]::new('', $text).Password
}}
Write-Output ''
Write-Output ('{TOKEN}' + $text + '%' + $answer.ExpiresOn.ToUnixTimeSeconds())
"#
    )
}

fn unsatisfiable(claims: &str, tenant: Option<&str>) -> Error {
    let challenge = STANDARD.encode(claims);
    let tenant = tenant.map_or_else(String::new, |tenant| format!(" -Tenant {tenant}"));
    Error::new(
        ErrorKind::Unavailable,
        format!(
            "a service demands claims that somebody must satisfy; run (Az.Accounts 5.2 or later) \
             `Connect-AzAccount -ClaimsChallenge {challenge}{tenant}`"
        ),
    )
}

fn refusal(output: &ProcessOutput) -> Option<Error> {
    let unavailable = |words: &str| Some(Error::new(ErrorKind::Unavailable, words));
    let stdout = String::from_utf8_lossy(&output.stdout);
    if stdout.contains(NO_MODULE) {
        return unavailable(
            "the module Az.Accounts, 2.2.0 or later, is not installed in PowerShell",
        );
    }
    if output.code == Some(0) {
        return None;
    }
    // Errors arrive as XML ("CLIXML") with their lines cut; nothing of it is fit to be shown.
    let stderr = String::from_utf8_lossy(&output.stderr);
    if stderr.contains("Connect-AzAccount") {
        return Some(PWSH.nobody());
    }
    if stderr.contains("AuthorizationManager check failed") {
        return unavailable("the execution policy of PowerShell forbids Azure PowerShell");
    }
    unavailable("Azure PowerShell failed; run Get-AzAccessToken to see why")
}

fn read(stdout: &str) -> Option<AccessToken> {
    let line = stdout
        .lines()
        .find_map(|line| line.trim().strip_prefix(TOKEN))?;
    let (token, expires_on) = line.rsplit_once('%')?;
    let expires_on = parse_moment(&expires_on.into())?;
    (!token.is_empty()).then(|| AccessToken::new(token, expires_on))
}

impl fmt::Debug for AzurePowerShellCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AzurePowerShellCredential")
            .field("tenants", &self.pwsh.tenants)
            .finish_non_exhaustive()
    }
}
