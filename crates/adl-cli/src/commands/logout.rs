//! `adl logout`: forgetting who signed in.

use std::path::Path;

use anyhow::Result;

use crate::arguments::Logout;
use crate::print::note;
use crate::session::{Account, Place, Session, nobody, unknown};

pub(crate) async fn run(options: &Logout, root: Option<&Path>, session: &Session) -> Result<()> {
    let place = root.map(Place::at_root);
    let name = options.username.as_deref();
    let leaves = |account: &Account| {
        let here = place.as_ref().is_none_or(|place| *place == account.place);
        here && match name {
            Some(name) => account.is_called(name),
            None => account.active || options.all,
        }
    };
    let left = session.sign_out(leaves).await?;
    if options.all && place.is_none() {
        // Of a sign-in that was interrupted there may be tokens without an account.
        session.forget_everybody().await?;
    }
    for account in &left {
        note(format_args!("{} is signed out", account.name));
    }
    match name {
        _ if !left.is_empty() || options.all => Ok(()),
        Some(name) => Err(unknown(name)),
        None => Err(nobody()),
    }
}
