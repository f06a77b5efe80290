//! What a store says that it can do, it does; what not, it refuses by name.

use adls_fs::{AppendOptions, Capability, ConcatOptions, DeleteOptions, ErrorKind, Expiry, Result};
use conformance::at;
use futures::TryStreamExt;
use uuid::Uuid;

use crate::{Store, on_every_store};

on_every_store![what_a_store_lacks_is_refused_by_name_and_nothing_else_is];

async fn what_a_store_lacks_is_refused_by_name_and_nothing_else_is(store: &Store) {
    for capability in Capability::ALL {
        store.write("/f", "x").await;
        let Some(outcome) = attempt(store, capability).await else {
            continue;
        };
        let unsupported = match &outcome {
            Err(error) if error.kind() == ErrorKind::Unsupported => {
                assert!(
                    error.to_string().contains(&capability.to_string()),
                    "{error}"
                );
                true
            }
            _ => false,
        };
        assert_eq!(
            unsupported,
            !store.can(capability),
            "{capability:?}: {outcome:?}"
        );
    }
}

/// An operation that needs the capability; `None` where none of the public ones shows it yet.
async fn attempt(store: &Store, capability: Capability) -> Option<Result<()>> {
    let files = &store.files;
    let f = at("/f");
    Some(match capability {
        Capability::Acl => files.acl(&f).await.map(drop),
        Capability::Owner => store.admin.set_group(&f, &"staff".parse().unwrap()).await,
        Capability::Expiry => files.set_expiry(&f, Expiry::Never).await,
        Capability::AccessCheck => {
            let checked = files.check_access(&f, "r--".parse().unwrap()).await;
            checked.map(drop)
        }
        Capability::ContentSummary => files.content_summary(&f).await.map(drop),
        Capability::Concat | Capability::DeleteSourceDirectory => {
            store.write("/p/1", "1").await;
            let options = match capability {
                Capability::Concat => ConcatOptions::default(),
                _ => ConcatOptions::default().delete_source_directory(),
            };
            files.concat_opts(&f, &[at("/p/1")], options).await
        }
        Capability::Leases => {
            let options = AppendOptions::default().with_lease(Uuid::from_u128(7));
            files.append_opts(&f, 1, "y", options).await
        }
        Capability::Trash => {
            let found = store.admin.deleted("x").try_collect::<Vec<_>>().await;
            found.map(drop)
        }
        Capability::ConcurrentAppend => {
            store.write("/empty", "").await;
            files.concurrent_append(&at("/empty"), "x").await
        }
        Capability::ConditionalDelete => {
            let other = DeleteOptions::default().with_only_if("another");
            files.delete_opts(&f, other).await.map(drop)
        }
        // These have cases of their own: without unpublished appends bytes are seen at once, and
        // without checksums the client computes one.
        _ => return None,
    })
}
