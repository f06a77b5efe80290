//! The service as its clients see it.
#![expect(
    clippy::unwrap_used,
    reason = "clippy allows it in test functions only, not in what they share"
)]

mod authority;
mod certificate;
mod faults;
#[cfg(feature = "listen")]
mod framing;
mod harness;
mod managed_identity;
mod people;
#[cfg(feature = "listen")]
mod sockets;
mod surfaces;
mod workload_identity;
