//! Where files are.

use std::sync::Arc;

use aad_core::{Context, Pipeline, TokenCredential};
use url::Url;

use crate::gen1::Gen1;
use crate::options::FileSystemOptions;
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
