//! The floor of every Azure Data Lake client.
//!
//! Named for identity, because a token is what every client needs first, this crate also holds
//! what every client does the same way: the transport seam, the retry loop, paging and polling.
//!
//! Without features it has no HTTP stack; the feature `reqwest` adds one transport and the
//! context of a real machine, nothing else.

pub mod challenge;
pub mod channel;
pub mod cloud;
pub mod context;
pub mod credential;
pub mod env;
pub mod error;
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
pub use pipeline::{Pipeline, PipelineOptions, Repeat, ServiceError};
pub use secret::Secret;
pub use transport::Transport;
