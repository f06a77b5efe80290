//! Accounts, principals and keys: made at first start, read at every other.

use lake_store::{Account, AccountKind, LakePath, Store};

use crate::authority::{Authority, Directory};
use crate::error::{Error, ErrorKind, Result};
use crate::options::{LakeOptions, StorageKey};
use crate::private_file;
use crate::routing;
use crate::secret::Secret;

/// Makes at first start what every start needs, and reads it.
pub(crate) fn prepare(store: &Store, options: &LakeOptions) -> Result<Prepared> {
    // Before any key is made: the database and the authority's key are in this folder.
    private_file::close_folder(&store.root().join(".lake"));
    let authority = Authority::open(store, options)?;
    let directory = &authority.directory;
    for pem in &options.client_certificates {
        authority
            .certificates
            .add(directory.client.client_id, pem)?;
    }
    make_account(store, directory, &options.store_account, AccountKind::Store)?;
    make_account(
        store,
        directory,
        &options.analytics_account,
        AccountKind::Analytics,
    )?;
    make_account(
        store,
        directory,
        &options.storage_account,
        AccountKind::Storage,
    )?;
    let accounts = store.accounts().map_err(store_failed)?;
    let storage_key = storage_key(store, options.storage_key)?;
    Ok(Prepared {
        authority,
        accounts,
        storage_key,
    })
}

/// What a lake needs before it can answer.
pub(crate) struct Prepared {
    pub(crate) authority: Authority,
    pub(crate) accounts: Vec<Account>,
    pub(crate) storage_key: Secret,
}

/// An account whose root belongs to the ordinary principal.
///
/// A setting says when this is complete, because a crash may fall between the two steps; later changes of the
/// owner are not undone.
fn make_account(store: &Store, directory: &Directory, name: &str, kind: AccountKind) -> Result<()> {
    if routing::is_reserved(name) {
        let message = format!("`{name}` cannot be an account: it is a path of the service");
        return Err(Error::new(ErrorKind::Store, message));
    }
    let settings = store.settings();
    let done = format!("account/{name}/made");
    if settings.get(&done).map_err(store_failed)?.is_some() {
        return Ok(());
    }
    let admin = directory.admin.principal();
    match store.create_account(&admin, name, kind) {
        Err(error) if error.kind() != lake_store::ErrorKind::AlreadyExists => {
            return Err(store_failed(error));
        }
        _ => {}
    }
    if kind != AccountKind::Analytics {
        let owner = directory.client.object_id.to_string();
        let files = store.files(name).map_err(store_failed)?;
        files
            .set_owner(&admin, &LakePath::ROOT, Some(&owner), None)
            .map_err(store_failed)?;
    }
    settings.set(&done, b"").map_err(store_failed)
}

/// <https://learn.microsoft.com/azure/storage/common/storage-use-azurite#well-known-storage-account-and-key>
const WELL_KNOWN_STORAGE_KEY: &str =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

fn storage_key(store: &Store, wanted: StorageKey) -> Result<Secret> {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    if wanted == StorageKey::WellKnown {
        return Ok(Secret::new(WELL_KNOWN_STORAGE_KEY.to_owned()));
    }
    let make = || {
        let mut key = vec![0; 64];
        store.ambient().fill(&mut key);
        key
    };
    let key = store
        .settings()
        .get_or_insert_with("storage/key", make)
        .map_err(store_failed)?;
    Ok(Secret::new(STANDARD.encode(zeroize::Zeroizing::new(key))))
}

fn store_failed(error: lake_store::Error) -> Error {
    Error::new(
        ErrorKind::Store,
        "the accounts and settings of the lake cannot be read or made",
    )
    .caused_by(error)
}
