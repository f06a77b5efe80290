//! The service's JSON, read tolerantly.
//!
//! The 2016 servers lack `aclBit` and send `expirationTime`; migrated accounts add `attributes`;
//! nothing but `type` is relied on.

use std::borrow::Cow;

use bytes::Bytes;
use serde::Deserialize;
use time::OffsetDateTime;

use crate::{
    Acl, AclEntry, AclStatus, ContentSummary, DeletedItem, Error, ErrorKind, FileStatus, FileType,
    LakePath, Permission, Result,
};

/// The answer to GETFILESTATUS.
#[derive(Deserialize)]
pub(super) struct FileStatusAnswer<'a> {
    #[serde(borrow, rename = "FileStatus")]
    pub(super) status: WireStatus<'a>,
}

/// The answer to LISTSTATUS.
#[derive(Deserialize)]
pub(super) struct ListingAnswer<'a> {
    #[serde(borrow, rename = "FileStatuses")]
    pub(super) listing: WireListing<'a>,
}

#[derive(Deserialize)]
pub(super) struct WireListing<'a> {
    /// The last name of the page, since api-version 2018-09-01. It is there whenever the page is
    /// full, even if nothing follows.
    #[serde(rename = "continuationToken")]
    pub(super) continuation_token: Option<String>,
    #[serde(borrow, rename = "FileStatus")]
    pub(super) entries: Option<Vec<WireStatus<'a>>>,
}

/// The answer to MKDIRS, RENAME and DELETE.
#[derive(Deserialize)]
pub(super) struct BooleanAnswer {
    pub(super) boolean: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireStatus<'a> {
    #[serde(borrow)]
    r#type: Text<'a>,
    length: Option<u64>,
    path_suffix: Option<String>,
    access_time: Option<i64>,
    modification_time: Option<i64>,
    ms_expiration_time: Option<i64>,
    permission: Option<Text<'a>>,
    owner: Option<String>,
    group: Option<String>,
    acl_bit: Option<bool>,
    #[serde(rename = "fileContextID")]
    file_context_id: Option<String>,
}

