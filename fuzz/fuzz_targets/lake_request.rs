//! Whatever the file service is asked, it answers in its own shape and the lake stays whole.
//!
//! The first line is method and url without the prefix, such as `PUT /a?op=CREATE`; the rest is the body. A url that
//! begins with another letter than a slash is one of the other prefix.

#![no_main]

use std::cell::RefCell;
use std::sync::Arc;

use http::Request;
use lake_service::{
    Authentication, Body, CompiledJob, JobRunner, JobScript, Lake, LakeFiles, LakeOptions,
    ScriptDiagnostic,
};
use lake_store::{Ambient, Store, StoreOptions};
use libfuzzer_sys::fuzz_target;
use tokio::runtime::{Builder, Runtime};
use tokio_util::sync::CancellationToken;

/// After that many requests a new lake is made, so that none grows for ever.
const REQUESTS: u32 = 500;

struct NoJobs;

impl JobRunner for NoJobs {
    fn compile(
        &self,
        _: JobScript,
        _: LakeFiles,
        _: &CancellationToken,
    ) -> Result<Box<dyn CompiledJob>, Vec<ScriptDiagnostic>> {
        Err(Vec::new())
    }
}

struct World {
    runtime: Runtime,
    lake: Lake,
    store: Store,
    asked: u32,
    _root: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let root = tempfile::tempdir().expect("a folder can be made");
        let runtime = Builder::new_current_thread().build().expect("a runtime");
        let store = Store::open(root.path(), StoreOptions::default(), Ambient::system());
        let store = store.expect("the folder is empty");
        let mut options = LakeOptions::default();
        options.authentication = Authentication::InsecureNone;
        let lake = runtime.block_on(Lake::open(options, store.clone(), Arc::new(NoJobs)));
        Self {
            lake: lake.expect("the store is new"),
            runtime,
            store,
            asked: 0,
            _root: root,
        }
    }

    fn ask(&mut self, request: Request<Body>) {
        let answer = self.runtime.block_on(async {
            let (parts, body) = self.lake.handle(request).await.into_parts();
            (
                parts,
                body.collect_up_to(64 << 20).await.expect("a whole body"),
            )
        });
        let (parts, body) = answer;
        let text = String::from_utf8_lossy(&body);
        assert!(!parts.status.is_server_error(), "{text}");
        if parts.status.is_client_error() {
            assert!(
                text.starts_with(r#"{"RemoteException":{"exception":""#),
                "{text}"
            );
            assert!(parts.headers.contains_key("status"));
        }
        self.asked += 1;
    }
}

thread_local! {
    static WORLD: RefCell<World> = RefCell::new(World::new());
}

fuzz_target!(|text: &str| {
    let (line, body) = text.split_once('\n').unwrap_or((text, ""));
    let Some((method, target)) = line.split_once(' ') else {
        return;
    };
    let url = match target.strip_prefix('/') {
        Some(path) => format!("http://localhost/webhdfs/v1/{path}"),
        None => format!("http://localhost/WebHdfsExt/{target}"),
    };
    let request = Request::builder().method(method).uri(url);
    let Ok(request) = request.body(Body::from(bytes::Bytes::copy_from_slice(body.as_bytes())))
    else {
        return;
    };
    WORLD.with_borrow_mut(|world| {
        world.ask(request);
        if world.asked == REQUESTS {
            assert_eq!(world.store.verify().expect("it can be read"), []);
            *world = World::new();
        }
    });
});
