//! MSCONCAT of the store in memory.

use bytes::Bytes;
use http::Response;
use testkit::context::response;

use super::{Node, State, exception, not_found};

impl State {
    /// Joins the files that the body names, in JSON, to one that may be there.
    pub(super) fn concat(&mut self, path: &str, body: &[u8]) -> Response<Bytes> {
        let body: serde_json::Value = serde_json::from_slice(body).expect("JSON");
        let names = body["sources"].as_array().expect("a list");
        let names: Vec<_> = names
            .iter()
            .map(|name| name.as_str().expect("a path"))
            .collect();
        let mut whole = match self.nodes.get(path) {
            Some(Node::File { bytes, .. }) => bytes.clone(),
            Some(Node::Directory) => return exception(403, "IOException", "a directory"),
            None => Vec::new(),
        };
        for name in &names {
            match self.nodes.get(*name) {
                Some(Node::File { bytes, .. }) => whole.extend_from_slice(bytes),
                _ => return not_found(name),
            }
        }
        for name in names {
            self.nodes.remove(name);
        }
        self.put(path, &whole);
        response(200, &[], "")
    }
}
