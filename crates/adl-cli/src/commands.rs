//! One file a command. Each takes what the person typed and prints what came of it.

pub(crate) mod account;
pub(crate) mod env;
pub(crate) mod fs;
pub(crate) mod fsck;
pub(crate) mod job;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod serve;
pub(crate) mod usql;
