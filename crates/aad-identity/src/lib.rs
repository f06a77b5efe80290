#![cfg_attr(feature = "reqwest", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "reqwest"),
    doc = "Azure AD (Entra ID) credentials, and the chain that explains itself."
)]

mod authority;
mod cache;
pub mod chain;
pub mod client_secret;
pub mod environment;
pub mod managed_identity;
pub mod options;
mod scopes;
mod token_client;

pub use chain::{Attempt, AttemptReport, ChainedTokenCredential};
pub use client_secret::ClientSecretCredential;
pub use environment::EnvironmentCredential;
pub use managed_identity::{ManagedIdentityCredential, ManagedIdentityId, ManagedIdentityOptions};
pub use options::CredentialOptions;
