//! The sources of the default chain, and which of them are tried.

use std::fmt;

use aad_core::env::AZURE_TOKEN_CREDENTIALS;
use aad_core::{Context, Error, ErrorKind, Result};

use super::absent::ABSENT;
use super::{DefaultAzureOptions, Use};
/// A source of the default chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DefaultSource {
    /// [`EnvironmentCredential`](crate::EnvironmentCredential).
    Environment,
    /// [`WorkloadIdentityCredential`](crate::WorkloadIdentityCredential).
    WorkloadIdentity,
    /// [`ManagedIdentityCredential`](crate::ManagedIdentityCredential).
    ManagedIdentity,
    /// [`AzureCliCredential`](crate::AzureCliCredential).
    AzureCli,
    /// [`AzurePowerShellCredential`](crate::AzurePowerShellCredential).
    AzurePowerShell,
    /// [`AzureDeveloperCliCredential`](crate::AzureDeveloperCliCredential).
    AzureDeveloperCli,
    /// `InteractiveBrowserCredential` (feature `browser`), where it was asked for.
    InteractiveBrowser,
}

impl DefaultSource {
    /// All of them, in the order in which they are tried.
    pub const ALL: [Self; 7] = [
        Self::Environment,
        Self::WorkloadIdentity,
        Self::ManagedIdentity,
        Self::AzureCli,
        Self::AzurePowerShell,
        Self::AzureDeveloperCli,
        Self::InteractiveBrowser,
    ];

    /// Its name in reports and in `AZURE_TOKEN_CREDENTIALS`, the one that Azure's libraries share.
    pub fn name(self) -> &'static str {
        match self {
            Self::Environment => "EnvironmentCredential",
            Self::WorkloadIdentity => "WorkloadIdentityCredential",
            Self::ManagedIdentity => "ManagedIdentityCredential",
            Self::AzureCli => "AzureCliCredential",
            Self::AzurePowerShell => "AzurePowerShellCredential",
            Self::AzureDeveloperCli => "AzureDeveloperCliCredential",
            Self::InteractiveBrowser => "InteractiveBrowserCredential",
        }
    }

    fn group(self) -> Group {
        match self {
            Self::Environment | Self::WorkloadIdentity | Self::ManagedIdentity => Group::Production,
            Self::AzureCli | Self::AzurePowerShell | Self::AzureDeveloperCli => Group::Developers,
            Self::InteractiveBrowser => Group::OnDemand,
        }
    }
}

/// Who signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    /// What a program runs on or is configured with.
    Production,
    /// Whoever is signed in to a developer's tool.
    Developers,
    /// Somebody who is asked, which a program must want.
    OnDemand,
}

impl fmt::Display for DefaultSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What `AZURE_TOKEN_CREDENTIALS` selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Selection {
    All,
    Developers,
    Production,
    One(DefaultSource),
}

impl Selection {
    pub(super) fn read(context: &Context, required: bool) -> Result<Self> {
        let refuse = |why: String| Err(Error::new(ErrorKind::Request, why));
        let value = context.var(AZURE_TOKEN_CREDENTIALS).unwrap_or_default();
        let value = value.trim();
        let is = |name: &str| value.eq_ignore_ascii_case(name);
        let one = DefaultSource::ALL.into_iter().find(|one| is(one.name()));
        if let Some(absent) = ABSENT.iter().find(|absent| is(absent.name)) {
            return refuse(format!(
                "{AZURE_TOKEN_CREDENTIALS} is {value}, which this chain does not have; {}",
                absent.instead
            ));
        }
        match one {
            Some(source) => Ok(Self::One(source)),
            None if value.is_empty() && required => refuse(format!(
                "{AZURE_TOKEN_CREDENTIALS} must be set: to dev, prod or the name of a source"
            )),
            None if value.is_empty() => Ok(Self::All),
            None if is("dev") => Ok(Self::Developers),
            None if is("prod") => Ok(Self::Production),
            None => refuse(format!(
                "{AZURE_TOKEN_CREDENTIALS} is {value:?}, but can be dev, prod, {}",
                DefaultSource::ALL.map(DefaultSource::name).join(", ")
            )),
        }
    }

    pub(super) fn uses(self, source: DefaultSource, options: &DefaultAzureOptions) -> bool {
        let mut exceptions = options.exceptions.iter().rev();
        match exceptions.find(|(one, _)| *one == source) {
            Some((_, exception)) => *exception == Use::Tried,
            None => match self {
                Self::All => source.group() != Group::OnDemand,
                Self::Developers => source.group() == Group::Developers,
                Self::Production => source.group() == Group::Production,
                Self::One(one) => one == source,
            },
        }
    }
}
