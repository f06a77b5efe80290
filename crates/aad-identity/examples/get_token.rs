//! One token by the credential that the command line names, or why there is none, as a line of JSON.
//!
//! ```sh
//! cargo run -p aad-identity --example get_token -- default
//! cargo run -p aad-identity --example get_token -- managed-identity client-id=2c5a...
//! cargo run -p aad-identity --example get_token -- azure-cli request-tenant=contoso.com
//! cargo run -p aad-identity --example get_token -- device-code tenant=organizations client-id=2c5a...
//! ```
//!
//! It prints the token itself, so it is for a machine of one's own. `cargo xtask interop identity` compares what it
//! does with what Python's azure-identity does in the same surroundings.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it is what the program is for"
)]

use std::time::Duration;

use aad_core::{AccessToken, Context, Error, ErrorKind, Result, TokenCredential, TokenRequest};
use aad_identity::{
    AttemptReport, AzureCliCredential, AzureDeveloperCliCredential, AzurePipelinesCredential,
    AzurePowerShellCredential, CredentialOptions, DefaultAzureCredential, DefaultAzureOptions,
    DefaultSource, DeveloperToolOptions, DeviceCodeCredential, EnvironmentCredential,
    ManagedIdentityCredential, ManagedIdentityId, ManagedIdentityOptions,
    WorkloadIdentityCredential, WorkloadIdentityOptions,
};
use serde_json::{Value, json};

const DATA_LAKE: &str = "https://datalake.azure.net//.default";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let answer = match answer().await {
        Ok(token) => json!({
            "kind": "Token",
            "token": token.token.expose(),
            "expires_on": token.expires_on.unix_timestamp(),
        }),
        Err(error) => json!({
            "kind": format!("{:?}", error.kind()),
            "message": message(&error),
            "attempts": attempts(&error),
        }),
    };
    println!("{answer}");
}

async fn answer() -> Result<AccessToken> {
    let arguments = Arguments::read(std::env::args().skip(1))?;
    let credential = arguments.credential(Context::system()?)?;
    credential.token(&arguments.request()).await
}

/// The error and its causes, of which a chain's is a line for each source.
fn message(error: &Error) -> String {
    let first: &dyn std::error::Error = error;
    let causes = std::iter::successors(Some(first), |error| error.source());
    let lines: Vec<String> = causes.map(ToString::to_string).collect();
    lines.join("\n")
}

/// What a chain tried, and how it went.
fn attempts(error: &Error) -> Value {
    AttemptReport::of(error)
        .map(|report| {
            let attempts = report.attempts().iter();
            attempts
                .map(|attempt| json!([attempt.source, format!("{:?}", attempt.error.kind())]))
                .collect()
        })
        .unwrap_or_default()
}

/// The command line: a credential and `name=value`, some of them several times.
struct Arguments {
    credential: String,
    values: Vec<(String, String)>,
}

impl Arguments {
    fn read(mut words: impl Iterator<Item = String>) -> Result<Self> {
        let credential = words.next().unwrap_or_default();
        let values = words
            .map(|word| match word.split_once('=') {
                Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
                None => Err(wrong(format!("{word:?} is not name=value"))),
            })
            .collect::<Result<_>>()?;
        Ok(Self { credential, values })
    }

    fn all(&self, name: &str) -> impl Iterator<Item = String> {
        let named = self.values.iter().filter(move |(one, _)| one == name);
        named.map(|(_, value)| value.clone())
    }

    fn one(&self, name: &str) -> Option<String> {
        self.all(name).next()
    }

    fn required(&self, name: &str) -> Result<String> {
        self.one(name)
            .ok_or_else(|| wrong(format!("say {name}=...")))
    }

    fn request(&self) -> TokenRequest {
        let scopes: Vec<String> = self.all("scope").collect();
        let mut request = match scopes[..] {
            [] => TokenRequest::new([DATA_LAKE]),
            _ => TokenRequest::new(scopes),
        };
        request.tenant = self.one("request-tenant");
        request.with_claims(self.one("claims").unwrap_or_default())
    }

