//! What Azure AD says when a person cannot sign in, or what a sign-in left is no longer good.

use time::OffsetDateTime;
use time::macros::format_description;
use uuid::Uuid;

use super::Failure;

fn shown(time: OffsetDateTime) -> String {
    let format =
        format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:7]Z");
    time.format(format).unwrap_or_default()
}

impl Failure {
    fn invalid_grant(code: u32, message: impl Into<String>) -> Self {
        Self::bad_request("invalid_grant", code, message.into())
    }

    pub(crate) fn wrong_password() -> Self {
        Self::invalid_grant(
            50126,
            "Error validating credentials due to invalid username or password.",
        )
    }

    pub(crate) fn unknown_user(name: &str, tenant: &str) -> Self {
        let message = format!(
            "The user account {name} does not exist in the {tenant} directory. To sign into this application, the \
             account must be added to the directory."
        );
        Self::invalid_grant(50034, message)
    }

    pub(crate) fn no_consent(client_id: Uuid, name: &str) -> Self {
        let message = format!(
            "The user or administrator has not consented to use the application with ID '{client_id}' named \
             '{name}'. Send an interactive authorization request for this user and resource."
        );
        Self::invalid_grant(65001, message).with_suberror("consent_required")
    }

    pub(crate) fn no_administrators_consent(name: &str) -> Self {
        let message = format!(
            "An administrator of the tenant has set a policy that prevents you from granting '{name}' the \
             permissions that it asks for. Ask the administrator to grant them."
        );
        Self::invalid_grant(90094, message).with_suberror("consent_required")
    }

    pub(crate) fn locked() -> Self {
        Self::invalid_grant(
            50053,
            "The account is locked, you've tried to sign in too many times with an incorrect user ID or password.",
        )
    }

    pub(crate) fn disabled() -> Self {
        Self::invalid_grant(50057, "The user account is disabled.")
    }

    pub(crate) fn password_expired() -> Self {
        Self::invalid_grant(50055, "The password is expired.")
            .with_suberror("user_password_expired")
    }

    pub(crate) fn federated_password_expired() -> Self {
        Self::invalid_grant(
            50144,
            "User's Active Directory password has expired. Generate a new password for the user or have the user \
             reset it.",
        )
        .with_suberror("user_password_expired")
    }

    pub(crate) fn mfa_required(client_id: Uuid) -> Self {
        let message = format!(
            "Due to a configuration change made by your administrator, or because you moved to a new location, you \
             must use multi-factor authentication to access '{client_id}'."
        );
        Self::invalid_grant(50076, message).with_suberror("basic_action")
    }

    pub(crate) fn mfa_not_registered(client_id: Uuid) -> Self {
        let message = format!(
            "Due to a configuration change made by your administrator, or because you moved to a new location, you \
             must enroll in multi-factor authentication to access '{client_id}'."
        );
        Self::invalid_grant(50079, message).with_suberror("basic_action")
    }

    pub(crate) fn wrong_mfa_code() -> Self {
        Self::invalid_grant(
            500121,
            "Authentication failed during strong authentication request.",
        )
    }

    /// Whether a second factor is what is missing.
    pub(crate) fn asks_for_code(&self) -> bool {
        matches!(self.code, 50076 | 500121)
    }

    pub(crate) fn blocked() -> Self {
        Self::invalid_grant(
            53003,
            "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
        )
        .with_suberror("message_only")
    }

    pub(crate) fn declined() -> Self {
        Self::bad_request(
            "access_denied",
            65004,
            "User declined to consent to access the app.".into(),
        )
    }

    /// The same, for the device that waits.
    pub(crate) fn device_declined() -> Self {
        Self {
            error: "authorization_declined",
            ..Self::declined()
        }
    }

    pub(crate) fn sign_in_required() -> Self {
        let message = "Session information is not sufficient for single-sign-on.";
        Self::bad_request("login_required", 50058, message.into())
    }

    pub(crate) fn malformed_grant() -> Self {
        Self::invalid_grant(70000, "Provided grant is invalid or malformed.")
    }

    pub(crate) fn expired_grant() -> Self {
        Self::invalid_grant(
            70008,
            "The provided authorization code or refresh token has expired. Send a new interactive authorization \
             request for this user and resource.",
        )
    }

    pub(crate) fn idle_refresh_token(issued: OffsetDateTime, days: i64) -> Self {
        let message = format!(
            "The refresh token has expired due to inactivity. The token was issued on {} and was inactive for \
             {days}.00:00:00.",
            shown(issued)
        );
        Self::invalid_grant(700082, message).with_suberror("bad_token")
    }

