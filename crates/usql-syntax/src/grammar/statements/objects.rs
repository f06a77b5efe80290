//! What CREATE and DROP work on. One file each, one line in each table.

mod database;
mod other;

use super::Rule;

/// What can be created.
pub(super) const CREATE: &[Rule] = &[database::CREATE, other::CREATE];

/// What can be dropped.
pub(super) const DROP: &[Rule] = &[database::DROP, other::DROP];