    fn credential(&self, context: Context) -> Result<Box<dyn TokenCredential>> {
        let tool = self.tool();
        Ok(match self.credential.as_str() {
            "default" => Box::new(DefaultAzureCredential::new_opts(context, &self.chain()?)?),
            "environment" => Box::new(EnvironmentCredential::new_opts(context, authority())),
            "workload-identity" => {
                let mut options = WorkloadIdentityOptions::default().with_authority(authority());
                if self.one("token-proxy").is_some() {
                    options = options.with_token_proxy();
                }
                Box::new(WorkloadIdentityCredential::new_opts(context, options))
            }
            "azure-pipelines" => {
                let (tenant, client) = (self.required("tenant")?, self.required("client-id")?);
                let connection = self.required("connection")?;
                let token = self.required("system-access-token")?;
                Box::new(AzurePipelinesCredential::new_opts(
                    context,
                    &tenant,
                    client,
                    &connection,
                    token,
                    &authority(),
                )?)
            }
            "device-code" => {
                let (tenant, client) = (self.required("tenant")?, self.required("client-id")?);
                let show = |prompt: &_| eprintln!("{prompt}");
                Box::new(DeviceCodeCredential::new_opts(
                    context,
                    &tenant,
                    client,
                    show,
                    &authority(),
                )?)
            }
            "managed-identity" => {
                let mut options = ManagedIdentityOptions::default();
                options.identity = self.identity();
                Box::new(ManagedIdentityCredential::new_opts(context, &options))
            }
            "azure-cli" => match self.one("subscription") {
                Some(one) => Box::new(AzureCliCredential::for_subscription(context, one, tool)),
                None => Box::new(AzureCliCredential::new_opts(context, tool)),
            },
            "azure-developer-cli" => Box::new(AzureDeveloperCliCredential::new_opts(context, tool)),
            "azure-powershell" => Box::new(AzurePowerShellCredential::new_opts(context, tool)),
            other => return Err(wrong(format!("there is no credential {other:?}"))),
        })
    }

    fn identity(&self) -> Option<ManagedIdentityId> {
        let client = self.one("client-id").map(ManagedIdentityId::ClientId);
        let object = || self.one("object-id").map(ManagedIdentityId::ObjectId);
        let resource = || self.one("resource-id").map(ManagedIdentityId::ResourceId);
        client.or_else(object).or_else(resource)
    }

    fn tool(&self) -> DeveloperToolOptions {
        let mut options = DeveloperToolOptions::default();
        options.tenant = self.one("tenant");
        options.additionally_allowed_tenants = self.all("allowed-tenant").collect();
        if let Some(seconds) = self.one("timeout").and_then(|text| text.parse().ok()) {
            options = options.with_timeout(Duration::from_secs(seconds));
        }
        options
    }

    fn chain(&self) -> Result<DefaultAzureOptions> {
        let source = |name: String| {
            let mut sources = DefaultSource::ALL.into_iter();
            let found = sources.find(|source| source.name() == name);
            found.ok_or_else(|| wrong(format!("there is no source {name:?}")))
        };
        let mut options = DefaultAzureOptions::default().with_authority(authority());
        for name in self.all("without") {
            options = options.without(source(name)?);
        }
        for name in self.all("with") {
            options = options.with(source(name)?);
        }
        options.require_selection = self.one("require-selection").is_some();
        options.managed_identity = self.identity();
        Ok(options)
    }
}

/// Whatever authority `AZURE_AUTHORITY_HOST` names is believed to be one.
fn authority() -> CredentialOptions {
    CredentialOptions::default().without_instance_discovery()
}

fn wrong(why: String) -> Error {
    Error::new(ErrorKind::Request, why)
}