/// A text that is only looked at, in place where nothing in it is escaped.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// The answer to MSGETACLSTATUS and GETACLSTATUS.
#[derive(Deserialize)]
pub(super) struct AclStatusAnswer {
    #[serde(rename = "AclStatus")]
    pub(super) status: WireAclStatus,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireAclStatus {
    entries: Vec<String>,
    owner: String,
    group: String,
    permission: String,
    #[serde(default)]
    sticky_bit: bool,
}

/// The answer to ENUMERATEDELETEDITEMS.
#[derive(Deserialize)]
pub(super) struct TrashAnswer {
    #[serde(rename = "trashDir")]
    pub(super) trash: WireTrash,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireTrash {
    #[serde(rename = "trashDirEntry")]
    pub(super) entries: Option<Vec<WireDeletedItem>>,
    pub(super) next_list_after: Option<String>,
    pub(super) num_searched: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireDeletedItem {
    original_path: String,
    trash_dir_path: String,
    r#type: String,
    creation_time: Option<i64>,
}

/// The answer to GETCONTENTSUMMARY.
#[derive(Deserialize)]
pub(super) struct ContentSummaryAnswer {
    #[serde(rename = "ContentSummary")]
    pub(super) summary: WireContentSummary,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireContentSummary {
    directory_count: u64,
    file_count: u64,
    length: u64,
    space_consumed: u64,
    quota: Option<i64>,
    space_quota: Option<i64>,
}

/// An error as every operation reports it.
#[derive(Deserialize)]
pub(super) struct ErrorAnswer {
    #[serde(rename = "RemoteException")]
    pub(super) exception: RemoteException,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RemoteException {
    pub(super) exception: String,
    pub(super) message: Option<String>,
}

/// The body of MSCONCAT, as all versions since 2018 read it.
pub(super) fn sources(paths: &[LakePath]) -> Bytes {
    let paths: Vec<_> = paths.iter().map(LakePath::as_str).collect();
    serde_json::json!({ "sources": paths }).to_string().into()
}

/// Reads an answer, or says that the service broke its protocol.
pub(super) fn read<'a, T: Deserialize<'a>>(operation: &str, body: &'a [u8]) -> Result<T> {
    let unreadable = || {
        let message = format!("the store's answer to {operation} cannot be read");
        Error::new(ErrorKind::Protocol, message)
    };
    // At once for the whole answer, which is much faster than for each of its short texts.
    let text = str::from_utf8(body).map_err(|source| unreadable().with_source(source))?;
    serde_json::from_str(text).map_err(|source| unreadable().with_source(source))
}

impl TryFrom<WireStatus<'_>> for FileStatus {
    type Error = Error;

    fn try_from(wire: WireStatus<'_>) -> Result<Self> {
        let file_type = file_type(&wire.r#type.0)?;
        Ok(Self {
            name: wire.path_suffix.unwrap_or_default(),
            file_type,
            length: wire.length.unwrap_or(0),
            accessed: wire.access_time.and_then(instant),
            modified: wire.modification_time.and_then(instant),
            expires: wire.ms_expiration_time.and_then(instant),
            permission: wire.permission.and_then(|octal| octal.0.parse().ok()),
            owner: wire.owner,
            group: wire.group,
            has_acl: wire.acl_bit.unwrap_or(false),
            context_id: wire.file_context_id,
        })
    }
}

impl TryFrom<WireDeletedItem> for DeletedItem {
    type Error = Error;

    fn try_from(wire: WireDeletedItem) -> Result<Self> {
        let original_path = place(&wire.original_path).parse().map_err(|source| {
            let message = "the store sent a deleted item whose path cannot be read";
            Error::new(ErrorKind::Protocol, message).with_source(source)
        })?;
        Ok(Self {
            original_path,
            token: wire.trash_dir_path,
            file_type: file_type(&wire.r#type)?,
            created: wire.creation_time.and_then(instant),
        })
    }
}

/// The path in the text of a place: `adl://host/path`, where nothing is escaped, as the examples of
/// `Get-AzDataLakeStoreDeletedItem` have it, or a path.
fn place(text: &str) -> &str {
    let behind_scheme = text.strip_prefix("adl://");
    let path = behind_scheme.and_then(|rest| rest.find('/').map(|slash| &rest[slash..]));
    path.unwrap_or(text)
}

/// Clients read the name of a type in any case.
fn file_type(name: &str) -> Result<FileType> {
    match name {
        "FILE" => Ok(FileType::File),
        "DIRECTORY" => Ok(FileType::Directory),
        _ if name.eq_ignore_ascii_case("file") => Ok(FileType::File),
        _ if name.eq_ignore_ascii_case("directory") => Ok(FileType::Directory),
        other => {
            let message = format!("the store sent an entry of the unknown type {other:?}");
            Err(Error::new(ErrorKind::Protocol, message))
        }
    }
}

impl TryFrom<WireAclStatus> for AclStatus {
    type Error = Error;

    fn try_from(wire: WireAclStatus) -> Result<Self> {
        let read = || {
            let permission: Permission = wire.permission.parse()?;
            let permission = match wire.sticky_bit {
                true => permission.sticky(),
                false => permission,
            };
            let entries = wire.entries.iter().map(|entry| entry.parse::<AclEntry>());
            let acl = entries.collect::<Result<Acl>>()?;
            let (owner, group) = (wire.owner.parse()?, wire.group.parse()?);
            Ok(Self::new(owner, group, permission, acl))
        };
        read().map_err(|source: Error| {
            let message = "the store sent an access control list that cannot be read";
            Error::new(ErrorKind::Protocol, message).with_source(source)
        })
    }
}

impl From<WireContentSummary> for ContentSummary {
    fn from(wire: WireContentSummary) -> Self {
        // Without a quota it is -1.
        let quota = |quota: Option<i64>| quota.and_then(|quota| u64::try_from(quota).ok());
        Self {
            directories: wire.directory_count,
            files: wire.file_count,
            length: wire.length,
            space_consumed: wire.space_consumed,
            quota: quota(wire.quota),
            space_quota: quota(wire.space_quota),
        }
    }
}

/// Milliseconds since 1970; the service writes 0 for "never".
fn instant(milliseconds: i64) -> Option<OffsetDateTime> {
    let second = OffsetDateTime::from_unix_timestamp(milliseconds.div_euclid(1000));
    let millisecond = milliseconds.rem_euclid(1000) as u16;
    second
        .and_then(|second| second.replace_millisecond(millisecond))
        .ok()
        .filter(|_| milliseconds != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(json: &str) -> FileStatus {
        let answer: FileStatusAnswer = read("GETFILESTATUS", json.as_bytes()).unwrap();
        answer.status.try_into().unwrap()
    }

    #[test]
    fn a_file_is_read_with_all_that_the_service_says() {
        let file = status(
            r#"{"FileStatus":{"length":11,"pathSuffix":"","type":"FILE","blockSize":268435456,
                "accessTime":1495839727536,"modificationTime":1495839727578,"replication":1,
                "permission":"770","owner":"9a23860e","group":"2e6c02d2","msExpirationTime":0,
                "aclBit":true}}"#,
        );
        assert!(file.is_file() && file.has_acl);
        assert_eq!(
            (file.length, file.permission),
            (11, Permission::new(0o770).ok())
        );
        assert_eq!(file.modified.unwrap().unix_timestamp(), 1_495_839_727);
        assert_eq!(file.modified.unwrap().millisecond(), 578);
        assert_eq!(file.expires, None);
    }

    #[test]
    fn what_old_and_minimal_answers_lack_is_missing_and_not_an_error() {
        let old = status(r#"{"FileStatus":{"type":"DIRECTORY","expirationTime":0,"owner":null}}"#);
        assert!(old.is_directory());
        assert_eq!((old.length, old.owner, old.has_acl), (0, None, false));
        let odd = status(r#"{"FileStatus":{"type":"FILE","permission":"rwx","accessTime":-1}}"#);
        assert_eq!(odd.permission, None);
    }

    #[test]
    fn a_truncated_answer_is_a_broken_protocol() {
        let text = r#"{"FileStatus":{"length":11,"pathSuffix":"","type":"FILE","blo"#;
        for end in 0..text.len() {
            let error = read::<FileStatusAnswer>("GETFILESTATUS", &text.as_bytes()[..end]).err();
            assert_eq!(error.unwrap().kind(), ErrorKind::Protocol);
        }
    }

    fn refuses(listing: &[u8]) {
        let error = read::<ListingAnswer<'_>>("LISTSTATUS", listing).err();
        assert_eq!(error.map(|error| error.kind()), Some(ErrorKind::Protocol));
    }

    #[test]
    fn a_hostile_listing_is_a_broken_protocol() {
        let listing =
            |entry: &str| format!(r#"{{"FileStatuses":{{"FileStatus":[{entry}]}}}}"#).into_bytes();
        assert!(read::<ListingAnswer<'_>>("LISTSTATUS", &listing(r#"{"type":"FILE"}"#)).is_ok());
        for entry in [
            "7",
            "[]",
            r#"{"type":7}"#,
            r#"{"length":1}"#,
            r#"{"type":"FILE","length":-1}"#,
            r#"{"type":"FILE","length":"1"}"#,
            r#"{"type":"FILE","length":99999999999999999999}"#,
            r#"{"type":"FILE","permission":770}"#,
            r#"{"type":"FILE","pathSuffix":{"a":1}}"#,
            r#"{"type":"FILE","pathSuffix":"\ud800"}"#,
            r#"{"type":"FILE"},"#,
        ] {
            refuses(&listing(entry));
        }
        refuses(b"[]");
        refuses(br#"{"FileStatuses":[{"type":"FILE"}]}"#);
        refuses(&[&listing("")[..20], b"\xff", &listing("")[20..]].concat());
        // Passed over without recursion: a deep one must not overflow the stack.
        let deep = ["[".repeat(1 << 20), "]".repeat(1 << 20)].concat();
        let entry = format!(r#"{{"type":"FILE","unknown":{deep}}}"#);
        assert!(read::<ListingAnswer<'_>>("LISTSTATUS", &listing(&entry)).is_ok());
        refuses(&listing(&format!(r#"{{"type":{deep}}}"#)));
    }

    #[test]
    fn texts_are_the_same_with_and_without_escapes() {
        let plain = r#"{"FileStatus":{"type":"FILE","permission":"755","pathSuffix":"a/b"}}"#;
        let escaped =
            r#"{"FileStatus":{"type":"\u0046ILE","permission":"7\u00355","pathSuffix":"a\/b"}}"#;
        assert_eq!(status(plain), status(escaped));
        assert_eq!(status(plain).permission, Permission::new(0o755).ok());
    }

    #[test]
    fn moments_before_1970_and_beyond_the_calendar_are_no_panic() {
        for milliseconds in [-1, -1001, 999, i64::MIN, i64::MAX] {
            let expected =
                OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * 1_000_000);
            assert_eq!(instant(milliseconds), expected.ok());
        }
    }
}
