//! The WebHDFS driver against a cluster in memory, a network that loses things, and servers that
//! answer what they must not.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

mod cluster;
mod concat;
mod hostile;
mod lost;
mod redirects;
