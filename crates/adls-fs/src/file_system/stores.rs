//! Where files are.

use std::sync::Arc;

use aad_core::{Context, Pipeline, TokenCredential};
use url::Url;

use crate::gen1::Gen1;
use crate::options::{FileSystemOptions, WebHdfsOptions};
use crate::webhdfs::WebHdfs;
use crate::{FileSystem, MemoryStore, Result};

/// The stores.
impl FileSystem {
    /// A Gen1 account at `endpoint`; see [`crate::account_url`].
    ///
    /// # Errors
    /// The endpoint is not the address of a service.
    pub fn gen1(
        context: Context,
        endpoint: &Url,
        credential: Arc<dyn TokenCredential>,
    ) -> Result<Self> {
        Self::gen1_opts(context, endpoint, credential, FileSystemOptions::default())
    }

    /// As [`FileSystem::gen1`], with options.
    ///
    /// # Errors
    /// The endpoint is not the address of a service.
    pub fn gen1_opts(
        context: Context,
        endpoint: &Url,
        credential: Arc<dyn TokenCredential>,
        options: FileSystemOptions,
    ) -> Result<Self> {
        let base = crate::endpoint::base(endpoint)?;
        let retry = options.pipeline.retry.clone();
        let pipeline = Pipeline::new(context.clone(), options.pipeline)
            .with_credential(credential, &options.scope);
        let wire = Gen1::new(pipeline, base, retry.clone(), options.identities);
        Ok(Self::over(Arc::new(wire), context, retry))
    }

    /// A Hadoop cluster over WebHDFS, or HttpFS, at `endpoint`, as this user. It is a cluster
    /// without security that believes a name; for others there is
    /// [`FileSystem::web_hdfs_opts`].
    ///
    /// HDFS promises less than Data Lake Store, as [`FileSystem::capabilities`] tells. Beyond that,
    /// - an append's offset is compared with the length of the file before it is sent, which does
    ///   not keep out a second writer in between;
    /// - a connection that breaks while a file is made leaves the bytes that arrived; the call fails
    ///   or makes it anew, but a reader may see them;
    /// - files to join must be in the directory of the target, not empty, and without a comma;
    /// - names have no colon, and those that begin beyond ASCII are listed before the others; a
    ///   letter that is written apart from its accent is stored as one with it, and then not found
    ///   under the name that was given.
    ///
    /// The bytes of files go to and from other hosts, which the endpoint names. A token goes to the
    /// endpoint alone.
    ///
    /// ```
    /// # fn example(context: aad_core::Context) -> adls_fs::Result<()> {
    /// use adls_fs::FileSystem;
    ///
    /// let endpoint = "http://namenode.example:9870".parse().expect("a url");
    /// let files = FileSystem::web_hdfs(context, &endpoint, "alice")?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The endpoint is not the address of a service.
    pub fn web_hdfs(context: Context, endpoint: &Url, user: &str) -> Result<Self> {
        let options = WebHdfsOptions::default().with_user(user);
        Self::web_hdfs_opts(context, endpoint, options)
    }

    /// As [`FileSystem::web_hdfs`], with options: another user or none, and bearer tokens.
    ///
    /// # Errors
    /// The endpoint is not the address of a service.
    pub fn web_hdfs_opts(
        context: Context,
        endpoint: &Url,
        options: WebHdfsOptions,
    ) -> Result<Self> {
        let retry = options.pipeline.retry.clone();
        let wire = WebHdfs::new(&context, endpoint, options)?;
        Ok(Self::over(Arc::new(wire), context, retry))
    }

    /// An empty store in the memory of this process, to test programs with.
    ///
    /// ```
    /// # async fn example(context: aad_core::Context) -> adls_fs::Result<()> {
    /// use adls_fs::FileSystem;
    ///
    /// let files = FileSystem::in_memory(context);
    /// files.create(&"/a/b.txt".parse()?, "Hello").await?;
    /// assert!(files.stat(&"/a".parse()?).await?.is_directory());
    /// # Ok(()) }
    /// ```
    ///
    /// [`MemoryStore`] says what it can do, and lets several callers with different rights use one
    /// store.
    pub fn in_memory(context: Context) -> Self {
        MemoryStore::new(context).file_system()
    }
}
