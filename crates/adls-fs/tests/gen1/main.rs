//! The Gen1 driver against a store in memory and a network that loses things.

mod attributes;
mod concat;
mod copying;
mod dropped;
mod fake;
mod handle;
mod hostile;
mod leaving;
mod listing;
mod lost;
mod reading;
mod records;
mod recursive;
mod tasks;
mod transfer;
mod trash;
mod usage;
mod walking;
mod wire;
mod writing;
