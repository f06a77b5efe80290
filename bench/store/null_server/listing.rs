//! Pages of directories that do not exist.

use std::fmt::Write;

use super::parameter;
use crate::workload::SMALL;

/// The longest pages of the real services.
const GEN1_PAGE: usize = 4000;
const STORAGE_PAGE: usize = 5000;

/// So many files, of the names `file-00000000` and so on.
pub(super) struct Directory {
    name: String,
    files: usize,
}

/// The directory that a path names, if its name says how many files it has.
pub(super) fn directory(path: &str) -> Option<Directory> {
    let name = path.trim_matches('/').rsplit('/').next()?;
    let (_, files) = name.rsplit_once('-')?;
    Some(Directory {
        name: name.to_owned(),
        files: files.parse().ok().filter(|_| !name.starts_with("file-"))?,
    })
}

/// The answer to GETFILESTATUS.
pub(super) fn status(path: &str, length: u64) -> String {
    let is_directory = path == "/webhdfs/v1/" || directory(path).is_some();
    match is_directory {
        true => r#"{"FileStatus":{"length":0,"pathSuffix":"","type":"DIRECTORY","blockSize":0,"accessTime":1495839727536,"modificationTime":1495839727578,"replication":0,"permission":"770","owner":"9a23860e-2e6c-46ae-a2a0-4f3f2d4a1f2a","group":"2e6c02d2-a364-4530-9137-d17403996fcf","aclBit":true}}"#.to_owned(),
        false => {
            let mut body = String::from(r#"{"FileStatus":"#);
            entry(&mut body, "", length);
            body.push('}');
            body
        }
    }
}

fn entry(body: &mut String, name: &str, length: u64) {
    let written = write!(
        body,
        r#"{{"length":{length},"pathSuffix":"{name}","type":"FILE","blockSize":268435456,"accessTime":1495839727536,"modificationTime":1495839727578,"replication":1,"permission":"770","owner":"9a23860e-2e6c-46ae-a2a0-4f3f2d4a1f2a","group":"2e6c02d2-a364-4530-9137-d17403996fcf","msExpirationTime":0,"aclBit":true}}"#
    );
    written.expect("a String holds whatever is written");
}

impl Directory {
    /// From which to which file a page goes that begins after a name, or with the first file.
    fn page(&self, after: Option<&str>, longest: usize) -> std::ops::Range<usize> {
        let last = after.and_then(|name| name.rsplit_once("file-")?.1.parse::<usize>().ok());
        let from = last.map_or(0, |last| last + 1);
        from..self.files.min(from + longest).max(from)
    }

    pub(super) fn webhdfs(&self, query: &str, batch: bool) -> String {
        let key = if batch { "startAfter" } else { "listAfter" };
        let limit = parameter(query, "listSize").and_then(|size| size.parse().ok());
        let limit = limit.unwrap_or(GEN1_PAGE).min(GEN1_PAGE);
        let page = self.page(parameter(query, key).as_deref(), limit);
        let mut body = String::with_capacity(page.len() * 400 + 200);
        body.push_str(match batch {
            true => r#"{"DirectoryListing":{"partialListing":{"FileStatuses":{"FileStatus":["#,
            false => r#"{"FileStatuses":{"FileStatus":["#,
        });
        let left = self.files - page.end;
        let token = match page.len() == limit {
            true => format!("file-{:08}", page.end - 1),
            false => String::new(),
        };
        for index in page {
            if !body.ends_with('[') {
                body.push(',');
            }
            entry(&mut body, &format!("file-{index:08}"), SMALL);
        }
        body.push_str(&match batch {
            true => format!(r#"]}}}},"remainingEntries":{left}}}}}"#),
            false => format!(r#"],"continuationToken":"{token}"}}}}"#),
        });
        body
    }

    /// A page as Gen2 has it, and its headers.
    pub(super) fn paths(&self, query: &str) -> (String, String) {
        let page = self.page(parameter(query, "continuation").as_deref(), STORAGE_PAGE);
        let headers = match page.end < self.files {
            true => format!("x-ms-continuation: file-{:08}\r\n", page.end - 1),
            false => String::new(),
        };
        let mut body = String::from(r#"{"paths":["#);
        for index in page {
            if !body.ends_with('[') {
                body.push(',');
            }
            let written = write!(
                body,
                r#"{{"contentLength":"{SMALL}","creationTime":"133139402000000000","etag":"0x8DACF9B0061305F","expiryTime":"0","group":"2e6c02d2-a364-4530-9137-d17403996fcf","lastModified":"Sat, 26 Nov 2022 10:43:05 GMT","name":"{}/file-{index:08}","owner":"9a23860e-2e6c-46ae-a2a0-4f3f2d4a1f2a","permissions":"rwxrwx---+"}}"#,
                self.name,
            );
            written.expect("a String holds whatever is written");
        }
        body.push_str("]}\n");
        (body, headers)
    }

    /// A page as Blob storage has it.
    pub(super) fn blobs(&self, query: &str) -> String {
        let page = self.page(parameter(query, "marker").as_deref(), STORAGE_PAGE);
        let marker = match page.end < self.files {
            true => format!("file-{:08}", page.end - 1),
            false => String::new(),
        };
        let mut body = String::from(
            r#"<?xml version="1.0" encoding="utf-8"?><EnumerationResults ContainerName="fs"><Blobs>"#,
        );
        for index in page {
            let written = write!(
                body,
                "<Blob><Name>{}/file-{index:08}</Name><Properties>\
                 <Creation-Time>Sat, 26 Nov 2022 10:43:05 GMT</Creation-Time>\
                 <Last-Modified>Sat, 26 Nov 2022 10:43:05 GMT</Last-Modified>\
                 <Etag>0x8DACF9B0061305F</Etag><ResourceType>file</ResourceType>\
                 <Content-Length>{SMALL}</Content-Length>\
                 <Content-Type>application/octet-stream</Content-Type>\
                 <BlobType>BlockBlob</BlobType><LeaseStatus>unlocked</LeaseStatus>\
                 </Properties></Blob>",
                self.name,
            );
            written.expect("a String holds whatever is written");
        }
        let written = write!(
            body,
            "</Blobs><NextMarker>{marker}</NextMarker></EnumerationResults>"
        );
        written.expect("a String holds whatever is written");
        body
    }
}