    pub(crate) fn sign_in_too_old(issued: OffsetDateTime, frequency: i64) -> Self {
        let message = format!(
            "The refresh token has expired or is invalid due to sign-in frequency checks by conditional access. The \
             token was issued on {} and the maximum allowed lifetime for this request is {frequency}.",
            shown(issued)
        );
        Self::invalid_grant(70043, message).with_suberror("token_expired")
    }

    pub(crate) fn redeemed(what: &str) -> Self {
        let message = format!(
            "OAuth2 {what} was already redeemed, please retry with a new valid code or use an existing refresh token."
        );
        Self::invalid_grant(54005, message)
    }

    pub(crate) fn revoked_grant() -> Self {
        Self::invalid_grant(
            50173,
            "The provided grant has expired due to it being revoked, a fresh auth token is needed.",
        )
    }

    pub(crate) fn wrong_verifier() -> Self {
        Self::invalid_grant(
            501481,
            "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
        )
    }

    pub(crate) fn wrong_challenge_method() -> Self {
        Self::bad_request(
            "invalid_request",
            50147,
            "The code challenge or its method is not valid.".into(),
        )
    }

    pub(crate) fn unregistered_redirect(redirect_uri: &str, client_id: Uuid) -> Self {
        let message = format!(
            "The redirect URI '{redirect_uri}' specified in the request does not match the redirect URIs configured \
             for the application '{client_id}'. The lake allows http on localhost, and \
             urn:ietf:wg:oauth:2.0:oob."
        );
        Self::bad_request("invalid_request", 50011, message)
    }

    pub(crate) fn other_redirect(redirect_uri: &str, requested: &str) -> Self {
        let message = format!(
            "The reply address '{redirect_uri}' does not match the reply address '{requested}' provided when \
             requesting Authorization code."
        );
        Self::invalid_client(500112, message)
    }

    pub(crate) fn unsupported_response(kind: &str) -> Self {
        let message = format!("response_type '{kind}' is not enabled for the application.");
        Self::bad_request("unsupported_response_type", 700054, message)
    }

    pub(crate) fn unsupported_response_mode(mode: &str) -> Self {
        let message = format!("'{mode}' is not a supported 'response_mode'.");
        Self::bad_request("invalid_request", 70007, message)
    }

    pub(crate) fn pending() -> Self {
        let message = "OAuth 2.0 device flow error. Authorization is pending. Continue polling.";
        Self::bad_request("authorization_pending", 70016, message.into())
    }

    pub(crate) fn unknown_device_code() -> Self {
        let message = "The device code is not one that was issued to this application.";
        Self::bad_request("bad_verification_code", 70018, message.into())
    }

    pub(crate) fn expired_device_code() -> Self {
        let message = "The provided value for the input parameter 'device_code' is not valid. This device code has \
                       expired.";
        Self::bad_request("expired_token", 70020, message.into())
    }

    pub(crate) fn secret_wanted() -> Self {
        Self::invalid_client(
            7000218,
            "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."
                .into(),
        )
    }

    pub(crate) fn public_client() -> Self {
        Self::invalid_client(
            700025,
            "Client is public so neither 'client_assertion' nor 'client_secret' should be presented."
                .into(),
        )
    }

    pub(crate) fn invalid_saml() -> Self {
        Self::invalid_grant(
            50008,
            "SAML token is invalid. It is not one that the federation server of the person's domain issued to this \
             tenant, or its bytes were changed on the way.",
        )
    }

    pub(crate) fn saml_out_of_time() -> Self {
        Self::invalid_grant(
            500082,
            "SAML assertion is not present in its valid time range. Get a new one from the federation server.",
        )
    }

    pub(crate) fn unknown_federated_user() -> Self {
        Self::invalid_grant(
            51004,
            "The user account of the SAML token doesn't exist in the directory. An administrator must add it first.",
        )
    }

    pub(crate) fn invalid_user_assertion() -> Self {
        Self::invalid_grant(50013, "Assertion failed signature validation.")
    }

    pub(crate) fn expired_user_assertion() -> Self {
        Self::invalid_grant(
            500133,
            "Assertion is not within its valid time range. Ensure that the access token is not expired before using \
             it for user assertion.",
        )
    }

    pub(crate) fn foreign_user_assertion() -> Self {
        Self::invalid_grant(
            500131,
            "Assertion audience does not match the Client app presenting the assertion.",
        )
    }
}
