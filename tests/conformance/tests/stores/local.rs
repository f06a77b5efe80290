//! The stores in this process.

use std::sync::Arc;

use aad_core::{Cloud, Secret};
use aad_identity::ClientSecretCredential;
use adls_fs::{Acl, Caller, FileSystem, MemoryStore, Principal};
use conformance::{World, at};
use testkit::context::World as Simulated;

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
            composes_names: false,
            _lake: None,
        }
    }

    pub(crate) async fn gen1() -> Self {
        let lake = World::start().await;
        let endpoints = lake.lake.endpoints();
        let credential = ClientSecretCredential::new(
            lake.context.clone(),
            &endpoints.tenant,
            &endpoints.admin_client_id,
            Secret::new(endpoints.admin_client_secret.expose()),
        );
        let credential = Arc::new(credential.expect("the lake names its own tenant and client"));
        let url = adls_fs::account_url(&endpoints.store_account, &Cloud::PUBLIC).expect("a name");
        let admin = FileSystem::gen1(lake.context.clone(), &url, credential).expect("a client");
        // Who the ordinary caller is, the store knows: a file of its own belongs to it.
        let own = at("/whose");
        lake.files.create(&own, "").await.expect("a file");
        let caller = lake.files.acl(&own).await.expect("its ACL").owner;
        lake.files.delete(&own).await.expect("its file");
        Self {
            files: lake.files.clone(),
            admin,
            caller,
            composes_names: false,
            _lake: Some(lake),
        }
    }
}
