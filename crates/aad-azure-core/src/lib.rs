#![doc = include_str!("../README.md")]

mod failure;
mod from_azure_core;
mod http_client;
mod to_azure_core;

pub use failure::our_error;
pub use from_azure_core::FromAzureCore;
pub use http_client::TransportClient;
pub use to_azure_core::ToAzureCore;
