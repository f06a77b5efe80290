//! A lake behind a network that breaks, for scripts that [`testkit::cuts`] runs.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aad_core::{Context, TokenCredential};
use adls_fs::{FileSystem, LakePath};
use async_trait::async_trait;
use bytes::Bytes;
use futures::{TryStreamExt, stream};
use http::{Request, Response};
use lake_service::{Body, Lake};
use testkit::context::World as Simulated;
use testkit::cuts::{Line, Service};
use url::Url;

use crate::World;

/// One lake for all runs of a script. Each run has a folder of its own.
///
/// Its methods panic where a test cannot go on.
pub struct Shore {
    world: World,
    endpoint: Url,
    runs: AtomicUsize,
}

/// One run's corner of the lake.
pub struct Corner {
    /// The lake over the network that breaks, in simulated time.
    pub files: FileSystem,
    /// The lake over a network that holds, to prepare and to look.
    pub calm: FileSystem,
    /// How the lake is reached in this run.
    pub context: Context,
    folder: LakePath,
}

impl Shore {
    /// A lake on an empty folder.
    pub async fn start() -> Self {
        let world = World::start().await;
        let endpoint = world.lake.store_url().parse();
        Self {
            endpoint: endpoint.expect("the lake names its own address"),
            world,
            runs: AtomicUsize::new(0),
        }
    }

    /// The lake itself.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// An empty folder, and the way to it over this run's network.
    pub async fn corner(&self, line: &Line) -> Corner {
        let run = self.runs.fetch_add(1, Ordering::Relaxed);
        let folder: LakePath = crate::at(&format!("/run-{run}"));
        let calm = self.world.files.clone();
        calm.mkdirs(&folder).await.expect("the lake takes a folder");
        let service = Arc::new(InProcess(self.world.lake.lake().clone()));
        // The same seed for each run, so that all of them send the same requests up to the cut.
        let context = Simulated::new().context_over_real(line.to(service));
        // Signing in goes over a network of its own, which holds.
        let credential: Arc<dyn TokenCredential> = self.world.credential.clone();
        let files = FileSystem::gen1(context.clone(), &self.endpoint, credential);
        Corner {
            files: files.expect("a client for a valid url"),
            calm,
            context,
            folder,
        }
    }
}

impl Corner {
    /// The folder.
    pub fn folder(&self) -> &LakePath {
        &self.folder
    }

    /// A path in the folder.
    pub fn at(&self, path: &str) -> LakePath {
        crate::at(&format!("{}/{path}", self.folder))
    }

    /// Puts a file there, and the directories above it.
    pub async fn put(&self, path: &str, bytes: impl Into<Bytes>) {
        let made = self.calm.create(&self.at(path), bytes).await;
        made.expect("the lake takes a file");
    }

    /// Everything in the folder by its path there: the bytes of files, `None` for directories.
    pub async fn tree(&self) -> BTreeMap<String, Option<String>> {
        let entries: Vec<_> = self
            .calm
            .walk(&self.folder)
            .try_collect()
            .await
            .expect("a tree");
        let mut tree = BTreeMap::new();
        for entry in entries {
            let name = entry.path.as_str().strip_prefix(self.folder.as_str());
            let name = name
                .expect("in the folder")
                .trim_start_matches('/')
                .to_owned();
            let mut text = None;
            if entry.status.is_file() {
                let bytes = self.calm.read(&entry.path).await.expect("a file");
                text = Some(String::from_utf8_lossy(&bytes).into_owned());
            }
            tree.insert(name, text);
        }
        tree
    }
}

/// The service at the other end of a line.
#[derive(Clone)]
struct InProcess(Lake);

impl std::fmt::Debug for InProcess {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InProcess")
    }
}

#[async_trait]
impl Service for InProcess {
    async fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        let (parts, body) = self.0.handle(request.map(Body::from)).await.into_parts();
        let body = body.collect_up_to(usize::MAX).await;
        Response::from_parts(parts, body.expect("the lake ends its answers"))
    }

    async fn take_broken(&self, mut request: Request<Bytes>, bytes: usize) {
        // As over a socket: the head told how much is to come.
        let length = request.body().len().into();
        request
            .headers_mut()
            .insert(http::header::CONTENT_LENGTH, length);
        let request = request.map(|body| {
            let beginning = body.slice(..bytes);
            Body::stream(stream::iter([
                Ok(beginning),
                Err("the connection broke".into()),
            ]))
        });
        let reply = self.0.handle(request).await;
        assert!(
            !reply.status().is_success(),
            "a part of a request was carried out"
        );
    }
}
