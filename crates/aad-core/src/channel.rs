//! Where a secret may go.

use http::Uri;

use crate::{Error, ErrorKind, Result};

/// Refuses an address that no secret may be sent to: anything but https, or, where
/// `allow_http_loopback` is set, http to this very machine.
///
/// ```
/// use aad_core::channel::check_channel;
///
/// let local = "http://127.0.0.1:7170/".parse().unwrap();
/// assert!(check_channel(&local, true).is_ok());
/// assert!(check_channel(&local, false).is_err());
/// ```
///
/// # Errors
/// [`ErrorKind::Request`].
pub fn check_channel(uri: &Uri, allow_http_loopback: bool) -> Result<()> {
    let host = uri.host().unwrap_or_default();
    match uri.scheme_str() {
        Some("https") => Ok(()),
        Some("http") if allow_http_loopback && is_loopback(host) => Ok(()),
        Some("http") if is_loopback(host) => Err(Error::new(
            ErrorKind::Request,
            format!(
                "refusing to send a secret to {host} over http; allow_http_loopback permits it"
            ),
        )),
        _ => Err(Error::new(
            ErrorKind::Request,
            format!("refusing to send a secret to {host:?} other than over https"),
        )),
    }
}

/// Whether a host name can only mean this machine.
///
/// ```
/// use aad_core::channel::is_loopback;
///
/// assert!(is_loopback("localhost") && is_loopback("[::1]"));
/// assert!(!is_loopback("localhost.example"));
/// ```
pub fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
