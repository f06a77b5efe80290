//! A person who signs in with a browser, on this machine or another.

use aad_core::TokenCredential as _;
use aad_core::explanation::Verdict;
use aad_identity::{
    CachedAccount, CredentialOptions, DeviceCodeCredential, DeviceCodeEvent,
    InteractiveBrowserCredential, InteractiveBrowserOptions,
};
use anyhow::{Context as _, Result};
use futures::TryStreamExt as _;

use super::SigningIn;
use crate::print::note;
use crate::session::{ANY_TENANT, Account, Kind};

impl SigningIn<'_> {
    /// Whoever it turns out to be: nobody who signed in before is taken instead.
    pub(super) async fn person(self) -> Result<Account> {
        let tenant = self.tenant.as_deref().unwrap_or(ANY_TENANT);
        let options = self.session.options(&self.place)?;
        let signed_in = if self.options.use_device_code {
            self.with_device_code(tenant, &options).await?
        } else {
            self.with_browser(tenant, options).await?
        };
        // Without it, nobody would be signed in afterwards.
        let signed_in = signed_in.context("the token cache could not be written")?;
        Ok(Account {
            name: signed_in.username,
            kind: Kind::User {
                home_account_id: signed_in.home_account_id,
                environment: signed_in.environment,
            },
            tenant: tenant.to_owned(),
            client_id: self.options.client_id.clone(),
            place: self.place,
            active: true,
        })
    }

    async fn with_device_code(
        &self,
        tenant: &str,
        options: &CredentialOptions,
    ) -> Result<Option<CachedAccount>> {
        let context = self.context.clone();
        let client_id = &self.options.client_id;
        let credential =
            DeviceCodeCredential::new_opts(context, tenant, client_id, |_| (), options)?;
        let mut events = credential.sign_in(&self.request());
        while let Some(event) = events.try_next().await? {
            if let DeviceCodeEvent::Prompt(prompt) = event {
                note(prompt);
            }
        }
        Ok(credential.account().await)
    }

    async fn with_browser(
        &self,
        tenant: &str,
        options: CredentialOptions,
    ) -> Result<Option<CachedAccount>> {
        let credential = |options| {
            let context = self.context.clone();
            let client_id = &self.options.client_id;
            InteractiveBrowserCredential::new_opts(context, tenant, client_id, options)
        };
        let options = InteractiveBrowserOptions::default().with_authority(options);
        let by_itself = credential(options.clone())?;
        let explanation = by_itself.explain().await;
        let is_ready = |verdict| verdict == Verdict::Ready;
        let chosen = if explanation
            .sources()
            .iter()
            .all(|one| is_ready(one.verdict))
        {
            note("a browser is opened to sign in with; --use-device-code does without");
            by_itself
        } else {
            credential(options.with_address(show))?
        };
        chosen.sign_in(&self.request()).await?;
        Ok(chosen.account().await)
    }
}

fn show(address: &str) {
    note(format_args!(
        "no browser can be opened here; to sign in, open this address in one that can reach this machine \
         (or use --use-device-code):\n{address}"
    ));
}
