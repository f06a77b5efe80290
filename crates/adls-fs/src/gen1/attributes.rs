//! The operations on ACLs and attributes.

use aad_core::Repeat;
use async_trait::async_trait;
use http::Method;

use crate::gen1::{Gen1, answers};
use crate::operation::{self, milliseconds};
use crate::wire::{AclChange, Attributes};
use crate::{
    AclStatus, ContentSummary, Expiry, LakePath, Permission, Principal, Result, Rights, Times,
};

#[async_trait]
impl Attributes for Gen1 {
    /// GETACLSTATUS leaves out what the permission bits say, which makes it hard to tell a mask
    /// from a group's rights.
    async fn acl(&self, path: &LakePath) -> Result<AclStatus> {
        let operation = self
            .operation(Method::GET, path, "MSGETACLSTATUS")
            .with_identities(self.identities);
        let body = self.send(operation, Repeat::Safe).await?;
        answers::acl_status("MSGETACLSTATUS", &body)
    }

    async fn change_acl(&self, path: &LakePath, change: AclChange<'_>) -> Result<()> {
        let (name, spec) = operation::acl_change(change);
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

    async fn set_expiry(&self, path: &LakePath, expiry: Expiry) -> Result<()> {
        let (option, time) = match expiry {
            Expiry::Never => ("NeverExpire", None),
            Expiry::At(time) => ("Absolute", Some(milliseconds(time)?.to_string())),
            Expiry::AfterNow(span) => ("RelativeToNow", Some(span.as_millis().to_string())),
            Expiry::AfterCreation(span) => {
                let span = span.as_millis().to_string();
                ("RelativeToCreationDate", Some(span))
            }
        };
        let operation = self
            .extension(Method::PUT, path, "SETEXPIRY")
            .with("expiryOption", option)
            .with_some("expireTime", time.as_ref());
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
}
