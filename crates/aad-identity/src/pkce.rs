//! Proof that who redeems a code is who asked for it (RFC 7636).

use aad_core::{Context, Secret};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A secret that a client makes up for one sign-in.
#[derive(Clone, Debug)]
pub(crate) struct Verifier(Secret);

impl Verifier {
    /// A new one: 32 octets, of which 244 bits are random (RFC 7636, 7.1 wants 256 or so).
    pub(crate) fn new(context: &Context) -> Self {
        let octets = [context.uuid(), context.uuid()].map(|id| *id.as_bytes());
        Self(Secret::new(URL_SAFE_NO_PAD.encode(octets.concat())))
    }

    /// What is sent when the code is redeemed.
    pub(crate) fn secret(&self) -> &Secret {
        &self.0
    }

    /// What is sent when the code is asked for; the method is `S256`.
    pub(crate) fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest(&SHA256, self.0.expose().as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_the_standard() {
        // RFC 7636, appendix B.
        let verifier = Verifier(Secret::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert_eq!(
            verifier.challenge(),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn a_verifier_is_as_long_as_the_standard_wants_and_new_each_time() {
        let context = testkit::context::World::new().context();
        let [one, other] = [Verifier::new(&context), Verifier::new(&context)];
        assert_eq!(one.secret().expose().len(), 43);
        assert_ne!(one.secret(), other.secret());
    }
}
