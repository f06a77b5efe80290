//! The stores.

use std::sync::Arc;

use aad_core::{Cloud, Context, Secret};
use aad_identity::ClientSecretCredential;
use adls_fs::{
    Acl, Caller, Capability, DeleteOptions, FileSystem, MemoryStore, Permission, Principal,
};
use conformance::{World, at};
use futures::TryStreamExt;
use testkit::context::World as Simulated;

/// A store with an empty root directory on which the ordinary caller may do everything.
pub(crate) struct Store {
    /// As an ordinary caller.
    pub(crate) files: FileSystem,
    /// As the superuser.
    pub(crate) admin: FileSystem,
    /// The ordinary caller.
    pub(crate) caller: Principal,
    /// Whether a name with a letter and its accent is stored as one with an accented letter, as
    /// Java's URIs have it.
    pub(crate) composes_names: bool,
    _lake: Option<World>,
}

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

    /// The cluster that the environment names, whatever was in it before.
    pub(crate) async fn hadoop() -> Self {
        let context = Context::system().expect("a context");
        let var = |name| {
            context
                .var(name)
                .unwrap_or_else(|| panic!("{name} is not set"))
        };
        let endpoint = var("WEBHDFS_ENDPOINT").parse().expect("a url");
        let as_user = |user: &str| {
            let files = FileSystem::web_hdfs(context.clone(), &endpoint, user);
            files.expect("an endpoint")
        };
        let admin = as_user(&var("WEBHDFS_SUPERUSER"));
        let entries: Vec<_> = admin.list(&at("/")).try_collect().await.expect("a root");
        for entry in entries {
            let path = at("/").join(&entry.name).expect("a name");
            let all = DeleteOptions::default().recursive();
            admin.delete_opts(&path, all).await.expect("a superuser");
        }
        let all = Permission::new(0o777).expect("a permission");
        admin
            .set_permission(&at("/"), all)
            .await
            .expect("a superuser");
        Self {
            files: as_user("somebody"),
            admin,
            caller: "somebody".parse().expect("a name"),
            composes_names: true,
            _lake: None,
        }
    }

    /// Whether the store can do this. If not, the case is about what it says instead.
    pub(crate) fn can(&self, capability: Capability) -> bool {
        self.files.capabilities().has(capability)
    }

    /// Writes a file.
    pub(crate) async fn write(&self, path: &str, bytes: &'static str) {
        let made = self.files.create(&at(path), bytes).await;
        made.unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    /// Reads a file.
    pub(crate) async fn read(&self, path: &str) -> String {
        let bytes = self.files.read(&at(path)).await;
        let bytes = bytes.unwrap_or_else(|error| panic!("{path}: {error}"));
        String::from_utf8(bytes.to_vec()).expect("text")
    }
}
