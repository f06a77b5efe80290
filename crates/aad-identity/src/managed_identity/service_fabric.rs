//! Service Fabric: recognised, so that its secret is not sent to whoever answers instead.

use std::sync::Arc;

use aad_core::env::{IDENTITY_ENDPOINT, IDENTITY_HEADER, IDENTITY_SERVER_THUMBPRINT};
use aad_core::{Error, ErrorKind, Result};

use super::ManagedIdentityOptions;
use super::host::Host;
use crate::explain::Lookups;

pub(super) fn detect(
    lookups: &Lookups,
    _: &ManagedIdentityOptions,
) -> Option<Result<Arc<dyn Host>>> {
    for variable in [
        IDENTITY_ENDPOINT,
        IDENTITY_HEADER,
        IDENTITY_SERVER_THUMBPRINT,
    ] {
        lookups.var(variable)?;
    }
    // Whoever runs here means this host; another source would sign in as somebody else.
    Some(Err(Error::new(
        ErrorKind::Credentials,
        "this is Service Fabric, whose managed identity is not supported yet: its certificate must be \
         told by its thumbprint",
    )))
}
