//! The address to send a browser to, and what the browser brings back.

use aad_core::oauth::{ErrorResponse, request_claims};
use aad_core::{Context, Error, ErrorKind, Result, Secret};
use url::form_urlencoded;

use super::AuthorizationCode;
use crate::CredentialOptions;
use crate::authority::Authority;
use crate::pkce::Verifier;
use crate::protocol::Target;
use crate::user_client::refuse_empty;

/// How the authority hands the answer to the redirect address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseMode {
    /// In the address itself, after `?`.
    #[default]
    Query,
    /// As a form that the browser posts; it stays out of histories and logs.
    FormPost,
}

/// A sign-in with a browser that has been begun.
///
/// It holds a random state, by which the answer is known to belong to it, and a PKCE verifier (RFC 7636, S256), by
/// which the authority knows that the code is redeemed by whoever asked for it.
///
/// ```
/// # use aad_core::{Context, Result};
/// use aad_identity::AuthorizationRequest;
///
/// # fn example(context: Context) -> Result<()> {
/// let request = AuthorizationRequest::new(
///     &context,
///     "contoso.com",
///     "client-id",
///     "http://localhost:8400",
///     ["https://datalake.azure.net//.default"],
/// )?
/// .with_login_hint("someone@contoso.com");
/// println!("open {}", request.url());
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct AuthorizationRequest {
    endpoint: String,
    client_id: String,
    redirect_uri: String,
    target: Target,
    mode: ResponseMode,
    state: Secret,
    verifier: Verifier,
    /// Further parameters.
    more: Vec<(&'static str, String)>,
}

impl AuthorizationRequest {
    /// A sign-in for these scopes, whose answer goes to `redirect_uri`
    /// ([`OUT_OF_BAND`](super::OUT_OF_BAND) if nothing listens). Nothing is sent.
    ///
    /// # Errors
    /// As [`AuthorizationRequest::new_opts`].
    pub fn new<S: Into<String>>(
        context: &Context,
        tenant: &str,
        client_id: impl Into<String>,
        redirect_uri: impl Into<String>,
        scopes: impl IntoIterator<Item = S>,
    ) -> Result<Self> {
        let options = CredentialOptions::default();
        Self::new_opts(context, tenant, client_id, redirect_uri, scopes, &options)
    }

    /// The same with options.
    ///
    /// # Errors
    /// [`ErrorKind::Request`] if the tenant or the authority cannot be one, if the authority is
    /// not reached over https, or if the client id or the redirect address is empty.
    pub fn new_opts<S: Into<String>>(
        context: &Context,
        tenant: &str,
        client_id: impl Into<String>,
        redirect_uri: impl Into<String>,
        scopes: impl IntoIterator<Item = S>,
        options: &CredentialOptions,
    ) -> Result<Self> {
        let authority = Authority::new(context, tenant, options)?;
        let endpoint = authority.authorize_endpoint(authority.tenant());
        let scopes: Vec<String> = scopes.into_iter().map(Into::into).collect();
        let request = Self::begin(
            context,
            endpoint,
            client_id.into(),
            redirect_uri.into(),
            authority.protocol().personal_target(&scopes)?,
        );
        refuse_empty("client id", &request.client_id)?;
        refuse_empty("redirect address", &request.redirect_uri)?;
        Ok(request)
    }

    pub(crate) fn begin(
        context: &Context,
        endpoint: String,
        client_id: String,
        redirect_uri: String,
        target: Target,
    ) -> Self {
        Self {
            endpoint,
            client_id,
            redirect_uri,
            target,
            mode: ResponseMode::default(),
            state: Secret::new(context.uuid().to_string()),
            verifier: Verifier::new(context),
            more: Vec::new(),
        }
    }

    /// Sets how the answer is handed over.
    #[must_use]
    pub fn with_response_mode(mut self, mode: ResponseMode) -> Self {
        self.mode = mode;
        self
    }

    /// Says who is likely to sign in, so that the page need not ask.
    #[must_use]
    pub fn with_login_hint(self, name: impl Into<String>) -> Self {
        self.with("login_hint", name.into())
    }

    /// Says in which domain the person is at home, so that the page can skip a step.
    #[must_use]
    pub fn with_domain_hint(self, domain: impl Into<String>) -> Self {
        self.with("domain_hint", domain.into())
    }

    /// Sets what the page must ask for: `login`, `consent`, `select_account`, or `none`.
    #[must_use]
    pub fn with_prompt(self, prompt: impl Into<String>) -> Self {
        self.with("prompt", prompt.into())
    }

    /// Satisfies this claims challenge, and declares with `cae` that the caller handles such challenges.
    ///
    /// # Errors
    /// [`ErrorKind::Request`] if the challenge is not a JSON object.
    pub fn with_claims(self, challenge: Option<&str>, cae: bool) -> Result<Self> {
        Ok(match request_claims(challenge, cae)? {
            Some(claims) => self.with("claims", claims),
            None => self,
        })
    }

    fn with(mut self, name: &'static str, value: String) -> Self {
        self.more.retain(|(other, _)| *other != name);
        self.more.push((name, value));
        self
    }

    /// The address to send the browser to.
    pub fn url(&self) -> String {
        let mode = match self.mode {
            ResponseMode::Query => "query",
            ResponseMode::FormPost => "form_post",
        };
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", &self.client_id)
            .append_pair("response_type", "code")
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("response_mode", mode)
            .extend_pairs(&self.target)
            .append_pair("state", self.state.expose())
            .append_pair("code_challenge", &self.verifier.challenge())
            .append_pair("code_challenge_method", "S256")
            .extend_pairs(&self.more)
            .finish();
        format!("{}?{query}", self.endpoint)
    }

    /// The redirect address.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// The code in what the browser brought back: the address at which it ended, its query alone, or the body of the
    /// form that it posted.
    ///
    /// # Errors
    /// [`ErrorKind::Request`] if the answer is not one to this request; [`ErrorKind::Credentials`] or whatever the
    /// authority's code means if the sign-in failed; [`ErrorKind::Protocol`] if there is no code in it.
    pub fn accept(&self, answer: &str) -> Result<AuthorizationCode> {
        let fields = match answer.split_once('?').or_else(|| answer.split_once('#')) {
            Some((_, query)) => query.split('#').next().unwrap_or_default(),
            None => answer,
        };
        self.accept_fields(fields)
    }

    /// Whether these fields answer this request, and not one of somebody else.
    pub(crate) fn is_answered_by(&self, fields: &str) -> bool {
        field(fields, "state").as_deref() == Some(self.state.expose())
    }

    /// The code in the query or the form that the browser brought back.
    pub(crate) fn accept_fields(&self, fields: &str) -> Result<AuthorizationCode> {
        // Before anything else is believed: whoever lured the browser here does not know the state.
        if !self.is_answered_by(fields) {
            return Err(Error::new(
                ErrorKind::Request,
                "the answer belongs to another sign-in (its state is not the one that was sent)",
            ));
        }
        if let Some(error) = field(fields, "error") {
            let description = field(fields, "error_description");
            return Err(refusal(&error, description.as_deref()));
        }
        let code = field(fields, "code").ok_or_else(|| {
            Error::new(
                ErrorKind::Protocol,
                "the authority sent neither a code nor an error",
            )
        })?;
        Ok(AuthorizationCode::new(code, &self.redirect_uri)
            .with_verifier(self.verifier.secret().clone()))
    }
}

fn field(fields: &str, name: &str) -> Option<String> {
    form_urlencoded::parse(fields.as_bytes())
        .find(|(key, value)| key == name && !value.is_empty())
        .map(|(_, value)| value.into_owned())
}

fn refusal(error: &str, description: Option<&str>) -> Error {
    let body = serde_json::json!({"error": error, "error_description": description}).to_string();
    let refusal = ErrorResponse::parse(body.as_bytes()).unwrap_or_default();
    let said = refusal.description.as_deref().unwrap_or(error);
    let kind = refusal.kind().unwrap_or(ErrorKind::Credentials);
    let made = Error::new(kind, format!("the sign-in failed: {said}"));
    match refusal.code() {
        Some(code) => made.with_code(code),
        None => made,
    }
}
