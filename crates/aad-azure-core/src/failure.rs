//! Errors of a sign-in, from one library's form to the other's.

use std::error::Error as StdError;
use std::iter::successors;

use aad_core::oauth::read_error;
use aad_core::pipeline::read_refusal;
use aad_core::{Error, ErrorKind};
use azure_core::error::ErrorKind as OfficialKind;
use azure_core::http::RawResponse;
use http::StatusCode;
use http::header::{DATE, HeaderName, HeaderValue};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

/// Our error within an official one: what [`ToAzureCore`](crate::ToAzureCore) failed with, through
/// everything that an official client wraps around it.
///
/// ```
/// use aad_azure_core::our_error;
///
/// # fn example(error: azure_core::Error) {
/// if let Some(refusal) = our_error(&error) {
///     println!("{:?} {:?}", refusal.kind(), refusal.code());
/// }
/// # }
/// ```
pub fn our_error(error: &azure_core::Error) -> Option<&Error> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// As credentials of `azure_identity` fail: with the kind `Credential`, whatever happened, and the
/// response within. Another kind would make official clients sign in again by themselves, after
/// our credentials have tried as often as it makes sense.
pub(crate) fn to_official(error: Error) -> azure_core::Error {
    let message = error.to_string();
    match error.status() {
        Some(status) => {
            let response = OfficialKind::HttpResponse {
                status: status.as_u16().into(),
                error_code: error.code().map(str::to_owned),
                raw_response: None,
            };
            let response = azure_core::Error::new(response, error);
            azure_core::Error::with_error(OfficialKind::Credential, response, message)
        }
        None => azure_core::Error::with_error(OfficialKind::Credential, error, message),
    }
}

/// By the most telling cause: our own error, a response, or the network.
pub(crate) fn from_official(error: azure_core::Error) -> Error {
    if let Some(ours) = our_error(&error) {
        return ours.clone();
    }
    let kinds = || {
        causes(&error).filter_map(|cause| Some(cause.downcast_ref::<azure_core::Error>()?.kind()))
    };
    let said = kinds().find_map(refusal).unwrap_or_else(|| {
        let kind = kinds().find_map(kind_of).unwrap_or(ErrorKind::Credentials);
        Error::new(kind, error.to_string())
    });
    said.with_source(error)
}

fn causes<'a>(error: &'a azure_core::Error) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    successors(Some(error as &(dyn StdError + 'static)), |cause| {
        (*cause).source()
    })
}

fn kind_of(official: &OfficialKind) -> Option<ErrorKind> {
    match official {
        OfficialKind::Connection | OfficialKind::Io => Some(ErrorKind::Transient),
        OfficialKind::DataConversion => Some(ErrorKind::Protocol),
        _ => None,
    }
}

fn refusal(official: &OfficialKind) -> Option<Error> {
    let OfficialKind::HttpResponse {
        status,
        error_code,
        raw_response,
    } = official
    else {
        return None;
    };
    let status = StatusCode::from_u16(u16::from(*status)).ok()?;
    let error = read_response(status, raw_response.as_deref());
    match error_code {
        Some(code) if error.code().is_none() => Some(error.with_code(code)),
        _ => Some(error),
    }
}

fn read_response(status: StatusCode, response: Option<&RawResponse>) -> Error {
    let (mut parts, ()) = http::Response::new(()).into_parts();
    parts.status = status;
    let headers = response.map(|response| response.headers().iter());
    for (name, value) in headers.into_iter().flatten() {
        if let (Ok(name), Ok(value)) = (
            HeaderName::try_from(name.as_str()),
            HeaderValue::try_from(value.as_str()),
        ) {
            parts.headers.append(name, value);
        }
    }
    // A wait that is a date counts from when the service answered, by its own clock. Without one
    // there is none to count from, and none to wait.
    let date = parts.headers.get(DATE).and_then(|date| date.to_str().ok());
    let answered = date.and_then(|date| OffsetDateTime::parse(date, &Rfc2822).ok());
    let answered = answered.unwrap_or(time::PrimitiveDateTime::MAX.assume_utc());
    let body: &[u8] = response.map_or(&[], |response| response.body());
    read_refusal(&parts, body, Some(read_error), answered)
}
