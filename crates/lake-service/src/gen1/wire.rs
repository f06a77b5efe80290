//! The JSON of WebHDFS. Keys stand in the order in which the service wrote them.

use serde::Serialize;

/// `{"FileStatus":{..}}`
#[derive(Serialize)]
pub(crate) struct FileStatusAnswer {
    #[serde(rename = "FileStatus")]
    pub(crate) file_status: FileStatus,
}

/// `{"FileStatuses":{..}}`
#[derive(Serialize)]
pub(crate) struct FileStatusesAnswer {
    #[serde(rename = "FileStatuses")]
    pub(crate) file_statuses: FileStatuses,
}

/// A page of a listing. The token came with api-version 2018-09-01.
#[derive(Serialize)]
pub(crate) struct FileStatuses {
    #[serde(rename = "continuationToken", skip_serializing_if = "Option::is_none")]
    pub(crate) continuation_token: Option<String>,
    #[serde(rename = "FileStatus")]
    pub(crate) file_status: Vec<FileStatus>,
}

/// A file or a directory.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FileStatus {
    pub(crate) length: u64,
    pub(crate) path_suffix: String,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) block_size: u64,
    pub(crate) access_time: i64,
    pub(crate) modification_time: i64,
    pub(crate) replication: u8,
    pub(crate) permission: String,
    pub(crate) owner: String,
    pub(crate) group: String,
    /// Files have it, 0 for never; directories do not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ms_expiration_time: Option<i64>,
    pub(crate) acl_bit: bool,
    /// Came with api-version 2018-12-01.
    #[serde(rename = "fileContextID", skip_serializing_if = "Option::is_none")]
    pub(crate) file_context_id: Option<String>,
}

/// `{"DirectoryListing":{..}}`
#[derive(Serialize)]
pub(crate) struct DirectoryListingAnswer {
    #[serde(rename = "DirectoryListing")]
    pub(crate) directory_listing: DirectoryListing,
}

/// A page of a listing as Hadoop has it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DirectoryListing {
    pub(crate) partial_listing: FileStatusesAnswer,
    pub(crate) remaining_entries: usize,
}

/// `{"BlockLocations":{..}}`
#[derive(Serialize)]
pub(crate) struct BlockLocationsAnswer<'a> {
    #[serde(rename = "BlockLocations")]
    pub(crate) block_locations: BlockLocations<'a>,
}

/// The extents of a file.
#[derive(Serialize)]
pub(crate) struct BlockLocations<'a> {
    #[serde(rename = "BlockLocation")]
    pub(crate) block_location: Vec<BlockLocation<'a>>,
}

/// An extent and where it is.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BlockLocation<'a> {
    pub(crate) offset: u64,
    pub(crate) length: u64,
    pub(crate) corrupt: bool,
    pub(crate) hosts: [&'a str; 1],
    pub(crate) names: [&'a str; 1],
    pub(crate) topology_paths: [String; 1],
    pub(crate) cached_hosts: [&'a str; 0],
    pub(crate) storage_ids: [&'a str; 0],
    pub(crate) storage_types: [&'a str; 1],
}

/// `{"Path":".."}`
#[derive(Serialize)]
pub(crate) struct PathAnswer {
    #[serde(rename = "Path")]
    pub(crate) path: String,
}

/// `{"Location":".."}`
#[derive(Serialize)]
pub(crate) struct Location {
    #[serde(rename = "Location")]
    pub(crate) location: String,
}

/// `{"ContentSummary":{..}}`
#[derive(Serialize)]
pub(crate) struct ContentSummaryAnswer {
    #[serde(rename = "ContentSummary")]
    pub(crate) content_summary: ContentSummary,
}

/// What is below a path, itself included.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ContentSummary {
    pub(crate) directory_count: u64,
    pub(crate) file_count: u64,
    pub(crate) length: u64,
    pub(crate) quota: i64,
    pub(crate) space_consumed: u64,
    pub(crate) space_quota: i64,
}

/// `{"AclStatus":{..}}`
#[derive(Serialize)]
pub(crate) struct AclStatusAnswer {
    #[serde(rename = "AclStatus")]
    pub(crate) acl_status: AclStatus,
}

/// Owner, permission and access control list of a path.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AclStatus {
    pub(crate) entries: Vec<String>,
    pub(crate) owner: String,
    pub(crate) group: String,
    pub(crate) permission: String,
    pub(crate) sticky_bit: bool,
}

/// `{"trashDir":{..}}`
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TrashAnswer {
    pub(crate) trash_dir: TrashDir,
}

/// A page of what was deleted.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TrashDir {
    pub(crate) trash_dir_entry: Vec<TrashDirEntry>,
    pub(crate) next_list_after: String,
    pub(crate) num_searched: usize,
}

/// A file or directory that was deleted.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TrashDirEntry {
    pub(crate) original_path: String,
    pub(crate) trash_dir_path: String,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) creation_time: i64,
}

/// `{"boolean":true}`
#[derive(Serialize)]
pub(crate) struct Boolean {
    pub(crate) boolean: bool,
}

/// `{"RemoteException":{..}}`
#[derive(Serialize)]
pub(crate) struct RemoteExceptionAnswer<'a> {
    #[serde(rename = "RemoteException")]
    pub(crate) remote_exception: RemoteException<'a>,
}

/// Why an operation was not done.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RemoteException<'a> {
    pub(crate) exception: &'a str,
    pub(crate) message: String,
    pub(crate) java_class_name: &'a str,
}
