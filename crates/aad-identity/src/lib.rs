#![cfg_attr(feature = "reqwest", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "reqwest"),
    doc = "Azure AD (Entra ID) credentials, and the chain that explains itself."
)]

#[cfg(feature = "certificate")]
mod assertion;
mod authority;
mod cache;
mod explain;
mod federation;
mod hex;
mod json_file;
mod person;
mod pkce;
mod tenants;
mod token_client;
mod user_client;
#[cfg(feature = "ws-trust")]
mod ws_trust;

pub mod auth_file;
pub mod authorization_code;
pub mod azure_cli;
pub mod azure_developer_cli;
pub mod azure_pipelines;
pub mod azure_powershell;
pub mod cached_account;
#[cfg(feature = "certificate")]
pub mod certificate;
pub mod chain;
pub mod cli_profile;
pub mod client_assertion;
#[cfg(feature = "certificate")]
pub mod client_certificate;
pub mod client_proof;
pub mod client_secret;
pub mod default_azure;
pub mod developer_tool;
pub mod device_code;
pub mod environment;
pub mod function;
pub mod github_actions;
#[cfg(feature = "browser")]
pub mod interactive_browser;
pub mod managed_identity;
pub mod on_behalf_of;
pub mod options;
pub mod persistent_cache;
pub mod protocol;
pub mod refresh_token;
pub mod static_token;
pub mod store_environment;
pub mod username_password;
pub mod workload_identity;

pub use auth_file::AuthFile;
pub use authority::region::Region;
pub use authorization_code::{
    AuthorizationCode, AuthorizationCodeCredential, AuthorizationRequest,
};
pub use azure_cli::{AZURE_CLI_CLIENT_ID, AzureCliCredential};
pub use azure_developer_cli::AzureDeveloperCliCredential;
pub use azure_pipelines::AzurePipelinesCredential;
pub use azure_powershell::AzurePowerShellCredential;
pub use cached_account::CachedAccountCredential;
#[cfg(feature = "certificate")]
pub use certificate::ClientCertificate;
pub use chain::{Attempt, AttemptReport, ChainedTokenCredential};
pub use cli_profile::{CliProfile, CliSubscription};
pub use client_assertion::{AssertionRequest, ClientAssertionCredential};
#[cfg(feature = "certificate")]
pub use client_certificate::ClientCertificateCredential;
pub use client_proof::ClientProof;
pub use client_secret::ClientSecretCredential;
pub use default_azure::{DefaultAzureCredential, DefaultAzureOptions, DefaultSource, Use};
pub use developer_tool::DeveloperToolOptions;
pub use device_code::{DeviceCodeCredential, DeviceCodeEvent, DeviceCodePrompt};
pub use environment::EnvironmentCredential;
pub use function::FunctionCredential;
pub use github_actions::GitHubActionsCredential;
#[cfg(feature = "browser")]
pub use interactive_browser::{InteractiveBrowserCredential, InteractiveBrowserOptions};
pub use managed_identity::{ManagedIdentityCredential, ManagedIdentityId, ManagedIdentityOptions};
pub use on_behalf_of::OnBehalfOfCredential;
pub use options::CredentialOptions;
#[cfg(feature = "keyring")]
pub use persistent_cache::KeyringStorage;
pub use persistent_cache::{
    CacheStorage, CachedAccount, FileStorage, LockedStorage, PersistentCache,
};
pub use protocol::Protocol;
pub use refresh_token::RefreshTokenCredential;
pub use static_token::StaticTokenCredential;
pub use store_environment::StoreEnvironmentCredential;
pub use username_password::UsernamePasswordCredential;
pub use workload_identity::{WorkloadIdentityCredential, WorkloadIdentityOptions};
