//! A small Gen1 store in memory, written from the documented and recorded behaviour of the
//! service and without a line of the client's, and a network in front of it that loses things.

mod concat;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aad_core::pipeline::PipelineOptions;
use aad_core::transport::{ResponseBody, Sent, TransportError};
use aad_core::{AccessToken, TokenCredential, TokenRequest, Transport};
use adls_fs::{FileSystem, FileSystemOptions, LakePath};
use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use percent_encoding::percent_decode_str;
use testkit::context::{World, json, response};
use url::Url;

/// What the network does with one request, without the client learning it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// It is lost on the way there.
    Request,
    /// Its reply is lost on the way back.
    Reply,
    /// The client gives it up, and it arrives after the next one.
    Late,
    /// Its reply is a proxy's page.
    BadGateway,
    /// The second half of its reply is missing, and only who reads it can notice.
    HalfReply,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    Directory,
    File {
        bytes: Vec<u8>,
        visible: usize,
        lease: Option<String>,
    },
}

const ACL_STATUS: &str = r#"{"AclStatus":{"entries":["user::rwx","group::r-x","other::---"],"owner":"o","group":"g","permission":"750","stickyBit":false}}"#;

/// The store and the network in front of it.
#[derive(Debug, Default)]
pub(crate) struct FakeGen1(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    nodes: BTreeMap<String, Node>,
    cuts: BTreeMap<usize, Cut>,
    late: VecDeque<Request<Bytes>>,
    log: Vec<String>,
    /// For servers before 2018-12-01.
    without_tokens: bool,
    /// What nobody may list or change.
    forbidden: BTreeSet<String>,
}

impl FakeGen1 {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Plans what happens to the `n`th request, counted from 0.
    pub(crate) fn cut(&self, n: usize, cut: Cut) {
        self.state().cuts.insert(n, cut);
    }

    pub(crate) fn put(&self, path: &str, bytes: &[u8]) {
        self.state().put(path, bytes);
    }

    pub(crate) fn mkdir(&self, path: &str) {
        self.state().make_directories(path);
    }

    pub(crate) fn remove(&self, path: &str) {
        self.state().delete(path, true);
    }

    /// From now on nobody may list or change what is at `path`.
    pub(crate) fn forbid(&self, path: &str) {
        self.state().forbidden.insert(path.to_owned());
    }

    pub(crate) fn permit(&self, path: &str) {
        self.state().forbidden.remove(path);
    }

    pub(crate) fn forget_tokens(&self) {
        self.state().without_tokens = true;
    }

    /// Lets everything arrive that is still on its way.
    pub(crate) fn settle(&self) {
        let mut state = self.state();
        while let Some(request) = state.late.pop_front() {
            state.answer(&request);
        }
    }

    /// The operations so far: `OP /path key=value ...`, and how many bytes came along.
    pub(crate) fn log(&self) -> Vec<String> {
        self.state().log.clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.state().log.len()
    }

    /// What readers see: files with their bytes.
    pub(crate) fn files(&self) -> BTreeMap<String, String> {
        let state = self.state();
        let files = state.nodes.iter().filter_map(|(path, node)| match node {
            Node::Directory => None,
            Node::File { bytes, visible, .. } => {
                let text = String::from_utf8_lossy(&bytes[..*visible]);
                Some((path.clone(), text.into_owned()))
            }
        });
        files.collect()
    }

    pub(crate) fn node(&self, path: &str) -> Option<Node> {
        self.state().nodes.get(path).cloned()
    }
}

