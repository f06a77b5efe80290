//! Servers that the usual certificates do not prove.

use bytes::Bytes;

/// How the server of a request proves who it is, where it has no certificate of a known authority
/// for the name in its address.
///
/// As an extension of a request it has the pipeline call
/// [`Transport::send_to_proven`](super::Transport::send_to_proven) and never
/// [`Transport::send`](super::Transport::send), so a transport that knows nothing of it refuses
/// the request instead of trusting whoever answers.
///
/// ```
/// use aad_core::transport::ServerProof;
///
/// let proof = ServerProof::Thumbprint([7; 20]);
/// let request = http::Request::get("https://localhost:2377/").extension(proof).body(()).unwrap();
/// assert!(request.extensions().get::<ServerProof>().is_some());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ServerProof {
    /// It has the key of the one certificate with this SHA-1 thumbprint. Who issued the
    /// certificate, to which name and until when does not matter.
    Thumbprint([u8; 20]),
    /// It has a certificate of one of these authorities, for this name.
    Certificate {
        /// The authorities in PEM form, and no others; those of the transport if there are none.
        authorities: Option<Bytes>,
        /// The name, which is told to the server too (SNI); that of the address if there is none.
        name: Option<String>,
    },
}
