//! What the rows take for granted.

use std::fmt::Debug;
use std::sync::Arc;

use aad_core::context::Environment;
use aad_core::transport::{ResponseBody, Transport, TransportError};
use aad_core::{Context, Result, Secret, TokenCredential, TokenRequest};
use aad_identity::{AZURE_CLI_CLIENT_ID, ClientCertificate, ClientCertificateCredential};
use async_trait::async_trait;
use bytes::Bytes;
use conformance::people::{People, SCOPE};
use http::{Request, Response};
use testkit::context::{ScriptedTransport, SimulatedClock, json};

pub(crate) const KEY: &str =
    include_str!("../../../../crates/aad-identity/tests/certificates/key.pem");
pub(crate) const CERTIFICATE: &str =
    include_str!("../../../../crates/aad-identity/tests/certificates/leaf.crt");

/// A lake, and who can sign in at it. Text lives as long as the test, so that rows read like a
/// program with constants.
pub(crate) struct Given {
    pub(crate) people: People,
    pub(crate) context: Context,
    pub(crate) tenant: &'static str,
    /// An application with a secret and a certificate.
    pub(crate) client_id: &'static str,
    pub(crate) secret: &'static str,
    /// A person, who signs in through the Azure CLI's application.
    pub(crate) user: &'static str,
    pub(crate) password: &'static str,
}

pub(crate) fn request() -> TokenRequest {
    TokenRequest::new([SCOPE])
}

fn text(text: &(impl ToString + ?Sized)) -> &'static str {
    text.to_string().leak()
}

impl Given {
    pub(crate) async fn a_lake() -> Self {
        let people = People::start().await;
        let endpoints = people.world.lake.endpoints();
        let registered = people.world.lake.lake();
        let registered = registered.register_certificate(&endpoints.client_id, CERTIFICATE);
        registered.await.expect("the lake knows its own client");
        let (user, password) = people.user();
        Self {
            context: people.context.clone(),
            tenant: text(&endpoints.tenant),
            client_id: text(&endpoints.client_id),
            secret: text(endpoints.client_secret.expose()),
            user: text(&user),
            password: text(password.expose()),
            people,
        }
    }

    /// The application, as rows call it.
    pub(crate) fn application(&self) -> (Context, &'static str, &'static str, &'static str) {
        (
            self.context.clone(),
            self.tenant,
            self.client_id,
            self.secret,
        )
    }

    /// The application through which the person signs in, as rows call it.
    pub(crate) fn public(&self) -> (Context, &'static str, &'static str) {
        (self.context.clone(), self.tenant, AZURE_CLI_CLIENT_ID)
    }

    /// What proves, once, that somebody is the application: a token of another issuer would too.
    pub(crate) async fn assertion(&self) -> Secret {
        let network = Arc::new(ScriptedTransport::new(SimulatedClock::default()));
        network.push(json(200, r#"{"access_token":"t","expires_in":60}"#));
        // The lake lives in real time.
        let context = self.real_time().with_transport(network.clone());
        let certificate = ClientCertificate::read([KEY, CERTIFICATE].concat(), None);
        let certificate = certificate.expect("a certificate and its key");
        let (tenant, client_id) = (self.tenant, self.client_id);
        let credential = ClientCertificateCredential::new(context, tenant, client_id, certificate);
        let credential = credential.expect("all of it is well formed");
        let token = credential.token(&request()).await;
        token.expect("the answer is scripted");
        let sent = network.requests().remove(0);
        let mut fields = url::form_urlencoded::parse(sent.body());
        let assertion = fields.find(|(name, _)| name == "client_assertion");
        let (_, assertion) = assertion.expect("it signs in with one");
        Secret::new(assertion)
    }

    /// A machine on which this host of a platform answers with this.
    pub(crate) fn on_platform(&self, host: &'static str, answer: String) -> Context {
        let lake = self.people.world.lake.transport();
        let beside = Arc::new(Beside { lake, host, answer });
        self.people.machine.context_over_real(beside)
    }

    /// The clients' way to the lake in real time, for tokens that say at which moment they expire.
    pub(crate) fn real_time(&self) -> Context {
        let context = self.people.world.context.clone();
        context.with_environment(Arc::new(NoVariables))
    }

    /// A token of the lake for the application, as a program of the platform's would print it.
    pub(crate) async fn token(&self) -> String {
        self.people.world.token("https://datalake.azure.net/").await
    }

    pub(crate) async fn opens_the_store(
        &self,
        credential: impl TokenCredential + 'static,
    ) -> Result<()> {
        self.opens_the_store_for(Arc::new(credential)).await
    }

    pub(crate) async fn opens_the_store_for(
        &self,
        credential: Arc<dyn TokenCredential>,
    ) -> Result<()> {
        // For the better message.
        credential.token(&request()).await?;
        assert!(self.people.is_let_in(credential).await);
        Ok(())
    }
}

#[derive(Debug)]
struct NoVariables;

impl Environment for NoVariables {
    fn var(&self, _: &str) -> Option<String> {
        None
    }
}

/// A host beside the lake.
struct Beside {
    lake: Arc<dyn Transport>,
    host: &'static str,
    answer: String,
}

impl Debug for Beside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.host)
    }
}

#[async_trait]
impl Transport for Beside {
    async fn send(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<ResponseBody>, TransportError> {
        if request.uri().host() == Some(self.host) {
            return Ok(json(200, &self.answer).map(ResponseBody::full));
        }
        self.lake.send(request).await
    }
}
