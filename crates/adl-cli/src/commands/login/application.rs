//! An application that signs in with its secret or certificate.

use std::io::IsTerminal as _;
use std::path::Path;

use aad_core::Secret;
use anyhow::{Context as _, Result};
use tokio::io::{AsyncBufReadExt as _, BufReader};

use super::SigningIn;
use crate::exit::WrongUsage;
use crate::session::{Account, Kind, Principal, Proof, application};

impl SigningIn<'_> {
    pub(super) async fn application(self, client_id: &str) -> Result<Account> {
        let tenant = self.tenant.clone().ok_or_else(|| {
            WrongUsage("an application signs in to a tenant; name it with --tenant".into())
        })?;
        let proof = self.proof().await?;
        // A token that was got with another secret must not stand for this one.
        self.session.forget_application(client_id).await?;
        let options = self.session.options(&self.place)?;
        let credential = application(self.context, &tenant, client_id, &proof, &options).await?;
        credential.token(&self.request()).await?;
        self.session
            .keep(Principal::new(client_id, &tenant, &proof))
            .await?;
        Ok(Account {
            name: client_id.to_owned(),
            kind: Kind::ServicePrincipal,
            tenant,
            client_id: client_id.to_owned(),
            place: self.place,
            active: true,
        })
    }

    async fn proof(&self) -> Result<Proof> {
        let options = self.options;
        match (&options.password, &options.certificate) {
            (Some(secret), _) => Ok(Proof::Secret(typed(secret).await?)),
            (None, Some(path)) => Ok(Proof::Certificate {
                path: in_every_folder(path)?,
                password: match &options.certificate_password {
                    Some(password) => Some(typed(password).await?),
                    None => None,
                },
                send_chain: options.use_cert_sn_issuer,
            }),
            (None, None) => Err(WrongUsage("give a --password or a --certificate".into()).into()),
        }
    }
}

/// A path by which commands in other folders find the file, too.
fn in_every_folder(path: &Path) -> Result<String> {
    let path = std::path::absolute(path)?;
    let path = path.to_str();
    Ok(path
        .context("the certificate's path is not Unicode")?
        .to_owned())
}

/// What was typed, or, for `-`, the first line of standard input.
async fn typed(secret: &Secret) -> Result<Secret> {
    if secret.expose() != "-" {
        return Ok(secret.clone());
    }
    if std::io::stdin().is_terminal() {
        let message =
            "standard input is a terminal, which would show the secret; use a file or a pipe";
        return Err(WrongUsage(message.into()).into());
    }
    let mut line = String::new();
    let mut input = BufReader::new(tokio::io::stdin());
    let read = input.read_line(&mut line).await;
    let line = Secret::new(line);
    read.context("standard input cannot be read")?;
    Ok(Secret::new(line.expose().trim_end_matches(['\r', '\n'])))
}
