#![doc = include_str!("../README.md")]

#[cfg(feature = "blocking")]
pub mod blocking;
pub mod challenge;
pub mod channel;
pub mod cloud;
pub mod context;
pub mod credential;
pub mod env;
pub mod error;
pub mod explanation;
pub mod oauth;
pub mod once;
pub mod paging;
pub mod pipeline;
pub mod polling;
pub mod retry;
pub mod scope;
pub mod secret;
#[cfg(feature = "reqwest")]
pub mod system;
pub mod transport;

pub use cloud::Cloud;
pub use context::Context;
pub use credential::{AccessToken, TokenCredential, TokenRequest};
pub use error::{Error, ErrorKind, Result};
pub use explanation::Explanation;
pub use pipeline::{Pipeline, PipelineOptions, Repeat, ServiceError};
pub use secret::Secret;
pub use transport::Transport;
