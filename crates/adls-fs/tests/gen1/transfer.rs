//! Transfers between a machine in memory and a store in memory, either of which may stop at any
//! step.

mod complaints;
mod crash;
mod cuts;
mod down;
mod machine;
mod names;
mod throttled;
mod up;
