//! A cluster that runs.

use aad_core::Context;
use adls_fs::{DeleteOptions, FileSystem, Permission};
use conformance::at;
use futures::TryStreamExt;

use crate::Store;

impl Store {
    /// The cluster that the environment names, whatever was in it before.
    pub(crate) async fn on_cluster() -> Self {
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
            is_hadoop: true,
            _lake: None,
        }
    }
}
