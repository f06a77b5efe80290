//! `adl fs expiry` and `times`.

use adls_fs::{FileSystem, Times};
use anyhow::Result;

use crate::arguments::fs::{Expire, SetTimes};

pub(super) async fn set_expiry(files: &FileSystem, arguments: &Expire) -> Result<()> {
    let expiry = arguments.choice.expiry();
    Ok(files.set_expiry(&arguments.path, expiry).await?)
}

pub(super) async fn set_times(files: &FileSystem, arguments: &SetTimes) -> Result<()> {
    let mut times = Times::default();
    times.modified = arguments.modified.map(|moment| moment.0);
    times.accessed = arguments.accessed.map(|moment| moment.0);
    Ok(files.set_times(&arguments.path, times).await?)
}
