//! What answers mean, for each dialect of WebHDFS.

use serde::Deserialize;

use super::json::{self, read};
use crate::{AclStatus, ContentSummary, Error, ErrorKind, FileChecksum, FileStatus, Result};

/// The entries of a listing and, where the service names one, the last name of its page.
pub(crate) struct Listing {
    pub(crate) entries: Vec<FileStatus>,
    pub(crate) continuation_token: Option<String>,
}

/// A page of a listing, and how many entries are behind it.
pub(crate) struct Batch {
    pub(crate) entries: Vec<FileStatus>,
    pub(crate) remaining: u64,
}

/// What a service says of an error.
pub(crate) struct Refused {
    pub(crate) code: String,
    pub(crate) message: Option<String>,
}

pub(crate) fn boolean(operation: &str, body: &[u8]) -> Result<bool> {
    read::<json::BooleanAnswer>(operation, body).map(|answer| answer.boolean)
}

pub(crate) fn status(body: &[u8]) -> Result<FileStatus> {
    let answer = read::<json::FileStatusAnswer>("GETFILESTATUS", body)?;
    answer.status.try_into()
}

pub(crate) fn listing(body: &[u8]) -> Result<Listing> {
    let listing = read::<json::ListingAnswer>("LISTSTATUS", body)?.listing;
    let entries = listing.entries.unwrap_or_default();
    let entries = entries.into_iter().map(FileStatus::try_from);
    Ok(Listing {
        entries: entries.collect::<Result<_>>()?,
        continuation_token: listing.continuation_token,
    })
}

pub(crate) fn batch(body: &[u8]) -> Result<Batch> {
    let answer = read::<BatchAnswer>("LISTSTATUS_BATCH", body)?.listing;
    let entries = answer.partial.listing.entries.unwrap_or_default();
    let entries = entries.into_iter().map(FileStatus::try_from);
    Ok(Batch {
        entries: entries.collect::<Result<_>>()?,
        remaining: answer.remaining,
    })
}

pub(crate) fn acl_status(operation: &str, body: &[u8]) -> Result<AclStatus> {
    let answer = read::<json::AclStatusAnswer>(operation, body)?;
    answer.status.try_into()
}

pub(crate) fn content_summary(body: &[u8]) -> Result<ContentSummary> {
    let answer = read::<json::ContentSummaryAnswer>("GETCONTENTSUMMARY", body)?;
    Ok(answer.summary.into())
}

pub(crate) fn checksum(body: &[u8]) -> Result<FileChecksum> {
    let answer = read::<ChecksumAnswer>("GETFILECHECKSUM", body)?.checksum;
    let bytes = from_hex(&answer.bytes).ok_or_else(|| {
        let message = "the store sent a checksum that is not hexadecimal";
        Error::new(ErrorKind::Protocol, message)
    })?;
    Ok(FileChecksum {
        algorithm: answer.algorithm,
        bytes,
    })
}

/// `None` where it is not an error of a service.
pub(crate) fn refused(body: &[u8]) -> Option<Refused> {
    let answer = serde_json::from_slice::<json::ErrorAnswer>(body).ok()?;
    Some(Refused {
        code: answer.exception.exception,
        message: answer.exception.message,
    })
}

/// The answer to LISTSTATUS_BATCH.
#[derive(Deserialize)]
struct BatchAnswer<'a> {
    #[serde(borrow, rename = "DirectoryListing")]
    listing: WireBatch<'a>,
}

#[derive(Deserialize)]
struct WireBatch<'a> {
    #[serde(borrow, rename = "partialListing")]
    partial: json::ListingAnswer<'a>,
    #[serde(rename = "remainingEntries")]
    remaining: u64,
}

/// The answer to GETFILECHECKSUM.
#[derive(Deserialize)]
struct ChecksumAnswer {
    #[serde(rename = "FileChecksum")]
    checksum: WireChecksum,
}

#[derive(Deserialize)]
struct WireChecksum {
    algorithm: String,
    bytes: String,
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| match pair {
            [high, low] => u8::try_from(digit(*high)? << 4 | digit(*low)?).ok(),
            _ => None,
        })
        .collect()
}
