//! The clients, each as its own documentation shows it.

pub mod bare;
pub mod floor;
pub mod object_store;
pub mod opendal;
pub mod ours;

/// As long as a token of an application is.
fn token() -> String {
    "t".repeat(1500)
}
