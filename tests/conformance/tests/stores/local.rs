//! The stores in this process.

use std::sync::Arc;

use aad_core::{Cloud, Context, Result, Secret, TokenCredential};
use aad_identity::ClientSecretCredential;
use adls_fs::{Acl, Caller, FileSystem, MemoryStore, Principal, WebHdfsOptions};
use conformance::{World, at};
use testkit::context::World as Simulated;
use url::Url;

use crate::Store;

impl Store {
    pub(crate) fn in_memory() -> Self {
        let store = MemoryStore::new(Simulated::new().context());
        let admin = store.file_system();
        let caller: Principal = "somebody".parse().expect("a name");
        let all: Acl = "user:somebody:rwx".parse().expect("an ACL");
        futures::executor::block_on(admin.modify_acl(&at("/"), &all)).expect("a superuser");
        Self {
            files: store.file_system_as(Caller::new(caller.clone())),
            admin,
            caller,
            is_hadoop: false,
            _lake: None,
        }
    }

    /// A lake, spoken to as the service's own clients do.
    pub(crate) async fn gen1() -> Self {
        Self::lake(FileSystem::gen1).await
    }

    /// The same, spoken to as clients of Hadoop do.
    pub(crate) async fn web_hdfs() -> Self {
        Self::lake(|context, url, credential| {
            let scope = "https://datalake.azure.net//.default";
            let options = WebHdfsOptions::default().with_credential(credential, scope);
            FileSystem::web_hdfs_opts(context, url, options)
        })
        .await
    }

    async fn lake(
        client: impl Fn(Context, &Url, Arc<dyn TokenCredential>) -> Result<FileSystem>,
    ) -> Self {
        let lake = World::start().await;
        let endpoints = lake.lake.endpoints();
        let admin = ClientSecretCredential::new(
            lake.context.clone(),
            &endpoints.tenant,
            &endpoints.admin_client_id,
            Secret::new(endpoints.admin_client_secret.expose()),
        );
        let admin = Arc::new(admin.expect("the lake names its own tenant and client"));
        let url = adls_fs::account_url(&endpoints.store_account, &Cloud::PUBLIC).expect("a name");
        let client = |credential| client(lake.context.clone(), &url, credential);
        let files = client(lake.credential.clone()).expect("a client");
        let admin = client(admin).expect("a client");
        // Who the ordinary caller is, the store knows: a file of its own belongs to it.
        let own = at("/whose");
        lake.files.create(&own, "").await.expect("a file");
        let caller = lake.files.acl(&own).await.expect("its ACL").owner;
        lake.files.delete(&own).await.expect("its file");
        Self {
            files,
            admin,
            caller,
            is_hadoop: false,
            _lake: Some(lake),
        }
    }
}
