//! Which lake a command talks to, and as whom: decided from what is there, before anything is asked.

use std::path::{Path, PathBuf};

use aad_core::channel::is_loopback;
use url::Url;

use crate::session::{Account, Place};

/// What the decision is made of.
#[derive(Debug)]
pub(crate) struct Circumstances<'a> {
    /// `--root` or `ADL_ROOT`.
    pub(crate) root: Option<&'a Path>,
    /// The folder that is served unless another is named.
    pub(crate) default_root: &'a Path,
    /// Whether a lake is served from it.
    pub(crate) is_default_served: bool,
    /// Whether `AZURE_TENANT_ID` is set.
    pub(crate) is_environment_set: bool,
    /// As whom `adl login` lets commands run.
    pub(crate) active: Option<&'a Account>,
}

/// Which lake, and as whom.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Choice {
    pub(crate) lake: Lake,
    pub(crate) identity: Identity,
    /// For people who wonder.
    pub(crate) reason: String,
}

/// Which lake.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Lake {
    /// The one that `adl serve` serves from this folder.
    Root(PathBuf),
    /// One at this address, which is the authority's, too.
    Address(Url),
    /// One at the cloud's own addresses, wherever they lead.
    Cloud,
}

/// As whom.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Identity {
    /// Who signed in with `adl login`.
    Account(Account),
    /// Whom the `AZURE_*` variables name.
    Environment,
    /// The ordinary client of a local lake.
    LakesOwn,
}

impl Choice {
    /// None if there is no lake and nobody is signed in.
    pub(crate) fn of(circumstances: &Circumstances<'_>) -> Option<Self> {
        let Circumstances {
            root,
            default_root,
            is_default_served,
            is_environment_set,
            active,
        } = *circumstances;
        if let Some(root) = root {
            return Some(Self::at_root(
                root,
                active,
                "--root or ADL_ROOT names the lake",
            ));
        }
        if is_environment_set {
            return Some(Self {
                lake: Lake::Cloud,
                identity: Identity::Environment,
                reason: "AZURE_TENANT_ID is set".into(),
            });
        }
        if let Some(account) = active {
            return Some(Self {
                lake: Lake::of(&account.place),
                identity: Identity::Account(account.clone()),
                reason: "signed in with `adl login`".into(),
            });
        }
        is_default_served.then(|| {
            let reason = format!("a lake is served from ./{}", default_root.display());
            Self::at_root(default_root, active, &reason)
        })
    }

    fn at_root(root: &Path, active: Option<&Account>, reason: &str) -> Self {
        let of_lake = |account: &&Account| account.place == Place::at_root(root);
        let (identity, who) = match active.filter(of_lake) {
            Some(account) => (
                Identity::Account(account.clone()),
                "`adl login` signed in to it",
            ),
            None => (Identity::LakesOwn, "nobody is signed in to it"),
        };
        Self {
            lake: Lake::Root(root.to_owned()),
            identity,
            reason: format!("{reason}, and {who}"),
        }
    }
}

impl Lake {
    fn of(place: &Place) -> Self {
        match place {
            Place::Lake(root) => Self::Root(root.clone()),
            // The cloud's authority is elsewhere than its lakes; one of this machine is a lake itself.
            Place::Authority(address) => match Url::parse(address) {
                Ok(url) if url.host_str().is_some_and(is_loopback) => Self::Address(url),
                _ => Self::Cloud,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Kind;

    fn account(place: Place) -> Account {
        Account {
            name: "anna".into(),
            kind: Kind::ServicePrincipal,
            tenant: "t".into(),
            client_id: "app".into(),
            place,
            active: true,
        }
    }

    fn at(address: &str) -> Account {
        account(Place::at(address))
    }

    /// Nothing is here.
    fn nothing() -> Circumstances<'static> {
        Circumstances {
            root: None,
            default_root: Path::new("lake"),
            is_default_served: false,
            is_environment_set: false,
            active: None,
        }
    }

    fn choose(circumstances: &Circumstances<'_>) -> (Lake, Identity) {
        let choice = Choice::of(circumstances).unwrap();
        assert_ne!(choice.reason, "");
        (choice.lake, choice.identity)
    }

    #[test]
    fn without_a_lake_and_a_sign_in_there_is_no_choice() {
        assert_eq!(Choice::of(&nothing()), None);
    }

    #[test]
    fn what_is_named_counts_before_what_is_set_and_that_before_what_was_kept() {
        let signed_in = at("https://login.microsoftonline.com");
        let root = Path::new("/data/lake");
        let mut here = Circumstances {
            root: Some(root),
            is_default_served: true,
            is_environment_set: true,
            active: Some(&signed_in),
            ..nothing()
        };
        assert_eq!(choose(&here), (Lake::Root(root.into()), Identity::LakesOwn));
        here.root = None;
        assert_eq!(choose(&here), (Lake::Cloud, Identity::Environment));
        here.is_environment_set = false;
        let identity = Identity::Account(signed_in.clone());
        assert_eq!(choose(&here), (Lake::Cloud, identity));
        here.active = None;
        assert_eq!(
            choose(&here),
            (Lake::Root("lake".into()), Identity::LakesOwn)
        );
    }

    #[test]
    fn at_a_local_lake_commands_run_as_who_signed_in_to_that_very_lake() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("a");
        std::fs::create_dir_all(root.join("b")).unwrap();
        let signed_in = account(Place::at_root(&root));
        let identity = |root: &Path| {
            let here = Circumstances {
                root: Some(root),
                active: Some(&signed_in),
                ..nothing()
            };
            choose(&here).1
        };
        // However its folder is written.
        let same = root.join("b").join("..");
        assert_eq!(identity(&same), Identity::Account(signed_in.clone()));
        assert_eq!(identity(&root.join("b")), Identity::LakesOwn);
        let without_root = Circumstances {
            active: Some(&signed_in),
            ..nothing()
        };
        let Place::Lake(real) = &signed_in.place else {
            panic!("a lake")
        };
        assert_eq!(choose(&without_root).0, Lake::Root(real.clone()));
    }

    #[test]
    fn an_authority_of_this_machine_is_a_lake_itself() {
        let lake = |address: &str| {
            let signed_in = at(address);
            let here = Circumstances {
                active: Some(&signed_in),
                ..nothing()
            };
            choose(&here).0
        };
        for address in [
            "http://127.0.0.1:7170/",
            "http://[::1]:7170/",
            "http://localhost:7170/",
        ] {
            assert_eq!(lake(address), Lake::Address(Url::parse(address).unwrap()));
        }
        for address in [
            "https://login.microsoftonline.com",
            "login.microsoftonline.us",
        ] {
            assert_eq!(lake(address), Lake::Cloud);
        }
    }
}
