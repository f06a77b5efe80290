//! The operations on ACLs and attributes.

use aad_core::Repeat;
use async_trait::async_trait;
use http::Method;

use super::WebHdfs;
use crate::gen1::answers;
use crate::operation;
use crate::wire::{AclChange, Attributes};
use crate::{
    AclStatus, ContentSummary, Error, ErrorKind, FileChecksum, LakePath, Permission, Principal,
    Result, Rights, Times,
};

/// The longest answer that says a checksum.
const CHECKSUM_LIMIT: usize = 64 << 10;

#[async_trait]
impl Attributes for WebHdfs {
    async fn acl(&self, path: &LakePath) -> Result<AclStatus> {
        let operation = self.operation(Method::GET, path, "GETACLSTATUS");
        let body = self.send(operation, Repeat::Safe).await?;
        answers::acl_status("GETACLSTATUS", &body)
    }

    async fn change_acl(&self, path: &LakePath, change: AclChange<'_>) -> Result<()> {
        let (name, spec) = match change {
            // Hadoop reads a name only where a colon stands behind it.
            AclChange::Remove(keys) => {
                let keys: Vec<_> = keys.iter().map(|key| format!("{key}:")).collect();
                ("REMOVEACLENTRIES", Some(keys.join(",")))
            }
            change => operation::acl_change(change),
        };
        let operation = self
            .operation(Method::PUT, path, name)
            .with_some("aclspec", spec.as_ref());
        self.send(operation, Repeat::Safe).await.map(drop)
    }

    async fn set_permission(&self, path: &LakePath, permission: Permission) -> Result<()> {
        let operation = self
            .operation(Method::PUT, path, "SETPERMISSION")
            .with("permission", &permission);
        self.send(operation, Repeat::Safe).await.map(drop)
    }

    async fn set_owner(
        &self,
        path: &LakePath,
        owner: Option<&Principal>,
        group: Option<&Principal>,
    ) -> Result<()> {
        let operation = self
            .operation(Method::PUT, path, "SETOWNER")
            .with_some("owner", owner)
            .with_some("group", group);
        self.send(operation, Repeat::Safe).await.map(drop)
    }

    async fn set_times(&self, path: &LakePath, times: &Times) -> Result<()> {
        let operation = self
            .operation(Method::PUT, path, "SETTIMES")
            .with_times(times)?;
        self.send(operation, Repeat::Safe).await.map(drop)
    }

    async fn check_access(&self, path: &LakePath, wanted: Rights) -> Result<()> {
        let operation = self
            .operation(Method::GET, path, "CHECKACCESS")
            .with("fsaction", &wanted);
        self.send(operation, Repeat::Safe).await.map(drop)
    }

    async fn content_summary(&self, path: &LakePath) -> Result<ContentSummary> {
        let operation = self.operation(Method::GET, path, "GETCONTENTSUMMARY");
        let body = self.send(operation, Repeat::Safe).await?;
        answers::content_summary(&body)
    }

    async fn checksum(&self, path: &LakePath) -> Result<FileChecksum> {
        let attempt = || async {
            let operation = self.operation(Method::GET, path, "GETFILECHECKSUM");
            let body = self.read(operation).await?;
            body.collect(CHECKSUM_LIMIT).await.map_err(|source| {
                let message = format!("the checksum of {path} did not arrive");
                Error::new(ErrorKind::Transient, message).with_source(source)
            })
        };
        answers::checksum(&self.again(attempt).await?)
    }
}
