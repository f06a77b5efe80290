//! The wire protocols of a data lake as a pure request to response function.
//!
//! [`Lake`] answers the requests that Azure AD, Data Lake Store (Gen1) and Data Lake Analytics would answer,
//! over a [`lake_store::Store`]. It opens no socket: [`Lake::handle`] takes a request and gives a response, so a
//! program can hold a whole data lake and call it as a function. The feature `listen` adds the sockets.
#![doc = include_str!("../README.md")]

mod adla;
mod admin;
mod authority;
mod body;
mod challenge;
mod endpoints;
mod error;
mod faults;
mod first_start;
mod gen1;
mod jobs;
mod lake;
#[cfg(feature = "listen")]
mod listen;
mod managed_identity;
mod options;
mod origin;
mod page;
mod private_file;
mod query;
mod reply;
mod routing;
mod secret;
mod tasks;
#[cfg(test)]
mod testing;
mod timestamp;
mod tokens;
mod workload_identity;

pub use body::{Body, BodyError, CollectError};
pub use endpoints::{Endpoints, Shell};
pub use error::{Error, ErrorKind, Result};
pub use faults::Delay;
pub use jobs::*;
pub use lake::Lake;
#[cfg(feature = "listen")]
pub use listen::{ListenOptions, Listener, Sockets};
pub use options::{
    AssertionUse, Authentication, InstanceMetadata, JobLimits, LakeOptions, StorageKey,
};
pub use secret::Secret;
