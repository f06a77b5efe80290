//! A NameNode and a DataNode, as far as bytes go. As real ones do, a DataNode keeps what arrived
//! of a body whose connection breaks.

use adls_fs::{CreateOptions, ErrorKind, Existing, FileSystem, LakePath};
use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Request, Response};
use testkit::context::{World, json, response};
use testkit::cuts::Service;
use url::Url;

pub(crate) const ENDPOINT: &str = "http://names.example:9870";
const DATA_NODE: &str = "http://data.example:9864";

/// A cluster on a store in memory.
#[derive(Debug)]
pub(crate) struct Cluster {
    /// What is in it.
    pub(crate) files: FileSystem,
}

impl Cluster {
    pub(crate) fn new() -> Self {
        let files = FileSystem::in_memory(World::new().context());
        Self { files }
    }

    async fn name_node(&self, request: &Request<Bytes>, asked: &Asked) -> Response<Bytes> {
        let status = self.files.stat(&asked.path).await;
        match (asked.operation.as_str(), status) {
            ("CREATE", _) | ("APPEND" | "OPEN", Ok(_)) => {
                assert!(request.body().is_empty(), "the first step has no body");
                let target = request.uri().path_and_query().expect("a target");
                let location = format!("{DATA_NODE}{target}&namenoderpcaddress=names:8020");
                response(307, &[("location", &location)], "")
            }
            ("GETFILESTATUS", Ok(status)) => {
                let kind = if status.is_file() {
                    "FILE"
                } else {
                    "DIRECTORY"
                };
                let length = status.length;
                let body = format!(r#"{{"FileStatus":{{"type":"{kind}","length":{length}}}}}"#);
                json(200, &body)
            }
            ("CONCAT", Ok(_)) => {
                let sources = asked.get("sources").expect("sources").split(',');
                let sources: Vec<LakePath> = sources.map(|path| path.parse().unwrap()).collect();
                match self.files.concat(&asked.path, &sources).await {
                    Ok(()) => response(200, &[], ""),
                    Err(_) => refusal("FileNotFoundException"),
                }
            }
            (_, Err(error)) if error.kind() == ErrorKind::NotFound => {
                refusal("FileNotFoundException")
            }
            (operation, _) => panic!("{operation} is not of this cluster"),
        }
    }

    async fn data_node(&self, asked: &Asked, body: Bytes) -> Response<Bytes> {
        let path = &asked.path;
        match asked.operation.as_str() {
            "CREATE" => {
                let existing = match asked.get("overwrite") {
                    Some("true") => Existing::Overwrite,
                    _ => Existing::Fail,
                };
                let options = CreateOptions::default().with_existing(existing);
                match self.files.create_opts(path, body, options).await {
                    Ok(()) => response(201, &[], ""),
                    Err(_) => refusal("FileAlreadyExistsException"),
                }
            }
            "APPEND" => {
                let end = self.files.stat(path).await.unwrap().length;
                self.files.append(path, end, body).await.unwrap();
                response(200, &[], "")
            }
            "OPEN" => {
                let number = |key| asked.get(key).map(|text| text.parse().unwrap());
                let (offset, length) = (number("offset").unwrap_or(0), number("length"));
                let length = length.unwrap_or(u64::MAX);
                let bytes = self.files.read_range(path, offset, length).await.unwrap();
                response(200, &[], bytes)
            }
            operation => panic!("a DataNode knows no {operation}"),
        }
    }

    async fn serve(&self, request: Request<Bytes>) -> Response<Bytes> {
        let asked = Asked::read(&request);
        match request.uri().host() {
            Some("names.example") => self.name_node(&request, &asked).await,
            Some("data.example") => self.data_node(&asked, request.into_body()).await,
            host => panic!("nobody is at {host:?}"),
        }
    }
}

#[async_trait]
impl Service for Cluster {
    async fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        self.serve(request).await
    }

    async fn take_broken(&self, request: Request<Bytes>, bytes: usize) {
        if *request.method() != Method::GET {
            self.serve(request.map(|body| body.slice(..bytes))).await;
        }
    }
}

/// What a request asks for.
struct Asked {
    path: LakePath,
    operation: String,
    query: Vec<(String, String)>,
}

impl Asked {
    fn read(request: &Request<Bytes>) -> Self {
        let url = Url::parse(&request.uri().to_string()).unwrap();
        let path = url.path().strip_prefix("/webhdfs/v1").expect("WebHDFS");
        let query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let asked = Self {
            path: path.parse().unwrap(),
            operation: String::new(),
            query,
        };
        assert_eq!(asked.get("user.name"), Some("alice"));
        let operation = asked.get("op").expect("an operation").to_owned();
        Self { operation, ..asked }
    }

    fn get(&self, key: &str) -> Option<&str> {
        let pair = self.query.iter().find(|(name, _)| name == key);
        pair.map(|(_, value)| value.as_str())
    }
}

pub(crate) fn refusal(exception: &str) -> Response<Bytes> {
    let body = format!(r#"{{"RemoteException":{{"exception":"{exception}","message":"no"}}}}"#);
    let status = match exception {
        "FileNotFoundException" => 404,
        _ => 403,
    };
    json(status, &body)
}