#[async_trait]
impl Transport for FakeGen1 {
    async fn send(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<ResponseBody>, TransportError> {
        let mut state = self.state();
        let n = state.log.len();
        state.log.push(describe(&request));
        let late: Vec<_> = state.late.drain(..).collect();
        let lost = || TransportError::new(Sent::Maybe, "the connection broke");
        let outcome = match state.cuts.remove(&n) {
            None => Ok(state.answer(&request)),
            Some(Cut::Request) => Err(lost()),
            Some(Cut::Reply) => {
                state.answer(&request);
                Err(lost())
            }
            Some(Cut::Late) => {
                state.late.push_back(request);
                Err(lost())
            }
            Some(Cut::BadGateway) => {
                state.answer(&request);
                let page = "<html><body><h1>502 Bad Gateway</h1></body></html>";
                Ok(response(502, &[("content-type", "text/html")], page))
            }
            Some(Cut::HalfReply) => {
                let whole = state.answer(&request);
                let opened = describe(&request).starts_with("OPEN");
                let half = if opened {
                    whole.body().len()
                } else {
                    whole.body().len() / 2
                };
                Ok(whole.map(|body| body.slice(..half)))
            }
        };
        for request in late {
            state.answer(&request);
        }
        outcome.map(|response| response.map(ResponseBody::full))
    }
}

/// One operation, as a test likes to read it: without what is the same in all of them.
fn describe(request: &Request<Bytes>) -> String {
    let (path, query) = split(request);
    let get = |key: &str| query.iter().find(|(name, _)| name == key);
    let op = get("op").map_or("", |(_, value)| value);
    let mut text = format!("{op} {path}");
    for (key, value) in &query {
        let dull = [
            "op",
            "api-version",
            "leaseid",
            "filesessionid",
            "read",
            "write",
            "append",
        ];
        if !dull.contains(&key.as_str()) {
            text.push_str(&format!(" {key}={value}"));
        }
    }
    if !request.body().is_empty() {
        text.push_str(&format!(" +{}", request.body().len()));
    }
    text
}

fn split(request: &Request<Bytes>) -> (String, Vec<(String, String)>) {
    let decode = |text: &str| {
        let decoded = percent_decode_str(text).decode_utf8();
        decoded
            .expect("the path and the query are UTF-8")
            .into_owned()
    };
    let path = request.uri().path();
    let path = path
        .strip_prefix("/webhdfs/v1")
        .expect("the prefix of Gen1");
    let query = request.uri().query().expect("an operation");
    let pairs = query.split('&').map(|pair| {
        let (key, value) = pair.split_once('=').expect("key=value");
        (decode(key), decode(&value.replace('+', " ")))
    });
    (decode(path), pairs.collect())
}

fn exception(status: u16, name: &str, message: &str) -> Response<Bytes> {
    let body = format!(
        r#"{{"RemoteException":{{"exception":"{name}","message":"{message}","javaClassName":"org.apache.hadoop.{name}"}}}}"#
    );
    json(status, &body)
}

fn not_found(path: &str) -> Response<Bytes> {
    let message = format!("File/Folder does not exist: {path} [id][time]");
    exception(404, "FileNotFoundException", &message)
}

fn bad_offset() -> Response<Bytes> {
    let message = "APPEND failed with error 0x83090015 (Bad request. Invalid offset.). [id][time]";
    exception(400, "BadOffsetException", message)
}

fn forbidden() -> Response<Bytes> {
    let message = "failed with error 0x83090aa2 (Forbidden. ACL verification failed.)";
    exception(403, "AccessControlException", message)
}

fn boolean(value: bool) -> Response<Bytes> {
    json(200, &format!(r#"{{"boolean":{value}}}"#))
}

impl State {
    fn answer(&mut self, request: &Request<Bytes>) -> Response<Bytes> {
        let token = request.headers().get("authorization");
        if token.is_none_or(|token| token != "Bearer letmein") {
            return exception(401, "SecurityException", "no token");
        }
        let (path, query) = split(request);
        let get = |key: &str| {
            let found = query.iter().find(|(name, _)| name == key);
            found.map(|(_, value)| value.as_str())
        };
        assert_eq!(get("api-version"), Some("2018-12-01"));
        let op = get("op").expect("an operation");
        match (request.method().as_str(), op) {
            ("GET", "OPEN") => self.open(&path, &get),
            ("GET", "GETFILESTATUS") => self.status(&path),
            ("GET", "LISTSTATUS") => self.list(&path, &get),
            ("PUT", "CREATE") => self.create(&path, &get, request.body()),
            ("POST", "APPEND") => self.append(&path, &get, request.body()),
            ("POST", "MSCONCAT") => self.concat(&path, request.body()),
            ("PUT", "MKDIRS") => {
                self.make_directories(&path);
                boolean(true)
            }
            ("PUT", "RENAME") => {
                let destination = get("destination").expect("a destination");
                let overwrite = get("renameoptions") == Some("OVERWRITE");
                boolean(self.rename(&path, destination, overwrite))
            }
            ("PUT", "SETACL" | "MODIFYACLENTRIES" | "REMOVEACLENTRIES" | "REMOVEDEFAULTACL")
            | ("PUT", "REMOVEACL" | "SETPERMISSION" | "SETOWNER") => self.change(&path),
            ("GET", "MSGETACLSTATUS") => match self.nodes.contains_key(&path) {
                true => json(200, ACL_STATUS),
                false => not_found(&path),
            },
            ("DELETE", "DELETE") => self.delete(&path, get("recursive") == Some("true")),
            (method, op) => panic!("{method} {op} is no operation"),
        }
    }

    fn put(&mut self, path: &str, bytes: &[u8]) {
        if let Some((parent, _)) = path.rsplit_once('/') {
            self.make_directories(parent);
        }
        let file = Node::File {
            bytes: bytes.to_vec(),
            visible: bytes.len(),
            lease: None,
        };
        self.nodes.insert(path.to_owned(), file);
    }

    fn make_directories(&mut self, path: &str) {
        let mut above = String::new();
        for name in path.split('/').filter(|name| !name.is_empty()) {
            above = format!("{above}/{name}");
            self.nodes.entry(above.clone()).or_insert(Node::Directory);
        }
    }

    fn open<'a>(&self, path: &str, get: &impl Fn(&str) -> Option<&'a str>) -> Response<Bytes> {
        let Some(Node::File { bytes, visible, .. }) = self.nodes.get(path) else {
            return not_found(path);
        };
        let number = |key: &str| get(key).map(|text| text.parse::<usize>().expect("a number"));
        let offset = number("offset").unwrap_or(0);
        if offset > *visible {
            return bad_offset();
        }
        let length = number("length").unwrap_or(usize::MAX);
        let end = offset.saturating_add(length).min(*visible);
        response(200, &[], bytes[offset..end].to_vec())
    }

    fn status(&self, path: &str) -> Response<Bytes> {
        if path == "/" {
            return json(200, r#"{"FileStatus":{"type":"DIRECTORY","length":0}}"#);
        }
        match self.nodes.get(path) {
            None => not_found(path),
            Some(node) => json(200, &format!(r#"{{"FileStatus":{}}}"#, entry("", node))),
        }
    }

    /// Attributes are no part of this store: the log shows what was asked for.
    fn change(&self, path: &str) -> Response<Bytes> {
        match self.nodes.contains_key(path) {
            _ if self.forbidden.contains(path) => forbidden(),
            true => response(200, &[("contentlength", "0")], ""),
            false => not_found(path),
        }
    }

    fn list<'a>(&self, path: &str, get: &impl Fn(&str) -> Option<&'a str>) -> Response<Bytes> {
        if self.forbidden.contains(path) {
            return forbidden();
        }
        match self.nodes.get(path) {
            None if path != "/" => return not_found(path),
            Some(file @ Node::File { .. }) => {
                let itself = entry("", file);
                let list = format!(
                    r#"{{"FileStatuses":{{"continuationToken":"","FileStatus":[{itself}]}}}}"#
                );
                return json(200, &list);
            }
            None | Some(Node::Directory) => {}
        }
        let after = get("listAfter").unwrap_or_default();
        let before = get("listBefore");
        let size: usize = get("listSize").expect("a size").parse().expect("a number");
        let prefix = format!("{}/", path.trim_end_matches('/'));
        let names = self.nodes.iter().filter_map(|(path, node)| {
            let name = path.strip_prefix(&prefix)?;
            let fits = !name.contains('/') && name > after && before.is_none_or(|b| name < b);
            fits.then_some((name, node))
        });
        let page: Vec<_> = names.take(size).collect();
        let token = match page.last() {
            Some((name, _)) if page.len() == size => *name,
            _ => "",
        };
        let entries: Vec<_> = page.iter().map(|(name, node)| entry(name, node)).collect();
        let entries = entries.join(",");
        let token = serde_json::to_string(token).expect("a text");
        json(
            200,
            &match self.without_tokens {
                true => format!(r#"{{"FileStatuses":{{"FileStatus":[{entries}]}}}}"#),
                false => format!(
                    r#"{{"FileStatuses":{{"continuationToken":{token},"FileStatus":[{entries}]}}}}"#
                ),
            },
        )
    }

    fn create<'a>(
        &mut self,
        path: &str,
        get: &impl Fn(&str) -> Option<&'a str>,
        body: &[u8],
    ) -> Response<Bytes> {
        assert_eq!(get("write"), Some("true"), "or else the service redirects");
        if get("overwrite") != Some("true") && self.nodes.contains_key(path) {
            let message = format!("{path} already exists [id][time]");
            return exception(403, "FileAlreadyExistsException", &message);
        }
        self.put(path, body);
        if let Some(Node::File { lease, .. }) = self.nodes.get_mut(path)
            && get("syncFlag") != Some("CLOSE")
        {
            *lease = get("leaseid").map(str::to_owned);
        }
        response(201, &[("contentlength", "0")], "")
    }

    fn append<'a>(
        &mut self,
        path: &str,
        get: &impl Fn(&str) -> Option<&'a str>,
        body: &[u8],
    ) -> Response<Bytes> {
        assert_eq!(get("append"), Some("true"), "or else the service redirects");
        let Some(Node::File {
            bytes,
            visible,
            lease,
        }) = self.nodes.get_mut(path)
        else {
            return not_found(path);
        };
        let holder = get("leaseid");
        if lease.is_some() && lease.as_deref() != holder {
            let message = "APPEND failed with error 0x83090a16 (lease conflict). [id][time]";
            return exception(403, "IOException", message);
        }
        match get("offset") {
            Some(offset) if offset.parse() != Ok(bytes.len()) => return bad_offset(),
            None if !body.is_empty() => panic!("an append without an offset can happen twice"),
            _ => {}
        }
        bytes.extend_from_slice(body);
        let sync = get("syncFlag").unwrap_or("CLOSE");
        if sync != "DATA" {
            *visible = bytes.len();
        }
        *lease = match sync {
            "CLOSE" => None,
            _ => holder.map(str::to_owned),
        };
        response(200, &[], "")
    }

    fn rename(&mut self, from: &str, to: &str, overwrite: bool) -> bool {
        let Some(node) = self.nodes.get(from) else {
            return false;
        };
        let target = match (node, self.nodes.get(to)) {
            (Node::File { .. }, _) if from == to => return true,
            (Node::File { .. }, Some(Node::File { .. })) if !overwrite => return false,
            (_, Some(Node::Directory)) => {
                let name = from.rsplit('/').next().expect("a name");
                format!("{to}/{name}")
            }
            _ => to.to_owned(),
        };
        if from == to || (target != to && self.nodes.contains_key(&target)) {
            return false;
        }
        let inside = format!("{from}/");
        let moved: Vec<String> = self
            .nodes
            .keys()
            .filter(|path| *path == from || path.starts_with(&inside))
            .cloned()
            .collect();
        for path in moved {
            if let Some(node) = self.nodes.remove(&path) {
                self.nodes
                    .insert(format!("{target}{}", &path[from.len()..]), node);
            }
        }
        true
    }

    fn delete(&mut self, path: &str, recursive: bool) -> Response<Bytes> {
        let inside = format!("{path}/");
        let is_full = self.nodes.keys().any(|other| other.starts_with(&inside));
        if is_full && !recursive {
            let message = format!("DELETE failed: {path} is non empty [id][time]");
            return exception(403, "IOException", &message);
        }
        let was_there = self.nodes.remove(path).is_some();
        self.nodes.retain(|other, _| !other.starts_with(&inside));
        boolean(was_there)
    }
}

fn entry(name: &str, node: &Node) -> String {
    let name = serde_json::to_string(name).expect("a text");
    let (kind, length) = match node {
        Node::Directory => ("DIRECTORY", 0),
        Node::File { visible, .. } => ("FILE", *visible),
    };
    format!(
        r#"{{"length":{length},"pathSuffix":{name},"type":"{kind}","blockSize":268435456,"accessTime":1495839727536,"modificationTime":1495839727578,"replication":1,"permission":"770","owner":"9a23860e-03b0-4bad-a8b7-e1d081d592bd","group":"2e6c02d2-a364-4530-9137-d17403996cbf","msExpirationTime":0,"aclBit":false}}"#
    )
}

/// Signs in without asking anybody.
#[derive(Debug)]
pub(crate) struct Letmein(pub(crate) World);

#[async_trait]
impl TokenCredential for Letmein {
    async fn token(&self, request: &TokenRequest) -> aad_core::Result<AccessToken> {
        assert_eq!(request.scopes, ["https://datalake.azure.net//.default"]);
        let expires_on = self.0.clock.now() + std::time::Duration::from_secs(3600);
        Ok(AccessToken::new("letmein", expires_on))
    }
}

/// A file system over a transport, in a world of its own.
pub(crate) fn file_system(world: &World, transport: Arc<dyn Transport>) -> FileSystem {
    let options = FileSystemOptions::default().with_pipeline(PipelineOptions::default());
    file_system_opts(world, transport, options)
}

pub(crate) fn file_system_opts(
    world: &World,
    transport: Arc<dyn Transport>,
    options: FileSystemOptions,
) -> FileSystem {
    let endpoint = Url::parse("https://contoso.azuredatalakestore.net").expect("a url");
    let credential = Arc::new(Letmein(world.clone()));
    FileSystem::gen1_opts(
        world.context_over(transport),
        &endpoint,
        credential,
        options,
    )
    .expect("the endpoint is one")
}

/// A file system over an empty store.
pub(crate) fn fresh() -> (FileSystem, Arc<FakeGen1>) {
    let store = Arc::new(FakeGen1::default());
    let files = file_system(&World::new(), Arc::clone(&store) as Arc<dyn Transport>);
    (files, store)
}

pub(crate) fn path(text: &str) -> LakePath {
    text.parse().expect("a path")
}
